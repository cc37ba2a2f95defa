"""The program's numbers: those of the original, and those of the oracle for what the original can't read."""

import numpy as np
import pytest

from conftest import GOLDENS, MODEL_FILE, MODELS
from convert import model_file
from reference import synthetic
from reference.audio import read_mono_16k
from reference.logmel import logmel
from reference.network import score_segments
from sounds import encode, write_wav

TOLERANCE = 2e-4
HOPS = {187: [], 92: ["--overlap", "1.5"], 6: ["--hop", "0.096"]}


def agrees(result, expected):
    largest = np.abs(np.array(result["taggram"]) - expected).max()
    print(f"largest difference {largest:.1e} of {TOLERANCE:.0e}")
    return len(result["segments"]) == len(expected) and largest < TOLERANCE


@pytest.mark.parametrize(
    ("model", "hop"), [(model, hop) for model in MODELS for hop in (187, 92)] + [("MTT_musicnn", 6)]
)
def test_example_has_the_golden_scores(example, tags_of, model, hop):
    golden = np.load(GOLDENS / "example" / model / f"tags_hop{hop}.npy")
    assert agrees(tags_of("--model", model, *HOPS[hop], example), golden)


@pytest.mark.parametrize("model", ["waveform", "spectrogram"])
@pytest.mark.parametrize("name", [*synthetic.SIGNALS, "example"])
def test_paper_models_have_the_scores_of_pytorch(tmp_path, tags_of, name, model):
    pcm = synthetic.SIGNALS[name]() if name in synthetic.SIGNALS else np.load(GOLDENS / name / "pcm.npy")
    golden = np.load(GOLDENS / name / model / "tags_hop187.npy")
    assert agrees(tags_of("--model", model, write_wav(tmp_path / "signal.wav", pcm, 16000)), golden)


def test_longer_segments_have_the_golden_scores(example, tags_of):
    golden = np.load(GOLDENS / "example" / "MSD_musicnn" / "tags_length10.npy")
    assert agrees(tags_of("--model", "MSD_musicnn", "--length", "10", example), golden)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("hop", [187, 92])
@pytest.mark.parametrize("name", synthetic.SIGNALS)
def test_signals_have_the_golden_scores(tmp_path, tags_of, name, hop, model):
    path = encode(write_wav(tmp_path / "signal.wav", synthetic.SIGNALS[name](), 16000), tmp_path / "signal.flac")
    golden = np.load(GOLDENS / name / model / f"tags_hop{hop}.npy")
    assert agrees(tags_of("--model", model, *HOPS[hop], path), golden)


def oracle_scores(path):
    return score_segments(logmel(read_mono_16k(path)), model_file.read(MODEL_FILE)[1], 187)["tags"]


def test_stereo_at_44100_hz_has_the_oracles_scores(song, tags_of):
    """From the file to the scores: decoding, mixing, rate conversion, log-mel, network."""
    assert agrees(tags_of(song), oracle_scores(song))


@pytest.mark.parametrize("ending", ["mp3", "ogg"])
def test_lossy_files_have_the_oracles_scores(tmp_path, song, tags_of, ending):
    path = encode(song, tmp_path / f"song.{ending}")
    assert agrees(tags_of(path), oracle_scores(path))
