"""ReLU, batch normalisation and max-pool at once, for training: pooling.c, compiled on first use.

Between convolutions a step is bound by memory, and PyTorch's layers each read and write the whole map.
"""

import ctypes
import functools
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train import compiled
from train.compiled import addresses

SOURCE = Path(__file__).with_suffix(".c")
MOST_CHANNELS = 512  # MAX_CHANNELS of pooling.c
FLAGS = {torch.bfloat16: (), torch.float32: ("-DFLOAT32",)}  # by what maps are made of


def normalise_and_pool(x: Tensor, norm: nn.BatchNorm2d, group: int) -> Tensor:
    """ReLU, `norm`, and the maximum of each `group` places, 1, 3 or more; by PyTorch's layers where pooling.c can't."""
    whole = x.shape[2] == 1 or x.shape[3] % group == 0  # no group goes on in the next row
    fits = x.dtype in FLAGS and whole and group != 2 and x.shape[1] <= MOST_CHANNELS
    if norm.training and fits and _library(x.dtype):
        return _Fused.apply(x, norm.weight, norm.bias, norm, group)
    return plain(x, norm, group)


def plain(x: Tensor, norm: nn.BatchNorm2d, group: int) -> Tensor:
    x = norm(F.relu(x))
    return F.max_pool2d(x, (1, group)) if group > 1 else x


class _Fused(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor, norm: nn.BatchNorm2d, group: int) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        images, channels, places = x.flatten(2).shape
        sign = torch.where(weight < 0, -1.0, 1.0)
        sums = torch.zeros(2, images, channels, dtype=torch.float64)
        pooled = _map(x, group) if group > 1 else x
        library = _library(x.dtype)
        library.pool(group, images, places, channels, *addresses(x, sign, sums[0], sums[1], pooled))

        count = images * places
        mean, square = sums.sum(1) / count
        variance = (square - mean.square()).clamp(min=0)
        norm.running_mean.lerp_(mean.float(), norm.momentum)
        norm.running_var.lerp_((variance * (count / (count - 1))).float(), norm.momentum)
        norm.num_batches_tracked += 1
        mean, deviation = mean.float(), (variance + norm.eps).sqrt().float()

        ctx.save_for_backward(x, pooled, weight, sign, mean, deviation)
        ctx.group = group
        scale = weight / deviation
        shift = bias - mean * scale
        result = _map(x, group)
        library.normalise(images * (places // group), channels, *addresses(pooled, scale, shift, result))
        return result

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, pooled, weight, sign, mean, deviation = ctx.saved_tensors
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        library = _library(x.dtype)
        images, channels, places = x.flatten(2).shape
        sums = torch.zeros(2, images, channels, dtype=torch.float64)
        terms = addresses(gradient, pooled, sums[0], sums[1])
        library.sum_gradients(images, places // ctx.group, channels, *terms)
        of_bias, with_values = sums.sum(1).float()
        of_weight = (with_values - mean * of_bias) / deviation

        # Of x, after ReLU: slope * (its gradient - mean of gradients - its normalised value * of_weight / count)
        slope = weight / deviation
        linear = -slope * of_weight / deviation / (images * places)
        constant = -slope * of_bias / (images * places) - linear * mean
        result = _map(x, 1)
        terms = addresses(x, gradient, sign, slope, linear, constant, result)
        library.spread(ctx.group, images, places, channels, *terms)
        return result, of_weight, of_bias, None, None


def _map(like: Tensor, group: int) -> Tensor:
    size = (*like.shape[:3], like.shape[3] // group)
    return torch.empty(size, dtype=like.dtype, memory_format=torch.channels_last)


@functools.cache
def _library(kind: torch.dtype) -> ctypes.CDLL | None:
    """None where there is no C compiler."""
    library = compiled.library(SOURCE, FLAGS[kind])
    if not library:
        return None
    sizes = [ctypes.c_long, ctypes.c_long, ctypes.c_int]  # images, places, channels
    library.pool.argtypes = library.spread.argtypes = [ctypes.c_int, *sizes]
    library.sum_gradients.argtypes = sizes
    library.normalise.argtypes = sizes[1:]
    return library
