"""The label step: what the released models say of every segment, by Taggram's program, the fastest exact teacher."""

import itertools
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from train import shards, takes
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
        missing = [teacher for teacher in teachers if not shard.labels(teacher).exists()]
        start = time.monotonic()
        for teacher in missing:
            _tag(program, teacher, shard)
        if missing:
            count = sum(take["segments"] for take in shard.takes())
            pace = (time.monotonic() - start) / count * 1000
            print(f"{name} {shard.path.name}: {count} segments, {pace:.1f} ms each", flush=True)


def _tag(program: Path, teacher: str, shard: Shard) -> None:
    """Logits [segments][50], written whole or not at all: the program replaces its output when all is done."""
    model = MODELS / f"{teacher}.gguf"
    command = [str(program), "--model", str(model), "--format", "npy", "--features", "logits"]
    command += ["--output", str(shard.labels(teacher)), str(shard.wav)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise TrainError(f"{program} is not there: build-scripts/build makes it.") from error
    except subprocess.CalledProcessError as error:
        raise TrainError(f"{program} could not tag {shard.wav}: {error.stderr.strip()}") from error
