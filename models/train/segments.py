"""Labelled segments in memory order: where each lies, what is known of it, and its PCM when asked for."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from train import shards
from train.logmel import CONTEXT
from train.shards import Shard
from train.takes import SEGMENT

QUIETEST_DB = -60.0  # below this there is nothing to learn


@dataclass(frozen=True)
class Segments:
    """All segments of some shards, one after another."""

    shards: list[Shard]
    samples: list[np.ndarray]  # of each shard
    shard: np.ndarray  # [segments]
    place: np.ndarray  # [segments]: number in its shard
    logits: np.ndarray  # [segments][4][50]: the teachers'
    levels: np.ndarray  # [segments], dB
    take: np.ndarray  # [segments]: index into takes
    takes: list[dict]

    def __len__(self) -> int:
        return len(self.shard)

    def of_takes(self, key: str) -> np.ndarray:
        """What each segment's take says under a key."""
        return np.array([take[key] for take in self.takes])[self.take]

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
    return CONTEXT if front_end == "spectrogram" else 0


def load(found: list[Shard]) -> Segments:
    """Reads labels and recipes of shards, and maps their PCM."""
    logits, levels, take, shard, place, takes = [], [], [], [], [], []
    for number, item in enumerate(found):
        with np.load(item.labels) as labels:
            logits.append(labels["logits"])
            levels.append(labels["levels"])
        counts = [recipe["segments"] for recipe in item.takes()]
        take.append(np.repeat(np.arange(len(takes), len(takes) + len(counts)), counts))
        takes += item.takes()
        shard.append(np.full(sum(counts), number))
        place.append(np.arange(sum(counts)))
    samples = [item.samples() for item in found]
    arrays = (np.concatenate(parts) for parts in (shard, place, logits, levels, take))
    return Segments(found, samples, *arrays, takes)


def of_set(work: Path, name: str) -> Segments:
    return load(shards.of_set(work, name))


def batch(segments: Segments, indices: np.ndarray, front_end: str, count: int = 1) -> np.ndarray:
    """float32 [batch][samples]: excerpts of `count` segments."""
    context = context_of(front_end)
    return np.stack([segments.pcm(index, context, count * SEGMENT) for index in indices])


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
