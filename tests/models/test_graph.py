"""A vgg's pooling, read from the graph that it was trained with."""

import random

import pytest

import bundle
from convert import vgg, wheel
from convert.checkpoint import CheckpointError
from convert.graph import training_pooling
from convert.network import Pooling

POOLS = list(zip(vgg.LIBRARY_POOLING.sizes, vgg.LIBRARY_POOLING.strides, strict=True))


def refusal(graph: bytes) -> str:
    with pytest.raises(CheckpointError) as caught:
        training_pooling(graph)
    return str(caught.value)


def test_reads_a_small_graph():
    pooling = training_pooling(bundle.graph(POOLS))
    assert pooling == Pooling("training", vgg.LIBRARY_POOLING.sizes, vgg.LIBRARY_POOLING.strides)


def test_reads_the_graphs_of_the_wheel(wheel_path):
    """MTT_vgg was trained as the library runs it; MSD_vgg was not."""
    mtt, msd = (
        training_pooling(wheel.read_member(wheel_path, f"musicnn/{name}/.meta")) for name in ("MTT_vgg", "MSD_vgg")
    )
    assert (mtt.sizes, mtt.strides) == (vgg.LIBRARY_POOLING.sizes, vgg.LIBRARY_POOLING.strides)
    assert msd.sizes == msd.strides == ((4, 1), (1, 4), (2, 2), (2, 2), (4, 4))
    assert mtt.places() == msd.places() == (2, 1)


def test_reads_lists_that_are_not_packed(monkeypatch):
    one_by_one = lambda size: bundle.field(1, b"".join(bundle.field(3, n) for n in (1, *size, 1)))  # noqa: E731
    monkeypatch.setattr(bundle, "window", one_by_one)
    assert training_pooling(bundle.graph(POOLS)).sizes == vgg.LIBRARY_POOLING.sizes


@pytest.mark.parametrize(
    ("graph", "sentence"),
    [
        (b"", "has 0 pools"),
        (bundle.graph(POOLS[:4]), "has 4 pools"),
        (bundle.graph([*POOLS, POOLS[0]]), "has 6 pools"),
        (bundle.graph(POOLS, padding=b"SAME"), "otherwise than musicnn"),
        (bundle.graph(POOLS, layout=b"NCHW"), "otherwise than musicnn"),
        (bundle.graph([((0, 1), (1, 1)), *POOLS[1:]]), "none over time and mel"),
        (bundle.graph([((2**40, 1), (1, 1)), *POOLS[1:]]), "none over time and mel"),
        (bundle.graph(POOLS)[:-1], "longer than its entry"),
    ],
)
def test_refuses_a_graph_that_is_none_of_a_vgg(graph, sentence):
    assert sentence in refusal(graph)


def test_never_fails_otherwise_on_random_damage():
    """Whatever happens to the graph, the answer is a pooling or a CheckpointError."""
    graph = bundle.graph(POOLS)
    for seed in range(2000):
        chance = random.Random(seed)
        damaged = bytearray(graph)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert len(training_pooling(bytes(damaged)).sizes) == 5, f"seed {seed}"
        except CheckpointError:
            continue
