"""What learns from the teachers' hints, beside a network while it is trained."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.hints import FILTERS, PLACES, TEACHERS, UNITS

SCALED_BY = 4096  # segments


class Guide(nn.Module):
    """Heads beside a network's last layer, which foretell the hints of both teachers; no model file has them."""

    def __init__(self, units: int, filters: int) -> None:
        super().__init__()
        self.units = nn.Linear(units, UNITS * len(TEACHERS))
        self.maps = nn.Conv1d(filters, FILTERS * len(TEACHERS), 1)
        self.register_buffer("mean", torch.zeros(len(TEACHERS), UNITS + FILTERS * PLACES))
        self.register_buffer("deviation", torch.ones(len(TEACHERS), UNITS + FILTERS * PLACES))

    def fit(self, hints: np.ndarray) -> None:
        """Takes the scale of [segments][teachers][hints]: each is learned standardised."""
        deviation, mean = torch.std_mean(torch.from_numpy(hints).float(), 0)
        self.mean.copy_(mean)
        self.deviation.copy_(deviation.clamp(min=1e-3))

    def distance(self, dense: Tensor, maps: Tensor, hints: Tensor) -> Tensor:
        """From what a network foretells of [batch][teachers][hints]: squared errors of both kinds, equally weighed."""
        truth = (hints - self.mean) / self.deviation
        units = self.units(dense).unflatten(1, (len(TEACHERS), UNITS))
        places = self.maps(F.adaptive_avg_pool1d(maps, PLACES)).flatten(1).unflatten(1, (len(TEACHERS), -1))
        return F.mse_loss(units, truth[..., :UNITS]) + F.mse_loss(places, truth[..., UNITS:])
