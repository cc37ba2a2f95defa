import pytest

from convert import musicnn, vgg
from convert.musicnn import Size
from convert.network import BANDS, SEGMENT_FRAMES
from convert.prune import without_dead_filters
from peers.arithmetic import multiply_accumulates
from reference.random_paper import random_network
from reference.random_weights import musicnn_variables, vgg_variables


@pytest.fixture(scope="module")
def networks():
    return {
        "musicnn": musicnn.network(musicnn_variables(1, Size(64, 200))),
        "vgg": vgg.network(vgg_variables(1), vgg.LIBRARY_POOLING),
    }


def test_the_published_sizes(networks):
    """Counted by hand: 187 frames of 96 bands, filters of 7 x 38 and so on, 204, 51 and 64 of them."""
    assert multiply_accumulates(networks["musicnn"], SEGMENT_FRAMES, BANDS) == {
        "timbral": 187 * 204 * 7 * (59 * 38 + 30 * 67),
        "temporal": 187 * 96 * 51 * (128 + 64 + 32),
        "mid-end": 187 * 7 * 64 * (561 + 64 + 64),
        "dense": 1506 * 200 + 200 * 50,
    }
    assert multiply_accumulates(networks["vgg"], SEGMENT_FRAMES, BANDS) == {
        "convolutions": 9 * 128 * (187 * 96 + 128 * (92 * 48 + 46 * 24 + 23 * 12 + 11 * 6)),
        "dense": 256 * 50,
    }


@pytest.mark.parametrize("architecture", ["musicnn", "vgg"])
def test_without_dead_filters_there_is_less_to_do(networks, architecture):
    full = multiply_accumulates(networks[architecture], SEGMENT_FRAMES, BANDS)
    pruned = multiply_accumulates(without_dead_filters(networks[architecture]), SEGMENT_FRAMES, BANDS)
    assert full.keys() == pruned.keys()
    assert sum(pruned.values()) < 0.8 * sum(full.values())


@pytest.mark.parametrize(("front_end", "millions"), [("waveform", 404), ("spectrogram", 964)])
def test_the_papers_models(front_end, millions):
    """As models/train/README.md has it, counted there by PyTorch."""
    found = multiply_accumulates(random_network(front_end, 1), SEGMENT_FRAMES, BANDS)
    assert round(sum(found.values()) / 1e6) == millions
