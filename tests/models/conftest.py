"""What the tests share. The published wheel is downloaded once into build/cache."""

import pytest

from convert import musicnn, wheel
from convert.catalogue import MODELS
from convert.checkpoint import read_checkpoint
from convert.cli import DEFAULT_CACHE


@pytest.fixture(scope="session")
def wheel_path():
    return wheel.fetch(wheel.MUSICNN, DEFAULT_CACHE)


@pytest.fixture(scope="session")
def checkpoint_files(wheel_path):
    """The index and the data of the published checkpoint."""
    folder = MODELS["MTT_musicnn"].folder
    return (
        wheel.read_member(wheel_path, f"{folder}/.index"),
        wheel.read_member(wheel_path, f"{folder}/.data-00000-of-00001"),
    )


@pytest.fixture(scope="session")
def variables(checkpoint_files):
    index, data = checkpoint_files
    return read_checkpoint(index, lambda shard, shards: data, musicnn.is_weight)


@pytest.fixture(scope="session")
def tensors(variables):
    """The published float32 weights."""
    return musicnn.tensors(variables)
