"""The experiment step: both front-ends on three sizes of data, as the paper compares them.

All runs see equally many segments, so a smaller size is heard more often. Each is scored once, on the held-out music.
"""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

from train import evaluation, plots, training
from train.card import FRONT_ENDS
from train.checkpoint import Settings
from train.corpus import write_whole
from train.takes import SIZES

SEEDS = (11, 12)  # apart from the models that are published
SCORES = ("MTT top decile", "MSD top decile", "MTT above 0.1", "MSD above 0.1")

Row = dict[str, str | int | float]


def experiment(work: Path, steps: int, decay: int, front_ends: Sequence[str]) -> list[Row]:
    """Trains and scores what is missing of these front-ends, by seed and size, and tells what is known of both."""
    for seed, size, front_end in itertools.product(SEEDS, SIZES, front_ends):
        run = Settings(front_end, size, seed)
        report = _report(work, run, steps)
        if not report.exists():
            training.train(work, run, steps, decay)
            write_whole(report, json.dumps(evaluation.of_segments(work, _model(work, run, steps), "held-out")))
        _write(_rows(work, steps), work)
    return _rows(work, steps)


def _model(work: Path, run: Settings, steps: int) -> Path:
    return work / "runs" / run.name / f"decay-{steps}.pt"


def _report(work: Path, run: Settings, steps: int) -> Path:
    return _model(work, run, steps).with_suffix(".experiment.json")


def _rows(work: Path, steps: int) -> list[Row]:
    """Of all runs that are done, whoever did them: the front-ends may be trained side by side."""
    rows: list[Row] = []
    for seed, size, front_end in itertools.product(SEEDS, SIZES, FRONT_ENDS):
        report = _report(work, Settings(front_end, size, seed), steps)
        if report.exists():
            scores = json.loads(report.read_text())
            found = {name: scores[name]["model"]["auc"] for name in SCORES}
            rows.append({"front end": front_end, "size": size, "seed": seed} | found)
    return rows


def _write(rows: list[Row], work: Path) -> None:
    """After every run, so that a run that was stopped leaves what it found."""
    write_whole(work / "experiment.md", markdown(rows))
    plots.sizes(rows, SCORES[:2], work / "experiment.svg")


def markdown(rows: list[Row]) -> str:
    lines = ["| front-end | % of the music | seed |" + "".join(f" {name} |" for name in SCORES)]
    lines.append("|---|---|---|" + "---|" * len(SCORES))
    for row in sorted(rows, key=lambda row: (row["front end"], row["size"], row["seed"])):
        scores = "".join(f" {row[name]:.3f} |" for name in SCORES)
        lines.append(f"| {row['front end']} | {row['size']} | {row['seed']} |{scores}")
    return "\n".join(lines) + "\n"
