"""The data step: packages, MIDI phrases and folders of one's own become the corpus."""

import csv
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from train import packages
from train.corpus import Corpus, Source, Track, named_licences
from train.decoding import SAMPLE_RATE, decode
from train.errors import TrainError
from train.packages import Package
from train.phrases import bring_soundfont

SHORTEST_SECONDS = 20
OWN_TAGS = "tags.csv"  # in a folder of one's own: file, then its tags, one a column


def bring_packages(corpus: Corpus) -> None:
    missing = [package for package in packages.listed() if not corpus.has(package.name)]
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        try:
            for _ in workers.map(lambda package: _bring_package(corpus, package), missing):
                pass
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise


def bring_folder(corpus: Corpus, folder: Path, use: str) -> None:
    """Music of one's own, with true tags where the folder has a list of them."""
    if not folder.is_dir():
        raise TrainError(f"{folder} is no folder.")
    name = folder.resolve().name
    tracks = _decoded(corpus, name, folder, _own_tags(folder / OWN_TAGS))
    _add(corpus, Source(name, "none", use, ("not stated",), tracks), "not stated\n")


def check(corpus: Corpus) -> None:
    damaged = [track.pcm for source in corpus.sources() for track in source.tracks if corpus.damaged(track)]
    if damaged:
        raise TrainError(
            f"{damaged[0]} and {len(damaged) - 1} other tracks are damaged: delete their sources' indexes."
        )


def summary(corpus: Corpus) -> str:
    hours: Counter[str] = Counter()
    tracks: Counter[str] = Counter()
    for source in corpus.sources():
        hours[source.use] += source.hours
        tracks[source.use] += len(source.tracks)
    return "\n".join(f"{use:<14} {tracks[use]:5} tracks {hours[use]:6.2f} h" for use in sorted(hours))


def _bring_package(corpus: Corpus, package: Package) -> None:
    with packages.unpacked(package, corpus.folder / "scratch") as files:
        copyright_text = packages.copyright_file(package, files)
        if package.use.startswith("soundfont"):
            source = bring_soundfont(corpus, package, files)
        else:
            tracks = _decoded(corpus, package.name, files, {})
            licences = named_licences(copyright_text)
            source = Source(package.name, package.version, package.use, licences, tracks)
    _add(corpus, source, copyright_text)


def _add(corpus: Corpus, source: Source, copyright_text: str) -> None:
    corpus.add(source, copyright_text)
    print(f"{source.name}: {len(source.tracks)} tracks, {source.hours:.2f} h", flush=True)


def _decoded(corpus: Corpus, source: str, folder: Path, tags: dict[str, tuple[str, ...]]) -> tuple[Track, ...]:
    """Each different sound of SHORTEST_SECONDS and more becomes a track."""
    tracks: dict[str, Track] = {}
    left_out = packages.duplicates()
    for path in packages.sounds(folder):
        name = str(path.relative_to(folder))
        if (source, name) in left_out:
            continue
        samples = decode(path)
        if len(samples) >= SHORTEST_SECONDS * SAMPLE_RATE:
            track = corpus.write_track(source, name, samples, tags.get(name, ()))
            tracks.setdefault(track.sha256, track)
    return tuple(tracks.values())


def _own_tags(path: Path) -> dict[str, tuple[str, ...]]:
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {row[0]: tuple(tag.strip() for tag in row[1:] if tag.strip()) for row in csv.reader(file) if row}
