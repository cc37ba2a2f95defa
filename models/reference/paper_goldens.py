"""What the paper's two models answer, for tests: the segments, and where PyTorch's answers lie.

With random weights of segments of several lengths; with those of the model files, of the inputs that all models have.
"""

from collections.abc import Iterator

import numpy as np

from convert.model_file import read_parts
from convert.network import SEGMENT_FRAMES, Network
from reference import synthetic
from reference.goldens import DIRECTORY, HOP_PUBLISHED, INPUTS, REPOSITORY, Difference, compare, pcm
from reference.logmel import HOP, logmel
from reference.network import forward, segment_starts
from reference.random_paper import random_network

FOLDER = DIRECTORY / "paper"
MODELS = REPOSITORY / "models"
SEED = 1

# Frames of the segments: the fewest there are, odd numbers, the usual 3 s, 15 s.
LENGTHS = {"waveform": (77, 100, 187, 937), "spectrogram": (8, 33, 187, 937)}


def network(front_end: str) -> Network:
    return random_network(front_end, SEED)


def signal(front_end: str, frames: int) -> np.ndarray:
    """A sweep in noise, as the model hears it: samples, or log-mel."""
    count = frames * HOP
    samples = synthetic.as_float(synthetic.sweep(count)) + synthetic.as_float(synthetic.noise(count)) / 4
    return samples if front_end == "waveform" else logmel(samples)[:frames]


def check() -> Iterator[Difference]:
    """The oracle against PyTorch's answers."""
    for front_end, lengths in LENGTHS.items():
        made = network(front_end)
        for frames in lengths:
            name = f"{front_end}_{frames}.npy"
            logits = forward(signal(front_end, frames), made)["logits"]
            yield compare(f"paper/{name}", logits, np.load(FOLDER / name))
        trained = Network(front_end, read_parts(MODELS / f"{front_end}.gguf")[1])
        for source in INPUTS:
            yield from _check_trained(trained, source.name)


def _check_trained(trained: Network, name: str) -> Iterator[Difference]:
    """From samples on, of segments side by side."""
    samples = synthetic.as_float(pcm(name))
    heard, width = (samples, HOP) if trained.architecture == "waveform" else (logmel(samples), 1)
    starts = segment_starts(len(samples) // HOP + 1, HOP_PUBLISHED)
    answers = [forward(heard[width * first : width * (first + SEGMENT_FRAMES)], trained) for first in starts]
    for kind in ("logits", "tags"):
        path = f"{name}/{trained.architecture}/{kind}_hop{HOP_PUBLISHED}.npy"
        yield compare(path, np.vstack([answer[kind] for answer in answers]), np.load(DIRECTORY / path))
