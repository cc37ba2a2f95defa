"""Convolutions of seven frames by F(6, 7), six places from twelve products where there would be 42.

Points are 0, 1, -1, 2, -2, 2/3, -2/3, 1/3, -1/3, 4/3, -4/3 and infinity, as src/winograd.h has them. Gradients go the
same way back, so they have as many products.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

TAPS = 7
PLACES = 6  # that are computed together
POINTS = (0, 1, -1, 2, -2, 2 / 3, -2 / 3, 1 / 3, -1 / 3, 4 / 3, -4 / 3)
PRODUCTS = PLACES + TAPS - 1


def _matrices() -> tuple[Tensor, Tensor, Tensor]:
    """Of places from products, of kernels, of what they read: Toom and Cook's product of polynomials, transposed."""

    def values(length: int) -> np.ndarray:
        at_infinity = np.eye(length)[-1:]
        return np.concatenate([np.vander(POINTS, length, increasing=True), at_infinity])

    reading = np.linalg.inv(values(PRODUCTS)).T
    largest = np.abs(reading).max(axis=1, keepdims=True)  # goes to the kernels, so that products are of one size
    matrices = values(PLACES).T, values(TAPS) * largest, reading / largest
    return tuple(torch.from_numpy(matrix.astype(np.float32)) for matrix in matrices)


ANSWER, KERNEL, READING = _matrices()


class Convolution(nn.Conv2d):
    """Of height 1 and seven frames; when asked to be direct, and where it is not of float32, PyTorch's own."""

    direct = False

    def forward(self, x: Tensor) -> Tensor:
        if self.direct or x.dtype != torch.float32 or torch.is_autocast_enabled("cpu"):
            return super().forward(x)
        frames = _frames(F.pad(x, (self.padding[1], self.padding[1])))
        y = _Convolve.apply(frames, _frames(self.weight)) + self.bias
        return y.transpose(1, 2)[:, :, None]


def _frames(x: Tensor) -> Tensor:
    """[n][channels][1][frames], channels last, -> [n][frames][channels]."""
    return x[:, :, 0].transpose(1, 2)


class _Convolve(torch.autograd.Function):
    """[batch][frames + 6][inputs], [outputs][7][inputs] -> [batch][frames][outputs]"""

    @staticmethod
    def forward(ctx, x: Tensor, kernels: Tensor) -> Tensor:
        batch, length, inputs = x.shape
        groups = -(-(length - TAPS + 1) // PLACES)
        whole = groups * PLACES + TAPS - 1
        x = F.pad(x, (0, 0, 0, whole - length)).contiguous()
        strides = (whole * inputs, PLACES * inputs, inputs, 1)
        read = torch.matmul(READING, x.as_strided((batch, groups, PRODUCTS, inputs), strides)).flatten(0, 1)
        factors = torch.matmul(KERNEL, kernels)
        products = torch.bmm(read.transpose(0, 1), factors.permute(1, 2, 0))
        ctx.save_for_backward(read, factors)
        ctx.length = length
        answers = torch.matmul(ANSWER, products.transpose(0, 1))
        return answers.view(batch, groups * PLACES, -1)[:, : length - TAPS + 1]

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, Tensor]:
        read, factors = ctx.saved_tensors
        batch, places, outputs = gradient.shape
        groups = len(read) // batch
        gradient = F.pad(gradient, (0, 0, 0, groups * PLACES - places)).view(-1, PLACES, outputs)
        of_products = torch.matmul(ANSWER.T, gradient).transpose(0, 1)
        of_factors = torch.bmm(of_products.transpose(1, 2), read.transpose(0, 1))
        of_kernels = torch.matmul(KERNEL.T, of_factors.transpose(0, 1))
        of_read = torch.bmm(of_products, factors.transpose(0, 1))
        read_again = torch.matmul(READING.T, of_read.transpose(0, 1)).view(batch, groups, PRODUCTS, -1)
        # Groups begin six frames apart and read twelve: each frame was read in two.
        of_x = F.pad(read_again[:, :, :PLACES], (0, 0, 0, 0, 0, 1))
        of_x[:, 1:] += read_again[:, :, PLACES:]
        return of_x.flatten(1, 2)[:, : ctx.length], of_kernels
