"""The forward pass of musicnn on one segment, with every intermediate by the name that the musicnn library gives it.

Tensors are those of the model file (convert.musicnn says where each comes from), in full or without dead filters. Sizes
are the tensors' own; a segment may have any number of frames. Computed in float32.
"""

import numpy as np

from convert.musicnn import TEMPORAL, TIMBRAL
from convert.network import Tensors
from reference.layers import Columns, live_filters, relu_norm, widen


def forward(logmel: np.ndarray, tensors: Tensors) -> dict[str, np.ndarray]:
    """One segment, log-mel [frames][96] -> features, and "logits" [1][tags]."""
    scale, shift = tensors["input.norm"]
    spectrogram = logmel * scale + shift
    timbral = np.hstack([timbral_filters(spectrogram, tensors, name) for name in TIMBRAL])
    temporal = np.hstack([temporal_filters(spectrogram, tensors, name) for name in TEMPORAL])
    front_end = np.hstack([timbral, temporal])
    front_columns = Columns(np.hstack([live_filters(tensors, name) for name in TIMBRAL + TEMPORAL]))

    columns1, columns2, columns3 = mid_columns(tensors)
    cnn1 = mid_layer(front_columns.read(front_end), tensors, "mid_1")
    cnn2 = mid_layer(columns1.read(cnn1), tensors, "mid_2") + cnn1
    cnn3 = mid_layer(columns2.read(cnn2), tensors, "mid_3") + cnn2

    everything = np.hstack([front_end, cnn1, cnn2, cnn3])
    max_pool, mean_pool = everything.max(axis=0), everything.mean(axis=0)
    kept = np.hstack([columns.kept for columns in (front_columns, columns1, columns2, columns3)])
    penultimate = dense_layer(max_pool[kept], mean_pool[kept], tensors)
    logits = tensors["output.kernel"] @ penultimate + tensors["output.bias"]

    features = {"timbral": timbral, "temporal": temporal, "cnn1": cnn1, "cnn2": cnn2, "cnn3": cnn3}
    rows = {"max_pool": max_pool, "mean_pool": mean_pool, "penultimate": penultimate, "logits": logits}
    return features | {name: row[None, :] for name, row in rows.items()}


def mid_columns(tensors: Tensors) -> tuple[Columns, Columns, Columns]:
    """Columns of cnn1, cnn2 and cnn3 that are not constant; the last two have a residual connection."""
    first, second, third = (Columns(live_filters(tensors, name)) for name in ("mid_1", "mid_2", "mid_3"))
    return first, first | second, first | second | third


def timbral_filters(spectrogram: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][96] -> [frames][filters]: 7 frames by some bands, slid over both; the best place along frequency."""
    kernel = tensors[f"{name}.kernel"]  # [filters][7][bands]
    filters, duration, bands = kernel.shape
    patches = _windows(_pad_time(spectrogram, duration), (duration, bands))  # [frames][positions][7][bands]
    frames, positions = patches.shape[:2]
    response = patches.reshape(frames * positions, duration * bands) @ kernel.reshape(filters, -1).T
    answers = relu_norm(response, tensors, name).reshape(frames, positions, filters).max(axis=1)
    return widen(answers, tensors, name)


def temporal_filters(spectrogram: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][96] -> [frames][filters]: many frames of one band, slid over both; the strongest band."""
    kernel = tensors[f"{name}.kernel"]  # [filters][duration]
    patches = _windows(_pad_time(spectrogram, kernel.shape[1]), (kernel.shape[1], 1))[..., 0]  # [frames][96][duration]
    return widen(relu_norm(patches @ kernel.T, tensors, name).max(axis=1), tensors, name)


def mid_layer(features: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][columns read] -> [frames][filters]: 7 frames by all columns."""
    kernel = tensors[f"{name}.kernel"]  # [filters][7][columns read]
    filters, duration, columns = kernel.shape
    patches = _windows(_pad_time(features, duration), (duration, columns))  # [frames][1][7][columns read]
    response = patches.reshape(len(features), duration * columns) @ kernel.reshape(filters, -1).T
    return widen(relu_norm(response, tensors, name), tensors, name)


def dense_layer(max_pool: np.ndarray, mean_pool: np.ndarray, tensors: Tensors) -> np.ndarray:
    """[columns], [columns] -> [units]; the pooled vector is max0, mean0, max1, mean1, ..."""
    scale, shift = tensors["pool.norm"]
    pooled = np.stack([max_pool, mean_pool], axis=1).reshape(-1) * scale + shift
    return relu_norm(tensors["dense.kernel"] @ pooled, tensors, "dense")


def _pad_time(frames: np.ndarray, duration: int) -> np.ndarray:
    """Zero frames so that a filter of this duration gives one output a frame; an even one looks further ahead."""
    before = (duration - 1) // 2
    return np.pad(frames, ((before, duration - 1 - before), (0, 0)))


def _windows(array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(array, shape)
