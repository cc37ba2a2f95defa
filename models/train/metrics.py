"""Scores of scores: ROC-AUC by tag, its mean, and how sure it is."""

from collections.abc import Callable

import numpy as np


def roc_auc(scores: np.ndarray, positive: np.ndarray) -> float:
    """The chance that a positive scores higher than a negative, ties counting half; NaN without one of either."""
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if not positives or not negatives:
        return float("nan")
    _, rank, count = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(count) - (count - 1) / 2  # of the scores that are equal, from 1
    above = mean_rank[rank][positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def by_tag(scores: np.ndarray, positive: np.ndarray, fewest: int = 10) -> np.ndarray:
    """[tags]; NaN for a tag with fewer than so many positives or negatives. Both arguments are [segments][tags]."""
    enough = np.minimum(positive.sum(0), (~positive).sum(0)) >= fewest
    return np.array(
        [roc_auc(scores[:, tag], positive[:, tag]) if enough[tag] else np.nan for tag in range(scores.shape[1])]
    )


def macro(aucs: np.ndarray) -> float:
    """The mean over tags that have an AUC; NaN when none has."""
    known = aucs[np.isfinite(aucs)]
    return float(known.mean()) if len(known) else float("nan")


def decisions(teacher: np.ndarray) -> dict[str, np.ndarray]:
    """What a teacher's scores [segments][tags] decide: above a threshold, or in a tag's top decile."""
    return {
        "above 0.1": teacher > 0.1,
        "above 0.3": teacher > 0.3,
        "top decile": teacher > np.quantile(teacher, 0.9, axis=0),
    }


def bootstrap(
    groups: np.ndarray, value: Callable[[np.ndarray], float], repeats: int, seed: int = 0
) -> tuple[float, float]:
    """95 % interval of value(indices) when whole groups are drawn again with replacement."""
    names = np.unique(groups)
    members = [np.flatnonzero(groups == name) for name in names]
    random = np.random.default_rng(seed)
    drawn = [np.concatenate([members[i] for i in random.integers(len(names), size=len(names))]) for _ in range(repeats)]
    low, high = np.nanquantile([value(indices) for indices in drawn], (0.025, 0.975))
    return float(low), float(high)
