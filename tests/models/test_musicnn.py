"""The oracle's forward pass, layer by layer against loops that follow the definition."""

import numpy as np
import pytest

from reference import musicnn

RANDOM = np.random.default_rng(7)
FRAMES, BANDS, FILTERS = 12, 10, 3


def layer(name: str, *kernel_shape: int) -> dict[str, np.ndarray]:
    """Random weights; one of the norm's scales is negative, so that maximum and norm cannot be swapped."""
    norm = RANDOM.normal(size=(2, kernel_shape[0]))
    norm[0, 0] = -abs(norm[0, 0])
    made = {"kernel": RANDOM.normal(size=kernel_shape), "bias": RANDOM.normal(size=kernel_shape[0]), "norm": norm}
    return {f"{name}.{part}": values for part, values in made.items()}


def response(tensors, name, patch, channel) -> float:
    """One filter at one place: bias, ReLU, norm."""
    total = (tensors[f"{name}.kernel"][channel] * patch).sum() + tensors[f"{name}.bias"][channel]
    scale, shift = tensors[f"{name}.norm"][:, channel]
    return max(total, 0) * scale + shift


def frames_around(array: np.ndarray, frame: int, before: int, count: int) -> np.ndarray:
    """`count` frames, from `before` ahead of `frame` on; zeros outside."""
    padded = np.vstack([np.zeros((count, array.shape[1])), array, np.zeros((count, array.shape[1]))])
    start = count + frame - before
    return padded[start : start + count]


def test_timbral_filters():
    tensors, spectrogram = layer("timbral_38", FILTERS, 7, 4), RANDOM.normal(size=(FRAMES, BANDS))
    result = musicnn.timbral_filters(spectrogram, tensors, "timbral_38")
    for frame in range(FRAMES):
        window = frames_around(spectrogram, frame, 3, 7)
        for channel in range(FILTERS):
            places = [response(tensors, "timbral_38", window[:, b : b + 4], channel) for b in range(BANDS - 3)]
            assert result[frame, channel] == pytest.approx(max(places))


@pytest.mark.parametrize(("duration", "before"), [(8, 3), (7, 3)])
def test_temporal_filters(duration, before):
    tensors, spectrogram = layer("temporal_32", FILTERS, duration), RANDOM.normal(size=(FRAMES, BANDS))
    result = musicnn.temporal_filters(spectrogram, tensors, "temporal_32")
    for frame in range(FRAMES):
        window = frames_around(spectrogram, frame, before, duration)
        for channel in range(FILTERS):
            bands = [response(tensors, "temporal_32", window[:, b], channel) for b in range(BANDS)]
            assert result[frame, channel] == pytest.approx(max(bands))


def test_mid_layer():
    tensors, features = layer("mid_1", FILTERS, 7, 5), RANDOM.normal(size=(FRAMES, 5))
    result = musicnn.mid_layer(features, tensors, "mid_1")
    for frame in range(FRAMES):
        window = frames_around(features, frame, 3, 7)
        for channel in range(FILTERS):
            assert result[frame, channel] == pytest.approx(response(tensors, "mid_1", window, channel))


def test_dense_layer_interleaves_maximum_and_mean():
    tensors = layer("dense", FILTERS, 8) | {"pool.norm": RANDOM.normal(size=(2, 8))}
    max_pool, mean_pool = RANDOM.normal(size=4), RANDOM.normal(size=4)
    pooled = np.array([value for pair in zip(max_pool, mean_pool, strict=True) for value in pair])
    normed = pooled * tensors["pool.norm"][0] + tensors["pool.norm"][1]
    result = musicnn.dense_layer(max_pool, mean_pool, tensors)
    for channel in range(FILTERS):
        assert result[channel] == pytest.approx(response(tensors, "dense", normed, channel))
