"""Reads from a TensorFlow graph (PREFIX.meta, beside a checkpoint) how a vgg was pooled while it was trained.

Weights don't say how a network is pooled. The graph is a MetaGraphDef; of it we follow

    MetaGraphDef 2 graph_def -> GraphDef 1 node, repeated -> NodeDef: 1 name, 2 op, 5 attr, repeated
    an attr is 1 key, 2 AttrValue: 2 s (bytes), 1 list -> 3 i (integers, packed or repeated)

(tensorflow/core/protobuf/meta_graph.proto, tensorflow/core/framework/{graph,node_def,attr_value}.proto).
"""

import re
from collections.abc import Iterator

from convert.checkpoint import CheckpointError
from convert.network import Pooling
from convert.protobuf import Fields, ProtobufError, as_bytes, fields, message, repeated, varint

POOL_NAME = re.compile(r"(?:.*/)?max_pooling2d(?:_(\d+))?/MaxPool")  # TensorFlow numbers them in order of computation
POOL_COUNT = 5

Pair = tuple[int, int]  # time, mel


def training_pooling(graph: bytes) -> Pooling:
    """The pooling of the five layers."""
    try:
        pools = dict(sorted(_pools(graph)))
    except (ProtobufError, UnicodeDecodeError) as error:
        raise CheckpointError(f"the checkpoint's graph (.meta) is damaged: {error}.") from error
    if len(pools) != POOL_COUNT:
        raise CheckpointError(
            f"the checkpoint's graph (.meta) has {len(pools)} pools, where a vgg has {POOL_COUNT}: state the pooling."
        )
    sizes, strides = zip(*pools.values(), strict=True)
    return Pooling("training", sizes, strides)


def _pools(graph: bytes) -> Iterator[tuple[int, tuple[Pair, Pair]]]:
    """Number, and (size, stride), of each pool in the graph."""
    for definition in repeated(graph, 2):
        for node in repeated(definition, 1):
            entry = fields(node)
            name = POOL_NAME.fullmatch(as_bytes(entry, 1).decode())
            if name and as_bytes(entry, 2) == b"MaxPool":
                yield int(name[1] or 0), _window(node)


def _window(node: bytes) -> tuple[Pair, Pair]:
    """Size and stride, each (time, mel), of a MaxPool; refuses another layout or padding than musicnn's."""
    attributes = {as_bytes(entry, 1): fields(as_bytes(entry, 2)) for entry in map(fields, repeated(node, 5))}
    layout = as_bytes(attributes.get(b"data_format", {2: b"NHWC"}), 2)
    if as_bytes(attributes.get(b"padding", {}), 2) != b"VALID" or layout != b"NHWC":
        raise CheckpointError("the checkpoint's graph (.meta) pads its pools or orders them otherwise than musicnn.")
    return _two(attributes.get(b"ksize", {})), _two(attributes.get(b"strides", {}))


def _two(attribute: Fields) -> Pair:
    """Of [1, time, mel, 1] the two in the middle."""
    numbers: list[int] = []
    for number, value in message(as_bytes(attribute, 1)):
        if number == 3:
            numbers += [value] if isinstance(value, int) else _packed(value)
    if len(numbers) != 4 or numbers[0] != 1 or numbers[3] != 1 or not all(1 <= n <= 999 for n in numbers):
        raise CheckpointError(
            f"the checkpoint's graph (.meta) has a pool of {numbers}, which is none over time and mel."
        )
    return numbers[1], numbers[2]


def _packed(data: bytes) -> list[int]:
    numbers, position = [], 0
    while position < len(data):
        number, position = varint(data, position)
        numbers.append(number)
    return numbers
