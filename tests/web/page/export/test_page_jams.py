"""The page's JAMS: valid by its own library, as the program's is (tests/cli/test_cli_jams.py)."""

import json
import subprocess
from pathlib import Path

import jams
import pytest

REPOSITORY = Path(__file__).resolve().parents[4]

# jams 0.3.5 calls jsonschema as older versions of it wanted.
pytestmark = pytest.mark.filterwarnings("ignore:Passing a schema to Validator:DeprecationWarning")

RESULT = {
    "file": 'quiet, "then" loud, 音楽.wav',
    "model": "MTT_musicnn",
    "version": "1.2.3",
    "sample_rate": 44100,
    "duration": 7.5,
    "hop": 2.992,
    "length": 2.992,
    "tags": ["guitar", "slow"],
    "segments": [
        {"start": 0, "end": 2.992, "silent": True, "padded": False},
        {"start": 2.992, "end": 5.984, "silent": False, "padded": False},
        {"start": 4.508, "end": 7.5, "silent": False, "padded": False},
    ],
    "taggram": [[0, 0], [0.25, 1], [0.75, 1.5e-7]],
    "top": [],
    "warnings": [],
}
SILENT = RESULT | {"segments": [segment | {"silent": True} for segment in RESULT["segments"]]}


def saved(folder, result, means):
    path = folder / "saved.jams"
    command = ["node", "tests/web/support/write-jams.mjs"]
    given = json.dumps({"result": result, "means": means}).encode()
    path.write_bytes(subprocess.run(command, cwd=REPOSITORY, input=given, stdout=subprocess.PIPE, check=True).stdout)
    document = jams.load(str(path), validate=True, strict=True)
    assert document.validate(strict=True)
    return document


def observations(annotation):
    return [(o.time, o.duration, o.value, o.confidence) for o in annotation.data]


def test_jams_of_the_page_is_valid(tmp_path):
    document = saved(tmp_path, RESULT, [0.5, 0.6])
    assert document.file_metadata.title == RESULT["file"]
    assert document.file_metadata.duration == 7.5
    whole, segments = document.annotations
    assert observations(whole) == [(0, 7.5, "slow", 0.6), (0, 7.5, "guitar", 0.5)]
    assert observations(segments) == [
        (2.992, 2.992, "guitar", 0.25),
        (2.992, 2.992, "slow", 1),
        (4.508, 2.992, "guitar", 0.75),
        (4.508, 2.992, "slow", 1.5e-7),
    ]


def test_jams_of_silence_is_valid(tmp_path):
    assert [len(annotation.data) for annotation in saved(tmp_path, SILENT, None).annotations] == [0, 0]
