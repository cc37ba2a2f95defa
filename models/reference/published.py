"""Checks the oracle against what the original library answered, from a folder that its run left.

The folder holds golden_NAME.npz (log-mel and tags), optionally features_NAME_seg0_MODEL.npz, and for a NAME that is no
synthetic signal clips/NAME.16k.wav. Such recordings may not be redistributed, so the folder is not in the repository.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from reference import audio, goldens, musicnn, synthetic
from reference.goldens import Difference, compare
from reference.logmel import logmel
from reference.musicnn import Tensors


def check(folder: Path, tensors: Tensors) -> Iterator[Difference]:
    """Every published output against the oracle's."""
    for path in sorted(folder.glob("golden_*.npz")):
        name = path.stem.removeprefix("golden_")
        yield from _check_outputs(name, _samples(folder, name), np.load(path), tensors)
        features = folder / f"features_{name}_seg0_{goldens.MODEL}.npz"
        if features.exists():
            yield from _check_features(name, np.load(path)["logmel"], np.load(features), tensors)


def _samples(folder: Path, name: str) -> np.ndarray:
    if name in synthetic.SIGNALS:
        return synthetic.as_float(synthetic.SIGNALS[name]())
    return audio.read_mono_16k(folder / "clips" / f"{name}.16k.wav")


def _check_outputs(name: str, samples: np.ndarray, published, tensors: Tensors) -> Iterator[Difference]:
    yield compare(f"{name}/logmel", logmel(samples), published["logmel"])
    for hop, key in ((goldens.HOP_PUBLISHED, "tags_"), (goldens.HOP_HALF, f"tags_hop{goldens.HOP_HALF}_")):
        if f"{key}{goldens.MODEL}" in published:
            starts = musicnn.segment_starts(len(published["logmel"]), hop)
            scores = musicnn.score_segments(published["logmel"], tensors, starts)
            yield compare(f"{name}/{goldens.MODEL}/tags_hop{hop}", scores["tags"], published[f"{key}{goldens.MODEL}"])


def _check_features(name: str, spectrogram: np.ndarray, published, tensors: Tensors) -> Iterator[Difference]:
    computed = musicnn.forward(spectrogram[: musicnn.SEGMENT_FRAMES], tensors)
    for feature in published:
        values = published[feature].reshape(computed[feature].shape)
        yield compare(f"{name}/{goldens.MODEL}/segment0/{feature}", computed[feature], values)
