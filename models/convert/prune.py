"""Leaves out the filters that training drove to zero, and folds what they answer into the layers behind them.

A filter whose kernel is zero answers the same everywhere: norm(relu(bias)). A layer that reads such constants reads, in
their place, one column that is 1 wherever there is a frame: its weights are the sums of constant times weight. The
column is 0 in the zero padding, as the constants are, so that the fold is exact at the borders too.

A filter is left out for its own kernel only. One that reads nothing but constants is no constant: it sees the padding.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convert import musicnn, vgg
from convert.network import Network, Tensors

DEAD_RESPONSE = 1e-3  # a filter is dead if its kernel's norm times its normalisation's scale is below


def without_dead_filters(network: Network, dead_response: float = DEAD_RESPONSE) -> Network:
    """The same network without its dead filters. What was left out once can't be left out again."""
    prune = {musicnn.NAME: _prune_musicnn, vgg.NAME: _prune_vgg}[network.architecture]
    return replace(network, tensors=prune(network.tensors, dead_response))


def left_out(network: Network) -> tuple[int, int]:
    """How many filters were left out, and of how many, convolutions alone."""
    layers = {musicnn.NAME: musicnn.READ_LOGMEL + musicnn.MID, vgg.NAME: vgg.LAYERS}[network.architecture]
    filters = sum(network.width(layer) for layer in layers)
    return filters - sum(len(network.tensors[f"{layer}.bias"]) for layer in layers), filters


@dataclass(frozen=True)
class Columns:
    """The columns of a layer's answers: which are kept, and the constant of each that is not."""

    kept: np.ndarray  # [width] of bool
    constant: np.ndarray  # [width], in float64

    def __add__(self, other: "Columns") -> "Columns":
        """Of the sum of two layers (a residual connection): constant where both are."""
        return Columns(self.kept | other.kept, self.constant + other.constant)

    @staticmethod
    def side_by_side(parts: Sequence["Columns"]) -> "Columns":
        return Columns(np.hstack([part.kept for part in parts]), np.hstack([part.constant for part in parts]))

    def fold(self, kernel: np.ndarray) -> np.ndarray:
        """[out][...][width] -> [out][...][kept, and one column for all that are left out]"""
        if self.kept.all():
            return kernel
        rest = kernel[..., ~self.kept].astype(np.float64) @ self.constant[~self.kept]
        return np.concatenate([kernel[..., self.kept], rest[..., None].astype(np.float32)], axis=-1)


def _answers(tensors: Tensors, layer: str, dead_response: float) -> Columns:
    """A layer's filters."""
    kernel = tensors[f"{layer}.kernel"].astype(np.float64)
    bias, (scale, shift) = tensors[f"{layer}.bias"].astype(np.float64), tensors[f"{layer}.norm"].astype(np.float64)
    response = np.linalg.norm(kernel.reshape(len(kernel), -1), axis=1) * np.abs(scale)
    live = response >= dead_response
    live[response.argmax()] = True  # a layer keeps one filter at least
    return Columns(live, np.maximum(bias, 0) * scale + shift)


def _shorten(tensors: Tensors, layer: str, answers: Columns, kernel: np.ndarray) -> Tensors:
    """A layer's tensors with its live filters alone; `kernel` is [width][...], folded already."""
    live = answers.kept
    short = {
        f"{layer}.kernel": np.ascontiguousarray(kernel[live]),
        f"{layer}.bias": tensors[f"{layer}.bias"][live],
        f"{layer}.norm": np.ascontiguousarray(tensors[f"{layer}.norm"][:, live]),
    }
    if live.all():
        return short
    rest = answers.constant[~live].astype(np.float32)
    return short | {f"{layer}.live": np.flatnonzero(live).astype(np.int32), f"{layer}.rest": rest}


def _prune_musicnn(tensors: Tensors, dead_response: float) -> Tensors:
    pruned = {"input.norm": tensors["input.norm"]}
    front_end = []
    for layer in musicnn.READ_LOGMEL:
        answers = _answers(tensors, layer, dead_response)
        pruned |= _shorten(tensors, layer, answers, tensors[f"{layer}.kernel"])
        front_end.append(answers)

    columns = [Columns.side_by_side(front_end)]  # front-end, cnn1, cnn2, cnn3
    for layer in musicnn.MID:
        answers = _answers(tensors, layer, dead_response)
        pruned |= _shorten(tensors, layer, answers, columns[-1].fold(tensors[f"{layer}.kernel"]))
        columns.append(answers if layer == musicnn.MID[0] else columns[-1] + answers)
    return pruned | _prune_dense(tensors, Columns.side_by_side(columns))


def _prune_dense(tensors: Tensors, features: Columns) -> Tensors:
    """The dense layer has no padding: what its constant inputs give goes into its bias."""
    # A constant feature is both its own maximum and its own mean; they stand side by side.
    pooled = Columns(np.repeat(features.kept, 2), np.repeat(features.constant, 2))
    scale, shift = tensors["pool.norm"].astype(np.float64)
    constant = np.where(pooled.kept, 0, pooled.constant * scale + shift)
    kernel = tensors["dense.kernel"]
    return {
        "pool.norm": np.ascontiguousarray(tensors["pool.norm"][:, pooled.kept]),
        "dense.kernel": np.ascontiguousarray(kernel[:, pooled.kept]),
        "dense.bias": (tensors["dense.bias"] + kernel.astype(np.float64) @ constant).astype(np.float32),
        **{name: tensors[name] for name in ("dense.norm", "output.kernel", "output.bias")},
    }


def _prune_vgg(tensors: Tensors, dead_response: float) -> Tensors:
    pruned = {"input.norm": tensors["input.norm"]}
    columns = Columns(np.array([True]), np.zeros(1))  # of the log-mel
    for layer in vgg.LAYERS:
        answers = _answers(tensors, layer, dead_response)
        pruned |= _shorten(tensors, layer, answers, columns.fold(tensors[f"{layer}.kernel"]))
        columns = answers
    kernel = tensors["output.kernel"]
    constant = np.where(columns.kept, 0, columns.constant)
    bias = tensors["output.bias"] + (kernel.astype(np.float64) @ constant).sum(axis=1)
    return pruned | {
        "output.kernel": np.ascontiguousarray(kernel[..., columns.kept]),
        "output.bias": bias.astype(np.float32),
    }
