"""JAMS: valid by its own library, with the numbers that JSON has."""

import jams
import numpy as np
import pytest

from conftest import run
from sounds import music, write_wav

# jams 0.3.5 calls jsonschema as older versions of it wanted.
pytestmark = pytest.mark.filterwarnings("ignore:Passing a schema to Validator:DeprecationWarning")


def load(path, *arguments):
    target = path.with_suffix(".jams")
    outcome = run("--format", "jams", "--output", target, *arguments, path)
    assert (outcome.status, outcome.err) == (0, "")
    annotations = jams.load(str(target), validate=True, strict=True)
    assert annotations.validate(strict=True)
    return annotations


@pytest.fixture
def copy(tmp_path, song):
    path = tmp_path / "song.wav"
    path.write_bytes(song.read_bytes())
    return path


def test_jams_is_valid_and_says_what_it_is_of(copy, tags_of):
    document, result = load(copy, "--hop", "1"), tags_of("--hop", "1", copy)
    assert document.file_metadata.title == "song.wav"
    assert document.file_metadata.identifiers.file == str(copy)
    assert document.file_metadata.duration == result["duration"]
    assert [annotation.namespace for annotation in document.annotations] == ["tag_open", "tag_open"]
    for annotation in document.annotations:
        about = annotation.annotation_metadata
        assert about.version == result["version"] and about.data_source == "program"
        for word in ("taggram", result["version"], "MTT_musicnn", "1.008 s", "2.992 s"):
            assert word in about.annotation_tools
        named = {name: annotation.sandbox[name] for name in ("model", "version", "hop", "length")}
        assert named == {name: result[name] for name in named}


def test_jams_has_the_scores_of_the_song(copy, tags_of):
    whole, _ = load(copy).annotations
    assert {(o.time, o.duration) for o in whole.data} == {(0, 6.5)}
    expected = tags_of("--top", 50, copy)["top"]
    assert [(o.value, o.confidence) for o in whole.data] == [(e["tag"], e["score"]) for e in expected]


def test_jams_has_the_scores_of_the_segments(copy, tags_of):
    _, segments = load(copy, "--hop", "1").annotations
    result = tags_of("--hop", "1", copy)
    tags = {tag: i for i, tag in enumerate(result["tags"])}
    starts = [segment["start"] for segment in result["segments"]]
    scores = np.full((len(starts), len(tags)), np.nan)
    for observation in segments.data:
        row = starts.index(observation.time)
        scores[row, tags[observation.value]] = observation.confidence
        assert observation.duration == pytest.approx(2.992, abs=1e-9)
    assert (scores == np.array(result["taggram"])).all()


def test_short_songs_end_where_they_end(tmp_path):
    for annotation in load(write_wav(tmp_path / "short.wav", music(1))).annotations:
        assert {(o.time, o.duration) for o in annotation.data} == {(0, 1)}


def test_silence_has_no_tags(tmp_path):
    samples = music(5.984)
    samples[: round(3.1 * 44100)] = 0
    _, segments = load(write_wav(tmp_path / "half.wav", samples)).annotations
    assert {o.time for o in segments.data} == {2.992}
    silence = load(write_wav(tmp_path / "silence.wav", np.zeros(4 * 16000), 16000))
    assert [len(annotation.data) for annotation in silence.annotations] == [0, 0]
