"""Figures of what models score, and of how they learn, as SVG."""

import csv
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from train.takes import SIZES

COLOURS = {"waveform": "#1f6feb", "spectrogram": "#bf3989"}

# Text as text, and the same bytes for the same scores.
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "taggram", "font.family": "sans-serif"})


def by_tag(report: dict, path: Path) -> None:
    """AUC of each tag, best first, with its interval."""
    rows = [(tag, row) for tag, row in report["by tag"].items() if np.isfinite(row["auc"])]
    rows.sort(key=lambda item: item[1]["auc"])
    places = range(len(rows))
    figure = Figure(figsize=(8, 0.5 + 0.16 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.hlines(places, *zip(*(row["interval"] for _, row in rows), strict=True), color="silver", linewidth=3)
    axes.plot([row["auc"] for _, row in rows], places, ".", color="black")
    axes.set_yticks(places, [tag for tag, _ in rows], fontsize=7)
    axes.set_ylim(-1, len(rows))
    axes.set_xlabel(f"ROC-AUC against the top decile of musicnn's scores, {report['set']} music; 95 % intervals")
    axes.axvline(0.5, color="gray", linewidth=0.5)
    _write(figure, path)


def sizes(rows: list[dict], scores: tuple[str, ...], path: Path) -> None:
    """Scores of both front-ends by the size of data, a dot a run; below, the spectrogram's mean less the waveform's."""
    figure = Figure(figsize=(5 * len(scores), 6), layout="constrained")
    rows_of_axes = figure.subplots(2, len(scores), sharex=True, squeeze=False, height_ratios=(3, 1))
    for score, curve, gap in zip(scores, *rows_of_axes, strict=True):
        means = {front_end: _dots(curve, rows, front_end, score) for front_end in COLOURS}
        both = sorted(means["waveform"].keys() & means["spectrogram"].keys())
        gap.plot(both, [means["spectrogram"][size] - means["waveform"][size] for size in both], ".-", color="black")
        gap.axhline(0, color="gray", linewidth=0.5)
        gap.set_xscale("log")
        gap.set_xticks(SIZES, [f"{size} %" for size in SIZES])
        gap.set_xlabel("of the training music")
        gap.set_ylabel("gap")
        curve.set_ylabel(f"macro AUC, {score}")
        curve.legend()
    _write(figure, path)


def curve(log: Path, path: Path) -> None:
    """Of a run so far: its loss, and macro AUC on validation music, by the segments that it has seen."""
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.subplots()
    scores = axes.twinx()
    for name, of_name, colour in (("loss", axes, "#1f6feb"), ("mtt", scores, "#bf3989"), ("msd", scores, "#1a7f37")):
        points = [(int(row["segments"]), float(row[name])) for row in rows if row[name]]
        of_name.plot(*zip(*points, strict=True) if points else ([], []), color=colour, label=name)
    axes.set_xlabel("segments seen")
    axes.set_ylabel("loss")
    axes.set_ylim(bottom=0)
    scores.set_ylabel("macro AUC, validation music")
    scores.set_ylim(0.5, 1)
    figure.legend(loc="outside upper center", ncols=3)
    _write(figure, path)


def _dots(axes: Axes, rows: list[dict], front_end: str, score: str) -> dict[int, float]:
    """Draws every run of a front-end and a line through the means, which it returns by size."""
    own = [row for row in rows if row["front end"] == front_end]
    found: dict[int, list[float]] = {}
    for row in own:
        found.setdefault(row["size"], []).append(row[score])
    means = {size: float(np.mean(values)) for size, values in sorted(found.items())}
    axes.plot([row["size"] for row in own], [row[score] for row in own], ".", color=COLOURS[front_end])
    axes.plot(means.keys(), means.values(), color=COLOURS[front_end], label=front_end)
    return means


def _write(figure: Figure, path: Path) -> None:
    """Whole or not at all: a browser may show it while the run goes on."""
    unfinished = path.with_name(path.name + ".part")
    figure.savefig(unfinished, format="svg", metadata={"Date": None})
    unfinished.replace(path)
