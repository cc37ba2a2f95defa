"""What every architecture here is made of: named float32 tensors, taken from a checkpoint's variables.

Layer by layer a network is convolution + bias -> ReLU -> batch normalisation. A kernel is stored output channel first,
so that one filter lies in one piece; a batch normalisation is stored as what it is at inference, x * scale + shift.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

BATCH_NORM_EPSILON = 0.001  # TensorFlow's default, which musicnn keeps

SEGMENT_FRAMES = 187  # what the networks were trained on: 3 s
BANDS = 96

LARGEST_WEIGHT = 1e5  # published weights and variances are below 600; sums over layers of larger ones may overflow

Tensors = dict[str, np.ndarray]


class ModelError(Exception):
    """The variables are not those of an architecture that is known here. The message is for a person."""


@dataclass(frozen=True)
class Pooling:
    """How a vgg shrinks its five layers, as (time, mel) pairs; what a window doesn't fill at the ends is dropped."""

    name: str  # where it comes from, for people: "training" (the graph), "library" or "stated"
    sizes: tuple[tuple[int, int], ...]
    strides: tuple[tuple[int, int], ...]

    def places(self, frames: int = SEGMENT_FRAMES, bands: int = BANDS) -> tuple[int, int]:
        """How many places (time, mel) the last pool leaves; not above 0 where a window doesn't fit."""
        for size, stride in zip(self.sizes, self.strides, strict=True):
            frames, bands = ((n - k) // s + 1 for n, k, s in zip((frames, bands), size, stride, strict=True))
        return frames, bands


@dataclass(frozen=True)
class Network:
    """A tagger: its tensors in the layout that Taggram computes with, in full or with dead filters left out."""

    architecture: str
    tensors: Tensors
    pooling: Pooling | None = None  # of a vgg

    @property
    def tag_count(self) -> int:
        return len(self.tensors["output.bias"])

    def width(self, layer: str) -> int:
        """Filters of a layer, those that are left out too."""
        return len(self.tensors[f"{layer}.bias"]) + len(self.tensors.get(f"{layer}.rest", ()))


@dataclass(frozen=True)
class Variables:
    """A checkpoint's variables by name, asked for by an architecture that knows their shapes."""

    values: Mapping[str, np.ndarray]
    architecture: str

    def take(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        value = self._find(name)
        if value.shape != shape or value.dtype != np.float32:
            raise ModelError(
                f"variable {name} is {value.dtype} {list(value.shape)}, but {self.architecture}'s is float32 "
                f"{list(shape)}: the checkpoint is of another model."
            )
        if not np.isfinite(value).all():
            raise ModelError(f"variable {name} holds NaN or infinite weights: the training that wrote it went wrong.")
        largest = np.abs(value).max(initial=0)
        if largest > LARGEST_WEIGHT:
            raise ModelError(
                f"variable {name} holds a weight as large as {largest:.3g}, and above {LARGEST_WEIGHT:g} sums may "
                "overflow: the training that wrote it went wrong."
            )
        return value

    def shape(self, name: str) -> tuple[int, ...]:
        return self._find(name).shape

    def outputs(self, layer: str) -> int:
        """Output channels of a layer, whose size is the checkpoint's choice."""
        shape = self.shape(f"{layer}/bias")
        if len(shape) != 1 or shape[0] < 1:
            raise ModelError(f"variable {layer}/bias is of shape {list(shape)}, which no bias has.")
        return shape[0]

    def batch_norm(self, name: str, channels: int) -> np.ndarray:
        """[2][channels]: scale and shift that batch normalisation amounts to; in float64, rounded once."""
        parts = ("gamma", "beta", "moving_mean", "moving_variance")
        gamma, beta, mean, variance = (self.take(f"{name}/{part}", (channels,)).astype(np.float64) for part in parts)
        if (variance < 0).any():
            raise ModelError(f"variable {name}/moving_variance is negative, which no variance is.")
        scale = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        return np.stack([scale, beta - mean * scale]).astype(np.float32)

    def _find(self, name: str) -> np.ndarray:
        if name not in self.values:
            raise ModelError(f"the checkpoint has no variable {name}: it is not a {self.architecture} model.")
        return self.values[name]


def is_weight(variable: str) -> bool:
    """False for what the optimiser kept for itself: Adam's moments and powers of its decay rates."""
    return "Adam" not in variable and not variable.endswith("_power")


def output_channel_first(kernel: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(kernel, -1, 0))
