"""The experiment step: both front-ends on three sizes of data, as the paper compares them.

All runs see equally many segments, so a smaller size is heard more often. Each is scored once, on the held-out music.
"""

import itertools
import json
from pathlib import Path

from train import evaluation, plots, reports, training
from train.checkpoint import Settings
from train.corpus import write_whole
from train.takes import SIZES

FRONT_ENDS = ("waveform", "spectrogram")
SEEDS = (11, 12)  # apart from the models that are published
SCORES = ("MTT top decile", "MSD top decile", "MTT above 0.1", "MSD above 0.1")

Row = dict[str, str | int | float]


def experiment(work: Path, steps: int, decay: int) -> list[Row]:
    """Trains and scores what is missing, smaller sizes of both front-ends first."""
    rows = []
    for seed, size, front_end in itertools.product(SEEDS, SIZES, FRONT_ENDS):
        settings = Settings(front_end, size, seed)
        model = work / "runs" / settings.name / f"decay-{steps}.pt"
        report = reports.path_of(model, "held-out")
        if not report.exists():
            training.train(work, settings, steps, decay)
            evaluation.evaluate(work, model, "held-out")
        scores = json.loads(report.read_text())["3 s"]
        found = {name: scores[name]["model"]["auc"] for name in SCORES}
        rows.append({"front end": front_end, "size": size, "seed": seed} | found)
        _write(rows, work)
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
