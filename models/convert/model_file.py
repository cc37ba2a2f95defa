"""The model file: GGUF version 3, little endian. The order of facts and tensors is fixed, so the bytes are too."""

import struct
import zlib
from pathlib import Path

import gguf
import numpy as np

from convert import musicnn
from convert.catalogue import Model
from convert.quantise import dequantise, quantise

CHECKSUM_KEY = "tagger.crc32"  # CRC-32 of the whole file with this value's four bytes taken as zero


def write(path: Path, model: Model, tags: list[str], tensors: dict[str, np.ndarray], int16: bool) -> None:
    """Writes the file whole or not at all: under another name first, then renamed."""
    unfinished = path.with_name(path.name + ".part")
    writer = gguf.GGUFWriter(unfinished, model.architecture)
    _add_facts(writer, model, tags)
    for name, tensor in tensors.items():
        if name.endswith(".kernel") and int16:
            integers, scale = quantise(tensor)
            writer.add_tensor(name, integers)
            writer.add_tensor(f"{name}_scale", scale)
        else:
            writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    unfinished.write_bytes(with_checksum(unfinished.read_bytes()))
    unfinished.replace(path)


def with_checksum(file: bytes) -> bytes:
    """The same file with its checksum filled in, whatever stood there."""
    entry = struct.pack("<Q", len(CHECKSUM_KEY)) + CHECKSUM_KEY.encode() + struct.pack("<I", gguf.GGUFValueType.UINT32)
    value = file.index(entry) + len(entry)
    head, tail = file[:value], file[value + 4 :]
    return head + struct.pack("<I", zlib.crc32(head + bytes(4) + tail)) + tail


def _add_facts(writer: gguf.GGUFWriter, model: Model, tags: list[str]) -> None:
    writer.add_name(model.name)
    writer.add_description(model.description)
    writer.add_author(model.author)
    writer.add_license(model.license)
    writer.add_source_url(model.url)
    writer.add_uint32(CHECKSUM_KEY, 0)
    writer.add_string("tagger.origin", model.origin)
    writer.add_array("tagger.tags", tags)
    writer.add_uint32("tagger.segment_frames", musicnn.SEGMENT_FRAMES)
    writer.add_uint32("tagger.hop_frames", musicnn.SEGMENT_FRAMES)
    writer.add_uint32("logmel.sample_rate", 16000)
    writer.add_uint32("logmel.fft_size", 512)
    writer.add_uint32("logmel.hop_length", 256)
    writer.add_uint32("logmel.bands", 96)
    writer.add_float32("logmel.min_hz", 0.0)
    writer.add_float32("logmel.max_hz", 8000.0)
    writer.add_string("logmel.mel_scale", "slaney")
    writer.add_string("logmel.mel_norm", "slaney")
    writer.add_string("logmel.precision", "float16")  # of the mel energies, before the logarithm
    writer.add_float32("logmel.log_multiplier", 10000.0)  # log10(multiplier * mel + 1)


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of a model file by name, float32: int16 kernels times their scales."""
    stored = {tensor.name: _array(tensor) for tensor in gguf.GGUFReader(path).tensors}
    return {
        name: dequantise(tensor, stored[f"{name}_scale"]) if tensor.dtype == np.int16 else tensor
        for name, tensor in stored.items()
        if not name.endswith("_scale")
    }


def _array(tensor: gguf.ReaderTensor) -> np.ndarray:
    """A copy, for the reader maps the file. GGUF lists dimensions innermost first; numpy outermost first."""
    return np.array(tensor.data).reshape([int(size) for size in reversed(tensor.shape)])
