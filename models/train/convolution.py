"""Convolutions of three places, and over shifts, in float32: convolution.c, compiled on first use.

PyTorch's own are several times slower where the CPU has no avx512, above all their kernels' gradients.
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
TAPS = 3
STEP, MOST_CHANNELS = 16, 4096  # channels that convolution.c takes: multiples of the one, up to the other


class Convolution(nn.Conv2d):
    """Of height 1 and three places, 'valid'; when asked to be direct, and where convolution.c can't, PyTorch's own."""

    direct = False

    def forward(self, x: Tensor) -> Tensor:
        if _is_usual(self, x):
            return super().forward(x)
        function = _First if self.in_channels == 1 else _Convolve
        return function.apply(x, self.weight[:, :, 0].permute(2, 1, 0), self.bias)


class OverShifts(nn.Conv2d):
    """A convolution along time, 'same', of height 1 as the others, for maps of time by shifts that want no gradient."""

    direct = False

    def forward(self, x: Tensor) -> Tensor:
        padding = self.padding[::-1]
        if _is_usual(self, x) or self.out_channels % STEP:
            return F.conv2d(x, self.weight.transpose(2, 3), self.bias, padding=padding)
        return _OverShifts.apply(x, self.weight, self.bias, padding)


def takes(inputs: int, outputs: int, frames: int, stride: int, same: bool) -> bool:
    """Whether convolution.c has such a convolution."""
    fits = frames == TAPS and not same and outputs % (2 * STEP) == 0
    if inputs == 1:
        return fits and stride == TAPS
    return fits and stride == 1 and inputs % STEP == 0 and max(inputs, outputs) <= MOST_CHANNELS


def _is_usual(layer: Convolution | OverShifts, x: Tensor) -> bool:
    """Whether PyTorch's own convolution is to do it."""
    return layer.direct or x.dtype != torch.float32 or torch.is_autocast_enabled("cpu") or not _library()


def _rows(x: Tensor) -> Tensor:
    """[n][channels][1][places], channels last, -> [n][places][channels]"""
    return x[:, :, 0].transpose(1, 2).contiguous()


def _map(rows: Tensor) -> Tensor:
    """And back. Both in here, where autograd does not copy what it looks at."""
    return rows.transpose(1, 2)[:, :, None]


class _Convolve(torch.autograd.Function):
    """[batch][inputs][1][places], [3][inputs][outputs], [outputs] -> [batch][outputs][1][places - 2]"""

    @staticmethod
    def forward(ctx, x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
        x, kernel = _rows(x), kernel.contiguous()
        ctx.save_for_backward(x, kernel)
        batch, places, inputs = x.shape
        answers = x.new_empty(batch, places - TAPS + 1, kernel.shape[2])
        _library().convolve(batch, places, 0, inputs, kernel.shape[2], *addresses(x, kernel, bias, answers))
        return _map(answers)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, kernel = ctx.saved_tensors
        gradient = _rows(gradient)
        batch, places, inputs = x.shape
        outputs = kernel.shape[2]
        of_kernel, of_bias = torch.empty_like(kernel), kernel.new_empty(outputs)
        terms = addresses(x, gradient, of_kernel, of_bias)
        _library().gradients_of_filters(batch, places, inputs, outputs, *terms)
        of_x, back = torch.empty_like(x), kernel.flip(0).transpose(1, 2).contiguous()
        nothing = kernel.new_zeros(inputs)
        terms = addresses(gradient, back, nothing, of_x)
        _library().convolve(batch, places - TAPS + 1, TAPS - 1, outputs, inputs, *terms)
        return _map(of_x), of_kernel, of_bias


class _First(torch.autograd.Function):
    """[batch][1][1][samples], [3][1][outputs], [outputs] -> [batch][outputs][1][samples / 3]; none for samples."""

    @staticmethod
    def forward(ctx, x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
        sound = x[:, 0, 0, : x.shape[3] // TAPS * TAPS].contiguous()
        ctx.save_for_backward(sound)
        answers = torch.addmm(bias, sound.view(-1, TAPS), kernel[:, 0])
        return _map(answers.view(len(sound), -1, len(bias)))

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[None, Tensor, Tensor]:
        (sound,) = ctx.saved_tensors
        gradient = _rows(gradient)
        outputs = gradient.shape[2]
        of_kernel, of_bias = gradient.new_empty(TAPS, 1, outputs), gradient.new_empty(outputs)
        terms = addresses(sound, gradient, of_kernel, of_bias)
        _library().gradients_of_first(*sound.shape[:2], outputs, *terms)
        return None, of_kernel, of_bias


class _OverShifts(torch.autograd.Function):
    """[batch][inputs][times][shifts], [outputs][inputs][1][frames] -> [batch][outputs][times][shifts]"""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor, padding: tuple[int, int]) -> Tensor:
        ctx.save_for_backward(x)
        ctx.frames = weight.shape[3]
        return F.conv2d(x, weight.transpose(2, 3), bias, padding=padding)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[None, Tensor, Tensor, None]:
        (x,) = ctx.saved_tensors
        x, gradient = (maps.permute(0, 2, 3, 1).contiguous() for maps in (x, gradient))
        outputs = gradient.shape[3]
        of_kernel = x.new_empty(ctx.frames, x.shape[3], outputs)
        _library().gradient_over_shifts(*x.shape, outputs, ctx.frames, *addresses(x, gradient, of_kernel))
        return None, of_kernel.permute(2, 1, 0)[:, :, None], gradient.sum((0, 1, 2)), None


@functools.cache
def _library() -> ctypes.CDLL | None:
    """None where there is no C compiler."""
    library = compiled.library(SOURCE)
    if library:
        length, channels = ctypes.c_long, ctypes.c_int
        library.convolve.argtypes = [length, length, length, channels, channels, *[ctypes.c_void_p] * 4]
        library.gradients_of_filters.argtypes = [length, length, channels, channels, *[ctypes.c_void_p] * 4]
        library.gradient_over_shifts.argtypes = [*[length] * 3, *[channels] * 3, *[ctypes.c_void_p] * 3]
        library.gradients_of_first.argtypes = [length, length, channels, *[ctypes.c_void_p] * 4]
    return library
