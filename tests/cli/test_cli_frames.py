"""Seconds become frames of 16 ms by the rules that the manual states."""

import math

import numpy as np
import pytest

from conftest import refused, run
from reference.network import frames_of_hop, frames_of_length
from sounds import music, write_wav

FRAME = 0.016
NUMBERS_ONLY = ["0", "-1", "nan", "inf", "1e999", "abc", "1x", "", " 1", "0x1", "1,5"]


def starts(result):
    return [segment["start"] for segment in result["segments"]]


def evenly(count, frames):
    return pytest.approx([i * frames * FRAME for i in range(count)], abs=1e-9)


# ---- Hop ----


@pytest.mark.parametrize(
    ("seconds", "frames"),
    [("2.992", 187), ("3", 187), ("3.015", 187), ("1.5", 94), ("1.472", 92), ("0.1", 6), ("1e0", 63), ("0.0001", 1)],
)
def test_hop_is_rounded_to_frames(tmp_path, song, tags_of, seconds, frames):
    path = song if frames > 1 else write_wav(tmp_path / "short.wav", music(3.1))
    result = tags_of("--hop", seconds, path)
    assert result["hop"] == pytest.approx(frames * FRAME, abs=1e-9)
    assert starts(result) == evenly(len(result["segments"]), frames)


@pytest.mark.parametrize("value", ["3.017", "3.1", "1e300"])
def test_hop_beyond_the_segment_is_refused(song, value):
    refused(run("--hop", value, song), "--hop", "2.992 s")


def test_hop_is_measured_by_the_length(song, tags_of):
    assert tags_of("--length", "5", "--hop", "3.2", song)["hop"] == 3.2
    assert tags_of("--hop", "3.2", "--length", "5", song)["hop"] == 3.2
    refused(run("--length", "1", "--hop", "1.5", song), "--hop", "0.992 s")


# ---- Length ----


@pytest.mark.parametrize("seconds", ["3", "2.992", "3.007", "1", "0.5", "6.4"])
def test_length_follows_the_librarys_rule(song, tags_of, seconds):
    result = tags_of("--length", seconds, song)
    frames = frames_of_length(float(seconds))
    assert result["length"] == result["hop"] == pytest.approx(frames * FRAME, abs=1e-9)
    assert len(result["segments"]) == math.floor((1 + 6.5 / FRAME) / frames)
    for segment in result["segments"]:
        assert segment["end"] - segment["start"] == pytest.approx(frames * FRAME, abs=1e-9)


def test_a_segment_may_be_one_frame(tmp_path, tags_of):
    result = tags_of("--length", "0.016", write_wav(tmp_path / "short.wav", music(0.2)))
    assert result["length"] == result["hop"] == FRAME and len(result["taggram"]) == 13


def test_a_segment_may_be_longer_than_the_song(song, tags_of):
    result = tags_of("--length", "60", song)
    assert result["length"] == 60
    assert [segment["padded"] for segment in result["segments"]] == [True]


@pytest.mark.parametrize("value", ["0.0159", "1e-9", "600.02", "1e300"])
def test_length_out_of_range_is_refused(song, value):
    refused(run("--length", value, song), "--length", "0.016", "600 s")


def test_vgg_has_one_length(song, tags_of):
    assert tags_of("--model", "MTT_vgg", "--length", "3", song) == tags_of("--model", "MTT_vgg", song)
    for value in ("2", "3.1"):
        refused(run("--model", "MTT_vgg", "--length", value, song), "--length", "MTT_vgg", "2.992 s")


# ---- Overlap ----


@pytest.mark.parametrize("seconds", ["1.5", "1", "0.2", "3", "3.01"])
def test_overlap_follows_the_librarys_rule(song, tags_of, seconds):
    frames = frames_of_hop(float(seconds))
    result = tags_of("--overlap", seconds, song)
    assert result["hop"] == pytest.approx(frames * FRAME, abs=1e-9)
    assert starts(result) == evenly(len(result["segments"]), frames)


def test_smallest_overlap_is_one_frame(tmp_path, tags_of):
    assert tags_of("--overlap", "0.001", write_wav(tmp_path / "short.wav", music(3.1)))["hop"] == FRAME


def test_overlap_beyond_the_segment_is_refused(song):
    refused(run("--overlap", "3.1", song), "--overlap", "2.992 s")


def test_overlap_excludes_hop(song):
    refused(run("--overlap", "1", "--hop", "1", song), "--overlap", "--hop")


# ---- All of them ----


@pytest.mark.parametrize("option", ["--hop", "--length", "--overlap"])
@pytest.mark.parametrize("value", NUMBERS_ONLY)
def test_what_is_no_number_of_seconds_is_refused(song, option, value):
    refused(run(f"{option}={value}", song), option)


@pytest.mark.parametrize(
    ("arguments", "length", "hop"),
    [
        (["--hop", "1.5"], 2.992, 1.504),
        (["--overlap", "1.5"], 2.992, 1.472),
        (["--length", "1"], 0.992, 0.992),
        (["--hop", "3"], 2.992, 2.992),
    ],
)
def test_text_tells_the_seconds_where_some_were_asked_for(song, arguments, length, hop):
    said = f"segments of {length} s, one every {hop} s"
    assert run(*arguments, song).out.splitlines()[0] == f"{song} (0:07; {said})"
    heading, *lines = run(*arguments, song, song).out.splitlines()
    assert heading == f"({said})" and len(lines) == 2
    assert "segments" not in run(song).out and len(run(song, song).out.splitlines()) == 2


def test_the_end_of_silence_is_silent(tmp_path, tags_of):
    """The last frame of audio has no samples of its own."""
    silence = write_wav(tmp_path / "silence.wav", np.zeros(256 * 20), 16000)
    result = tags_of("--length", "0.016", silence)
    assert all(segment["silent"] for segment in result["segments"]) and result["top"] == []
