"""Kernels as int16 with one float32 scale an output channel: half the size, and closer to float32 than float16 is.

The layers that read the log-mel itself stay float32. They are the smallest, and rounding them moved scores more than
rounding all the others together (models/MSD_vgg.md has the numbers): what follows amplifies their errors.
"""

from dataclasses import replace

import numpy as np

from convert import musicnn, vgg
from convert.network import Network

LARGEST = 32767  # symmetric: -32768 is not used

SMALLEST_NORMAL = np.finfo(np.float32).tiny


def is_rounded(network: Network, tensor: str) -> bool:
    """Whether a model file holds this tensor as int16, unless float32 is asked for."""
    layer, _, part = tensor.partition(".")
    exact = {musicnn.NAME: musicnn.READ_LOGMEL, vgg.NAME: vgg.READ_LOGMEL}[network.architecture]
    return part == "kernel" and layer not in exact


def quantise(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 [out][...] -> int16 [out][...], float32 [out]; integer * scale approximates the kernel."""
    filters = kernel.reshape(len(kernel), -1).astype(np.float64)
    scale = (np.abs(filters).max(axis=1) / LARGEST).astype(np.float32)
    # A filter that training drove to zero would ask for a scale of zero or a denormal one, slow on every CPU.
    dead = scale < SMALLEST_NORMAL
    scale[dead] = 1
    filters[dead] = 0
    steps = np.rint(filters / scale.astype(np.float64)[:, None])
    integers = np.clip(steps, -LARGEST, LARGEST).astype(np.int16)
    return integers.reshape(kernel.shape), scale


def dequantise(integers: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """What Taggram computes with: the float32 product."""
    columns = scale.reshape(-1, *[1] * (integers.ndim - 1))
    return integers.astype(np.float32) * columns


def rounded(network: Network) -> Network:
    """The network as it comes back from a model file."""
    return replace(
        network,
        tensors={
            name: dequantise(*quantise(tensor)) if is_rounded(network, name) else tensor
            for name, tensor in network.tensors.items()
        },
    )
