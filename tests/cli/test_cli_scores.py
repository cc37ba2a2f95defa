"""The program's numbers: those of the original, and those of the oracle for what the original can't read."""

import numpy as np
import pytest

from conftest import MODEL_FILE, REPOSITORY
from convert.model_file import read_tensors
from reference import synthetic
from reference.audio import read_mono_16k
from reference.logmel import logmel
from reference.musicnn import score_segments, segment_starts
from sounds import encode, write_wav

GOLDENS = REPOSITORY / "tests" / "goldens"
TOLERANCE = 2e-4
HOPS = {187: [], 92: ["--hop", "1.472"], 6: ["--hop", "0.096"]}


def agrees(result, expected):
    largest = np.abs(np.array(result["taggram"]) - expected).max()
    print(f"largest difference {largest:.1e} of {TOLERANCE:.0e}")
    return largest < TOLERANCE


@pytest.mark.parametrize("hop", HOPS)
def test_example_has_the_golden_scores(tmp_path, tags_of, hop):
    path = write_wav(tmp_path / "example.wav", np.load(GOLDENS / "example" / "pcm.npy"), 16000)
    golden = np.load(GOLDENS / "example" / "MTT_musicnn" / f"tags_hop{hop}.npy")
    result = tags_of(*HOPS[hop], path)
    assert len(result["segments"]) == len(golden)
    assert agrees(result, golden)


@pytest.mark.parametrize("hop", [187, 92])
@pytest.mark.parametrize("name", synthetic.SIGNALS)
def test_signals_have_the_golden_scores(tmp_path, tags_of, name, hop):
    path = encode(write_wav(tmp_path / "signal.wav", synthetic.SIGNALS[name](), 16000), tmp_path / "signal.flac")
    assert agrees(tags_of(*HOPS[hop], path), np.load(GOLDENS / name / "MTT_musicnn" / f"tags_hop{hop}.npy"))


def test_stereo_at_44100_hz_has_the_oracles_scores(song, tags_of):
    """From the file to the scores: decoding, mixing, rate conversion, log-mel, network."""
    spectrogram = logmel(read_mono_16k(song))
    expected = score_segments(spectrogram, read_tensors(MODEL_FILE), segment_starts(len(spectrogram), 187))["tags"]
    assert agrees(tags_of(song), expected)


@pytest.mark.parametrize("ending", ["mp3", "ogg"])
def test_lossy_files_have_the_oracles_scores(tmp_path, song, tags_of, ending):
    path = encode(song, tmp_path / f"song.{ending}")
    spectrogram = logmel(read_mono_16k(path))
    expected = score_segments(spectrogram, read_tensors(MODEL_FILE), segment_starts(len(spectrogram), 187))["tags"]
    assert agrees(tags_of(path), expected)
