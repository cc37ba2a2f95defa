"""The command line: every option, and what is refused."""

import re

import pytest

from conftest import REPOSITORY, refused, run

FORMATS = ("text", "json", "ndjson", "csv", "jams", "labels", "npz", "npy")


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


def test_tail_keep_adds_a_segment_that_ends_with_the_audio(song, tags_of):
    drop, keep = tags_of("--tail", "drop", song), tags_of("--tail", "keep", song)
    assert drop == tags_of(song)
    assert len(keep["segments"]) == len(drop["segments"]) + 1
    assert keep["segments"][:-1] == drop["segments"]
    assert keep["segments"][-1]["end"] == pytest.approx(6.5, abs=2 * 0.016)


def test_model_by_path_equals_model_by_name(song, tags_of):
    path = REPOSITORY / "models" / "MTT_musicnn.gguf"
    assert tags_of("--model", path, song) == tags_of("--model", "MTT_musicnn", song) == tags_of(song)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["models", "--help"], ["inspect", "MTT_vgg", "-h"]])
def test_help_is_the_manual(arguments):
    outcome = run(*arguments)
    assert outcome.status == 0 and outcome.err == ""
    source = (REPOSITORY / "src" / "cli" / "options.c").read_text()
    for option in re.findall(r'\{"([a-z-]+)", (?:no|required)_argument', source):
        assert f"--{option}" in outcome.out
    for word in (*FORMATS, "TAGGRAM_MODELS", "Exit status", "taggram models", "taggram inspect"):
        assert word in outcome.out
    assert all(len(line) <= 120 for line in outcome.out.splitlines())


def test_version_is_the_librarys(song, tags_of):
    version = re.search(r'TG_VERSION "(.+)"', (REPOSITORY / "src" / "taggram.h").read_text()).group(1)
    assert run("--version").out == f"taggram {version}\n"
    assert tags_of(song)["version"] == version


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "3x", "x", "", " 3", "0x3", "99999999999999999999"])
def test_bad_top_isrefused(song, value):
    refused(run(f"--top={value}", song), "--top")


@pytest.mark.parametrize(("option", "value"), [("--tail", "maybe"), ("--format", "xml"), ("--format", "JSON")])
def test_bad_word_isrefused(song, option, value):
    refused(run(option, value, song), option, value)


def test_unknown_options_arerefused(song):
    for option in ("--modle", "-x", "-é", "-éx", "--t"):
        refused(run(option, song), option)
    refused(run(b"-\xe9", song), "no option -\ufffd.")


def test_the_beginning_of_several_options_is_refused(song):
    for option in ("--f", "--f=1"):
        refused(run(option, song), f"{option} may", "--features --format --files-from.")
    assert run("--mod", "MTT_vgg", song).status == 0, "of one it is enough"


def test_an_empty_file_name_is_seen():
    assert run("").err == "taggram: '': It cannot be opened: No such file or directory.\n"


def test_option_without_value_isrefused(song):
    for option in ("--top", "--hop", "--output", "-o", "--model", "--features", "--save", "--files-from"):
        refused(run(song, option), option)


def test_value_for_an_option_without_one_isrefused():
    refused(run("--help=yes"), "--help")


def test_no_file_isrefused():
    refused(run(), "No file")
    refused(run("--top", 3), "No file")


def test_options_may_follow_files(song, tags_of):
    assert run(song, "--format", "json").json() == tags_of(song)


def test_after_two_dashes_everything_is_a_file(song, tmp_path):
    (tmp_path / "--top").write_bytes(song.read_bytes())
    outcome = run("--format", "json", "--", "--top", cwd=tmp_path)
    assert outcome.status == 0 and outcome.json()["file"] == "--top"
