"""Formats that make a file for each song: where the files go, and that nothing half-written stays."""

import os

import numpy as np
import pytest

from conftest import PROGRAM, refused, run
from sounds import write_wav

ENDINGS = {"npz": ".npz", "npy": ".npy", "jams": ".jams", "labels": ".txt"}


@pytest.fixture
def album(tmp_path, song):
    """Makes songs of these names, in a folder of their own."""

    def make(*names):
        paths = []
        for name in names:
            path = tmp_path / "album" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(song.read_bytes())
            paths.append(path)
        return paths

    return make


def files(folder):
    return sorted(os.listdir(folder))


@pytest.mark.parametrize("form", ENDINGS)
def test_each_song_gets_a_file_as_if_it_were_alone(album, tmp_path, form):
    songs, folder = album("one.wav", "two.wav"), tmp_path / "out"
    outcome = run("--format", form, "--output", folder, *songs)
    assert (outcome.status, outcome.data, outcome.err) == (0, b"", "")
    assert files(folder) == [f"one{ENDINGS[form]}", f"two{ENDINGS[form]}"]
    for song in songs:
        assert (folder / f"{song.stem}{ENDINGS[form]}").read_bytes() == run("--format", form, song).data


def test_songs_of_one_name_get_numbers(album, tmp_path):
    songs = album("a/song.wav", "a/song.flac", "b/song.wav", "song-2.wav", "x.song.wav", ".wav", "noending")
    outcome = run("--format", "npz", "--output", tmp_path / "out", *songs)
    assert outcome.status == 0
    expected = ["song", "song-2", "song-3", "song-2-2", "x.song", ".wav", "noending"]
    assert files(tmp_path / "out") == sorted(f"{name}.npz" for name in expected)
    for song, name in zip(songs, expected, strict=True):
        assert np.load(tmp_path / "out" / f"{name}.npz")["file"].item() == str(song)


def test_a_song_that_fails_keeps_its_name_free(album, tmp_path):
    first, second = album("a/song.wav", "b/song.wav")
    first.write_text("no music")
    outcome = run("--format", "npz", "--output", tmp_path / "out", first, second)
    assert outcome.status == 1 and len(outcome.complaints()) == 1
    assert files(tmp_path / "out") == ["song-2.npz"]


@pytest.mark.parametrize("form", ENDINGS)
def test_the_longest_names_are_cut_to_fit(album, tmp_path, form):
    songs = album("n" * 251 + ".wav", "é" * 125 + ".wav", "m/" + "n" * 251 + ".wav", "m/" + "é" * 125 + ".wav")
    assert run("--format", form, "--output", tmp_path / "out", *songs).status == 0
    names = files(tmp_path / "out")
    assert len(names) == 4 and all(len(os.fsencode(name)) <= 255 for name in names)
    assert b"".join(map(os.fsencode, names)).decode(), "cut between characters"


def test_thousands_of_songs_of_one_name_take_no_time(tmp_path):
    """Trying all numbers for each of them took minutes."""
    (tmp_path / "list").write_text("".join(f"album{i}/01.mp3\n" for i in range(20000)))
    options = ["--format", "labels", "--output", tmp_path / "out", "--files-from", tmp_path / "list"]
    assert len(run(*options, timeout=60).complaints()) == 20000


def test_standard_input_is_named(song, tmp_path):
    outcome = run("--format", "npy", "--output", tmp_path / "out/", "-", song, input=song.read_bytes())
    assert outcome.status == 0 and files(tmp_path / "out") == ["song.npy", "stdin.npy"]


def test_one_song_into_a_folder_or_a_file(album, tmp_path):
    (song,) = album("one.wav")
    folder = tmp_path / "there"
    folder.mkdir()
    for output, made in {f"{folder}": folder / "one.npz", f"{tmp_path}/new/": tmp_path / "new" / "one.npz"}.items():
        assert run("--format", "npz", "--output", output, song).status == 0
        assert made.exists()
    assert run("--format", "npz", "--output", tmp_path / "file", song).status == 0
    assert (tmp_path / "file").is_file()


def test_files_that_were_there_are_replaced(album, tmp_path):
    songs, folder = album("one.wav", "two.wav"), tmp_path / "out"
    folder.mkdir()
    (folder / "one.npz").write_text("old")
    (folder / "other.txt").write_text("kept")
    assert run("--format", "npz", "--output", folder, *songs).status == 0
    assert np.load(folder / "one.npz")["taggram"].shape == (2, 50)
    assert (folder / "other.txt").read_text() == "kept"


# ---- What is refused ----


@pytest.mark.parametrize("form", ENDINGS)
def test_several_songs_need_a_folder(album, tmp_path, form):
    songs = album("one.wav", "two.wav")
    refused(run("--format", form, *songs), form, "folder", "--output")
    (tmp_path / "file").write_text("old")
    outcome = run("--format", form, "--output", tmp_path / "file", *songs)
    assert outcome.status == 1 and "not a folder" in outcome.err
    assert (tmp_path / "file").read_text() == "old"


def test_a_folder_that_cannot_be_made(album, tmp_path):
    outcome = run("--format", "npz", "--output", tmp_path / "no" / "way", *album("one.wav", "two.wav"))
    assert outcome.status == 1 and len(outcome.complaints()) == 1 and "No such file" in outcome.err


def test_binary_formats_are_not_for_terminals(song):
    controller, terminal = os.openpty()
    for form in ("npz", "npy"):
        refused(run("--format", form, song, stdout=terminal), "--output")
    os.close(terminal)
    os.close(controller)


def test_no_song_is_replaced(album):
    song, other = album("song.txt", "other.wav")
    refused(run("--format", "labels", "--output", song.parent, song, other), "song.txt", "files to tag")
    assert song.read_bytes() == other.read_bytes()


# ---- Nothing half-written ----


def test_nothing_stays_when_no_song_could_be_tagged(tmp_path):
    missing = [tmp_path / "a.mp3", tmp_path / "b.mp3"]
    assert run("--format", "npz", "--output", tmp_path / "out", *missing).status == 1
    assert files(tmp_path) == []


@pytest.mark.parametrize("form", ["npz", "jams"])
def test_a_file_that_does_not_fit_is_not_there(tmp_path, form):
    """Of two songs the first is too long for the 24 KiB that a file may have; the rows lie in the same limit."""
    short = write_wav(tmp_path / "short.wav", np.ones(48000) * 0.1, 16000)
    long = write_wav(tmp_path / "long.wav", np.ones(16000 * 8) * 0.1, 16000)
    command = 'ulimit -f 48; exec "$0" --format "$1" $2 -o "$3" "$4" "$5"'
    options = "--features penultimate --hop 0.2" if form == "npz" else "--hop 0.2"
    outcome = run("-c", command, PROGRAM, form, options, tmp_path / "out", long, short, program="/bin/sh")
    assert outcome.status == 1 and "cannot be written" in outcome.err
    assert [name.split(".")[0] for name in files(tmp_path / "out")] == ["short"]


def test_a_file_that_cannot_be_written_does_not_stop_the_others(album, tmp_path):
    songs, folder = album("one.wav", "two.wav", "three.wav"), tmp_path / "out"
    (folder / "one.npz").mkdir(parents=True)
    outcome = run("--format", "npz", "--output", f"{folder}/", *songs)
    assert outcome.status == 1
    assert outcome.complaints() == [f"taggram: {folder}/one.npz: It cannot be written: this is a directory."]
    assert files(folder) == ["one.npz", "three.npz", "two.npz"]


def test_a_full_disk_stops_it(album, tmp_path):
    songs, folder = album("one.wav", "two.wav"), tmp_path / "out"
    folder.mkdir()
    (folder / "one.npz").symlink_to("/dev/full")
    outcome = run("--format", "npz", "--output", folder, *songs)
    assert outcome.status == 1 and len(outcome.complaints()) == 1 and "No space" in outcome.err
    assert files(folder) == ["one.npz"]


def test_a_folder_where_nothing_can_be_made(song):
    """/proc is a folder, but no files can be made there."""
    outcome = run("--format", "npz", "--output", "/proc/self", song, song)
    assert outcome.status == 1 and "/proc/self: No file can be made" in outcome.err
    assert len(outcome.complaints()) == 1, "it does not go on with the other songs"
