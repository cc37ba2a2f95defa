"""What the models are to answer: the released models' logits, both lists of tags side by side."""

from dataclasses import dataclass

import numpy as np

LISTS = ("MTT", "MSD")
TAGS = 50  # a list
PARTS = (slice(0, TAGS), slice(TAGS, 2 * TAGS))  # of the answers, for each list


def blended(logits: dict[str, np.ndarray], vgg: float) -> np.ndarray:
    """[segments][100]: of each list, musicnn's logits and a share of vgg's."""
    mixed = []
    for name in LISTS:
        answers = logits[f"{name}_musicnn"]
        mixed.append((1 - vgg) * answers + vgg * logits[f"{name}_vgg"] if vgg else answers)
    return np.concatenate(mixed, axis=1)


def scores(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


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
