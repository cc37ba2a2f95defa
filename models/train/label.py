"""The label step: what the released models say of every segment, by Taggram's program, the fastest exact teacher."""

import itertools
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from train import shards, takes
from train.corpus import Corpus
from train.errors import TrainError
from train.shards import Shard
from train.takes import Take

TEACHERS = ("MTT_musicnn", "MTT_vgg", "MSD_musicnn", "MSD_vgg")
MODELS = Path(__file__).resolve().parent.parent

EVALUATED = ("validation", "held-out", "midi held-out")


def label_all(corpus: Corpus, program: Path, passes: list[str]) -> None:
    """The sets that models are evaluated on, then the passes over the training music; only what is missing."""
    sources = corpus.sources()
    for name in EVALUATED:
        _label_set(corpus, program, name, takes.unaltered(name, sources))
    _label_set(corpus, program, "train", itertools.chain.from_iterable(takes.of_pass(p, sources) for p in passes))


def _label_set(corpus: Corpus, program: Path, name: str, of_set: Iterable[Take]) -> None:
    for shard in shards.make(corpus, name, of_set):
        start = time.monotonic()
        logits = np.stack([_logits(program, teacher, shard) for teacher in TEACHERS], axis=1)
        levels = shards.levels(shard.samples())
        unfinished = shard.path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(file, logits=logits, levels=levels)
        unfinished.rename(shard.labels)
        pace = (time.monotonic() - start) / len(logits) * 1000
        print(f"{name} {shard.path.name}: {len(logits)} segments, {pace:.1f} ms each", flush=True)


def _logits(program: Path, teacher: str, shard: Shard) -> np.ndarray:
    """float32 [segments][50]"""
    answers = shard.path.with_suffix(f".{teacher}.npz")
    model = MODELS / f"{teacher}.gguf"
    command = [str(program), "--model", str(model), "--format", "npz", "--features", "logits"]
    try:
        subprocess.run([*command, "--output", str(answers), str(shard.wav)], check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise TrainError(f"{program} is not there: build-scripts/build makes it.") from error
    except subprocess.CalledProcessError as error:
        raise TrainError(f"{program} could not tag {shard.wav}: {error.stderr.strip()}") from error
    with np.load(answers) as file:
        logits = file["logits"]
    answers.unlink()
    return logits
