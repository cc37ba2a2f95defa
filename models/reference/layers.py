"""What the layers of every architecture share: bias, ReLU and normalisation, and filters that a model file leaves out.

A layer of a model file may hold its live filters alone. Its answer is given in full width all the same (`widen`); the
layer behind it reads the columns that are kept, and one of ones for all that are not (`Columns.read`).
"""

from dataclasses import dataclass

import numpy as np

from convert.network import Tensors


def relu_norm(response: np.ndarray, tensors: Tensors, layer: str) -> np.ndarray:
    """Bias, ReLU, batch normalisation, over the last axis. The scale may be negative: a maximum comes after it."""
    scale, shift = tensors[f"{layer}.norm"]
    return np.maximum(response + tensors[f"{layer}.bias"], 0) * scale + shift


def live_filters(tensors: Tensors, layer: str) -> np.ndarray:
    """[filters] of bool, in full width."""
    if f"{layer}.live" not in tensors:
        return np.ones(len(tensors[f"{layer}.bias"]), bool)
    live = tensors[f"{layer}.live"]
    mask = np.zeros(len(live) + len(tensors[f"{layer}.rest"]), bool)
    mask[live] = True
    return mask


def widen(answers: np.ndarray, tensors: Tensors, layer: str) -> np.ndarray:
    """[...][live] -> [...][filters], with the constants of the filters that were left out."""
    live = live_filters(tensors, layer)
    if live.all():
        return answers
    full = np.empty((*answers.shape[:-1], len(live)), answers.dtype)
    full[..., live] = answers
    full[..., ~live] = tensors[f"{layer}.rest"]
    return full


@dataclass(frozen=True)
class Columns:
    """Which columns of some features are not constant, and so are read by the layer behind."""

    kept: np.ndarray  # [columns] of bool

    def __or__(self, other: "Columns") -> "Columns":
        """Of a sum of features (a residual connection)."""
        return Columns(self.kept | other.kept)

    def read(self, features: np.ndarray) -> np.ndarray:
        """[...][columns] -> [...][kept, and a column of ones if any was left out]"""
        if self.kept.all():
            return features
        ones = np.ones((*features.shape[:-1], 1), features.dtype)
        return np.concatenate([features[..., self.kept], ones], axis=-1)
