"""What the form of a model file costs: how far scores, logits and features move from those of the published weights.

Leaving out dead filters and rounding kernels are measured apart and together, over the log-mels of tests/goldens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from convert.network import SEGMENT_FRAMES, Network
from convert.prune import DEAD_RESPONSE, left_out, without_dead_filters
from convert.quantise import dequantise, quantise, rounded
from reference import goldens
from reference.network import forward, score_segments

# What pruning, storage and arithmetic may cost together; a file may use up to half of it.
BUDGET = {"tags": 2e-4, "logits": 2e-3}

THRESHOLDS = (1e-6, 1e-5, 1e-4, 1e-3)


@dataclass(frozen=True)
class Cost:
    """Largest changes of one form of a network."""

    form: str
    left_out: int  # filters
    weights: int  # that are stored
    largest: dict[str, float]  # "tags", "logits" over all segments; "features" over the first of each input


def forms(network: Network) -> Iterator[tuple[str, Network]]:
    for threshold in THRESHOLDS:
        yield f"dead filters left out below {threshold:g}", without_dead_filters(network, threshold)
    yield "int16 kernels, all of them", _all_rounded(network)
    yield "int16 kernels but those that read the log-mel", rounded(network)
    yield f"both, as shipped ({DEAD_RESPONSE:g})", rounded(without_dead_filters(network))


def costs(network: Network, hop: int) -> Iterator[Cost]:
    """Of each form, at a hop, over all inputs."""
    spectrograms = [np.load(goldens.DIRECTORY / source.name / "logmel.npy") for source in goldens.INPUTS]
    exact = [_outputs(spectrogram, network, hop) for spectrogram in spectrograms]
    for form, changed in forms(network):
        found = [_outputs(spectrogram, changed, hop) for spectrogram in spectrograms]
        largest = {
            kind: max(_difference(a[kind], b[kind]) for a, b in zip(exact, found, strict=True)) for kind in exact[0]
        }
        weights = sum(values.size for values in changed.tensors.values())
        yield Cost(form, left_out(changed)[0], weights, largest)


def _outputs(spectrogram: np.ndarray, network: Network, hop: int) -> dict[str, np.ndarray]:
    features = forward(spectrogram[:SEGMENT_FRAMES], network)
    flat = np.concatenate([features[name].ravel() for name in features if name not in ("tags", "logits")])
    return score_segments(spectrogram, network, hop) | {"features": flat}


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(np.float64) - b).max())


def _all_rounded(network: Network) -> Network:
    return replace(
        network,
        tensors={
            name: dequantise(*quantise(tensor)) if name.endswith(".kernel") else tensor
            for name, tensor in network.tensors.items()
        },
    )
