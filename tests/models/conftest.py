"""What the tests share. The published wheel is downloaded once into build/cache."""

from dataclasses import replace

import numpy as np
import pytest

from convert import cli, musicnn, vgg, wheel
from convert.catalogue import MODELS
from convert.checkpoint import read_checkpoint
from convert.cli import DEFAULT_CACHE
from convert.musicnn import Size
from convert.network import Network, is_weight
from reference import goldens
from reference.random_weights import musicnn_variables, vgg_variables


@pytest.fixture(scope="session")
def wheel_path():
    return wheel.fetch(wheel.MUSICNN, DEFAULT_CACHE)


@pytest.fixture(scope="session")
def checkpoint_files(wheel_path):
    """The index and the data of a published checkpoint."""
    folder = MODELS["MTT_musicnn"].folder
    return (
        wheel.read_member(wheel_path, f"{folder}/.index"),
        wheel.read_member(wheel_path, f"{folder}/.data-00000-of-00001"),
    )


@pytest.fixture(scope="session")
def variables(checkpoint_files):
    index, data = checkpoint_files
    return read_checkpoint(index, lambda shard, shards: data, is_weight)


@pytest.fixture(scope="session")
def networks(wheel_path):
    """The published float32 weights of every network with goldens, by folder."""
    return goldens.load_networks(DEFAULT_CACHE)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A folder with the four model files, made anew."""
    folder = tmp_path_factory.mktemp("made")
    assert cli.main(["--output", str(folder)]) == 0
    return folder


def with_dead_filters_at_zero(network: Network) -> Network:
    """What random_weights made tiny becomes nothing, so that leaving it out changes nothing."""
    tensors = {
        name: np.where(np.abs(values) < 1e-15, np.float32(0), values) for name, values in network.tensors.items()
    }
    return replace(network, tensors=tensors)


@pytest.fixture(scope="session")
def random_networks():
    """Both architectures with random weights; filters are dead, the first and the last of each layer too."""
    return {
        "musicnn": with_dead_filters_at_zero(musicnn.network(musicnn_variables(2, Size(64, 200)))),
        "vgg": with_dead_filters_at_zero(vgg.network(vgg_variables(2), vgg.LIBRARY_POOLING)),
    }
