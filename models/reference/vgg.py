"""The forward pass of the vgg on one segment, with every intermediate by the name that the musicnn library gives it.

Tensors are those of the model file (convert.vgg says where each comes from), in full or without dead filters. Computed
in float32.
"""

import numpy as np

from convert.network import Pooling, Tensors
from convert.vgg import LAYERS
from reference.layers import Columns, live_filters, relu_norm, widen


def forward(logmel: np.ndarray, tensors: Tensors, pooling: Pooling) -> dict[str, np.ndarray]:
    """One segment, log-mel [187][96] -> "pool1" .. "pool5" [time][mel][filters], and "logits" [1][tags]."""
    scale, shift = tensors["input.norm"]
    plane = (logmel * scale + shift)[:, :, None]
    columns = Columns(np.array([True]))
    features = {}
    for number, layer in enumerate(LAYERS, 1):
        answers = convolution(columns.read(plane), tensors, layer)
        plane = max_pool(answers, pooling.sizes[number - 1], pooling.strides[number - 1])
        columns = Columns(live_filters(tensors, layer))
        features[f"pool{number}"] = plane
    places = plane[..., columns.kept].reshape(-1)
    kernel = tensors["output.kernel"]  # [tags][places][columns read]
    logits = kernel.reshape(len(kernel), -1) @ places + tensors["output.bias"]
    return features | {"logits": logits[None, :]}


def convolution(plane: np.ndarray, tensors: Tensors, layer: str) -> np.ndarray:
    """[time][mel][columns read] -> [time][mel][filters]: 3 x 3 places, with a border of zeros."""
    kernel = tensors[f"{layer}.kernel"]  # [filters][3][3][columns read]
    time, mel, _ = plane.shape
    padded = np.pad(plane, ((1, 1), (1, 1), (0, 0)))
    response = sum(
        padded[dt : dt + time, df : df + mel] @ np.ascontiguousarray(kernel[:, dt, df].T)
        for dt in range(3)
        for df in range(3)
    )
    return widen(relu_norm(response, tensors, layer), tensors, layer)


def max_pool(plane: np.ndarray, size: tuple[int, int], stride: tuple[int, int]) -> np.ndarray:
    """The maximum of each window that lies wholly inside."""
    windows = np.lib.stride_tricks.sliding_window_view(plane, size, axis=(0, 1))
    return windows[:: stride[0], :: stride[1]].max(axis=(-2, -1))
