"""Runs the C core on one segment and compares all that it answers with the oracle."""

import os
import subprocess
from pathlib import Path

import numpy as np

from convert.network import Network
from reference.network import forward

BUILD = Path(__file__).parents[2] / os.environ.get("TAGGRAM_BUILD", "build/native")
FORWARD = BUILD / "tests/core/forward"
BACK_END = ["cnn1", "cnn2", "cnn3", "mean_pool", "max_pool", "penultimate"]
FEATURES = {
    "musicnn": ["timbral", "temporal", *BACK_END],
    "vgg": ["pool1", "pool2", "pool3", "pool4", "pool5"],
    "waveform": ["front_end", *BACK_END],
    "spectrogram": ["timbral", "temporal", *BACK_END],
}
LARGEST_ERROR = 2e-4  # of a feature's largest value, if that is above 1


def run(model: Path, signal: np.ndarray, frames: int, plain: bool = False) -> np.ndarray:
    """All features in order, then the logits."""
    signal.astype(np.float32).tofile(model.with_suffix(".input"))
    words = [FORWARD, model, model.with_suffix(".input"), str(frames), *(["plain"] if plain else [])]
    found = subprocess.run(words, capture_output=True)
    assert found.returncode == 0, found.stderr.decode()
    return np.frombuffer(found.stdout, np.float32)


def check(model: Path, network: Network, signal: np.ndarray, frames: int, plain: bool = False) -> np.ndarray:
    """`network` is what the model file holds. Returns the logits."""
    heard, expected, at = run(model, signal, frames, plain), forward(signal, network), 0
    for name in [*FEATURES[network.architecture], "logits"]:
        values = expected[name].reshape(-1)
        difference = np.abs(values - heard[at : at + values.size]).max()
        assert difference <= LARGEST_ERROR * max(1, np.abs(values).max()), (name, difference)
        at += values.size
    assert at == heard.size
    return heard[-expected["logits"].size :]
