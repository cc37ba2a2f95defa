"""The model file: GGUF version 3, little endian. The order of facts and tensors is fixed, so the bytes are too."""

import contextlib
import struct
import zlib
from pathlib import Path

import gguf
import numpy as np

from convert import musicnn, vgg
from convert.catalogue import Facts
from convert.network import BANDS, SEGMENT_FRAMES, ModelError, Network, Pooling, Tensors
from convert.prune import DEAD_RESPONSE, left_out, without_dead_filters
from convert.quantise import dequantise, is_rounded, quantise, smooth_axis

CHECKSUM_KEY = "tagger.crc32"  # CRC-32 of the whole file with this value's four bytes taken as zero


def write_stored(
    path: Path,
    facts: Facts,
    tags: list[str],
    network: Network,
    int16: bool = True,
    dead_response: float = DEAD_RESPONSE,
) -> Network:
    """Writes a network that is in full as model files have it; returns what was stored, but for the rounding.

    `dead_response` 0 keeps all filters.
    """
    stored = without_dead_filters(network, dead_response) if dead_response else network
    write(path, facts, tags, stored, storage_sentence(stored, int16, dead_response), int16)
    return stored


def write(path: Path, facts: Facts, tags: list[str], network: Network, storage: str, int16: bool) -> None:
    """Writes the file whole or not at all: under another name first, then renamed."""
    if path.is_dir() or not path.parent.is_dir():
        raise ModelError(f"{path} can't be written: it is a folder, or lies in none.")
    unfinished = path.with_name(path.name + ".part")
    try:
        writer = gguf.GGUFWriter(unfinished, network.architecture)
        _add_facts(writer, facts, tags, network, storage)
        _add_tensors(writer, network, int16)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        unfinished.write_bytes(with_checksum(unfinished.read_bytes()))
        unfinished.replace(path)
    except OSError as error:
        raise ModelError(f"{path} can't be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def storage_sentence(network: Network, int16: bool, dead_response: float) -> str:
    """What `tagger.storage` says of a network whose dead filters are left out (0 for none)."""
    form = _form_of_kernels(network) if int16 else "float32"
    dead, filters = left_out(network)
    if not dead:
        return f"Kernels are {form}; all {filters} filters are stored."
    return (
        f"Kernels are {form}; {dead} of {filters} filters are left out, whose kernel's norm times normalisation is "
        f"below {dead_response:g}."
    )


def _form_of_kernels(network: Network) -> str:
    """Of those that are rounded as far as they may be."""
    form = "int16 with one float32 scale a filter"
    if all(is_rounded(name) for name in network.tensors if name.endswith(".kernel")):
        return form
    return f"float32 where they read the log-mel, {form} elsewhere"


def with_checksum(file: bytes) -> bytes:
    """The same file with its checksum filled in, whatever stood there."""
    entry = struct.pack("<Q", len(CHECKSUM_KEY)) + CHECKSUM_KEY.encode() + struct.pack("<I", gguf.GGUFValueType.UINT32)
    value = file.index(entry) + len(entry)
    head, tail = file[:value], file[value + 4 :]
    return head + struct.pack("<I", zlib.crc32(head + bytes(4) + tail)) + tail


def _add_facts(writer: gguf.GGUFWriter, facts: Facts, tags: list[str], network: Network, storage: str) -> None:
    writer.add_name(facts.name)
    writer.add_description(facts.description)
    if facts.author:
        writer.add_author(facts.author)
    if facts.license:
        writer.add_license(facts.license)
    if facts.url:
        writer.add_source_url(facts.url)
    writer.add_uint32(CHECKSUM_KEY, 0)
    writer.add_string("tagger.origin", facts.origin)
    writer.add_string("tagger.dataset", facts.dataset)
    writer.add_string("tagger.published_scores", facts.published_scores)
    writer.add_string("tagger.storage", storage)
    writer.add_array("tagger.tags", tags)
    writer.add_uint32("tagger.segment_frames", SEGMENT_FRAMES)
    writer.add_uint32("tagger.hop_frames", SEGMENT_FRAMES)
    _add_sizes(writer, network)
    add_front_end(writer)


def add_front_end(writer: gguf.GGUFWriter) -> None:
    """The log-mel that the model hears: the program computes this one alone, and refuses models of others."""
    writer.add_uint32("logmel.sample_rate", 16000)
    writer.add_uint32("logmel.fft_size", 512)
    writer.add_uint32("logmel.hop_length", 256)
    writer.add_uint32("logmel.bands", BANDS)
    writer.add_float32("logmel.min_hz", 0.0)
    writer.add_float32("logmel.max_hz", 8000.0)
    writer.add_string("logmel.mel_scale", "slaney")
    writer.add_string("logmel.mel_norm", "slaney")
    writer.add_string("logmel.precision", "float16")  # of the mel energies, before the logarithm
    writer.add_float32("logmel.log_multiplier", 10000.0)  # log10(multiplier * mel + 1)


def _add_sizes(writer: gguf.GGUFWriter, network: Network) -> None:
    family = {musicnn.NAME: musicnn, vgg.NAME: vgg}[network.architecture]
    for name, value in family.sizes(network).items():
        writer.add_uint32(f"{network.architecture}.{name}", value)
    if network.pooling:
        writer.add_string("vgg.pooling", network.pooling.name)
        writer.add_array("vgg.pool_size", [side for size in network.pooling.sizes for side in size])
        writer.add_array("vgg.pool_stride", [step for stride in network.pooling.strides for step in stride])


def _add_tensors(writer: gguf.GGUFWriter, network: Network, int16: bool) -> None:
    for name, tensor in network.tensors.items():
        if int16 and is_rounded(name):
            integers, scale = quantise(tensor, smooth_axis(name))
            writer.add_tensor(name, integers)
            writer.add_tensor(f"{name}_scale", scale)
        else:
            writer.add_tensor(name, tensor)


# ---- Reading ----


def read(path: Path) -> tuple[list[str], Network]:
    """Tags and network of a model file; integer kernels come back as float32, times their scales."""
    facts, tensors = read_parts(path)
    try:
        return facts["tagger.tags"], Network(facts["general.architecture"], tensors, _pooling(facts))
    except KeyError as error:
        raise ModelError(f"{path} is no model file of Taggram's ({error}).") from error


def read_parts(path: Path) -> tuple[dict, Tensors]:
    """Facts and tensors of a model file of any architecture."""
    try:
        reader = gguf.GGUFReader(path)
        facts = {name: field.contents() for name, field in reader.fields.items()}
        stored = {tensor.name: _array(tensor) for tensor in reader.tensors}
        return facts, {
            name: dequantise(tensor, stored[f"{name}_scale"]) if tensor.dtype in (np.int8, np.int16) else tensor
            for name, tensor in stored.items()
            if not name.endswith("_scale")
        }
    except (ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path} is no model file of Taggram's ({error}).") from error


def _pooling(facts: dict) -> Pooling | None:
    if facts["general.architecture"] != vgg.NAME:
        return None
    sizes, strides = (
        tuple(zip(numbers[::2], numbers[1::2], strict=True))
        for numbers in (facts["vgg.pool_size"], facts["vgg.pool_stride"])
    )
    return Pooling(facts["vgg.pooling"], sizes, strides)


def _array(tensor: gguf.ReaderTensor) -> np.ndarray:
    """A copy, for the reader maps the file. GGUF lists dimensions innermost first; numpy outermost first."""
    return np.array(tensor.data).reshape([int(size) for size in reversed(tensor.shape)])
