"""Muon (Jordan et al. 2024): a step of a kernel is as large in all directions, whatever their gradients are.

PyTorch has it for matrices alone and in bfloat16, which most CPUs don't compute in. Here the iteration goes over the
small square of a kernel and its transpose, of which half is computed.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

MOMENTUM = 0.95
WEIGHT_DECAY = 0.01
ROUNDS = 5
BLOCK = 128  # rows that are multiplied at once
QUINTIC = (3.4445, -4.7750, 2.0315)  # s -> a s + b s^3 + c s^5 takes singular values to about 1


class Muon(torch.optim.Optimizer):
    """For kernels [outputs][...], taken for matrices of as many rows."""

    def __init__(self, kernels: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(kernels, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for kernel in group["params"]:
                state = self.state[kernel]
                if not state:
                    state["momentum"] = torch.zeros_like(kernel)
                momentum = state["momentum"].lerp_(kernel.grad, 1 - MOMENTUM)
                ahead = kernel.grad.lerp(momentum, MOMENTUM).movedim(1, -1)  # as it lies in memory
                rows = ahead.flatten(1)
                size = max(1, rows.shape[0] / rows.shape[1]) ** 0.5
                kernel.mul_(1 - group["lr"] * WEIGHT_DECAY)
                kernel.add_(orthogonalised(rows).view(ahead.shape).movedim(-1, 1), alpha=-group["lr"] * size)


def orthogonalised(matrix: Tensor) -> Tensor:
    """The matrix with all singular values about 1 (0.7 to 1.2), but for those that are next to nothing."""
    if matrix.shape[0] > matrix.shape[1]:
        return orthogonalised(matrix.T).T
    a, b, c = QUINTIC
    matrix = matrix / (matrix.norm() + 1e-7)
    square = symmetric(matrix, matrix.T)
    whole = None
    for remaining in reversed(range(ROUNDS)):
        factor = b * square + c * symmetric(square, square)
        factor.diagonal().add_(a)
        whole = factor if whole is None else symmetric(factor, whole)
        if remaining:
            square = symmetric(symmetric(factor, factor), square)
    return whole @ matrix


def symmetric(left: Tensor, right: Tensor) -> Tensor:
    """A product known to be symmetric, as of two polynomials of a symmetric matrix: its lower half, mirrored."""
    size = len(left)
    product = left.new_empty(size, size)
    for first in range(0, size, BLOCK):
        end = min(first + BLOCK, size)
        torch.mm(left[first:end], right[:, :end], out=product[first:end, :end])
        product[:first, first:end] = product[first:end, :first].T
    return product
