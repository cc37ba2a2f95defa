"""Reads protocol buffers, as far as TensorFlow's files need it: the wire format, without the messages' descriptions."""

import struct
from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # the wire types

Fields = dict[int, int | bytes]


class ProtobufError(Exception):
    """The bytes are no sound message. Reads on after "damaged: "."""


def varint(data: bytes, position: int) -> tuple[int, int]:
    """An integer of 7 bits a byte, lowest first, and the position after it."""
    value = 0
    for shift in range(0, 64, 7):
        if position >= len(data):
            raise ProtobufError("it ends inside an entry")
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    raise ProtobufError("an integer has more than 64 bits")


def message(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field number and value of each field: integers as they are, strings and messages as bytes."""
    position = 0
    while position < len(data):
        tag, position = varint(data, position)
        wire_type = tag & 7
        if wire_type == VARINT:
            value, position = varint(data, position)
        elif wire_type in (FIXED32, FIXED64):
            form, width = ("<I", 4) if wire_type == FIXED32 else ("<Q", 8)
            if position + width > len(data):
                raise ProtobufError("it ends inside an entry")
            value, position = struct.unpack_from(form, data, position)[0], position + width
        elif wire_type == BYTES:
            length, position = varint(data, position)
            if position + length > len(data):
                raise ProtobufError("a field is longer than its entry")
            value, position = data[position : position + length], position + length
        else:
            raise ProtobufError(f"field type {wire_type} does not exist")
        yield tag >> 3, value


def fields(data: bytes) -> Fields:
    """Of a field that is repeated, the last, as protocol buffers have it."""
    return dict(message(data))


def repeated(data: bytes, number: int) -> Iterator[bytes]:
    """The messages or strings of one repeated field, in order."""
    for found, value in message(data):
        if found == number:
            yield as_bytes({found: value}, found)


def as_integer(entry: Fields, number: int) -> int:
    """A field's value, 0 where it is left out, as protocol buffers have it."""
    value = entry.get(number, 0)
    if not isinstance(value, int):
        raise ProtobufError(f"field {number} of an entry is no number")
    return value


def as_bytes(entry: Fields, number: int) -> bytes:
    value = entry.get(number, b"")
    if not isinstance(value, bytes):
        raise ProtobufError(f"field {number} of an entry is no message")
    return value
