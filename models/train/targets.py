"""What the models are to answer: the released models' logits, both lists of tags side by side."""

from dataclasses import dataclass

import numpy as np

from train.label import TEACHERS

LISTS = ("MTT", "MSD")
TAGS = 50  # a list
PARTS = (slice(0, TAGS), slice(TAGS, 2 * TAGS))  # of the answers, for each list


def blended(logits: np.ndarray, vgg: float) -> np.ndarray:
    """[segments][4][50] of TEACHERS -> [segments][100]: of each list, musicnn and a share of vgg."""
    mixed = []
    for name in LISTS:
        musicnn, other = (logits[:, TEACHERS.index(f"{name}_{network}")] for network in ("musicnn", "vgg"))
        mixed.append((1 - vgg) * musicnn + vgg * other)
    return np.concatenate(mixed, axis=1)


def musicnn_scores(logits: np.ndarray) -> np.ndarray:
    """[segments][100]: the scores whose decisions a model is measured by, whatever its teacher was."""
    return 1 / (1 + np.exp(-blended(logits, vgg=0)))


@dataclass(frozen=True)
class Scale:
    """Mean and deviation of a tag's logits. A network learns them standardised; export folds the scale back."""

    mean: np.ndarray
    deviation: np.ndarray

    @classmethod
    def of(cls, logits: np.ndarray) -> "Scale":
        return cls(logits.mean(0).astype(np.float32), logits.std(0).astype(np.float32))

    def standardise(self, logits: np.ndarray) -> np.ndarray:
        return (logits - self.mean) / self.deviation
