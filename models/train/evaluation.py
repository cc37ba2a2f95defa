"""The evaluate step: a model's answers on music whose packages it never heard, against musicnn's own decisions.

Three seconds are a segment. Fifteen are five segments heard at once; there the teacher's score is its mean over the
five, as the musicnn library scores a song.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from train import checkpoint, export, metrics, plots, reports, segments, targets
from train.corpus import write_whole
from train.midi import INSTRUMENTS
from train.networks import Tagger
from train.segments import Segments
from train.targets import LISTS, PARTS, Scale
from train.training import answer, averaged

LONG = 5  # segments: 15 s
REPEATS = 200  # of the bootstrap


@dataclass(frozen=True)
class Model:
    """What is evaluated: a network and the scale of its answers, from a checkpoint or a model file."""

    front_end: str
    network: Tagger
    scale: Scale

    @classmethod
    def load(cls, path: Path) -> "Model":
        if path.suffix == ".gguf":
            stored = export.read(path)
            return cls(stored.front_end, stored.network, Scale(np.float32(0), np.float32(1)))
        settings, state = checkpoint.load(path)
        return cls(settings.front_end, averaged(settings, state["average"]), Scale(**state["scale"]))

    def scores(self, data: Segments, chosen: np.ndarray, count: int = 1) -> np.ndarray:
        answers = answer(self.network, data, chosen, self.front_end, count)
        return targets.scores(answers * self.scale.deviation + self.scale.mean)


def evaluate(work: Path, path: Path, name: str) -> dict:
    """Everything that is reported of a model on a set; written beside it as JSON, Markdown and a figure."""
    model = Model.load(path)
    data = segments.of_set(work, name)
    teacher = targets.scores(targets.blended(data.logits, vgg=0))
    single = np.flatnonzero(data.loud)
    answers = np.zeros_like(teacher)
    answers[single] = model.scores(data, single)
    long = segments.excerpts(data, LONG)
    report = {
        "model": path.name,
        "set": name,
        "3 s": _section(data, single, {"model": answers[single]} | _vgg(data, single), teacher[single]),
        "15 s": _section(
            data,
            long,
            {"model": model.scores(data, long, LONG), "mean of 3 s": _means(answers, long)},
            _means(teacher, long),
        ),
        "by tag": _by_tag(answers[single], teacher[single], data, single),
    }
    if name != "validation":
        report["instruments"] = instruments(model, segments.of_set(work, "midi held-out"))
    beside = reports.path_of(path, name)
    plots.by_tag(report, beside.with_suffix(".svg"))
    write_whole(beside.with_suffix(".md"), markdown(report))
    write_whole(beside, json.dumps(report, indent=1))
    return report


def of_segments(work: Path, path: Path, name: str) -> dict:
    """The report's part on 3 s alone."""
    model, data = Model.load(path), segments.of_set(work, name)
    chosen = np.flatnonzero(data.loud)
    teacher = targets.scores(targets.blended(data.logits, vgg=0))[chosen]
    return _section(data, chosen, {"model": model.scores(data, chosen)}, teacher)


def instruments(model: Model, data: Segments) -> dict:
    """Phrases of one known instrument on a soundfont that was never heard."""
    names = targets.tag_names()[PARTS[0]]
    columns = [names.index(tag) for tag in INSTRUMENTS]
    known = np.array([INSTRUMENTS.index(take["tags"][0]) for take in data.takes])[data.take]
    truth = known[:, None] == np.arange(len(INSTRUMENTS))
    answers = {"model": model.scores(data, np.arange(len(data)))[:, columns]}
    answers |= {teacher: targets.scores(data.logits[teacher])[:, columns] for teacher in ("MTT_musicnn", "MTT_vgg")}
    return {
        who: {
            "phrases": len(data),
            "auc": metrics.macro(metrics.by_tag(scores, truth)),
            "top 1": float((scores.argmax(1) == known).mean()),
            "by instrument": dict(zip(INSTRUMENTS, metrics.by_tag(scores, truth).tolist(), strict=True)),
        }
        for who, scores in answers.items()
    }


def _vgg(data: Segments, chosen: np.ndarray) -> dict[str, np.ndarray]:
    if not all(f"{name}_vgg" in data.logits for name in LISTS):
        return {}
    return {"the released vgg": targets.scores(targets.blended(data.logits, vgg=1)[chosen])}


def _means(scores: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return scores[starts[:, None] + np.arange(LONG)].mean(1)


def _section(data: Segments, chosen: np.ndarray, answers: dict[str, np.ndarray], teacher: np.ndarray) -> dict:
    """Macro AUC of each answerer, for each list and kind of decision, with an interval over packages."""
    sources = np.array([take["sources"][0] for take in data.takes])[data.take[chosen]]
    found: dict = {"excerpts": len(chosen)}
    for name, part in zip(LISTS, PARTS, strict=True):
        for decision, truth in metrics.decisions(teacher[:, part]).items():
            found[f"{name} {decision}"] = {
                who: _measured(scores[:, part], truth, sources, who == "model") for who, scores in answers.items()
            }
    return found


def _measured(scores: np.ndarray, truth: np.ndarray, sources: np.ndarray, interval: bool) -> dict:
    aucs = metrics.by_tag(scores, truth)
    measured = {"auc": metrics.macro(aucs), "tags": int(np.isfinite(aucs).sum())}
    if interval:
        value = lambda indices: metrics.macro(metrics.by_tag(scores[indices], truth[indices]))  # noqa: E731
        measured["interval"] = metrics.bootstrap(sources, value, REPEATS)
    return measured


def _by_tag(answers: np.ndarray, teacher: np.ndarray, data: Segments, chosen: np.ndarray) -> dict:
    """Of each tag's top decile: AUC, with an interval over packages."""
    sources = np.array([take["sources"][0] for take in data.takes])[data.take[chosen]]
    truth = metrics.decisions(teacher)["top decile"]
    found = {}
    for column, tag in enumerate(targets.tag_names()):
        scores, positive = answers[:, column], truth[:, column]
        value = lambda indices, s=scores, p=positive: metrics.roc_auc(s[indices], p[indices])  # noqa: E731
        found[f"{LISTS[column // targets.TAGS]} {tag}"] = {
            "auc": metrics.roc_auc(scores, positive),
            "interval": metrics.bootstrap(sources, value, REPEATS),
        }
    return found


def markdown(report: dict) -> str:
    lines = [f"{report['model']} on {report['set']} music; 95 % intervals by bootstrap over packages.", ""]
    for length in ("3 s", "15 s"):
        section = report[length]
        rows = {key: value for key, value in section.items() if key != "excerpts"}
        others = [who for who in next(iter(rows.values())) if who != "model"]
        lines += [
            f"| {length}, {section['excerpts']:,} excerpts | tags | macro AUC | interval |"
            + "".join(f" {who} |" for who in others),
            "|---|---|---|---|" + "---|" * len(others),
        ]
        for decision, row in rows.items():
            low, high = row["model"]["interval"]
            lines.append(
                f"| {decision} | {row['model']['tags']} | {row['model']['auc']:.3f} | {low:.3f} to {high:.3f} |"
                + "".join(f" {row[who]['auc']:.3f} |" for who in others)
            )
        lines.append("")
    if "instruments" in report:
        lines += ["| true instruments, unseen soundfont | macro AUC | first of ten is right |", "|---|---|---|"]
        for who, row in report["instruments"].items():
            lines.append(f"| {who}, {row['phrases']} phrases | {row['auc']:.3f} | {row['top 1']:.2f} |")
        lines.append("")
    lines += ["| tag, top decile | AUC | interval |", "|---|---|---|"]
    for tag, row in sorted(report["by tag"].items(), key=lambda item: -item[1]["auc"]):
        lines.append(f"| {tag} | {row['auc']:.3f} | {row['interval'][0]:.3f} to {row['interval'][1]:.3f} |")
    return "\n".join(lines) + "\n"
