"""Writes small TensorFlow checkpoints, sound or hostile, whose checksums are right."""

import struct
from pathlib import Path

import numpy as np

from convert.checkpoint import BLOCK_TRAILER_SIZE, FOOTER_SIZE, TABLE_MAGIC, masked_crc32c

FLOAT = 1  # TensorFlow's DataType


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number: int, value: int | bytes) -> bytes:
    """A field of a protocol buffer: integers as varints, bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def header(shards: int = 1, endianness: int = 0) -> bytes:
    return field(1, shards) + field(2, endianness)


def entry(data: bytes, shape: tuple[int, ...], dtype: int = FLOAT, offset: int = 0, size: int | None = None) -> bytes:
    dimensions = b"".join(field(2, field(1, length)) for length in shape)
    place = field(3, 0) + field(4, offset) + field(5, len(data) if size is None else size)
    checksum = varint(6 << 3 | 5) + struct.pack("<I", masked_crc32c(data))
    return field(1, dtype) + field(2, dimensions) + place + checksum


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A table block with its trailer: keys shortened by what they share with the one before."""
    body, previous = b"", b""
    for key, value in entries:
        shared = next((i for i, (a, b) in enumerate(zip(previous, key, strict=False)) if a != b), 0)
        body += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        previous = key
    body += struct.pack("<II", 0, 1)  # one restart point, at 0
    return body + b"\0" + struct.pack("<I", masked_crc32c(body + b"\0"))


def index(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A table of one block."""
    first = block(entries)
    handle = varint(0) + varint(len(first) - BLOCK_TRAILER_SIZE)
    top = block([(b"~", handle)])
    footer = varint(0) + varint(0) + varint(len(first)) + varint(len(top) - BLOCK_TRAILER_SIZE)
    return first + top + footer.ljust(FOOTER_SIZE - 8, b"\0") + struct.pack("<Q", TABLE_MAGIC)


def one_variable(values: np.ndarray, **changes) -> tuple[bytes, bytes]:
    """Index and data of a checkpoint that holds `values` as "v"; changes go to its entry."""
    data = values.tobytes()
    made = entry(data, **({"shape": values.shape} | changes))
    return index([(b"", header()), (b"v", made)]), data


def many_variables(variables: dict[str, np.ndarray]) -> tuple[bytes, bytes]:
    """Index and data of a checkpoint that holds all of them."""
    entries, data = [(b"", header())], b""
    for name in sorted(variables, key=str.encode):
        values = variables[name].astype("<f4", copy=False).tobytes()
        entries.append((name.encode(), entry(values, variables[name].shape, offset=len(data))))
        data += values
    return index(entries), data


def write(folder: Path, variables: dict[str, np.ndarray], prefix: str = "", graph: bytes | None = None) -> Path:
    """The folder of a checkpoint; as musicnn's, without a prefix."""
    folder.mkdir()
    names, data = many_variables(variables)
    (folder / f"{prefix}.index").write_bytes(names)
    (folder / f"{prefix}.data-00000-of-00001").write_bytes(data)
    if graph is not None:
        (folder / f"{prefix}.meta").write_bytes(graph)
    return folder


Window = tuple[int, int]


def graph(pools: list[tuple[Window, Window]], padding: bytes = b"VALID", layout: bytes = b"NHWC") -> bytes:
    """A MetaGraphDef with pools of these sizes and strides, (time, mel), and a node that is none."""
    nodes = [field(1, b"model/1CNN/Relu") + field(2, b"Relu")]
    for number, (size, stride) in enumerate(pools):
        name = f"model/max_pooling2d{f'_{number}' if number else ''}/MaxPool".encode()
        attributes = {b"ksize": window(size), b"strides": window(stride)}
        attributes |= {b"padding": field(2, padding), b"data_format": field(2, layout)}
        made = b"".join(field(5, field(1, key) + field(2, value)) for key, value in attributes.items())
        nodes.insert(0, field(1, name) + field(2, b"MaxPool") + made)  # a graph's order is not that of computation
    return field(2, b"".join(field(1, node) for node in nodes))


def window(size: Window) -> bytes:
    """An AttrValue that lists [1, time, mel, 1]."""
    return field(1, field(3, b"".join(map(varint, (1, *size, 1)))))
