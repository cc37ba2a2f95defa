"""Reads a TensorFlow V2 checkpoint ("tensor bundle") with numpy alone.

A checkpoint is an index and one or more data shards:

    PREFIX.index                 a table in LevelDB's format: variable name -> where its bytes are
    PREFIX.data-00000-of-00001   the variables' bytes, little endian, one after another

The index is a sequence of blocks. The footer, its last 48 bytes, points at the block of blocks, which points at the
blocks with the entries. Values are protocol buffers: BundleHeaderProto for the empty key, BundleEntryProto for the
others (tensorflow/core/protobuf/tensor_bundle.proto). Every length, offset and checksum is checked before it is used.
"""

import math
import struct
from collections.abc import Callable, Iterator

import numpy as np

from convert.protobuf import Fields, ProtobufError, as_bytes, as_integer, fields, repeated, varint

TABLE_MAGIC = 0xDB4775248B80FB57  # last 8 bytes of a LevelDB table
FOOTER_SIZE = 48
BLOCK_TRAILER_SIZE = 5  # compression type, then the masked CRC-32C of block and type

# TensorFlow's DataType numbers (tensorflow/core/framework/types.proto) of the types that weights come in.
DTYPES = {1: np.dtype("<f4"), 2: np.dtype("<f8"), 3: np.dtype("<i4"), 9: np.dtype("<i8")}


class CheckpointError(Exception):
    """The bytes are not a sound checkpoint. The message is for a person."""


def read_checkpoint(
    index: bytes, load_shard: Callable[[int, int], bytes], wanted: Callable[[str], bool] = lambda name: True
) -> dict[str, np.ndarray]:
    """Every variable whose name is `wanted`, by name. `load_shard(i, n)` gives the bytes of shard i of n."""
    try:
        entries = dict(_table(index))
        shard_count = _shard_count(entries.pop(b"", b""))
        chosen = {name: entry for key, entry in entries.items() if wanted(name := key.decode())}
        shards = [load_shard(i, shard_count) for i in range(shard_count)]
        return {name: _variable(name, fields(entry), shards) for name, entry in chosen.items()}
    except ProtobufError as error:
        raise CheckpointError(f"the checkpoint's index is damaged: {error}.") from error
    except (struct.error, UnicodeDecodeError) as error:
        raise CheckpointError("the checkpoint's index is damaged: it ends inside an entry.") from error


# ---- The index: a LevelDB table ----


def _table(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of every entry of the table, in order."""
    if len(index) < FOOTER_SIZE or struct.unpack_from("<Q", index, len(index) - 8)[0] != TABLE_MAGIC:
        raise CheckpointError("the checkpoint's index does not end as TensorFlow's do: wrong file, or cut short.")
    footer = index[-FOOTER_SIZE:]
    _, position = _handle(footer, 0)  # of the meta-index block, which TensorFlow leaves empty
    top, _ = _handle(footer, position)
    for _, pointer in _block(index, *top):
        handle, _ = _handle(pointer, 0)
        yield from _block(index, *handle)


def _handle(data: bytes, position: int) -> tuple[tuple[int, int], int]:
    """A block's (offset, size), and the position after it."""
    offset, position = varint(data, position)
    size, position = varint(data, position)
    return (offset, size), position


def _block(index: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Entries of one block; a key is stored as the part that differs from the key before it."""
    if offset + size + BLOCK_TRAILER_SIZE > len(index) or size < 4:
        raise CheckpointError("the checkpoint's index points outside itself: it is damaged or cut short.")
    if index[offset + size] != 0:
        raise CheckpointError("the checkpoint's index is compressed; save it with TensorFlow's defaults.")
    _check(index[offset : offset + size + 1], struct.unpack_from("<I", index, offset + size + 1)[0], "index")

    block = index[offset : offset + size]
    restart_count = struct.unpack_from("<I", block, size - 4)[0]  # shortcuts for searching, not needed here
    end = size - 4 * (restart_count + 1)
    position, key = 0, b""
    while position < end:
        shared, position = varint(block, position)
        unshared, position = varint(block, position)
        length, position = varint(block, position)
        if shared > len(key) or position + unshared + length > end:
            raise CheckpointError("the checkpoint's index is damaged: an entry is longer than its block.")
        key = key[:shared] + block[position : position + unshared]
        yield key, block[position + unshared : position + unshared + length]
        position += unshared + length


# ---- The entries: protocol buffers ----


def _shard_count(header: bytes) -> int:
    """BundleHeaderProto: 1 num_shards, 2 endianness (0 little, 1 big)."""
    entry = fields(header)
    if as_integer(entry, 2) != 0:
        raise CheckpointError("the checkpoint was written on a big-endian machine; only little-endian ones are read.")
    count = as_integer(entry, 1)
    if not 1 <= count <= 1000:
        raise CheckpointError(f"the checkpoint says that it has {count} data files; 1 to 1000 are expected.")
    return count


def _shape(data: bytes) -> tuple[int, ...]:
    """TensorShapeProto: 2 dim, repeated, each with 1 size."""
    return tuple(as_integer(fields(dimension), 1) for dimension in repeated(data, 2))


def _variable(name: str, entry: Fields, shards: list[bytes]) -> np.ndarray:
    """BundleEntryProto: 1 dtype, 2 shape, 3 shard_id, 4 offset, 5 size, 6 crc32c (masked), 7 slices."""
    if 7 in entry:
        raise CheckpointError(f"variable {name} is stored in slices; save the checkpoint without partitioning.")
    dtype = DTYPES.get(as_integer(entry, 1))
    if dtype is None:
        raise CheckpointError(
            f"variable {name} is of TensorFlow's type number {as_integer(entry, 1)}, which is not read."
        )
    shape = _shape(as_bytes(entry, 2))
    shard, offset, size = (as_integer(entry, number) for number in (3, 4, 5))
    if shard >= len(shards) or offset + size > len(shards[shard]):
        raise CheckpointError(f"variable {name} lies outside the data file: the checkpoint is cut short.")
    if math.prod(shape) * dtype.itemsize != size:
        raise CheckpointError(f"variable {name} has shape {list(shape)} but {size} bytes: the index is damaged.")
    data = shards[shard][offset : offset + size]
    _check(data, as_integer(entry, 6), f"variable {name}")
    return np.frombuffer(data, dtype).reshape(shape)


# ---- Checksums ----


def _crc32c_table() -> list[int]:
    """CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), a byte at a time."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC32C = _crc32c_table()


def masked_crc32c(data: bytes) -> int:
    """CRC-32C, rotated and shifted as LevelDB does, so that a checksum of checksums stays a good one."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _CRC32C[(crc ^ byte) & 255] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def _check(data: bytes, expected: int, what: str) -> None:
    if masked_crc32c(data) != expected:
        raise CheckpointError(f"the checkpoint's {what} is damaged: its checksum does not match its bytes.")
