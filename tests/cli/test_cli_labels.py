"""Audacity's label track: three fields a line, separated by tabs."""

import re

import numpy as np
import pytest

from conftest import run
from sounds import music, write_wav


def labels(*arguments):
    outcome = run("--format", "labels", *arguments)
    assert (outcome.status, outcome.err) == (0, "")
    origin, *rows = [tuple(line.split("\t")) for line in outcome.out.splitlines()]
    assert origin[:2] == ("0.000", "0.000") and re.fullmatch(
        r"Taggram [\d.]+, \w+, hop [\d.]+ s, length [\d.]+ s", origin[2]
    )
    return rows


@pytest.mark.parametrize("top", [1, 3, 5])
def test_each_segment_has_its_strongest_tags(song, tags_of, top):
    result = tags_of("--hop", "1", song)
    rows = labels("--hop", "1", "--top", top, song)
    assert len(rows) == len(result["segments"])
    for (start, end, text), segment, scores in zip(rows, result["segments"], result["taggram"], strict=True):
        assert (float(start), float(end)) == (segment["start"], segment["end"])
        strongest = sorted(zip(scores, result["tags"], strict=True), key=lambda pair: -pair[0])[:top]
        assert text == ", ".join(f"{tag} {score:.2f}" for score, tag in strongest)


def test_first_it_says_how_it_was_made(song, tags_of):
    first = run("--format", "labels", "--model", "MSD_vgg", "--hop", "1", song).out.splitlines()[0]
    result = tags_of("--model", "MSD_vgg", "--hop", "1", song)
    assert first == f"0.000\t0.000\tTaggram {result['version']}, MSD_vgg, hop 1.008 s, length 2.992 s"


@pytest.mark.parametrize("options", [[], ["--tail", "keep"]])
def test_labels_end_with_the_song(tmp_path, options):
    assert labels(*options, write_wav(tmp_path / "short.wav", music(1)))[-1][:2] == ("0.000", "1.000")
    assert float(labels(*options, write_wav(tmp_path / "long.wav", music(5.99)))[-1][1]) <= 5.99


def test_three_tags_unless_told_otherwise(song):
    assert labels(song) == labels("--top", 3, song)


def test_silence_is_labelled(tmp_path):
    samples = music(5.984)
    samples[: round(3.1 * 44100)] = 0
    rows = labels(write_wav(tmp_path / "half.wav", samples))
    assert rows[0] == ("0.000", "2.992", "silent") and rows[1][2] != "silent"
    assert [row[2] for row in labels(write_wav(tmp_path / "zero.wav", np.zeros(48000), 16000))] == ["silent"]
