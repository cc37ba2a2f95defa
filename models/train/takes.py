"""Takes: what is made of the tracks before they are labelled, so that labels stay true.

A take is one track or two mixed ones, at some speed and loudness, in whole segments. It is cut by nothing but the order
of its segments, so a longer excerpt is several segments side by side.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from train.corpus import Corpus, Source, Track

SEGMENT_FRAMES = 187
FRAME = 256  # samples
SEGMENT = SEGMENT_FRAMES * FRAME  # 2.992 s

BLOCK = 4096  # samples; lengths of whole blocks have fast transforms

# The sizes of data: a part of the tracks, in per cent, each holding those before it.
SIZES = (10, 30, 100)

# What training takes are made of, in the order in which they are labelled.
PASSES = ("plain", "midi", "mix", "speed", "shifted")


@dataclass(frozen=True)
class Take:
    """What to play. `size` is the smallest size of data that holds its tracks."""

    made: str  # the pass that made it, or "unaltered"
    tracks: tuple[Track, ...]
    size: int
    speed: float = 1.0
    offset: int = 0  # samples of the first track to leave out
    gain_db: float = 0.0
    second_db: float = 0.0  # of the second track, after both are made equally loud

    @property
    def key(self) -> str:
        """There is one take of a track in a pass."""
        return f"{self.made} {self.tracks[0].source} {self.tracks[0].name}"

    @property
    def tags(self) -> list[str]:
        """What is known to be heard."""
        return sorted({tag for track in self.tracks for tag in track.tags})

    @property
    def segments(self) -> int:
        shortest = min(track.samples for track in self.tracks) - self.offset
        return _stretched(shortest, self.speed) // SEGMENT

    def render(self, corpus: Corpus) -> np.ndarray:
        """int16 [segments * SEGMENT]"""
        length = self.segments * SEGMENT
        parts = [corpus.read(track)[self.offset :] for track in self.tracks]
        if self.speed == 1 and self.gain_db == 0 and len(parts) == 1:
            return np.array(parts[0][:length])
        sound = _mixed(parts, self.second_db) if len(parts) > 1 else parts[0] / np.float32(32768)
        sound = _at_speed(sound, self.speed)[:length] * 10 ** (self.gain_db / 20)
        loudest = max(1.0, np.abs(sound).max())
        return np.rint(sound * (32767 / loudest)).astype(np.int16)


def smallest_size(track: Track) -> int:
    """By the track's hash, so that music added later moves none."""
    place = int(track.sha256[:8], 16) / 2**32 * 100
    return next(size for size in SIZES if place < size)


def of_pass(name: str, sources: list[Source]) -> Iterator[Take]:
    """The takes of a pass over the training music, in an order that mixes sources."""
    use = "midi train" if name == "midi" else "train"
    tracks = [track for source in sources if source.use == use for track in source.tracks]
    for track in sorted(tracks, key=lambda track: track.sha256):
        random = np.random.default_rng(zlib.crc32(f"{name} {track.sha256}".encode()))
        take = _take(name, track, tracks, random)
        if take.segments:
            yield take


def unaltered(use: str, sources: list[Source]) -> Iterator[Take]:
    """The tracks of a use as they are, source by source: what models are evaluated on."""
    for source in sources:
        for track in source.tracks:
            if source.use == use and track.samples >= SEGMENT:
                yield Take("unaltered", (track,), 100)


def _take(name: str, track: Track, tracks: list[Track], random: np.random.Generator) -> Take:
    size = smallest_size(track)
    # Most music is heard as loud as it was published.
    gain = random.uniform(-12, 3) if random.random() < 0.4 else 0.0
    take = Take(name, (track,), size, gain_db=gain)
    if name == "speed":
        slower = random.random() < 0.5
        return replace(take, speed=random.uniform(0.82, 0.96) if slower else random.uniform(1.04, 1.22))
    if name == "shifted":
        return replace(take, offset=SEGMENT // 2)
    if name == "mix":
        peers = [other for other in tracks if smallest_size(other) == size and other.source != track.source]
        second = peers[random.integers(len(peers))] if peers else track
        return replace(take, tracks=(track, second), second_db=random.uniform(-10, 0))
    return take


def _mixed(parts: list[np.ndarray], second_db: float) -> np.ndarray:
    length = min(map(len, parts))
    first, second = (part[:length] / np.float32(32768) for part in parts)
    level = _rms(first) / max(_rms(second), 1e-4) * 10 ** (second_db / 20)
    mixed = first + second * np.float32(level)
    return mixed * (_rms(first) / max(_rms(mixed), 1e-4))


def _rms(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def _stretched(samples: int, speed: float) -> int:
    """How many samples come out: whole blocks, made of whole blocks."""
    return samples if speed == 1 else int(samples // BLOCK * BLOCK / speed) // BLOCK * BLOCK


def _at_speed(sound: np.ndarray, speed: float) -> np.ndarray:
    """Faster and higher, or slower and lower: as many samples more or less, with the same bins of the spectrum."""
    if speed == 1:
        return sound
    source = sound[: len(sound) // BLOCK * BLOCK]
    length = _stretched(len(sound), speed)
    bins = np.zeros(length // 2 + 1, np.complex64)
    spectrum = np.fft.rfft(source)
    kept = min(len(bins), len(spectrum))
    bins[:kept] = spectrum[:kept]
    return np.fft.irfft(bins, length) * (length / len(source))
