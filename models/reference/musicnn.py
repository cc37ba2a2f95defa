"""The forward pass of musicnn on one segment, with every intermediate by the name that the musicnn library gives it.

Tensors are those of the model file (convert.musicnn says where each comes from). Computed in float32.
"""

import numpy as np

SEGMENT_FRAMES = 187

TIMBRAL = ("timbral_38", "timbral_67")  # named after how many mel bands a filter spans
TEMPORAL = ("temporal_128", "temporal_64", "temporal_32")  # named after how many frames a filter spans

Tensors = dict[str, np.ndarray]


def forward(logmel: np.ndarray, tensors: Tensors) -> dict[str, np.ndarray]:
    """One segment, log-mel [frames][96] -> features, "logits" [1][tags] and "tags" [1][tags]."""
    scale, shift = tensors["input.norm"]
    spectrogram = logmel * scale + shift
    timbral = np.hstack([timbral_filters(spectrogram, tensors, name) for name in TIMBRAL])
    temporal = np.hstack([temporal_filters(spectrogram, tensors, name) for name in TEMPORAL])
    front_end = np.hstack([timbral, temporal])

    cnn1 = mid_layer(front_end, tensors, "mid_1")
    cnn2 = mid_layer(cnn1, tensors, "mid_2") + cnn1
    cnn3 = mid_layer(cnn2, tensors, "mid_3") + cnn2

    everything = np.hstack([front_end, cnn1, cnn2, cnn3])
    max_pool, mean_pool = everything.max(axis=0), everything.mean(axis=0)
    penultimate = dense_layer(max_pool, mean_pool, tensors)
    logits = tensors["output.kernel"] @ penultimate + tensors["output.bias"]

    features = {"timbral": timbral, "temporal": temporal, "cnn1": cnn1, "cnn2": cnn2, "cnn3": cnn3}
    rows = {"max_pool": max_pool, "mean_pool": mean_pool, "penultimate": penultimate}
    rows |= {"logits": logits, "tags": sigmoid(logits)}
    return features | {name: row[None, :] for name, row in rows.items()}


def timbral_filters(spectrogram: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][96] -> [frames][filters]: 7 frames by some bands, slid over both; the best place along frequency."""
    kernel = tensors[f"{name}.kernel"]  # [filters][7][bands]
    filters, duration, bands = kernel.shape
    patches = _windows(_pad_time(spectrogram, duration), (duration, bands))  # [frames][positions][7][bands]
    frames, positions = patches.shape[:2]
    response = patches.reshape(frames * positions, duration * bands) @ kernel.reshape(filters, -1).T
    return _relu_norm(response, tensors, name).reshape(frames, positions, filters).max(axis=1)


def temporal_filters(spectrogram: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][96] -> [frames][filters]: many frames of one band, slid over both; the strongest band."""
    kernel = tensors[f"{name}.kernel"]  # [filters][duration]
    patches = _windows(_pad_time(spectrogram, kernel.shape[1]), (kernel.shape[1], 1))[..., 0]  # [frames][96][duration]
    return _relu_norm(patches @ kernel.T, tensors, name).max(axis=1)


def mid_layer(features: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """[frames][channels] -> [frames][64]: 7 frames by all channels."""
    kernel = tensors[f"{name}.kernel"]  # [64][7][channels]
    filters, duration, channels = kernel.shape
    patches = _windows(_pad_time(features, duration), (duration, channels))  # [frames][1][7][channels]
    response = patches.reshape(len(features), duration * channels) @ kernel.reshape(filters, -1).T
    return _relu_norm(response, tensors, name)


def dense_layer(max_pool: np.ndarray, mean_pool: np.ndarray, tensors: Tensors) -> np.ndarray:
    """[753], [753] -> [200]; the pooled vector is max0, mean0, max1, mean1, ..."""
    scale, shift = tensors["pool.norm"]
    pooled = np.stack([max_pool, mean_pool], axis=1).reshape(-1) * scale + shift
    return _relu_norm(tensors["dense.kernel"] @ pooled, tensors, "dense")


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def segment_starts(frames: int, hop: int) -> range:
    """First frames of the segments that the audio fills."""
    return range(0, frames - SEGMENT_FRAMES + 1, hop)


def score_segments(logmel: np.ndarray, tensors: Tensors, starts: range) -> dict[str, np.ndarray]:
    """ "logits" and "tags", [segments][tags], of the segments that start at these frames."""
    outputs = [forward(logmel[start : start + SEGMENT_FRAMES], tensors) for start in starts]
    return {name: np.vstack([output[name] for output in outputs]) for name in ("logits", "tags")}


def _pad_time(frames: np.ndarray, duration: int) -> np.ndarray:
    """Zero frames so that a filter of this duration gives one output a frame; an even one looks further ahead."""
    before = (duration - 1) // 2
    return np.pad(frames, ((before, duration - 1 - before), (0, 0)))


def _windows(array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(array, shape)


def _relu_norm(response: np.ndarray, tensors: Tensors, name: str) -> np.ndarray:
    """Bias, ReLU, batch normalisation, over the last axis. The scale may be negative: a maximum comes after it."""
    scale, shift = tensors[f"{name}.norm"]
    return np.maximum(response + tensors[f"{name}.bias"], 0) * scale + shift
