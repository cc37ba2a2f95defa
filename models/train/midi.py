"""Phrases of random music as MIDI files: what plays is known, which no label by a teacher is.

A file's clock ticks once a millisecond. Every phrase fills one segment, so that no segment hears two.
"""

import struct
from dataclasses import dataclass

import numpy as np

PHRASE_MS = 2992  # a segment
RELEASE_MS = 60  # before the next phrase

DRUM_CHANNEL = 9


@dataclass(frozen=True)
class Instrument:
    """A sound of General MIDI; `tag` is empty where the lists of tags have no name for it."""

    tag: str
    programs: tuple[int, ...]
    lowest: int  # MIDI keys
    highest: int
    chords: bool = False  # it plays several keys at once


TAGGED = (
    Instrument("piano", (0, 1), 36, 88, chords=True),
    Instrument("harpsichord", (6,), 40, 84, chords=True),
    Instrument("guitar", (24, 25), 40, 76, chords=True),
    Instrument("violin", (40,), 55, 93),
    Instrument("cello", (42,), 36, 69),
    Instrument("harp", (46,), 36, 88, chords=True),
    Instrument("choir", (52, 53), 48, 79, chords=True),
    Instrument("flute", (73,), 60, 93),
    Instrument("sitar", (104,), 48, 72),
    Instrument("drums", (0, 8, 16, 25), 35, 59),
)
INSTRUMENTS = [instrument.tag for instrument in TAGGED]

UNTAGGED = (
    Instrument("", (56,), 54, 82),  # trumpet
    Instrument("", (66,), 50, 77),  # saxophone
    Instrument("", (71,), 50, 84),  # clarinet
    Instrument("", (19,), 40, 84, chords=True),  # church organ
    Instrument("", (33,), 28, 52),  # bass
    Instrument("", (11, 12), 53, 84, chords=True),  # vibraphone, marimba
)

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 1, 4, 5, 7, 8, 11))

Event = tuple[int, bytes]  # time in ms, message


def random_ensemble(random: np.random.Generator) -> list[Instrument]:
    """Half of them one instrument that has a tag, a tenth one that has none, the others two to four of either."""
    kind = random.random()
    if kind < 0.5:
        return [TAGGED[random.integers(len(TAGGED))]]
    if kind < 0.6:
        return [UNTAGGED[random.integers(len(UNTAGGED))]]
    everything = TAGGED + UNTAGGED
    return [everything[i] for i in random.choice(len(everything), random.integers(2, 5), replace=False)]


def phrase(ensemble: list[Instrument], start: int, random: np.random.Generator) -> list[Event]:
    """One phrase from `start`, all instruments in one key and tempo."""
    beat = 60000 / random.uniform(60, 170)
    scale = SCALES[random.integers(len(SCALES))]
    key = random.integers(12)
    events = []
    for channel, instrument in enumerate(ensemble):
        if instrument.tag == "drums":
            notes, channel = _beats(beat, random), DRUM_CHANNEL
        else:
            keys = [k for k in range(instrument.lowest, instrument.highest + 1) if (k - key) % 12 in scale]
            notes = _melody(keys, beat, instrument.chords, random)
        program = int(instrument.programs[random.integers(len(instrument.programs))])
        events.append((start, bytes([0xC0 | channel, program])))
        for time, length, note, velocity in notes:
            end = min(time + length, PHRASE_MS - RELEASE_MS)
            events.append((start + int(time), bytes([0x90 | channel, note, velocity])))
            events.append((start + int(end), bytes([0x80 | channel, note, 0])))
    return events


def file(events: list[Event]) -> bytes:
    """A MIDI file with one track."""
    track = b"\x00\xff\x51\x03" + (500_000).to_bytes(3, "big")  # 500 ticks in half a second
    now = 0
    for time, message in sorted(events, key=lambda event: event[0]):
        track += _delta(time - now) + message
        now = time
    track += b"\x00\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 500) + b"MTrk" + struct.pack(">I", len(track)) + track


Note = tuple[float, float, int, int]  # time, length in ms, key, velocity


def _melody(keys: list[int], beat: float, chords: bool, random: np.random.Generator) -> list[Note]:
    """A walk over the keys in notes of one length or of several; some instruments put chords or arpeggios under it."""
    place = int(random.integers(len(keys)))
    lengths = beat * random.choice([0.25, 0.5, 0.5, 1, 1, 2], random.integers(1, 4))
    loudness = random.integers(50, 115)
    stack = random.integers(2, 5) if chords and random.random() < 0.5 else 1
    time, notes = 0.0, []
    while time < PHRASE_MS - 2 * RELEASE_MS:
        length = float(random.choice(lengths))
        place = int(np.clip(place + random.integers(-3, 4), 0, len(keys) - 1))
        velocity = int(np.clip(loudness + random.integers(-12, 13), 20, 127))
        notes += [(time, length, keys[min(place + 2 * i, len(keys) - 1)], velocity) for i in range(stack)]
        time += length
    return notes


def _beats(beat: float, random: np.random.Generator) -> list[Note]:
    """Bass drum, snare and a cymbal, each with its own random bar, repeated."""
    step = beat / 4
    patterns = ((int(random.choice([35, 36])), 0.25), (int(random.choice([38, 40, 39])), 0.2))
    patterns += ((int(random.choice([42, 44, 46, 51, 53])), 0.5), (int(random.choice([41, 45, 47, 50])), 0.08))
    notes = []
    for key, density in patterns:
        bar = random.random(16) < density
        bar[0] |= key in (35, 36)
        velocity = int(random.integers(60, 125))
        count = int((PHRASE_MS - 2 * RELEASE_MS) / step)
        notes += [(i * step, step, key, velocity) for i in range(count) if bar[i % 16]]
    return notes


def _delta(ticks: int) -> bytes:
    """A number in seven bits a byte, the highest bit set on all but the last."""
    parts = [ticks & 0x7F]
    while ticks := ticks >> 7:
        parts.append(ticks & 0x7F | 0x80)
    return bytes(reversed(parts))
