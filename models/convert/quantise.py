"""Kernels as int16 with one float32 scale an output channel: half the size, and closer to float32 than float16 is."""

import numpy as np

LARGEST = 32767  # symmetric: -32768 is not used

SMALLEST_NORMAL = np.finfo(np.float32).tiny


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


def rounded(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All tensors as they come back from a model file whose kernels are int16."""
    return {
        name: dequantise(*quantise(tensor)) if name.endswith(".kernel") else tensor for name, tensor in tensors.items()
    }
