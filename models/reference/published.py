"""Checks the oracle against what the original library answered, from a folder that its run left.

The folder holds golden_NAME.npz (log-mel and tags), optionally features_NAME_seg0_MODEL.npz, and for a NAME that is no
synthetic signal clips/NAME.16k.wav. Such recordings may not be redistributed, so the folder is not in the repository.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from convert.network import SEGMENT_FRAMES, Network
from reference import audio, goldens, synthetic
from reference.goldens import SUBJECTS, Difference, Networks, Subject, compare
from reference.logmel import logmel
from reference.network import forward, score_segments

Outputs = Mapping[str, np.ndarray]  # an npz file's arrays by name


def check(folder: Path, networks: Networks) -> Iterator[Difference]:
    """Every published output against the oracle's."""
    for path in sorted(folder.glob("golden_*.npz")):
        name = path.stem.removeprefix("golden_")
        published = np.load(path)
        yield compare(f"{name}/logmel", logmel(_samples(folder, name)), published["logmel"])
        for subject in SUBJECTS:
            network = networks[subject.folder]
            yield from _check_tags(name, subject, published, network)
            features = folder / f"features_{name}_seg0_{subject.folder}.npz"
            if features.exists():
                yield from _check_features(name, subject, published["logmel"], np.load(features), network)


def _samples(folder: Path, name: str) -> np.ndarray:
    if name in synthetic.SIGNALS:
        return synthetic.as_float(synthetic.SIGNALS[name]())
    return audio.read_mono_16k(folder / "clips" / f"{name}.16k.wav")


def _check_tags(name: str, subject: Subject, published: Outputs, network: Network) -> Iterator[Difference]:
    for hop, key in ((goldens.HOP_PUBLISHED, "tags_"), (goldens.HOP_HALF, f"tags_hop{goldens.HOP_HALF}_")):
        if f"{key}{subject.published}" in published:
            scores = score_segments(published["logmel"], network, hop)
            yield compare(
                f"{name}/{subject.folder}/tags_hop{hop}", scores["tags"], published[f"{key}{subject.published}"]
            )


def _check_features(
    name: str, subject: Subject, spectrogram: np.ndarray, published: Outputs, network: Network
) -> Iterator[Difference]:
    computed = forward(spectrogram[:SEGMENT_FRAMES], network)
    for feature in published:
        values = published[feature].reshape(computed[feature].shape)
        yield compare(f"{name}/{subject.folder}/segment0/{feature}", computed[feature], values)
