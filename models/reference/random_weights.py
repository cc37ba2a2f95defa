"""Random weights in the shapes of a checkpoint, by the names of its variables: for sizes whose weights aren't published
here, and for tests. Some filters are dead, as in the published ones, and what they answer is far from zero."""

import numpy as np

from convert import musicnn, vgg
from convert.musicnn import Size

Variables = dict[str, np.ndarray]

DEAD_SHARE = 0.3


def musicnn_variables(seed: int, size: Size, tags: int = 50) -> Variables:
    random = np.random.default_rng(seed)
    made = _input_norm(random) | _norm(random, musicnn.POOL_NORM, size.pooled)
    for layer in musicnn.layers(size, tags):
        made |= _layer(random, layer.variable, layer.checkpoint_shape, layer.norm is not None)
        if layer.norm:
            made |= _norm(random, layer.norm, layer.shape[0])
    for layer in musicnn.layers(size, tags)[: len(musicnn.READ_LOGMEL + musicnn.MID)]:
        _kill(random, made, layer.variable)
    return made


def vgg_variables(seed: int, tags: int = 50) -> Variables:
    random = np.random.default_rng(seed)
    time, mel = vgg.LIBRARY_POOLING.places()
    made = _input_norm(random) | _layer(random, "dense", (time * mel * vgg.FILTERS, tags), has_norm=False)
    for number in range(1, len(vgg.LAYERS) + 1):
        made |= _layer(random, f"{number}CNN", (3, 3, 1 if number == 1 else vgg.FILTERS, vgg.FILTERS))
        made |= _norm(random, f"batch_normalization_{number}", vgg.FILTERS)
        _kill(random, made, f"{number}CNN")
    return made


def _input_norm(random: np.random.Generator) -> Variables:
    """Music's log-mel lies between 0 and 4."""
    norm = _norm(random, musicnn.INPUT_NORM, 1)
    return norm | {f"{musicnn.INPUT_NORM}/moving_mean": np.full(1, 1.5, np.float32)}


def _layer(random: np.random.Generator, name: str, kernel_shape: tuple[int, ...], has_norm: bool = True) -> Variables:
    """Scaled so that a layer's responses are about as large as its inputs; those of the last one spread the scores."""
    scale = (1 if has_norm else 4) / np.sqrt(np.prod(kernel_shape[:-1]))
    kernel = random.normal(0, scale, kernel_shape)
    return {f"{name}/kernel": _float32(kernel), f"{name}/bias": _float32(random.normal(0.1, 0.1, kernel_shape[-1]))}


def _norm(random: np.random.Generator, name: str, channels: int) -> Variables:
    """Half of the scales are negative, as training makes them."""
    return {
        f"{name}/gamma": _float32(random.uniform(0.5, 1, channels) * random.choice([-1, 1], channels)),
        f"{name}/beta": _float32(random.normal(0, 0.2, channels)),
        f"{name}/moving_mean": _float32(random.normal(0.4, 0.1, channels)),
        f"{name}/moving_variance": _float32(random.uniform(0.5, 1.5, channels)),
    }


def _kill(random: np.random.Generator, variables: Variables, layer: str) -> None:
    """Drives some filters to zero, the first and the last among them."""
    kernel = variables[f"{layer}/kernel"]
    dead = random.random(kernel.shape[-1]) < DEAD_SHARE
    dead[[0, -1]] = True
    kernel[..., dead] *= np.float32(1e-20)


def _float32(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)
