"""The musicnn architecture: its checkpoint's variables -> the tensors that Taggram computes with.

Layer by layer the network is conv + bias -> ReLU -> batch normalisation. A kernel is stored output channel first, so
that one filter lies in one piece; a batch normalisation is stored as what it is at inference, x * scale + shift.
"""

from dataclasses import dataclass

import numpy as np

BATCH_NORM_EPSILON = 0.001  # TensorFlow's default, which musicnn keeps

SEGMENT_FRAMES = 187  # what the network was trained on: 3 s


class ModelError(Exception):
    """The variables are not those of the architecture. The message is for a person."""


@dataclass(frozen=True)
class Layer:
    """One convolution or dense layer: our name, the checkpoint's names, the shape in the checkpoint and in our file."""

    name: str
    variable: str
    norm: str | None  # of the batch normalisation after its ReLU
    checkpoint_shape: tuple[int, ...]  # convolution: time, mel, in, out; dense: in, out
    shape: tuple[int, ...]  # output channel first


# In order of computation; figure 2 of Pons & Serra, "musicnn: pre-trained convolutional neural networks for music
# audio tagging" (2019), names the parts: front-end (timbral, temporal), mid-end, back-end (dense, output).
LAYERS = (
    Layer("timbral_38", "conv2d", "batch_normalization_1", (7, 38, 1, 204), (204, 7, 38)),
    Layer("timbral_67", "conv2d_1", "batch_normalization_2", (7, 67, 1, 204), (204, 7, 67)),
    Layer("temporal_128", "conv2d_2", "batch_normalization_3", (128, 1, 1, 51), (51, 128)),
    Layer("temporal_64", "conv2d_3", "batch_normalization_4", (64, 1, 1, 51), (51, 64)),
    Layer("temporal_32", "conv2d_4", "batch_normalization_5", (32, 1, 1, 51), (51, 32)),
    Layer("mid_1", "conv2d_5", "batch_normalization_6", (7, 561, 1, 64), (64, 7, 561)),
    Layer("mid_2", "conv2d_6", "batch_normalization_7", (7, 64, 1, 64), (64, 7, 64)),
    Layer("mid_3", "conv2d_7", "batch_normalization_8", (7, 64, 1, 64), (64, 7, 64)),
    Layer("dense", "dense", "batch_normalization_10", (1506, 200), (200, 1506)),
    Layer("output", "dense_1", None, (200, 50), (50, 200)),
)

INPUT_NORM = "batch_normalization"  # over the log-mel, before any padding
POOL_NORM = "batch_normalization_9"  # over the pooled vector, before the dense layer
POOLED_SIZE = 2 * (561 + 3 * 64)  # maximum and mean of every feature


def is_weight(variable: str) -> bool:
    """False for what the optimiser kept for itself: Adam's moments and powers of its decay rates."""
    return "Adam" not in variable and not variable.endswith("_power")


def tensors(variables: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All tensors of the model by name, float32."""
    named = {"input.norm": _norm(variables, INPUT_NORM, 1).reshape(2)}
    for layer in LAYERS:
        kernel = _variable(variables, f"{layer.variable}/kernel", layer.checkpoint_shape)
        channels = layer.shape[0]
        if layer.name == "dense":
            named["pool.norm"] = _norm(variables, POOL_NORM, POOLED_SIZE)
        named[f"{layer.name}.kernel"] = np.ascontiguousarray(np.moveaxis(kernel, -1, 0).reshape(layer.shape))
        named[f"{layer.name}.bias"] = _variable(variables, f"{layer.variable}/bias", (channels,))
        if layer.norm:
            named[f"{layer.name}.norm"] = _norm(variables, layer.norm, channels)
    return named


def _variable(variables: dict[str, np.ndarray], name: str, shape: tuple[int, ...]) -> np.ndarray:
    if name not in variables:
        raise ModelError(f"the checkpoint has no variable {name}: it is not a musicnn model.")
    value = variables[name]
    if value.shape != shape or value.dtype != np.float32:
        raise ModelError(
            f"variable {name} is {value.dtype} {list(value.shape)}, but musicnn's is float32 {list(shape)}: "
            "the checkpoint is of another model."
        )
    if not np.isfinite(value).all():
        raise ModelError(f"variable {name} holds NaN or infinite weights: the training that wrote it went wrong.")
    return value


def _norm(variables: dict[str, np.ndarray], name: str, channels: int) -> np.ndarray:
    """[2][channels]: scale and shift that batch normalisation amounts to; in float64, rounded once."""
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    gamma, beta, mean, variance = (
        _variable(variables, f"{name}/{part}", (channels,)).astype(np.float64) for part in parts
    )
    scale = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
    return np.stack([scale, beta - mean * scale]).astype(np.float32)
