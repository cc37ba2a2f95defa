"""Labelled segments in memory order: where each lies, what is known of it, and its PCM when asked for."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from train import hints, shards
from train.errors import TrainError
from train.label import TEACHERS
from train.shards import Shard
from train.takes import FRAME, SEGMENT

QUIETEST_DB = -60.0  # below this there is nothing to learn


@dataclass(frozen=True)
class Segments:
    """All segments of some shards, one after another."""

    shards: list[Shard]
    samples: list[np.ndarray]  # of each shard
    shard: np.ndarray  # [segments]
    place: np.ndarray  # [segments]: number in its shard
    logits: dict[str, np.ndarray]  # [segments][50] of each teacher who has labelled all of them
    hints: list[list[np.ndarray]]  # of each shard, if all have them: [segments][hints] of each teacher who gives any
    levels: np.ndarray  # [segments], dB
    take: np.ndarray  # [segments]: index into takes
    takes: list[dict]

    def __len__(self) -> int:
        return len(self.shard)

    def of_takes(self, key: str) -> np.ndarray:
        """What each segment's take says under a key."""
        return np.array([take[key] for take in self.takes])[self.take]

    @property
    def loud(self) -> np.ndarray:
        """[segments]: whether there is something to hear."""
        return self.levels > QUIETEST_DB

    def hints_of(self, indices: np.ndarray) -> np.ndarray:
        """float32 [segments][teachers][hints]"""
        if not self.hints:
            raise TrainError("Some segments lack hints: run the label step again, or train with --hints 0.")
        rows = [[of_teacher[self.place[i]] for of_teacher in self.hints[self.shard[i]]] for i in indices]
        return np.array(rows, np.float32)

    def pcm(self, index: int, context: int = 0, length: int = SEGMENT) -> np.ndarray:
        """float32 [context + length]: a segment, or a longer excerpt that begins with it, and what comes before.

        Before a shard's first sample the sound is mirrored, as Taggram does it.
        """
        samples = self.samples[self.shard[index]]
        start = self.place[index] * SEGMENT
        if start < context:
            before = samples[start + 1 : start + 1 + context][::-1]
            sound = np.concatenate([before, samples[start : start + length]])
        else:
            sound = samples[start - context : start + length]
        return sound.astype(np.float32) / 32768


def context_of(front_end: str) -> int:
    """Samples before a segment that its first frame hears: frames are centred."""
    return FRAME if front_end == "spectrogram" else 0


def load(found: list[Shard]) -> Segments:
    """Reads labels and recipes of shards, and maps their PCM."""
    takes = [take for item in found for take in item.takes()]
    counts = [take["segments"] for take in takes]
    in_shard = [sum(take["segments"] for take in item.takes()) for item in found]
    samples = [item.samples() for item in found]
    logits = {
        teacher: np.concatenate([np.load(item.labels(teacher)) for item in found])
        for teacher in TEACHERS
        if all(item.labels(teacher).exists() for item in found)
    }
    with_hints = all(item.hints(teacher).exists() for item in found for teacher in hints.TEACHERS)
    return Segments(
        shards=found,
        samples=samples,
        shard=np.repeat(np.arange(len(found)), in_shard),
        place=np.concatenate([np.arange(count) for count in in_shard]),
        logits=logits,
        hints=[[np.load(item.hints(teacher), mmap_mode="r") for teacher in hints.TEACHERS] for item in found]
        if with_hints
        else [],
        levels=np.concatenate([np.load(item.levels) for item in found]),
        take=np.repeat(np.arange(len(takes)), counts),
        takes=takes,
    )


def of_set(work: Path, name: str) -> Segments:
    """The segments of a set that musicnn has labelled."""
    found = [
        item
        for item in shards.of_set(work, name)
        if all(item.labels(teacher).exists() for teacher in TEACHERS if teacher.endswith("musicnn"))
    ]
    if not found:
        raise TrainError(f"{work} has no labels of {name} music: run the label step first.")
    return load(found)


def batch(segments: Segments, indices: np.ndarray, front_end: str, count: int = 1) -> np.ndarray:
    """float32 [batch][samples]: excerpts of `count` segments."""
    context = context_of(front_end)
    return np.stack([segments.pcm(index, context, count * SEGMENT) for index in indices])


def excerpts(segments: Segments, count: int) -> np.ndarray:
    """Where excerpts of `count` segments begin: side by side in each take, none of them silent."""
    places = np.arange(len(segments)) - np.searchsorted(segments.take, segments.take)
    starts = np.flatnonzero(places % count == 0)
    starts = starts[starts + count <= len(segments)]
    rows = starts[:, None] + np.arange(count)
    whole = (segments.take[rows] == segments.take[starts][:, None]).all(1) & segments.loud[rows].all(1)
    return starts[whole]


class Order:
    """Which segments each step sees: every epoch is a permutation that follows from the seed alone."""

    def __init__(self, usable: np.ndarray, size: int, seed: int) -> None:
        self.usable, self.size, self.seed = usable, size, seed
        self.steps = len(usable) // size  # an epoch
        self.epoch = -1

    def step(self, number: int) -> np.ndarray:
        epoch, place = divmod(number, self.steps)
        if epoch != self.epoch:
            self.epoch = epoch
            self.permuted = np.random.default_rng([self.seed, epoch]).permutation(self.usable)
        return self.permuted[place * self.size : (place + 1) * self.size]
