"""What text, JSON and CSV look like, and that other programs can read them."""

import csv
import io
import os
import subprocess

import numpy as np
import pytest

from conftest import PROGRAM, environment, run, strict_json
from sounds import music, write_wav

KEYS = ["file", "model", "version", "sample_rate", "duration", "hop", "length"]
KEYS += ["tags", "segments", "taggram", "top", "warnings"]


# ---- JSON ----


def test_json_holds_what_the_manual_says(song, tags_of):
    result = tags_of(song)
    assert list(result) == KEYS
    assert result["file"] == str(song)
    assert result["model"] == "MTT_musicnn"
    assert result["sample_rate"] == 44100
    assert result["duration"] == pytest.approx(6.5, abs=1e-9)
    assert result["hop"] == result["length"] == 2.992
    assert result["warnings"] == []
    assert len(result["tags"]) == len(set(result["tags"])) == 50
    assert result["segments"] == [
        {"start": 0.0, "end": 2.992, "silent": False, "padded": False},
        {"start": 2.992, "end": 5.984, "silent": False, "padded": False},
    ]


def test_json_top_is_the_mean_of_the_taggram(song, tags_of):
    result = tags_of("--hop", "0.5", "--top", "50", song)
    scores = np.array(result["taggram"])
    assert scores.shape == (len(result["segments"]), 50)
    assert scores.min() >= 0 and scores.max() <= 1
    means = dict(zip(result["tags"], scores.mean(axis=0), strict=True))
    assert [entry["score"] for entry in result["top"]] == pytest.approx(
        [means[entry["tag"]] for entry in result["top"]], abs=1e-6
    )


def test_json_scores_keep_seven_digits(song):
    first_row = run("--format", "json", song).out.split('"taggram":')[1].split("]")[0].strip(" [\n")
    digits = [len(score.split("e")[0].replace(".", "").lstrip("0")) for score in first_row.split(",")]
    assert max(digits) == 7 and np.mean(digits) > 6


def test_json_of_one_file_is_laid_out_over_lines(song):
    assert len(run("--format", "json", song).out.splitlines()) > len(KEYS)


def test_json_of_several_files_is_a_line_each(song, tags_of, tmp_path):
    other = write_wav(tmp_path / "other.wav", music(3.5)[::-1])
    outcome = run("--format", "json", song, other, song)
    assert outcome.status == 0
    assert outcome.lines() == [tags_of(song), tags_of(other), tags_of(song)]


def test_json_lines_come_as_files_are_done(song, tmp_path):
    """The second file is a pipe that stays empty until the first line was read."""
    pipe = tmp_path / "later.wav"
    os.mkfifo(pipe)
    command = [PROGRAM, "--format", "json", song, pipe]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as program:
        first = strict_json(program.stdout.readline())
        pipe.write_bytes(song.read_bytes())
        second = strict_json(program.stdout.readline())
    assert program.returncode == 0
    assert first["taggram"] == second["taggram"]


def test_silence_has_no_top_tags(tmp_path, tags_of):
    result = tags_of(write_wav(tmp_path / "silence.wav", np.zeros(4 * 16000), 16000))
    assert [segment["silent"] for segment in result["segments"]] == [True]
    assert result["top"] == []


def test_silent_segments_do_not_count(tmp_path, tags_of):
    samples = music(5.984)
    samples[: round(3.1 * 44100)] = 0
    result = tags_of("--top", 50, write_wav(tmp_path / "half.wav", samples))
    assert [segment["silent"] for segment in result["segments"]] == [True, False]
    rows = zip(result["taggram"], result["segments"], strict=True)
    sounding = [scores for scores, segment in rows if not segment["silent"]]
    expected = dict(zip(result["tags"], np.mean(sounding, axis=0), strict=True))
    assert {entry["tag"]: entry["score"] for entry in result["top"]} == pytest.approx(expected, abs=1e-6)


def test_audio_shorter_than_a_segment_is_padded(tmp_path, tags_of):
    result = tags_of(write_wav(tmp_path / "short.wav", music(1)))
    assert result["segments"] == [{"start": 0.0, "end": 2.992, "silent": False, "padded": True}]
    assert result["duration"] == pytest.approx(1)


# ---- CSV ----


def test_csv_holds_the_same_as_json(song, tags_of):
    result = tags_of("--hop", "1", song)
    header, *rows = csv.reader(io.StringIO(run("--format", "csv", "--hop", "1", song).out))
    assert header == ["file", "model", "version", "hop", "length", "start", "end", "silent", "padded", *result["tags"]]
    assert len(rows) == len(result["segments"])
    for row, segment, scores in zip(rows, result["segments"], result["taggram"], strict=True):
        assert row[:3] == [str(song), result["model"], result["version"]]
        times = [result["hop"], result["length"], segment["start"], segment["end"]]
        assert [float(cell) for cell in row[3:7]] == times
        assert row[7:9] == ["0", "0"]
        assert [float(cell) for cell in row[9:]] == scores


def test_csv_of_several_files_has_one_header(song, tmp_path):
    silence = write_wav(tmp_path / "silence.wav", np.zeros(3 * 16000), 16000)
    short = write_wav(tmp_path / "short.wav", music(1))
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", song, silence, short).out)))
    assert [row["file"] for row in rows] == [str(song)] * 2 + [str(silence), str(short)]
    assert [(row["silent"], row["padded"]) for row in rows[2:]] == [("1", "0"), ("0", "1")]


# ---- Text ----


def test_text_of_one_file_is_an_aligned_table(song, tags_of):
    heading, *lines = run(song).out.splitlines()
    assert heading == f"{song} (0:07)"
    assert [line.rsplit(maxsplit=1)[0].strip() for line in lines] == [entry["tag"] for entry in tags_of(song)["top"]]
    assert [float(line.split()[-1]) for line in lines] == [round(entry["score"], 2) for entry in tags_of(song)["top"]]
    assert len({len(line) for line in lines}) == 1


def test_text_tells_minutes(tmp_path):
    silence = write_wav(tmp_path / "long.wav", np.zeros(65 * 4000), 4000)
    assert run(silence).out.splitlines()[0] == f"{silence} (1:05)"


def test_text_of_several_files_is_an_aligned_line_each(song, tmp_path):
    names = ["a.wav", "a longer name.wav", "Größe 音楽.wav"]
    for name in names:
        (tmp_path / name).write_bytes(song.read_bytes())
    lines = run(*names, cwd=tmp_path, env={"LC_ALL": "C.UTF-8"}).out.splitlines()
    assert len(lines) == 3
    assert [line.startswith(name) for line, name in zip(lines, names, strict=True)] == [True] * 3
    tags = [line[len(name) :].strip() for line, name in zip(lines, names, strict=True)]
    assert tags[0] == tags[1] == tags[2] and tags[0].count(",") == 2
    places = [line.index(tags[0]) for line in lines]
    assert places[0] == places[1] == places[2] + 2, "two of its signs take two columns each"


def test_text_says_that_silence_is_silent(tmp_path):
    silence = write_wav(tmp_path / "silence.wav", np.zeros(4 * 16000), 16000)
    assert "silent" in run(silence).out
    assert [line.endswith("(silent)") for line in run(silence, silence).out.splitlines()] == [True, True]


# ---- Names ----

NAMES = {
    b"caf\xe9.wav": "caf�.wav",
    b"two\nlines.wav": "two\nlines.wav",
    b"return\r.wav": "return\r.wav",
    "\x9b31mred.wav".encode(): "\x9b31mred.wav",
    b"\x1b[31mred\x07.wav": "\x1b[31mred\x07.wav",
    b'comma, "quote" \\.wav': 'comma, "quote" \\.wav',
    b"\xed\xa0\x80 \xc0\xaf \xf5.wav": "��� �� �.wav",  # a surrogate, an overlong slash, beyond Unicode
    "Mädchen 音楽.wav".encode(): "Mädchen 音楽.wav",
    b"n" * 251 + b".wav": "n" * 251 + ".wav",
}


@pytest.fixture(params=list(NAMES), ids=repr)
def odd_name(request, tmp_path, song):
    with open(os.path.join(os.fsencode(tmp_path), request.param), "wb") as file:
        file.write(song.read_bytes())
    return request.param


def test_odd_names_in_json(odd_name, tmp_path):
    outcome = run("--format", "json", odd_name, cwd=tmp_path)
    assert outcome.status == 0
    assert outcome.json()["file"] == NAMES[odd_name]
    assert len(run("--format", "json", odd_name, odd_name, cwd=tmp_path).lines()) == 2


def test_odd_names_in_csv(odd_name, tmp_path):
    rows = list(csv.reader(io.StringIO(run("--format", "csv", odd_name, cwd=tmp_path).out, newline="")))
    assert [row[0] for row in rows] == ["file", NAMES[odd_name], NAMES[odd_name]]
    assert {len(row) for row in rows} == {59}


def test_odd_names_in_text_take_one_line_without_controls(odd_name, tmp_path):
    outcome = run(odd_name, odd_name, cwd=tmp_path)
    assert outcome.status == 0
    assert len(outcome.out.split("\n")) == 3
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in outcome.out if sign != "\n")


def test_odd_names_in_complaints_take_one_line(odd_name, tmp_path):
    (tmp_path / os.fsdecode(odd_name)).write_bytes(b"")
    outcome = run(odd_name, cwd=tmp_path)
    assert outcome.status == 1
    assert len(outcome.complaints()) == 1 and "empty" in outcome.err
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in outcome.err if sign != "\n")
