"""The paper's two models with random weights, for tests: their scores mean nothing."""

from pathlib import Path

import gguf
import numpy as np

from convert.model_file import CHECKSUM_KEY, add_front_end, with_checksum
from convert.network import SEGMENT_FRAMES, Network, Tensors
from convert.quantise import dequantise, quantise

LISTS = ("MTT: MagnaTagATune", "MSD: the Million Song Dataset")
TAGS = 100
SHARED_TAGS = 3  # that stand in both lists
KERNELS = {
    "waveform": {
        "conv_0": (64, 3),
        "conv_1": (64, 3, 64),
        "conv_2": (64, 3, 64),
        "conv_3": (128, 3, 64),
        "conv_4": (128, 3, 128),
        "conv_5": (128, 3, 128),
        "conv_6": (256, 3, 128),
        "back_1": (512, 7, 256),
    },
    "spectrogram": {
        "timbral_86x7": (16, 7, 86),
        "timbral_86x3": (32, 3, 86),
        "timbral_86x1": (64, 1, 86),
        "timbral_38x7": (16, 7, 38),
        "timbral_38x3": (32, 3, 38),
        "timbral_38x1": (64, 1, 38),
        "temporal_165": (16, 165),
        "temporal_128": (32, 128),
        "temporal_64": (64, 64),
        "temporal_32": (128, 32),
        "back_1": (512, 7, 464),
    },
}
BACK_END = {"back_2": (512, 7, 512), "back_3": (512, 7, 512), "dense": (500, 1024), "output": (TAGS, 500)}


def random_network(front_end: str, seed: int) -> Network:
    random = np.random.default_rng(seed)
    tensors: Tensors = {}
    if front_end == "spectrogram":
        tensors["input.norm"] = np.float32([1, -1.5])  # music's log-mel lies between 0 and 4
    for name, shape in (KERNELS[front_end] | BACK_END).items():
        tensors |= _layer(random, name, shape)
    return Network(front_end, tensors)


def tag_names() -> list[str]:
    """Of both lists, one after the other."""
    first = [f"tag {number}" for number in range(TAGS // 2)]
    return first + first[:SHARED_TAGS] + [f"tag {number}" for number in range(TAGS // 2, TAGS - SHARED_TAGS)]


def _layer(random: np.random.Generator, name: str, shape: tuple[int, ...]) -> Tensors:
    """Scaled so that signals neither vanish nor explode. Half of the normalisations fall, as training makes them."""
    gain = {"conv_0": 4, "output": 0.5}.get(name, 1)
    kernel = random.standard_normal(shape, np.float32) * np.float32(gain / np.sqrt(np.prod(shape[1:])))
    tensors = {f"{name}.kernel": kernel, f"{name}.bias": random.normal(0.1, 0.1, shape[0])}
    if name != "output":
        scale = random.uniform(0.5, 1.5, shape[0]) * random.choice([-1, 1], shape[0])
        tensors[f"{name}.norm"] = np.stack([scale, random.normal(0, 0.3, shape[0])])
    return {part: values.astype(np.float32) for part, values in tensors.items()}


def write(path: Path, network: Network, kind: type[np.signedinteger] | None = None) -> Network:
    """A model file, its larger kernels as integers if a kind is given; returns the network that it holds."""
    writer = gguf.GGUFWriter(path, network.architecture)
    writer.add_name(path.stem)
    writer.add_uint32(CHECKSUM_KEY, 0)
    writer.add_array("tagger.lists", LISTS)
    writer.add_array("tagger.tags", tag_names())
    writer.add_uint32("tagger.segment_frames", SEGMENT_FRAMES)
    writer.add_uint32("tagger.hop_frames", SEGMENT_FRAMES)
    if network.architecture == "spectrogram":
        add_front_end(writer)
    stored = {name: _add_tensor(writer, name, tensor, kind) for name, tensor in network.tensors.items()}
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    path.write_bytes(with_checksum(path.read_bytes()))
    return Network(network.architecture, stored)


def _add_tensor(
    writer: gguf.GGUFWriter, name: str, tensor: np.ndarray, kind: type[np.signedinteger] | None
) -> np.ndarray:
    """Returns it as it is stored."""
    if kind is None or not name.endswith(".kernel") or tensor.size < 2**14:
        writer.add_tensor(name, tensor)
        return tensor
    integers, scale = quantise(tensor, kind=kind)
    writer.add_tensor(name, integers)
    writer.add_tensor(f"{name}_scale", scale)
    return dequantise(integers, scale)
