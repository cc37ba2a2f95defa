"""The vgg architecture: its checkpoint's variables -> the tensors that Taggram computes with."""

import re
from collections.abc import Mapping

import numpy as np

from convert.network import ModelError, Network, Pooling, Tensors, Variables, output_channel_first

NAME = "vgg"

LAYERS = ("conv_1", "conv_2", "conv_3", "conv_4", "conv_5")
READ_LOGMEL = LAYERS[:1]  # the layers whose input is the log-mel itself
FILTERS = 128

INPUT_NORM = "batch_normalization"  # over the log-mel, before any padding

STATED = "stated"  # the name of a pooling that a person gives

# What the library's models.py computes, whatever a checkpoint was trained with. Pool 1 steps over every other band.
LIBRARY_POOLING = Pooling("library", ((4, 1), (2, 2), (2, 2), (2, 2), (4, 4)), ((2, 2), (2, 2), (2, 2), (2, 2), (4, 4)))


def parse_pooling(text: str) -> Pooling:
    """ "4x1/2x2,..." -> Pooling: size and stride of each layer, time x mel."""
    pair = r"([1-9]\d{0,2})x([1-9]\d{0,2})"
    pools = [re.fullmatch(f"{pair}/{pair}", part.strip()) for part in text.split(",")]
    if len(pools) != len(LAYERS) or not all(pools):
        raise ModelError(
            f'the pooling "{text}" is not "library" and not five layers like 4x1/2x2 (size and stride, time x mel), '
            "separated by commas."
        )
    numbers = [tuple(map(int, pool.groups())) for pool in pools]
    return Pooling(STATED, tuple(n[:2] for n in numbers), tuple(n[2:] for n in numbers))


def network(values: Mapping[str, np.ndarray], pooling: Pooling) -> Network:
    variables = Variables(values, NAME)
    named: Tensors = {"input.norm": variables.batch_norm(INPUT_NORM, 1).reshape(2)}
    channels = 1
    for number, layer in enumerate(LAYERS, 1):
        kernel = variables.take(f"{number}CNN/kernel", (3, 3, channels, FILTERS))
        named[f"{layer}.kernel"] = output_channel_first(kernel)
        named[f"{layer}.bias"] = variables.take(f"{number}CNN/bias", (FILTERS,))
        named[f"{layer}.norm"] = variables.batch_norm(f"batch_normalization_{number}", FILTERS)
        channels = FILTERS
    return Network(NAME, named | _output(variables, pooling), pooling)


def _output(variables: Variables, pooling: Pooling) -> Tensors:
    """The dense layer over all places that the last pool leaves."""
    time, mel = pooling.places()
    tags, shape = variables.outputs("dense"), variables.shape("dense/kernel")
    if time < 1 or mel < 1 or shape[:1] != (time * mel * FILTERS,):
        advice = "" if pooling.name == STATED else "; state it (--pooling)"
        raise ModelError(
            f"the {pooling.name} pooling leaves {max(time, 0)} x {max(mel, 0)} places of {FILTERS} channels, but the "
            f"checkpoint's dense kernel has the shape {list(shape)}: it was trained with another{advice}."
        )
    kernel = variables.take("dense/kernel", (time * mel * FILTERS, tags))
    return {
        "output.kernel": output_channel_first(kernel).reshape(tags, time * mel, FILTERS),
        "output.bias": variables.take("dense/bias", (tags,)),
    }


def sizes(network: Network) -> dict[str, int]:
    """What the model file states of the sizes in full."""
    return {"filters": network.width("conv_1")}
