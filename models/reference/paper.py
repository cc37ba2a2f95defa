"""The paper's own two models on one segment: a front-end for samples or for the log-mel, and the back-end they share.

models/train/README.md has the layers and the tensors. Computed in float32.
"""

from collections.abc import Callable

import numpy as np

from convert.network import Network, Tensors
from reference.layers import relu_norm

WAVEFORM = ("conv_1", "conv_2", "conv_3", "conv_4", "conv_5", "conv_6")
TIMBRAL = ("timbral_86x7", "timbral_86x3", "timbral_86x1", "timbral_38x7", "timbral_38x3", "timbral_38x1")
TEMPORAL = ("temporal_165", "temporal_128", "temporal_64", "temporal_32")

Features = dict[str, np.ndarray]


def forward(signal: np.ndarray, network: Network) -> Features:
    """Samples [256 frames], or log-mel [frames][96] -> features, and "logits" [1][tags]."""
    features = FRONT_ENDS[network.architecture](signal, network.tensors)
    return features | back_end(np.hstack(list(features.values())), network.tensors)


def waveform(samples: np.ndarray, tensors: Tensors) -> Features:
    kernel = tensors["conv_0.kernel"]  # [filters][3]
    steps = samples[: len(samples) // 3 * 3].reshape(-1, 3)
    x = relu_norm(steps @ kernel.T, tensors, "conv_0")
    for name in WAVEFORM:
        x = pooled(convolved(x, tensors, name), 3)
    return {"front_end": x}


def spectrogram(logmel: np.ndarray, tensors: Tensors) -> Features:
    scale, shift = tensors["input.norm"]
    x = logmel * scale + shift
    energy = x.mean(axis=1, keepdims=True)
    return {
        "timbral": np.hstack([timbral(x, tensors, name) for name in TIMBRAL]),
        "temporal": np.hstack([temporal(energy, tensors, name) for name in TEMPORAL]),
    }


FRONT_ENDS: dict[str, Callable[[np.ndarray, Tensors], Features]] = {"waveform": waveform, "spectrogram": spectrogram}


def temporal(energy: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][1] -> [frames][filters]; kernel [filters][taps]"""
    kernel = tensors[f"{name}.kernel"]
    patches = np.lib.stride_tricks.sliding_window_view(_padded(energy, tensors, name)[:, 0], kernel.shape[1])
    return relu_norm(patches @ kernel.T, tensors, name)


def timbral(x: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][96] -> [frames][filters]: the best of a filter's places along frequency."""
    bands = tensors[f"{name}.kernel"].shape[2]
    padded = _padded(x, tensors, name)
    answers = [convolved(padded[:, at : at + bands], tensors, name) for at in range(x.shape[1] - bands + 1)]
    return np.max(answers, axis=0)


def back_end(features: np.ndarray, tensors: Tensors) -> Features:
    cnn1 = convolved(features, tensors, "back_1")
    cnn2 = convolved(_padded(cnn1, tensors, "back_2"), tensors, "back_2") + cnn1
    shorter = pooled(cnn2, 2)
    cnn3 = convolved(_padded(shorter, tensors, "back_3"), tensors, "back_3") + shorter
    mean_pool, max_pool = cnn3.mean(axis=0), cnn3.max(axis=0)
    penultimate = relu_norm(tensors["dense.kernel"] @ np.hstack([max_pool, mean_pool]), tensors, "dense")
    logits = tensors["output.kernel"] @ penultimate + tensors["output.bias"]
    rows = {"mean_pool": mean_pool, "max_pool": max_pool, "penultimate": penultimate, "logits": logits}
    return {"cnn1": cnn1, "cnn2": cnn2, "cnn3": cnn3} | {name: row[None, :] for name, row in rows.items()}


def convolved(x: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][inputs] -> [frames - taps + 1][filters]: convolution ('valid') and bias, ReLU, normalisation."""
    kernel = tensors[f"{name}.kernel"]  # [filters][taps][inputs]
    frames = len(x) - kernel.shape[1] + 1
    response = sum(x[tap : tap + frames] @ kernel[:, tap].T for tap in range(kernel.shape[1]))
    return relu_norm(response, tensors, name)


def pooled(x: np.ndarray, size: int) -> np.ndarray:
    """The largest of every `size` frames; what is left at the end is dropped."""
    frames = len(x) // size
    return x[: frames * size].reshape(frames, size, -1).max(axis=1)


def _padded(x: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """Zero frames, so that as many come out; of an even filter one more behind."""
    taps = tensors[f"{name}.kernel"].shape[1]
    return np.pad(x, (((taps - 1) // 2, taps // 2), (0, 0)))
