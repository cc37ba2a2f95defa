"""Kernels as integers with one float32 scale an output channel. With int16 that is half the size, and closer to float32
than float16 is.

Convolutions carry the rounding error of a weight to the next one along an axis on which their input is smooth, as error
diffusion does in pictures: what one product has too much, the next has too little.

The vgg's first layer stays float32. It is small, and rounding it moved scores more than rounding all the others did
(docs/decisions/0004-int16-weights.md): what follows amplifies its errors.
"""

from dataclasses import replace

import numpy as np

from convert import musicnn, vgg
from convert.network import Network

SMALLEST_NORMAL = np.finfo(np.float32).tiny


def is_rounded(tensor: str) -> bool:
    """Whether a model file holds this tensor as int16, unless float32 is asked for."""
    layer, _, part = tensor.partition(".")
    return part == "kernel" and layer not in vgg.READ_LOGMEL


def smooth_axis(tensor: str) -> int | None:
    """The axis of a convolution's kernel along which its input changes little: bands or frames."""
    layer = tensor.partition(".")[0]
    if layer in musicnn.TIMBRAL:
        return 2
    return 1 if layer in musicnn.TEMPORAL + musicnn.MID + vgg.LAYERS else None


def quantise(
    kernel: np.ndarray, axis: int | None = None, kind: type[np.signedinteger] = np.int16
) -> tuple[np.ndarray, np.ndarray]:
    """float32 [out][...] -> integers [out][...], float32 [out]; integer * scale approximates the kernel.

    With an axis, errors are carried along it.
    """
    largest = np.iinfo(kind).max - 1  # of a weight, in steps; with the error that is carried to it, it stays in range
    filters = kernel.reshape(len(kernel), -1).astype(np.float64)
    scale = (np.abs(filters).max(axis=1) / largest).astype(np.float32)
    # A filter that training drove to zero would ask for a scale of zero or a denormal one, slow on every CPU.
    dead = scale < SMALLEST_NORMAL
    scale[dead] = 1
    filters[dead] = 0
    steps = (filters / scale.astype(np.float64)[:, None]).reshape(kernel.shape)
    integers = np.rint(steps) if axis is None else _rounded_along(steps, axis)
    return integers.astype(kind), scale


def _rounded_along(steps: np.ndarray, axis: int) -> np.ndarray:
    """Whole numbers whose running sums along the axis are those of `steps`, rounded."""
    return np.diff(np.rint(np.cumsum(steps, axis)), axis=axis, prepend=0)


def dequantise(integers: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """What Taggram computes with: the float32 product."""
    columns = scale.reshape(-1, *[1] * (integers.ndim - 1))
    return integers.astype(np.float32) * columns


def rounded(network: Network) -> Network:
    """The network as it comes back from a model file."""
    return replace(
        network,
        tensors={
            name: dequantise(*quantise(tensor, smooth_axis(name))) if is_rounded(name) else tensor
            for name, tensor in network.tensors.items()
        },
    )
