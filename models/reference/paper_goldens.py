"""What the paper's two models with random weights answer, for tests: the segments, and where PyTorch's answers lie."""

from collections.abc import Iterator

import numpy as np

from convert.network import Network
from reference import synthetic
from reference.goldens import DIRECTORY, Difference, compare
from reference.logmel import HOP, logmel
from reference.network import forward
from reference.random_paper import random_network

FOLDER = DIRECTORY / "paper"
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
