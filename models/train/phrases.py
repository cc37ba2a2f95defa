"""MIDI phrases rendered with a soundfont by the fluidsynth command: tracks whose instruments are known."""

import subprocess
import zlib
from pathlib import Path

import numpy as np

from train import midi
from train.corpus import Corpus, Source, Track
from train.decoding import SAMPLE_RATE, decode
from train.errors import TrainError
from train.midi import Instrument
from train.packages import Package

PHRASES = 20  # a track
PHRASE_SAMPLES = midi.PHRASE_MS * SAMPLE_RATE // 1000
TRACKS = 252  # a soundfont for training: 5,040 phrases
BATCH = 6  # tracks rendered at once, for soundfonts are large
HELD_OUT_TRACKS = 2  # an instrument


def bring_soundfont(corpus: Corpus, package: Package, files: Path) -> Source:
    """Random ensembles for training; where it is held out, each instrument alone."""
    soundfont = max((*files.rglob("*.sf2"), *files.rglob("*.sf3")), key=lambda path: path.stat().st_size)
    random = np.random.default_rng(zlib.crc32(package.name.encode()))
    if package.use == "soundfont held-out":
        ensembles = [[instrument] for instrument in midi.TAGGED for _ in range(HELD_OUT_TRACKS)]
    else:
        ensembles = [midi.random_ensemble(random) for _ in range(TRACKS)]
    tracks = []
    for first in range(0, len(ensembles), BATCH):
        batch = ensembles[first : first + BATCH]
        samples = _render(soundfont, batch, files, random)
        for number, ensemble in enumerate(batch):
            part = samples[number * PHRASES * PHRASE_SAMPLES :][: PHRASES * PHRASE_SAMPLES]
            tracks.append(_track(corpus, package.name, first + number, ensemble, part))
    return Source(package.name, package.version, package.use.replace("soundfont", "midi"), (), tuple(tracks))


def _track(corpus: Corpus, source: str, number: int, ensemble: list[Instrument], samples: np.ndarray) -> Track:
    tags = tuple(sorted(instrument.tag for instrument in ensemble if instrument.tag))
    return corpus.write_track(source, f"phrases {number}", samples, tags)


def _render(
    soundfont: Path, ensembles: list[list[Instrument]], folder: Path, random: np.random.Generator
) -> np.ndarray:
    events = []
    for number, ensemble in enumerate(ensembles):
        for i in range(PHRASES):
            events += midi.phrase(ensemble, (number * PHRASES + i) * midi.PHRASE_MS, random)
    score, sound = folder / "phrases.mid", folder / "phrases.wav"
    score.write_bytes(midi.file(events))
    command = ["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", "48000", "-F", str(sound), str(soundfont), str(score)]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError as error:
        raise TrainError("fluidsynth is not installed: it renders MIDI phrases.") from error
    except subprocess.CalledProcessError as error:
        raise TrainError(f"fluidsynth could not render phrases with {soundfont.name}.") from error
    return decode(sound)
