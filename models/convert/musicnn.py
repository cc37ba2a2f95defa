"""The musicnn architecture: its checkpoint's variables -> the tensors that Taggram computes with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from convert.network import Network, Tensors, Variables, output_channel_first

NAME = "musicnn"

TIMBRAL_FILTERS = 204  # of each of the two shapes
TEMPORAL_FILTERS = 51  # of each of the three
FRONT_END = 2 * TIMBRAL_FILTERS + 3 * TEMPORAL_FILTERS

TIMBRAL = ("timbral_38", "timbral_67")  # named after how many mel bands a filter spans
TEMPORAL = ("temporal_128", "temporal_64", "temporal_32")  # named after how many frames a filter spans
MID = ("mid_1", "mid_2", "mid_3")
READ_LOGMEL = TIMBRAL + TEMPORAL  # the layers whose input is the log-mel itself

INPUT_NORM = "batch_normalization"  # over the log-mel, before any padding
POOL_NORM = "batch_normalization_9"  # over the pooled vector, before the dense layer


@dataclass(frozen=True)
class Size:
    """What the two sizes that were published differ in."""

    mid_filters: int  # of each convolution of the mid-end
    dense_units: int

    @property
    def pooled(self) -> int:
        """Maximum and mean of every feature."""
        return 2 * (FRONT_END + len(MID) * self.mid_filters)


@dataclass(frozen=True)
class Layer:
    """One convolution or dense layer: our name, the checkpoint's names, the shape in the checkpoint and in our file."""

    name: str
    variable: str
    norm: str | None  # of the batch normalisation after its ReLU
    checkpoint_shape: tuple[int, ...]  # convolution: time, mel, in, out; dense: in, out
    shape: tuple[int, ...]  # output channel first


def layers(size: Size, tags: int) -> tuple[Layer, ...]:
    """In order of computation; figure 2 of Pons & Serra, "musicnn: pre-trained convolutional neural networks for music
    audio tagging" (2019), names the parts: front-end (timbral, temporal), mid-end, back-end (dense, output)."""
    wide, long, mid, dense = TIMBRAL_FILTERS, TEMPORAL_FILTERS, size.mid_filters, size.dense_units
    return (
        Layer("timbral_38", "conv2d", "batch_normalization_1", (7, 38, 1, wide), (wide, 7, 38)),
        Layer("timbral_67", "conv2d_1", "batch_normalization_2", (7, 67, 1, wide), (wide, 7, 67)),
        Layer("temporal_128", "conv2d_2", "batch_normalization_3", (128, 1, 1, long), (long, 128)),
        Layer("temporal_64", "conv2d_3", "batch_normalization_4", (64, 1, 1, long), (long, 64)),
        Layer("temporal_32", "conv2d_4", "batch_normalization_5", (32, 1, 1, long), (long, 32)),
        Layer("mid_1", "conv2d_5", "batch_normalization_6", (7, FRONT_END, 1, mid), (mid, 7, FRONT_END)),
        Layer("mid_2", "conv2d_6", "batch_normalization_7", (7, mid, 1, mid), (mid, 7, mid)),
        Layer("mid_3", "conv2d_7", "batch_normalization_8", (7, mid, 1, mid), (mid, 7, mid)),
        Layer("dense", "dense", "batch_normalization_10", (size.pooled, dense), (dense, size.pooled)),
        Layer("output", "dense_1", None, (dense, tags), (tags, dense)),
    )


def network(values: Mapping[str, np.ndarray]) -> Network:
    """A musicnn of whatever size its checkpoint has."""
    variables = Variables(values, NAME)
    size = Size(variables.outputs("conv2d_5"), variables.outputs("dense"))
    named: Tensors = {"input.norm": variables.batch_norm(INPUT_NORM, 1).reshape(2)}
    for layer in layers(size, variables.outputs("dense_1")):
        kernel = variables.take(f"{layer.variable}/kernel", layer.checkpoint_shape)
        channels = layer.shape[0]
        if layer.name == "dense":
            named["pool.norm"] = variables.batch_norm(POOL_NORM, size.pooled)
        named[f"{layer.name}.kernel"] = output_channel_first(kernel).reshape(layer.shape)
        named[f"{layer.name}.bias"] = variables.take(f"{layer.variable}/bias", (channels,))
        if layer.norm:
            named[f"{layer.name}.norm"] = variables.batch_norm(layer.norm, channels)
    return Network(NAME, named)


def sizes(network: Network) -> dict[str, int]:
    """What the model file states of the sizes in full."""
    return {
        "timbral_filters": network.width("timbral_38"),
        "temporal_filters": network.width("temporal_128"),
        "mid_filters": network.width("mid_1"),
        "dense_units": network.width("dense"),
    }
