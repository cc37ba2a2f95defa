"""What the models are to answer: the released models' logits, both lists of tags side by side, and what is known."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from convert.model_file import read_parts
from train.label import MODELS
from train.midi import INSTRUMENTS

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


def with_truth(logits: np.ndarray, known: np.ndarray, share: float) -> np.ndarray:
    """Logits of the teacher's probabilities, mixed with a share of the truth where that is known.

    `known` is 1 where a tag is true, 0 where it is not, NaN where nobody knows.
    """
    if not share:
        return logits
    sure = np.isfinite(known)
    mixed = (1 - share) * scores(logits[sure].astype(np.float64)) + share * known[sure]
    blend = logits.copy()
    blend[sure] = np.log(mixed / (1 - mixed))
    return blend


def known(takes: list[dict]) -> np.ndarray:
    """[takes][100] for `with_truth`: tags that are heard, and of MIDI phrases also instruments that don't play."""

    def truth(take: dict, tag: str) -> float:
        if tag in take["tags"]:
            return 1.0
        return 0.0 if take["made"] == "midi" and tag in INSTRUMENTS else np.nan

    return np.array([[truth(take, tag) for tag in tag_names()] for take in takes], np.float32)


@cache
def tag_names() -> tuple[str, ...]:
    """Of both lists, one after the other."""
    return tuple(tag for name in LISTS for tag in read_parts(MODELS / f"{name}_musicnn.gguf")[0]["tagger.tags"])


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
