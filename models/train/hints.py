"""Hints: what teachers hear on the way to their answers, of which a network in training learns more than of 100 logits.

A teacher's hints on a segment are its last inner layer and, over time, the means of its last convolution's filters.
"""

import numpy as np

UNITS = 200  # of a teacher's last inner layer
FILTERS = 64  # of its last convolution
PLACES = 7  # in time: as many as the waveform model's last feature map has
TEACHERS = ("MTT_musicnn", "MSD_musicnn")
FEATURES = ("penultimate", "cnn3")  # as the program names them


def of_features(penultimate: np.ndarray, cnn3: np.ndarray) -> np.ndarray:
    """float16 [segments][UNITS + FILTERS * PLACES] of [segments][UNITS] and of [segments * frames][FILTERS]."""
    frames = cnn3.reshape(len(penultimate), -1, FILTERS)
    means = np.stack([frames[:, part].mean(1) for part in _parts(frames.shape[1])], axis=2)
    return np.concatenate([penultimate, means.reshape(len(means), -1)], axis=1).astype(np.float16)


def _parts(frames: int) -> list[slice]:
    """Equally long, overlapping by a frame where they don't come out even, as in PyTorch's adaptive pooling."""
    return [slice(i * frames // PLACES, -(-(i + 1) * frames // PLACES)) for i in range(PLACES)]
