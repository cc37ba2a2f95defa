"""The two models in PyTorch: a front-end for samples, one for the log-mel, and the back-end behind both.

Layer by layer: convolution + bias -> ReLU -> batch normalisation, then pooling. Feature maps are
[batch][channels][1][time].
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reference.logmel import BANDS
from train import convolution, winograd
from train.logmel import LogMel
from train.pooling import normalise_and_pool

EPSILON = 1e-3
LEAST = 16  # inputs to a filter, for its kernel to be a matrix worth the name
WIDE = 256  # inputs, from which fewer products are worth their transforms

FEATURES = {"waveform": 256, "spectrogram": 464}  # that the front-ends give at a time


class Normalised(nn.Module):
    """A convolution, ReLU, batch normalisation, and the maximum of each `group` places in time."""

    def __init__(self, convolution: nn.Module, channels: int, group: int) -> None:
        super().__init__()
        self.convolution = convolution
        self.group = group
        self.norm = nn.BatchNorm2d(channels, EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        return normalise_and_pool(self.convolution(x), self.norm, self.group)


def along_time(
    inputs: int, outputs: int, frames: int, stride: int = 1, same: bool = False, group: int = 1
) -> Normalised:
    """A 1-D convolution, written as a 2-D one of height 1: those have the fast layouts on CPUs."""
    padding = (0, frames // 2 if same else 0)
    kind: type[nn.Conv2d] = nn.Conv2d
    if frames == winograd.TAPS and inputs >= WIDE:
        kind = winograd.Convolution
    elif convolution.takes(inputs, outputs, frames, stride, same):
        kind = convolution.Convolution
    return Normalised(kind(inputs, outputs, (1, frames), (1, stride), padding), outputs, group)


def timbral(bands: int, outputs: int, frames: int) -> Normalised:
    """[batch][bands][time][shifts] -> [batch][outputs][time][1], the maximum over all shifts."""
    filters = convolution.OverShifts(bands, outputs, (1, frames), padding=(0, frames // 2))
    return Normalised(filters, outputs, BANDS - bands + 1)


class Waveform(nn.Module):
    """Samples -> features (Lee et al. 2017): a stack of the smallest convolutions."""

    WIDTHS = (64, 64, 128, 128, 128, 256)

    def __init__(self) -> None:
        super().__init__()
        inputs = (64, *self.WIDTHS)
        self.first = along_time(1, 64, 3, stride=3)
        self.stack = nn.ModuleList(along_time(i, o, 3, group=3) for i, o in zip(inputs, self.WIDTHS, strict=False))

    def forward(self, samples: Tensor) -> Tensor:
        x = self.first(samples[:, None, None])
        for layer in self.stack:
            x = layer(x)
        return x


class Spectrogram(nn.Module):
    """Samples -> log-mel -> features (Pons et al. 2017): filters in the shapes of timbres and of rhythms."""

    N = 16
    TIMBRAL_FRAMES = (7, 3, 1)  # of N, 2 N and 4 N filters
    TIMBRAL_BANDS = (86, 38)  # 0.9 and 0.4 of all
    TEMPORAL_FRAMES = (165, 128, 64, 32)  # of N, 2 N, 4 N and 8 N filters

    def __init__(self) -> None:
        super().__init__()
        self.logmel = LogMel()
        self.input = nn.BatchNorm2d(1, EPSILON, affine=False)
        self.timbral = nn.ModuleList(
            nn.ModuleList(timbral(bands, self.N << i, frames) for i, frames in enumerate(self.TIMBRAL_FRAMES))
            for bands in self.TIMBRAL_BANDS
        )
        self.temporal = nn.ModuleList(
            along_time(1, self.N << i, frames) for i, frames in enumerate(self.TEMPORAL_FRAMES)
        )

    def forward(self, samples: Tensor) -> Tensor:
        x = self.input(self.logmel(samples)[:, None])[:, 0]
        features = []
        for bands, layers in zip(self.TIMBRAL_BANDS, self.timbral, strict=True):
            shifted = _shifted(x, bands)
            features += [layer(shifted).transpose(2, 3) for layer in layers]
        energy = x.mean(2)[:, None, None]
        for layer, frames in zip(self.temporal, self.TEMPORAL_FRAMES, strict=True):
            features.append(layer(F.pad(energy, ((frames - 1) // 2, frames // 2))))
        return torch.cat(features, 1)


def _shifted(x: Tensor, bands: int) -> Tensor:
    """[batch][time][96] -> [batch][bands][time][shifts]: a filter's bands as channels, a place for each of its shifts.

    So written, a tall filter with one input is a dense convolution, whose gradient CPUs compute many times faster.
    """
    return x.unfold(2, bands, 1).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


class BackEnd(nn.Module):
    """Features of any length -> logits."""

    FILTERS = 512
    UNITS = 500

    def __init__(self, features: int, tags: int, dropout: float) -> None:
        super().__init__()
        self.first = along_time(features, self.FILTERS, 7)
        self.second = along_time(self.FILTERS, self.FILTERS, 7, same=True)
        self.third = along_time(self.FILTERS, self.FILTERS, 7, same=True)
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(2 * self.FILTERS, self.UNITS)
        self.norm = nn.BatchNorm1d(self.UNITS, EPSILON)
        self.output = nn.Linear(self.UNITS, tags)

    def forward(self, x: Tensor) -> Tensor:
        return self.answer(self.inner(x)[1])

    def inner(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The last feature map [batch][FILTERS][time], and the dense layer on it [batch][UNITS]."""
        x = self.first(x)
        x = self.second(x) + x
        x = F.max_pool2d(x, (1, 2))
        maps = (self.third(x) + x)[:, :, 0]
        pooled = torch.cat([maps.amax(2), maps.mean(2)], 1)
        return maps, self.norm(F.relu(self.dense(self.dropout(pooled))))

    def answer(self, dense: Tensor) -> Tensor:
        return self.output(self.dropout(dense))


class Tagger(nn.Module):
    """[batch][samples] -> logits [batch][tags]. The spectrogram model hears a frame more before the segment."""

    def __init__(self, front_end: str, tags: int = 100, dropout: float = 0.1) -> None:
        super().__init__()
        self.front_end = Waveform() if front_end == "waveform" else Spectrogram()
        self.back_end = BackEnd(FEATURES[front_end], tags, dropout)

    def forward(self, samples: Tensor) -> Tensor:
        return self.back_end(self.front_end(samples))


def computed_directly(network: Tagger) -> Tagger:
    """The same with PyTorch's own convolutions alone, which are slower, and more exact by some 1e-5 of all."""
    for layer in network.modules():
        if hasattr(layer, "direct"):
            layer.direct = True
    return network


def parted(network: Tagger) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Kernels between the first and the last layer, and all other parameters."""
    layers = (layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear))
    inner = [layer for layer in layers if layer is not network.back_end.output and layer.weight[0].numel() >= LEAST]
    kernels = [layer.weight for layer in inner]
    chosen = set(map(id, kernels))
    return kernels, [parameter for parameter in network.parameters() if id(parameter) not in chosen]


def parameters(network: nn.Module) -> int:
    return sum(tensor.numel() for tensor in network.parameters())


def multiply_adds(network: Tagger, samples: Tensor) -> int:
    """Of its convolutions and dense layers, for one segment."""
    total = 0

    def count(layer: nn.Module, _: tuple, output: Tensor) -> None:
        nonlocal total
        total += layer.weight[0].numel() * output[0].numel()

    hooks = [
        layer.register_forward_hook(count) for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear)
    ]
    with torch.no_grad():
        network.eval()(samples[:1])
    for hook in hooks:
        hook.remove()
    return total
