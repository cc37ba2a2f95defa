"""The C core on the paper's two models with random weights: against PyTorch's answers (tests/goldens/paper, written by
`models/train goldens`), and against the oracle with kernels as model files have them."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import core
from convert.model_file import read_parts
from convert.network import Network
from reference import paper_goldens
from reference.goldens import DIRECTORY
from reference.logmel import HOP
from reference.network import forward, sigmoid
from reference.random_paper import write

MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture(scope="module", params=paper_goldens.LENGTHS)
def model(request, tmp_path_factory):
    """A model file, and the network that it holds."""
    path = tmp_path_factory.mktemp("paper") / f"{request.param}.gguf"
    return path, write(path, paper_goldens.network(request.param))


def lengths_of(model):
    return paper_goldens.LENGTHS[model[1].architecture]


def golden(front_end, frames):
    return np.load(paper_goldens.FOLDER / f"{front_end}_{frames}.npy")


@pytest.mark.parametrize("plain", [False, True], ids=["best", "plain"])
def test_core_answers_as_pytorch(model, plain):
    path, network = model
    for frames in lengths_of(model)[: 3 if plain else None]:
        signal = paper_goldens.signal(network.architecture, frames)
        logits = core.check(path, network, signal, frames, plain)
        expected = golden(network.architecture, frames)[0]
        print(f"{frames} frames: scores differ by {np.abs(sigmoid(logits) - sigmoid(expected)).max():.1e}")
        assert np.abs(sigmoid(logits) - sigmoid(expected)).max() < 2e-4


@pytest.mark.parametrize("kind", [np.int16, np.int8])
@pytest.mark.parametrize("front_end", paper_goldens.LENGTHS)
def test_integer_kernels(tmp_path, front_end, kind):
    stored = write(tmp_path / "model.gguf", paper_goldens.network(front_end), kind)
    core.check(tmp_path / "model.gguf", stored, paper_goldens.signal(front_end, 187), 187)


def test_every_length_up_to_what_a_block_holds(model):
    """Of frames answered together: what is left of a block, or of a pair, changes with the length."""
    path, network = model
    signal = paper_goldens.signal(network.architecture, 250)
    width = signal.size // 250
    for frames in range(lengths_of(model)[0], 110, 7):
        core.check(path, network, signal.reshape(250, width)[:frames].reshape((-1, *signal.shape[1:])), frames)


def test_shorter_segments_are_refused(model):
    path, network = model
    fewest = lengths_of(model)[0]
    signal = paper_goldens.signal(network.architecture, fewest - 1)
    with pytest.raises(AssertionError):
        core.run(path, signal, fewest - 1)
    with pytest.raises(ValueError):
        forward(signal, network)


@pytest.mark.parametrize("plain", [False, True], ids=["best", "plain"])
@pytest.mark.parametrize("front_end", paper_goldens.LENGTHS)
def test_trained_models_on_the_example(tmp_path, front_end, plain):
    path = Path(shutil.copy(MODELS / f"{front_end}.gguf", tmp_path))
    network = Network(front_end, read_parts(path)[1])
    heard = np.load(DIRECTORY / "example/logmel.npy")
    if front_end == "waveform":
        heard = np.load(DIRECTORY / "example/pcm.npy").astype(np.float32) / 32768
    width = HOP if front_end == "waveform" else 1
    for first, frames in ((0, 187), (1000, 187), (500, 937)):
        signal = heard[first * width : (first + frames) * width]
        scores = sigmoid(core.check(path, network, signal, frames, plain))
        differences = np.abs(scores - sigmoid(forward(signal, network)["logits"][0]))
        print(f"{front_end}, {frames} frames: scores differ by {differences.max():.1e}")
        assert differences.max() < 2e-4
