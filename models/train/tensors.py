"""A trained network as the tensors of a model file, and back: README.md has the map.

Kernels are [outputs][frames][inputs] without the sides that are 1; a batch normalisation is scale and shift.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import nn

from train.networks import EPSILON, Normalised, Tagger
from train.targets import Scale

Tensors = dict[str, np.ndarray]


def named_layers(network: Tagger) -> Iterator[tuple[str, Normalised]]:
    """The convolutions by the names that model files have."""
    front, back = network.front_end, network.back_end
    if hasattr(front, "stack"):
        yield "conv_0", front.first
        yield from ((f"conv_{i}", layer) for i, layer in enumerate(front.stack, 1))
    else:
        for bands, layers in zip(front.TIMBRAL_BANDS, front.timbral, strict=True):
            names = (f"timbral_{bands}x{frames}" for frames in front.TIMBRAL_FRAMES)
            yield from zip(names, layers, strict=True)
        yield from zip((f"temporal_{frames}" for frames in front.TEMPORAL_FRAMES), front.temporal, strict=True)
    yield from zip(("back_1", "back_2", "back_3"), (back.first, back.second, back.third), strict=True)


def of_network(network: Tagger, scale: Scale) -> Tensors:
    """The scale of the logits goes into the last layer."""
    found: Tensors = {}
    if hasattr(network.front_end, "input"):
        found["input.norm"] = _norm(network.front_end.input)[:, 0]
    for name, layer in named_layers(network):
        kernel = _array(layer.convolution.weight)[:, :, 0].transpose(0, 2, 1)
        found[f"{name}.kernel"] = kernel[..., 0] if kernel.shape[2] == 1 else kernel
        found[f"{name}.bias"] = _array(layer.convolution.bias)
        found[f"{name}.norm"] = _norm(layer.norm)
    back = network.back_end
    found["dense.kernel"] = _array(back.dense.weight)
    found["dense.bias"] = _array(back.dense.bias)
    found["dense.norm"] = _norm(back.norm)
    found["output.kernel"] = _array(back.output.weight) * scale.deviation[:, None]
    found["output.bias"] = _array(back.output.bias) * scale.deviation + scale.mean
    return {name: np.ascontiguousarray(tensor, np.float32) for name, tensor in found.items()}


@torch.no_grad()
def to_network(front_end: str, tensors: Tensors) -> Tagger:
    """The network that a model file holds; it answers logits that are not standardised."""
    network = Tagger(front_end, len(tensors["output.bias"]), dropout=0).eval()
    if "input.norm" in tensors:
        scale, shift = tensors["input.norm"]
        network.front_end.input.running_var.fill_(float(scale) ** -2 - EPSILON)
        network.front_end.input.running_mean.fill_(float(-shift / scale))
    for name, layer in named_layers(network):
        weight = layer.convolution.weight
        kernel = tensors[f"{name}.kernel"].reshape(len(weight), weight.shape[3], weight.shape[1])
        weight.copy_(torch.from_numpy(kernel.transpose(0, 2, 1)[:, :, None].copy()))
        layer.convolution.bias.copy_(torch.from_numpy(tensors[f"{name}.bias"]))
        _set_norm(layer.norm, tensors[f"{name}.norm"])
    back = network.back_end
    _set_norm(back.norm, tensors["dense.norm"])
    for name, dense in (("dense", back.dense), ("output", back.output)):
        dense.weight.copy_(torch.from_numpy(tensors[f"{name}.kernel"]))
        dense.bias.copy_(torch.from_numpy(tensors[f"{name}.bias"]))
    return network.to(memory_format=torch.channels_last)


@torch.no_grad()
def restore_statistics(network: Tagger, batches: Iterable[torch.Tensor]) -> None:
    """Gives batch normalisations of a model file the statistics of what they hear; what they answer stays the same.

    A file has scale and shift alone, but training normalises by the batch's own statistics before it scales.
    """
    heard: dict[nn.Module, list[torch.Tensor]] = {}

    def note(norm: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        x = inputs[0].transpose(0, 1).flatten(1)
        heard.setdefault(norm, []).append(torch.stack([x.mean(1), x.square().mean(1)]))

    norms = [layer for layer in network.modules() if isinstance(layer, nn.modules.batchnorm._BatchNorm)]
    hooks = [norm.register_forward_pre_hook(note) for norm in norms if norm.affine]
    for samples in batches:
        network.eval()(samples)
    for hook in hooks:
        hook.remove()
    for norm, moments in heard.items():
        mean, square = torch.stack(moments).mean(0)
        variance = (square - mean.square()).clamp(min=0)
        norm.bias += norm.weight * mean
        norm.weight *= (variance + EPSILON).sqrt()
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)


def _norm(norm: nn.modules.batchnorm._BatchNorm) -> np.ndarray:
    """[2][channels]: in float64, rounded once."""
    deviation = np.sqrt(_array(norm.running_var).astype(np.float64) + EPSILON)
    scale = (_array(norm.weight) if norm.affine else 1) / deviation
    shift = (_array(norm.bias) if norm.affine else 0) - _array(norm.running_mean) * scale
    return np.stack([scale, shift])


def _set_norm(norm: nn.modules.batchnorm._BatchNorm, values: np.ndarray) -> None:
    """A normalisation of mean 0 and deviation 1 with this scale and shift."""
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - EPSILON)
    norm.weight.copy_(torch.from_numpy(values[0]))
    norm.bias.copy_(torch.from_numpy(values[1]))


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy()
