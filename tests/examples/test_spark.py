"""examples/spark with two local workers: every song has its record, with the numbers of the program alone.

Spark's own Python is build/spark/bin/python, or what the environment variable SPARK_PYTHON names.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / os.environ.get("TAGGRAM", "build/native/taggram")
PYTHON = REPOSITORY / os.environ.get("SPARK_PYTHON", "build/spark/bin/python")
SCRIPT = REPOSITORY / "examples" / "spark" / "tag_songs.py"
MODEL = REPOSITORY / "models" / "MTT_musicnn.gguf"

READ_RESULTS = """
import json, sys
import pyarrow.parquet
print(json.dumps(pyarrow.parquet.read_table(sys.argv[1]).to_pylist()))
"""


def spark(*arguments, model=MODEL, program=PROGRAM):
    command = [PYTHON, SCRIPT, "--model", model, "--program", program, *map(str, arguments)]
    environment = os.environ | {"PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell", "PYSPARK_PYTHON": str(PYTHON)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)


def records(folder):
    done = subprocess.run([PYTHON, "-c", READ_RESULTS, folder], capture_output=True, text=True, check=True)
    return {record["file"]: record for record in json.loads(done.stdout)}


def tagged_alone(songs, *options):
    """By the program without Spark, in one process."""
    names = "".join(f"{song}\n" for song in songs)
    command = [PROGRAM, "--model", MODEL, "--format", "ndjson", "--files-from", "-", *options]
    done = subprocess.run(command, input=names, capture_output=True, text=True, check=False)
    return {record["file"]: record for record in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """The bundled clip, excerpts of it under odd names, and files that can't be tagged."""
    folder = tmp_path_factory.mktemp("songs")
    clip = REPOSITORY / "web" / "public" / "example" / "naev-introduction.mp3"
    good = [folder / name for name in ("clip.mp3", "from 10 s.flac", "Größe 音楽.ogg", "short.wav")]
    shutil.copy(clip, good[0])
    for path, (start, seconds) in zip(good[1:], [(10, 9), (3, 8), (20, 0.5)], strict=True):
        cut = ["ffmpeg", "-v", "error", "-ss", str(start), "-t", str(seconds), "-i", str(clip), str(path)]
        subprocess.run(cut, check=True)
    (folder / "empty.mp3").touch()
    (folder / "text.mp3").write_text("no music")
    return [*good, folder / "empty.mp3", folder / "text.mp3", folder / "missing.mp3"]


def test_the_results_are_the_programs(songs, tmp_path):
    """Of a list as Windows writes it, by a model file that is a link."""
    (tmp_path / "songs.txt").write_text("".join(f"{song}\n" for song in songs), encoding="utf-8-sig", newline="\r\n")
    (tmp_path / "link.gguf").symlink_to(MODEL)
    options = ["--hop", "1.5", "--top", "5", "--features", "penultimate,logits"]
    arguments = [tmp_path / "songs.txt", tmp_path / "results", "--partitions", 3, "--", *options]
    done = spark(*arguments, model=tmp_path / "link.gguf")
    assert done.returncode == 0, done.stderr
    assert "7 songs, 3 of them could not be tagged" in done.stdout
    assert not (tmp_path / "results.unfinished").exists()
    results, expected = records(tmp_path / "results"), tagged_alone(songs, *options)
    assert results.keys() == expected.keys() == {str(song) for song in songs}
    for name, record in expected.items():
        result = {key: value for key, value in results[name].items() if value is not None}
        assert result.keys() == record.keys()
        for key in record.keys() - {"taggram", "features", "top"}:
            assert result[key] == record[key]
        if "error" not in record:
            assert [tag["tag"] for tag in result["top"]] == [tag["tag"] for tag in record["top"]]
            for row, expected_row in zip(result["taggram"], record["taggram"], strict=True):
                assert row == pytest.approx(expected_row, rel=1e-6)
            assert {feature: json.loads(values) for feature, values in result["features"]} == record["features"]


@pytest.fixture
def earlier(tmp_path):
    """A list of one song, and results of an earlier job in the folder for the new ones."""
    (tmp_path / "songs.txt").write_text("song.mp3\n")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "part.parquet").write_text("earlier")
    return tmp_path


def kept(folder):
    return (folder / "results" / "part.parquet").read_text() == "earlier"


@pytest.mark.parametrize(
    ("arguments", "changes", "sentence"),
    [
        (["--", "--hop", "abc"], {}, "taggram: --hop must be a number of seconds above 0, not 'abc'."),
        (["--", "--hop", "1000"], {}, "--hop must not be longer than a segment"),
        ([], {"model": Path("nowhere.gguf")}, "nowhere.gguf: It cannot be opened"),
        ([], {"program": "/nowhere/taggram"}, "/nowhere/taggram could not be run: "),
        (["--hop", "1"], {}, "unrecognized arguments: --hop 1"),
    ],
)
def test_what_the_program_refuses_is_told_before_the_job(earlier, arguments, changes, sentence):
    done = spark(earlier / "songs.txt", earlier / "results", *arguments, **changes)
    assert done.returncode != 0
    *usage, said = done.stderr.splitlines()
    assert sentence in said
    assert all(line.startswith("usage: ") for line in usage)
    assert kept(earlier)


def test_a_missing_list_is_told(tmp_path):
    done = spark(tmp_path / "none.txt", tmp_path / "results")
    assert done.returncode != 0
    assert done.stderr == f"{tmp_path / 'none.txt'} could not be read: No such file or directory.\n"


def test_a_job_that_fails_leaves_earlier_results(earlier):
    """By a program that ends early as soon as it is given a song."""
    program = earlier / "taggram"
    program.write_text("#!/bin/sh\nif read -r song; then exit 3; fi\n")
    program.chmod(0o755)
    done = spark(earlier / "songs.txt", earlier / "results", program=program)
    assert done.returncode != 0
    assert "ended with status 3 after 0 of 1 songs" in done.stderr
    assert kept(earlier)
