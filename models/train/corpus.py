"""The music on disk: for each source (a package, a soundfont, a folder) an index, and its tracks as raw PCM."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from train.decoding import SAMPLE_RATE
from train.errors import TrainError


@dataclass(frozen=True)
class Track:
    """Some 16 kHz mono int16 music."""

    source: str
    name: str  # in its source
    pcm: str  # its file, from the corpus' folder
    samples: int
    sha256: str
    tags: tuple[str, ...] = ()  # what is known to be in it, of the lists of tags


@dataclass(frozen=True)
class Source:
    """What was brought in at once. A track's split is its source's."""

    name: str
    version: str
    use: str  # "train", "validation" or "held-out"; soundfonts': "midi train", "midi held-out"
    licences: tuple[str, ...]
    tracks: tuple[Track, ...]

    @property
    def hours(self) -> float:
        return sum(track.samples for track in self.tracks) / SAMPLE_RATE / 3600


@dataclass(frozen=True)
class Corpus:
    """A folder with `sources/NAME.json`, `sources/NAME/*.pcm` and `licences/NAME`."""

    folder: Path

    def index(self, source: str) -> Path:
        return self.folder / "sources" / f"{source}.json"

    def has(self, source: str) -> bool:
        return self.index(source).exists()

    def write_track(self, source: str, name: str, samples: np.ndarray, tags: tuple[str, ...] = ()) -> Track:
        data = samples.astype("<i2").tobytes()
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.folder / "sources" / source / f"{sha256[:16]}.pcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return Track(source, name, str(path.relative_to(self.folder)), len(samples), sha256, tags)

    def add(self, source: Source, copyright_text: str) -> None:
        """The index comes last: what has one is complete."""
        licence = self.folder / "licences" / source.name
        licence.parent.mkdir(parents=True, exist_ok=True)
        licence.write_text(copyright_text)
        write_whole(self.index(source.name), json.dumps(asdict(source), indent=1))

    def sources(self) -> list[Source]:
        found = [_source(json.loads(path.read_text())) for path in sorted(self.folder.glob("sources/*.json"))]
        if not found:
            raise TrainError(f"{self.folder} holds no music: run the data step first.")
        return found

    def read(self, track: Track) -> np.ndarray:
        """A view of the file, so that a part costs no more than it is long."""
        return np.memmap(self.folder / track.pcm, "<i2", "r")

    def damaged(self, track: Track) -> bool:
        path = self.folder / track.pcm
        return not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != track.sha256


def write_whole(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text)
    unfinished.replace(path)


def named_licences(copyright_text: str) -> tuple[str, ...]:
    """The short names that a Debian copyright file gives."""
    return tuple(sorted({name.strip() for name in re.findall(r"^License: *(\S.*)$", copyright_text, re.MULTILINE)}))


def _source(fields: dict) -> Source:
    tracks = tuple(Track(**track | {"tags": tuple(track["tags"])}) for track in fields["tracks"])
    return Source(**fields | {"licences": tuple(fields["licences"]), "tracks": tracks})
