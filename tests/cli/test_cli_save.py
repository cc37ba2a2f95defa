"""--save: the musicnn library's file of tags, line by line."""

import os
import shutil

import numpy as np
import pytest

from conftest import MODEL_FILE, PROGRAM, refused, run
from reference.network import frames_of_hop
from sounds import music, write_wav


def save(tmp_path, *arguments):
    path = tmp_path / "out.tags"
    outcome = run("--save", path, *arguments)
    assert (outcome.status, outcome.err) == (0, "")
    return path.read_text()


def as_the_library(file, model, length, overlap, tags):
    """musicnn 0.1.0, tagger.py: what top_tags writes, its arguments being Python numbers."""
    head = file + "," + model + ",input_length=" + str(length) + ",input_overlap=" + str(overlap)
    return head + "".join("," + tag for tag in tags) + "\n"


@pytest.mark.parametrize(
    ("arguments", "length", "overlap"),
    [
        ([], 3.0, False),
        (["--overlap", "1.5"], 3.0, 1.5),
        (["--overlap", "1"], 3.0, 1.0),
        (["--overlap", "1e-5"], 3.0, 1e-05),
        (["--length", "3.1"], 3.1, False),
        (["--length", "2", "--overlap", "0.1"], 2.0, 0.1),
        (["--hop", "3"], 3.0, False),
        (["--length", "0.016"], 0.016, False),
    ],
)
def test_the_line_is_the_librarys(tmp_path, tags_of, arguments, length, overlap):
    arguments = [*arguments, "--top", "4"]
    short = write_wav(tmp_path / "song.wav", music(3.1, 16000), 16000)
    tags = [entry["tag"] for entry in tags_of(*arguments, short)["top"]]
    assert save(tmp_path, *arguments, short) == as_the_library(str(short), "MTT_musicnn", length, overlap, tags)


@pytest.mark.parametrize("seconds", ["10", "20.0", "3e1", "600", "12.3456789012345", "0.016", "1e-5"])
def test_seconds_are_written_as_python_does(tmp_path, seconds):
    short = write_wav(tmp_path / "song.wav", music(0.2, 16000), 16000)
    name = "overlap" if float(seconds) < 0.016 else "length"
    line = save(tmp_path, "--model", "MSD_musicnn", f"--{name}", seconds, short)
    assert f",input_{name}={float(seconds)}," in line


@pytest.mark.parametrize("hop", ["1.5", "0.5", "2.9", "0.016"])
def test_a_hop_is_saved_as_the_overlap_that_gives_it(tmp_path, tags_of, hop):
    short = write_wav(tmp_path / "song.wav", music(3.1))
    line = save(tmp_path, "--hop", hop, short)
    overlap = float(line.split("input_overlap=")[1].split(",")[0])
    assert frames_of_hop(overlap) == round(tags_of("--hop", hop, short)["hop"] / 0.016)


def test_lines_are_added(tmp_path, song):
    first = save(tmp_path, song)
    assert save(tmp_path, song, song) == first * 3


def test_results_come_as_without_it(tmp_path, song):
    assert run("--save", tmp_path / "out.tags", "--format", "csv", song).out == run("--format", "csv", song).out


def test_other_models_are_named(tmp_path, song):
    assert ",MSD_vgg,input_length=3.0," in save(tmp_path, "--model", "MSD_vgg", song)


def test_silence_has_no_tags(tmp_path):
    silence = write_wav(tmp_path / "silence.wav", np.zeros(4 * 16000), 16000)
    assert save(tmp_path, silence) == f"{silence},MTT_musicnn,input_length=3.0,input_overlap=False\n"


def test_songs_that_fail_have_no_line(tmp_path, song):
    path = tmp_path / "out.tags"
    assert run("--save", path, tmp_path / "missing.mp3", song).status == 1
    assert len(path.read_text().splitlines()) == 1


def test_nothing_is_left_when_every_song_fails(tmp_path):
    assert run("--save", tmp_path / "out.tags", tmp_path / "missing.mp3").status == 1
    assert os.listdir(tmp_path) == []
    (tmp_path / "out.tags").touch()
    assert run("--save", tmp_path / "out.tags", tmp_path / "missing.mp3").status == 1
    assert os.listdir(tmp_path) == ["out.tags"], "one that was there stays"


def test_a_path_that_cannot_be_written(tmp_path, song):
    for path, words in {tmp_path: "directory", tmp_path / "no" / "way": "No such file"}.items():
        outcome = run("--save", path, song)
        assert outcome.status == 1 and outcome.out == "" and words in outcome.err
        assert len(outcome.complaints()) == 1 and str(path) in outcome.err


def test_a_full_disk_leaves_whole_lines(tmp_path, song):
    """512 bytes fit: a line that would not is taken back."""
    path = tmp_path / "out.tags"
    command = 'ulimit -f 1; exec "$0" --save "$1" $(yes "$2" | head -9)'
    outcome = run("-c", command, PROGRAM, path, song, program="/bin/sh")
    assert outcome.status == 1 and str(path) in outcome.err
    lines = path.read_text().splitlines(keepends=True)
    assert 0 < len(lines) < 9 and len(set(lines)) == 1 and lines[0].endswith("\n")
    assert run("--save", "/dev/full", song).status == 1


def test_no_song_is_written_to(tmp_path, song):
    copy = tmp_path / "song.wav"
    copy.write_bytes(song.read_bytes())
    refused(run("--save", copy, copy), "files to tag", "--save")
    assert copy.read_bytes() == song.read_bytes()


def test_the_list_and_the_model_are_not_written_to(tmp_path, song):
    (tmp_path / "list").write_text(f"{song}\n")
    refused(run("--save", tmp_path / "list", "--files-from", tmp_path / "list"), "list of files", "--save")
    model = shutil.copy(MODEL_FILE, tmp_path / "my.gguf")
    refused(run("--save", model, "--model", model, song), "the model", "--save")
    assert (tmp_path / "list").read_text() == f"{song}\n" and model.read_bytes() == MODEL_FILE.read_bytes()


@pytest.mark.parametrize("save", ["x.tags", "./x.tags", "link/x.tags"])
@pytest.mark.parametrize("output", ["x.tags", ".//x.tags"])
def test_output_and_save_must_differ_by_whatever_name(tmp_path, song, output, save):
    (tmp_path / "link").symlink_to(tmp_path)
    refused(run("--save", save, "--output", output, song, cwd=tmp_path), "--output", "--save")
    assert os.listdir(tmp_path) == ["link"], "neither of them is made"
    folder = [tmp_path.name + "/" + name for name in ("lab/", "lab/song.txt")]
    options = ["--format", "labels", "--output", folder[0], "--save", folder[1]]
    refused(run(*options, song, cwd=tmp_path.parent), "--output", "--save")
    assert os.listdir(tmp_path) == ["link"], "nor a folder"


def test_a_link_that_leads_nowhere_is_told(tmp_path, song):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    outcome = run("--save", tmp_path / "link", song)
    assert outcome.status == 1 and "link" in outcome.err and "not there" in outcome.err
    assert os.listdir(tmp_path) == ["link"]


def test_output_and_save_must_differ(tmp_path, song):
    refused(run("--save", tmp_path / "x", "--output", tmp_path / "x", song), "--output", "--save")
    (tmp_path / "x").touch()
    (tmp_path / "y").symlink_to(tmp_path / "x")
    refused(run("--save", tmp_path / "x", "--output", tmp_path / "y", song), "--output", "--save")
    inside = tmp_path / "song.txt"
    refused(run("--save", inside, "--format", "labels", "--output", tmp_path, song), "--output", "--save")
