"""The command line: every option, and what is refused."""

import re

import pytest

from conftest import REPOSITORY, run
from sounds import music, write_wav

FRAME = 0.016


def test_default_is_three_tags_as_text(song):
    outcome = run(song)
    assert outcome.status == 0 and outcome.err == ""
    assert len(outcome.out.splitlines()) == 1 + 3


@pytest.mark.parametrize("count", [1, 3, 7])
def test_top_sets_how_many_tags_are_named(song, tags_of, count):
    top = tags_of("--top", count, song)["top"]
    assert len(top) == count
    assert [entry["score"] for entry in top] == sorted((entry["score"] for entry in top), reverse=True)
    assert len(run("--top", count, song).out.splitlines()) == 1 + count


def test_top_beyond_the_tags_names_all(song, tags_of):
    result = tags_of("--top", 2000000000, song)
    assert sorted(entry["tag"] for entry in result["top"]) == sorted(result["tags"])


@pytest.mark.parametrize(("seconds", "frames"), [("2.992", 187), ("1.5", 94), ("1.472", 92), ("0.1", 6), ("1e0", 63)])
def test_hop_is_rounded_to_frames(song, tags_of, seconds, frames):
    result = tags_of("--hop", seconds, song)
    assert result["hop"] == pytest.approx(frames * FRAME, abs=1e-9)
    assert [segment["start"] for segment in result["segments"]] == pytest.approx(
        [i * frames * FRAME for i in range(len(result["segments"]))], abs=1e-9
    )


def test_smallest_hop_is_one_frame(tmp_path, tags_of):
    assert tags_of("--hop", "0.0001", write_wav(tmp_path / "short.wav", music(3.1)))["hop"] == FRAME


def test_tail_keep_adds_a_segment_that_ends_with_the_audio(song, tags_of):
    drop, keep = tags_of("--tail", "drop", song), tags_of("--tail", "keep", song)
    assert drop == tags_of(song)
    assert len(keep["segments"]) == len(drop["segments"]) + 1
    assert keep["segments"][:-1] == drop["segments"]
    assert keep["segments"][-1]["end"] == pytest.approx(6.5, abs=2 * FRAME)


def test_model_by_path_equals_model_by_name(song, tags_of):
    path = REPOSITORY / "models" / "MTT_musicnn.gguf"
    assert tags_of("--model", path, song) == tags_of("--model", "MTT_musicnn", song) == tags_of(song)


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_the_manual(option):
    outcome = run(option)
    assert outcome.status == 0 and outcome.err == ""
    for option in ("model", "top", "hop", "tail", "format", "output", "help", "version"):
        assert f"--{option}" in outcome.out
    for word in ("text", "json", "csv", "TAGGRAM_MODELS", "Exit status"):
        assert word in outcome.out
    assert all(len(line) <= 120 for line in outcome.out.splitlines())


def test_version_is_the_librarys(song, tags_of):
    version = re.search(r'TG_VERSION "(.+)"', (REPOSITORY / "src" / "taggram.h").read_text()).group(1)
    assert run("--version").out == f"taggram {version}\n"
    assert tags_of(song)["version"] == version


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "3x", "x", "", " 3", "0x3", "99999999999999999999"])
def test_bad_top_is_refused(song, value):
    _refused(run(f"--top={value}", song), "--top")


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e999", "abc", "1x", "", " 1", "0x1", "1,5"])
def test_bad_hop_is_refused(song, value):
    _refused(run(f"--hop={value}", song), "--hop")


@pytest.mark.parametrize("value", ["3", "3.01", "1e300"])
def test_hop_beyond_the_segment_is_refused(song, value):
    outcome = run("--hop", value, song)
    _refused(outcome, "--hop")
    assert "2.992 s" in outcome.err


@pytest.mark.parametrize(("option", "value"), [("--tail", "maybe"), ("--format", "xml"), ("--format", "JSON")])
def test_bad_word_is_refused(song, option, value):
    outcome = run(option, value, song)
    _refused(outcome, option)
    assert value in outcome.err


def test_unknown_options_are_refused(song):
    for option in ("--modle", "-x", "--t"):
        _refused(run(option, song), option)


def test_option_without_value_is_refused(song):
    for option in ("--top", "--hop", "--output", "-o", "--model"):
        _refused(run(song, option), option)


def test_value_for_an_option_without_one_is_refused():
    _refused(run("--help=yes"), "--help")


def test_no_file_is_refused():
    _refused(run(), "No file")
    _refused(run("--top", 3), "No file")


def test_options_may_follow_files(song, tags_of):
    assert run(song, "--format", "json").json() == tags_of(song)


def test_after_two_dashes_everything_is_a_file(song, tmp_path):
    (tmp_path / "--top").write_bytes(song.read_bytes())
    outcome = run("--format", "json", "--", "--top", cwd=tmp_path)
    assert outcome.status == 0 and outcome.json()["file"] == "--top"


def _refused(outcome, word):
    """Nothing on standard output, a sentence that names what is wrong, status 2."""
    assert outcome.status == 2 and outcome.out == ""
    assert word in outcome.complaints()[0]
