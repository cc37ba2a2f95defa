"""musicnn big: from a checkpoint of its shapes, with random weights, to a model file that answers the same."""

import numpy as np
import pytest

import bundle
from convert import cli, model_file
from reference import big
from reference.cli import main
from reference.network import score_segments
from reference.random_weights import musicnn_variables
from reference.storage import BUDGET


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What the command writes."""
    folder = tmp_path_factory.mktemp("big")
    assert main(["big", str(folder)]) == 0
    return folder


def test_file_answers_as_the_weights_in_full(written):
    tags, network = model_file.read(written / "big.gguf")
    assert (network.width("mid_1"), network.width("dense"), len(tags)) == (512, 500, 50)
    found = score_segments(np.load(written / "logmel.npy"), network, 187)
    for kind, allowed in BUDGET.items():
        expected = np.load(written / f"{kind}_hop187.npy")
        assert expected.shape == (big.SEGMENTS, 50)
        assert np.abs(found[kind] - expected).max() < allowed / 2
    assert found["logits"].std() > 0.5  # scores that are spread, so that an error would show


def test_converter_makes_the_same_of_a_checkpoint(written, tmp_path):
    folder = bundle.write(tmp_path / "checkpoint", musicnn_variables(big.SEED, big.SIZE))
    assert cli.main(["--checkpoint", str(folder), "--name", "big", "--tags", "MSD", "--output", str(tmp_path)]) == 0
    tags, made = model_file.read(tmp_path / "big.gguf")
    assert tags[0] == "rock"
    _, expected = model_file.read(written / "big.gguf")
    assert made.tensors.keys() == expected.tensors.keys()
    for name, values in expected.tensors.items():
        np.testing.assert_array_equal(made.tensors[name], values, err_msg=name)
