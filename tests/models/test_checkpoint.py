"""The checkpoint reader: reads sound ones exactly, refuses every damaged one with a sentence."""

import random

import numpy as np
import pytest

import bundle
from convert.checkpoint import CheckpointError, masked_crc32c, read_checkpoint
from convert.network import is_weight

VALUES = np.arange(6, dtype="<f4").reshape(2, 3)


def read(index: bytes, data: bytes):
    return read_checkpoint(index, lambda shard, shards: data)


def refusal(index: bytes, data: bytes = b"") -> str:
    with pytest.raises(CheckpointError) as caught:
        read(index, data)
    return str(caught.value)


def test_masked_crc32c_is_leveldbs():
    # CRC-32C of "123456789" is 0xE3069283 (RFC 3720, B.4 lists its kin); masked as LevelDB does.
    rotated = (0xE3069283 >> 15 | 0xE3069283 << 17) & 0xFFFFFFFF
    assert masked_crc32c(b"123456789") == (rotated + 0xA282EAD8) & 0xFFFFFFFF


def test_reads_a_small_checkpoint_exactly():
    np.testing.assert_array_equal(read(*bundle.one_variable(VALUES))["v"], VALUES)


def test_reads_every_weight_of_the_published_one(variables):
    assert len(variables) == 64
    assert sum(value.size for value in variables.values()) == 792079


def test_leaves_the_optimisers_variables_out(variables):
    assert not [name for name in variables if "Adam" in name or "power" in name]


def test_refuses_a_file_that_is_no_index():
    assert "wrong file" in refusal(b"not a checkpoint at all, but long enough to hold a footer")


def test_refuses_an_index_cut_short(checkpoint_files):
    index, data = checkpoint_files
    assert "cut short" in refusal(index[: len(index) // 2], data)


def test_refuses_data_cut_short(checkpoint_files):
    index, data = checkpoint_files
    assert "lies outside the data file" in refusal(index, data[: len(data) // 2])


def test_refuses_a_flipped_bit_in_a_weight(checkpoint_files):
    index, data = checkpoint_files
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 4
    with pytest.raises(CheckpointError, match="checksum does not match"):
        read_checkpoint(index, lambda shard, shards: bytes(damaged))


def test_refuses_every_flipped_bit_in_the_index():
    index, data = bundle.one_variable(VALUES)
    # The footer's handles of the (empty) meta-index and its padding say nothing; everything before is under a checksum.
    for position in range(len(index) - 48):
        for bit in range(8):
            damaged = bytearray(index)
            damaged[position] ^= 1 << bit
            refusal(bytes(damaged), data)


def test_never_fails_otherwise_on_random_damage(checkpoint_files):
    """Whatever happens to the index, the answer is the right variables or a CheckpointError."""
    index, data = bundle.one_variable(VALUES)
    for seed in range(2000):
        chance = random.Random(seed)
        damaged = bytearray(index)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            np.testing.assert_array_equal(read(bytes(damaged), data)["v"], VALUES, err_msg=f"seed {seed}")
        except CheckpointError:
            continue


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"shape": (2, 4)}, "has shape"),
        ({"shape": (2**40, 2**40)}, "has shape"),
        ({"offset": 1}, "lies outside the data file"),
        ({"size": 2**60}, "lies outside the data file"),
        ({"dtype": 7}, "type number 7"),
    ],
)
def test_refuses_an_entry_that_lies(changes, sentence):
    assert sentence in refusal(*bundle.one_variable(VALUES, **changes))


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (bundle.header(endianness=1), "big-endian"),
        (bundle.header(shards=0), "0 data files"),
        (bundle.header(shards=2**40), "data files"),
        (bundle.field(1, b"one"), "is no number"),
        (b"\x0b", "field type 3"),
        (b"\xff" * 12, "more than 64 bits"),
        (b"\x0a\x7f", "longer than its entry"),
        (b"\x08", "ends inside an entry"),
    ],
)
def test_refuses_a_header_that_lies(header, sentence):
    assert sentence in refusal(bundle.index([(b"", header)]))


def test_refuses_a_variable_in_slices():
    entry = bundle.entry(VALUES.tobytes(), VALUES.shape) + bundle.field(7, b"slice")
    assert "in slices" in refusal(bundle.index([(b"", bundle.header()), (b"v", entry)]), VALUES.tobytes())


def test_reads_only_what_is_wanted(checkpoint_files):
    index, data = checkpoint_files
    wanted = {"dense_1/bias"}
    found = read_checkpoint(index, lambda shard, shards: data, wanted.__contains__)
    assert set(found) == wanted
    assert found["dense_1/bias"].shape == (50,)
    assert is_weight("dense_1/bias")
