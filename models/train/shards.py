"""Shards: takes side by side in a WAV file of 16 kHz mono int16, which any program reads, and what teachers say of it.

Segment i is frames [187 i, 187 (i + 1)) of the file, or samples [47872 i, 47872 (i + 1)). A shard is whole once it has
its recipe, which is written last; each teacher's answers lie in a file of their own.
"""

import json
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from train.corpus import Corpus, write_whole
from train.decoding import SAMPLE_RATE
from train.takes import SEGMENT, Take

SEGMENTS = 600  # a shard, or more if its last take is long
WAV_HEADER = 44  # bytes before the samples, as Python's wave module writes them


@dataclass(frozen=True)
class Shard:
    """One of a set's shards, by its path without suffix."""

    path: Path

    @property
    def wav(self) -> Path:
        return self.path.with_suffix(".wav")

    @property
    def levels(self) -> Path:
        return self.path.with_suffix(".levels.npy")

    def labels(self, teacher: str) -> Path:
        return self.path.with_suffix(f".{teacher}.npy")

    def hints(self, teacher: str) -> Path:
        return self.path.with_suffix(f".{teacher}.hints.npy")

    @property
    def recipe(self) -> Path:
        return self.path.with_suffix(".json")

    def samples(self) -> np.ndarray:
        """int16 [segments * SEGMENT], a view of the file"""
        return np.memmap(self.wav, "<i2", "r", offset=WAV_HEADER)

    def takes(self) -> list[dict]:
        return json.loads(self.recipe.read_text())


def of_set(folder: Path, name: str) -> list[Shard]:
    """The shards of a set, in the order in which they were made."""
    return [Shard(path.with_suffix("")) for path in sorted((folder / "shards" / name).glob("*.json"))]


def make(corpus: Corpus, name: str, takes: Iterable[Take]) -> Iterator[Shard]:
    """The shards of a set, and of the takes that it lacks new ones, each written as it is asked for."""
    shards = of_set(corpus.folder, name)
    yield from shards
    done = {take["key"] for shard in shards for take in shard.takes()}
    following = int(shards[-1].path.name) + 1 if shards else 0
    for number, batch in enumerate(_batches(take for take in takes if take.key not in done), following):
        shard = Shard(corpus.folder / "shards" / name / f"{number:04}")
        shard.path.parent.mkdir(parents=True, exist_ok=True)
        _write_wav(shard.wav, (take.render(corpus) for take in batch))
        np.save(shard.levels, levels(shard.samples()))
        write_whole(shard.recipe, json.dumps([_recipe(take) for take in batch], indent=1))
        yield shard


def levels(samples: np.ndarray) -> np.ndarray:
    """[segments]: RMS in dB of full scale."""
    power = [np.mean(np.square(segment, dtype=np.float64)) for segment in samples.reshape(-1, SEGMENT)]
    return 10 * np.log10(np.maximum(power, 1e-3)) - 20 * np.log10(32768)


def _batches(takes: Iterable[Take]) -> Iterator[list[Take]]:
    batch: list[Take] = []
    for take in takes:
        batch.append(take)
        if sum(part.segments for part in batch) >= SEGMENTS:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_wav(path: Path, parts: Iterable[np.ndarray]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for part in parts:
            file.writeframes(part.astype("<i2").tobytes())


def _recipe(take: Take) -> dict:
    return {
        "key": take.key,
        "made": take.made,
        "sources": [track.source for track in take.tracks],
        "tracks": [track.name for track in take.tracks],
        "tags": take.tags,
        "size": take.size,
        "segments": take.segments,
        "speed": take.speed,
        "offset": take.offset,
        "gain_db": take.gain_db,
        "second_db": take.second_db,
    }
