"""--files-from: a list of songs from a file or standard input."""

import pytest

from conftest import refused, run


@pytest.fixture
def songs(tmp_path, song):
    paths = [tmp_path / name for name in ("a.wav", "b c.wav", "'d'.wav")]
    for path in paths:
        path.write_bytes(song.read_bytes())
    return paths


def lines(paths):
    return "".join(f"{path}\n" for path in paths)


def test_names_come_from_standard_input(songs):
    outcome = run("--format", "ndjson", "--files-from", "-", input=lines(songs).encode())
    assert outcome.status == 0 and [result["file"] for result in outcome.lines()] == list(map(str, songs))


def test_names_come_from_a_file_after_those_of_the_command_line(songs, tmp_path):
    (tmp_path / "list").write_text(lines(songs[1:]).replace("\n", "\n\n").rstrip())
    outcome = run("--format", "ndjson", "--files-from", tmp_path / "list", songs[0])
    assert outcome.status == 0 and [result["file"] for result in outcome.lines()] == list(map(str, songs))


def test_a_list_of_one_gives_a_line(songs):
    assert len(run("--format", "json", "--files-from", "-", input=lines(songs[:1]).encode()).lines()) == 1


@pytest.mark.parametrize("form", ["text", "ndjson", "csv"])
def test_an_empty_list_is_done_at_once(form):
    outcome = run("--format", form, "--files-from", "-", input=b"\n\n")
    assert outcome.status == 0 and len(outcome.out.splitlines()) == (form == "csv")
    assert outcome.err == "taggram: standard input: The list names no files.\n"


def test_lists_written_on_windows_are_taken(songs):
    text = "\ufeff" + lines(songs).replace("\n", "\r\n")
    outcome = run("--format", "ndjson", "--files-from", "-", input=text.encode())
    assert outcome.status == 0 and [result["file"] for result in outcome.lines()] == list(map(str, songs))


def test_a_mark_and_empty_lines_are_no_names(songs):
    outcome = run("--format", "ndjson", "--files-from", "-", input=f"\ufeff\r\n\r\n{songs[0]}".encode())
    assert outcome.status == 0 and [result["file"] for result in outcome.lines()] == [str(songs[0])]


def test_songs_of_the_list_that_fail_are_records(songs, tmp_path):
    missing = tmp_path / "missing.mp3"
    outcome = run("--format", "ndjson", "--files-from", "-", input=lines([missing, songs[0]]).encode())
    assert outcome.status == 1
    failed, tagged = outcome.lines()
    assert failed == {"file": str(missing), "error": "It cannot be opened: No such file or directory."}
    assert tagged["file"] == str(songs[0])


def test_names_that_are_not_utf8_are_found(tmp_path, song):
    path = bytes(tmp_path) + b"/caf\xe9.wav"
    with open(path, "wb") as file:
        file.write(song.read_bytes())
    outcome = run("--format", "ndjson", "--files-from", "-", input=path + b"\n")
    assert outcome.status == 0 and outcome.lines()[0]["file"].endswith("caf\ufffd.wav")


def test_one_standard_input_is_not_two(songs):
    refused(run("--files-from", "-", "-", input=b"x\n"), "standard input")
    refused(run("--files-from", "-", input=lines([songs[0], "-"]).encode()), "standard input")


def test_a_list_that_cannot_be_read(tmp_path):
    refused(run("--files-from", tmp_path / "missing"), "--files-from", str(tmp_path / "missing"), "No such file")
    refused(run("--files-from", tmp_path), "--files-from", "directory")
    refused(run("--files-from", "-", input=b"a\0b\n"), "--files-from", "zero byte")


def test_failures_alone_are_results_too(tmp_path):
    """A list of records, all of them errors, still tells what happened to each song."""
    missing, path = [tmp_path / "a.mp3", tmp_path / "b.mp3"], tmp_path / "results"
    assert run("--format", "ndjson", "--output", path, *missing).status == 1
    assert [line.split('"error"')[0] for line in path.read_text().splitlines()] == [
        f'{{"file":"{name}",' for name in missing
    ]
    assert run("--format", "ndjson", missing[0]).lines()[0]["file"] == str(missing[0])
