"""What the form of a model file costs: how far scores, logits and features move from those of the published weights.

Leaving out dead filters and rounding kernels are measured apart and together: scores and logits by Taggram's program,
over the inputs of tests/goldens and over music of one's own; features by the oracle.
"""

import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from convert.network import SEGMENT_FRAMES, Network
from convert.prune import left_out, without_dead_filters
from convert.quantise import dequantise, is_rounded, quantise, rounded, smooth_axis
from reference import goldens
from reference.logmel import SAMPLE_RATE
from reference.network import forward
from reference.program import score_files

# What pruning, storage and arithmetic may cost together; a file may use up to half of it.
BUDGET = {"tags": 2e-4, "logits": 2e-3}

THRESHOLDS = (1e-5, 1e-4, 1e-3, 3e-3, 1e-2)


@dataclass(frozen=True)
class Music:
    """Some sound files."""

    name: str
    songs: Sequence[Path]


@dataclass(frozen=True)
class Change:
    """The largest over some music."""

    segments: int
    tags: float
    logits: float


@dataclass(frozen=True)
class Cost:
    """Of one form of a network."""

    form: str
    left_out: int  # filters
    weights: int  # that are stored
    changes: Sequence[Change]
    features: float  # the largest change over the first segments of the goldens


def forms(network: Network) -> Iterator[tuple[str, Network]]:
    for threshold in THRESHOLDS:
        yield f"dead filters left out below {threshold:g}", without_dead_filters(network, threshold)
    yield "both, as shipped", rounded(without_dead_filters(network))
    yield "both, but no errors carried", _rounded_plainly(without_dead_filters(network))
    if not all(is_rounded(name) for name in _kernels(network)):
        yield "both, but int16 in every kernel", _all_rounded(without_dead_filters(network))


def costs(network: Network, inputs: Sequence[Music], hop: int) -> Iterator[Cost]:
    """Of each form, over all inputs, a segment every `hop` frames."""
    exact = [score_files(music.songs, network, hop) for music in inputs]
    exact_features = _features(network)
    for form, changed in forms(network):
        found = [score_files(music.songs, changed, hop) for music in inputs]
        changes = [
            Change(len(a["tags"]), _difference(a["tags"], b["tags"]), _difference(a["logits"], b["logits"]))
            for a, b in zip(exact, found, strict=True)
        ]
        weights = sum(values.size for values in changed.tensors.values())
        features = _difference(exact_features, _features(changed))
        yield Cost(form, left_out(changed)[0], weights, changes, features)


def write_goldens_inputs(folder: Path) -> list[Path]:
    """The inputs of tests/goldens as wav files."""
    paths = []
    for source in goldens.INPUTS:
        paths.append(folder / f"{source.name}.wav")
        with wave.open(str(paths[-1]), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", "not compressed"))
            file.writeframes(goldens.pcm(source.name).astype("<i2").tobytes())
    return paths


def _features(network: Network) -> np.ndarray:
    """Every feature of the first segment of each of the goldens' inputs, in one row."""
    rows = []
    for source in goldens.INPUTS:
        logmel = np.load(goldens.DIRECTORY / source.name / "logmel.npy")
        features = forward(logmel[:SEGMENT_FRAMES], network)
        rows += [features[name].ravel() for name in features if name not in ("tags", "logits")]
    return np.concatenate(rows)


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(np.float64) - b).max())


def _kernels(network: Network) -> list[str]:
    return [name for name in network.tensors if name.endswith(".kernel")]


def _rounded_plainly(network: Network) -> Network:
    kernels = {name: dequantise(*quantise(network.tensors[name])) for name in _kernels(network) if is_rounded(name)}
    return replace(network, tensors=network.tensors | kernels)


def _all_rounded(network: Network) -> Network:
    kernels = {name: dequantise(*quantise(network.tensors[name], smooth_axis(name))) for name in _kernels(network)}
    return replace(network, tensors=network.tensors | kernels)
