"""The label step: what the released models say of every segment, by Taggram's program, the fastest exact teacher."""

import itertools
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from train import hints, shards, takes
from train.corpus import Corpus
from train.errors import TrainError
from train.shards import Shard
from train.takes import Take

TEACHERS = ("MTT_musicnn", "MTT_vgg", "MSD_musicnn", "MSD_vgg")
MODELS = Path(__file__).resolve().parent.parent

EVALUATED = ("validation", "held-out", "midi held-out")


def label_all(corpus: Corpus, program: Path, passes: list[str], teachers: list[str]) -> None:
    """The sets that models are evaluated on, by all teachers, then the training music; only what is missing."""
    sources = corpus.sources()
    for name in EVALUATED:
        _label_set(corpus, program, name, takes.unaltered(name, sources), TEACHERS)
    of_training = itertools.chain.from_iterable(takes.of_pass(name, sources) for name in passes)
    _label_set(corpus, program, "train", of_training, teachers)


def _label_set(corpus: Corpus, program: Path, name: str, of_set: Iterable[Take], teachers: Iterable[str]) -> None:
    for shard in shards.make(corpus, name, of_set):
        missing = [teacher for teacher in teachers if not _is_labelled(shard, teacher, name)]
        start = time.monotonic()
        for teacher in missing:
            _tag(program, teacher, shard, with_hints=_gives_hints(teacher, name))
        if missing:
            count = sum(take["segments"] for take in shard.takes())
            pace = (time.monotonic() - start) / count * 1000
            print(f"{name} {shard.path.name}: {count} segments, {pace:.1f} ms each", flush=True)


def _gives_hints(teacher: str, of_set: str) -> bool:
    return of_set == "train" and teacher in hints.TEACHERS


def _is_labelled(shard: Shard, teacher: str, of_set: str) -> bool:
    return shard.labels(teacher).exists() and (not _gives_hints(teacher, of_set) or shard.hints(teacher).exists())


def _tag(program: Path, teacher: str, shard: Shard, with_hints: bool) -> None:
    """Logits [segments][50] and, if asked, hints: each file whole or not at all."""
    names = ("logits", *hints.FEATURES) if with_hints else ("logits",)
    with tempfile.TemporaryDirectory(dir=shard.path.parent) as folder:
        output = Path(folder) / "features.npz"
        _run(program, teacher, shard, names, output)
        found = np.load(output)
        if with_hints:
            _save(shard.hints(teacher), hints.of_features(*(found[name] for name in hints.FEATURES)))
        _save(shard.labels(teacher), found["logits"])


def _save(path: Path, values: np.ndarray) -> None:
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.save(file, values)
    unfinished.replace(path)


def _run(program: Path, teacher: str, shard: Shard, features: Iterable[str], output: Path) -> None:
    command = [str(program), "--model", str(MODELS / f"{teacher}.gguf")]
    command += ["--format", "npz", "--features", ",".join(features)]
    command += ["--output", str(output), str(shard.wav)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise TrainError(f"{program} is not there: build-scripts/build makes it.") from error
    except subprocess.CalledProcessError as error:
        raise TrainError(f"{program} could not tag {shard.wav}: {error.stderr.strip()}") from error
