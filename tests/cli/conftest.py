"""Runs the program that the environment variable TAGGRAM names, by default build/native/taggram."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import sounds

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / os.environ.get("TAGGRAM", "build/native/taggram")
MODEL_FILE = REPOSITORY / "models" / "MTT_musicnn.gguf"
MODELS = ("MSD_musicnn", "MSD_vgg", "MTT_musicnn", "MTT_vgg")
GOLDENS = REPOSITORY / "tests" / "goldens"

# A sanitizer's report must not look like the program's own exit status 1.
SANITIZERS = {"ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}


@dataclass(frozen=True)
class Outcome:
    status: int
    data: bytes  # of standard output
    err: str

    @property
    def out(self) -> str:
        return self.data.decode()

    def json(self) -> dict:
        """The object that one file gives."""
        return strict_json(self.out)

    def lines(self) -> list[dict]:
        """The objects that several files give, a line each."""
        return [strict_json(line) for line in self.out.splitlines()]

    def complaints(self) -> list[str]:
        return self.err.splitlines()


def strict_json(text: str) -> dict:
    """As JSON is defined: without NaN and Infinity, and no key twice."""

    def no_constant(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    def no_repetition(pairs: list[tuple]) -> dict:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=no_constant, object_pairs_hook=no_repetition)


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("TAGGRAM_MODELS", "TMPDIR")}
    return kept | SANITIZERS | changes


def run(*arguments: object, program: Path = PROGRAM, env: dict[str, str] | None = None, **options: object) -> Outcome:
    """Runs it to its end. Fails if it crashes, hangs, says nothing of a failure, or a sanitizer complains."""
    command = [os.fsencode(program), *(os.fsencode(str(a) if isinstance(a, int | float) else a) for a in arguments)]
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "timeout": 120} | options
    if "input" in options:
        del options["stdin"]
    done = subprocess.run(command, stderr=subprocess.PIPE, env=environment(**(env or {})), check=False, **options)
    err = done.stderr.decode()
    assert done.returncode in (0, 1, 2), f"ended with {done.returncode}: {err}"
    assert done.returncode == 0 or err, "failed in silence"
    assert all(line.startswith(("taggram: ", "Try: ")) for line in err.splitlines()), err
    return Outcome(done.returncode, done.stdout or b"", err)


@pytest.fixture(scope="session")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound wav file of two segments and a rest: 44.1 kHz, stereo, 16 bits."""
    return sounds.write_wav(tmp_path_factory.mktemp("song") / "song.wav", sounds.music())


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clip that the goldens are of: 30 s of real music at 16 kHz."""
    samples = np.load(GOLDENS / "example" / "pcm.npy")
    return sounds.write_wav(tmp_path_factory.mktemp("example") / "example.wav", samples, 16000)


def refused(outcome: Outcome, *words: str) -> None:
    """Before anything was done: nothing on standard output, one sentence that says what is wrong, status 2."""
    assert outcome.status == 2 and outcome.data == b""
    sentence, advice = outcome.complaints()
    assert advice == "Try: taggram --help"
    for word in words:
        assert word in sentence, sentence


@pytest.fixture
def tags_of() -> Callable[..., dict]:
    """Runs the program on one sound file; gives its JSON."""

    def tag(*arguments: object) -> dict:
        outcome = run("--format", "json", *arguments)
        assert (outcome.status, outcome.err) == (0, "")
        return outcome.json()

    return tag


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the program as `cmake --install` lays it out, with one model named Elsewhere."""
    program = tmp_path / "usr" / "bin" / "taggram"
    models = tmp_path / "usr" / "share" / "taggram" / "models"
    program.parent.mkdir(parents=True)
    models.mkdir(parents=True)
    shutil.copy(PROGRAM, program)
    shutil.copy(MODEL_FILE, models / "Elsewhere.gguf")
    return program
