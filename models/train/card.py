"""A model's card: what it was trained on and by, what it scores and where it fails; every number comes from disk."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from train.corpus import Source

WEAKEST = 10  # tags that are named
LISTS = {"MTT": "MagnaTagATune", "MSD": "Million Song Dataset"}
# In the names of tags.
VOICES = {"vocal", "vocals", "vocalists", "vocalist", "voice", "singing", "female", "male", "woman", "man"}
VOICES |= {"choir", "choral", "opera"}

FRONT_ENDS = {"waveform": "samples", "spectrogram": "the log-mel spectrogram"}


@dataclass(frozen=True)
class Training:
    """How a checkpoint came to be."""

    front_end: str
    size: int  # of the data, in per cent
    seen: int  # segments, as often as they were heard
    segments: Counter[str]  # different ones, by what made them
    vgg: float  # share of vgg in the teacher
    truth: float  # share of what is known in the targets
    hints: float  # weight of the teachers' inner layers in the loss


@dataclass(frozen=True)
class Measured:
    """A file, and what evaluation found of it and of the checkpoint that it was made from."""

    name: str
    form: str  # of its kernels
    bytes: int
    parameters: int
    stored: dict
    checkpoint: dict
    others: dict[str, dict]  # of files with other forms of the same weights: form and size, report


def markdown(training: Training, measured: Measured, sources: list[Source]) -> str:
    parts = (
        _head(training, measured),
        _data(training, sources, measured.stored["set"]),
        _scores(measured),
        _weaknesses(measured.stored["by tag"]),
        _cost(measured),
        _by_tag(measured.stored["by tag"]),
    )
    return "\n\n".join(parts) + "\n"


def essence(report: dict | None) -> str:
    """What a model file tells of its scores; before it was evaluated, only what is not claimed."""
    words = "Distilled from the released musicnn models; no MagnaTagATune or Million Song score is claimed."
    if report is None:
        return words
    mtt, msd = (report["3 s"][f"{name} top decile"]["model"]["auc"] for name in LISTS)
    return (
        f"{words} As trained, macro ROC-AUC against musicnn's own decisions (top decile) on {report['set']} music: "
        f"MTT {mtt:.3f}, MSD {msd:.3f}. {weakest(report['by tag'])}"
    )


def _head(training: Training, measured: Measured) -> str:
    teachers = "MTT_musicnn and MSD_musicnn"
    if training.vgg:
        teachers += f", with a share of {training.vgg:g} of MTT_vgg's and MSD_vgg's answers"
    if training.hints:
        teachers += "; their inner layers give hints"
    return f"""# {measured.name}

Scores two lists of 50 tags for every 3 seconds of music, from {FRONT_ENDS[training.front_end]}. It was distilled from \
the released models on free game and classical music. No MagnaTagATune or Million Song score is claimed: nothing of \
either dataset was heard.

| | |
|---|---|
| File | `{measured.name}.gguf`, {measured.bytes:,} bytes: GGUF 3, larger kernels {measured.form} |
| Input | 16 kHz mono, 187 frames (2.992 s) a segment, or another length |
| Output | 100 independent scores, 0 to 1: MTT's 50 tags, then MSD's |
| Parameters | {measured.parameters:,} |
| Teachers | {teachers} |
| Segments seen | {training.seen:,}, of {training.segments.total():,} different ones |
| Licence | ISC |"""


def _data(training: Training, sources: list[Source], scored: str) -> str:
    music = [source for source in sources if source.use == "train"]
    fonts = [source for source in sources if source.use == "midi train" and training.segments["midi"]]
    unheard = [source.name for source in sources if source.use == scored]
    hours, tracks = sum(source.hours for source in music), sum(len(source.tracks) for source in music)
    made = ", ".join(f"{count:,} {name}" for name, count in sorted(training.segments.items()))
    phrases = ""
    if fonts:
        hours_of_midi = sum(source.hours for source in fonts)
        phrases = f"; and {hours_of_midi:.1f} hours of MIDI phrases, played with {len(fonts)} soundfonts"
    lines = [
        "## Training data",
        "",
        f"{hours:.1f} hours, {tracks} tracks of {len(music)} packages, {training.size} % of the tracks used{phrases}. "
        f"Segments by what made them: {made} (`models/train/README.md` tells what these are). "
        f"Where the truth is known, its share in the targets is {training.truth:g}.",
        "",
        "Licences are those that each package's copyright file names, for all of the package, programs and fonts too.",
        "",
        "| package | version | tracks | hours | licences |",
        "|---|---|---|---|---|",
    ]
    for source in (*music, *fonts):
        licences = ", ".join(source.licences) or "in words: see its copyright file"
        count = len(source.tracks)
        lines.append(f"| {source.name} | {source.version} | {count} | {source.hours:.2f} | {licences} |")
    lines += ["", f"Never heard in training, and scored here: {', '.join(unheard)}."]
    return "\n".join(lines)


def _scores(measured: Measured) -> str:
    report = measured.stored
    lines = [
        "## Scores",
        "",
        f"Macro ROC-AUC against musicnn's own decisions on {report['set']} music; 95 % intervals by bootstrap over "
        "packages.",
    ]
    for length in ("3 s", "15 s"):
        lines += ["", f"| {length} | tags | macro AUC | interval |", "|---|---|---|---|"]
        for decision, row in _decisions(report, length):
            low, high = row["interval"]
            lines.append(f"| {decision} | {row['tags']} | {row['auc']:.3f} | {low:.3f} to {high:.3f} |")
    if "instruments" in report:
        known = report["instruments"]["model"]
        lines += [
            "",
            f"Of {known['phrases']} phrases of one known instrument, on a soundfont that was never heard: AUC "
            f"{known['auc']:.3f}, and the first of ten instruments is right in {known['top 1']:.0%}.",
        ]
    return "\n".join(lines)


def _decisions(report: dict, length: str) -> list[tuple[str, dict]]:
    return [(decision, row["model"]) for decision, row in report[length].items() if decision != "excerpts"]


def _weaknesses(by_tag: dict) -> str:
    return f"""## What to know before trusting it

- It repeats its teachers, their mistakes included: scores say how well it does so, not how often either is right.
- {weakest(by_tag)}
- Voices ({_count(by_tag, _is_voice)}) have a mean AUC of {_mean(by_tag, _is_voice)}, Indian and sitar \
{_mean(by_tag, lambda tag: tag in ("indian", "sitar"))}, all tags {_mean(by_tag, lambda _: True)}.
- Its teachers' labels were given to whole clips: a score says what is likely of these 3 seconds; it is not a timed \
detection."""


def weakest(by_tag: dict) -> str:
    """A sentence with the tags of the lowest AUC."""
    known = sorted((row["auc"], tag) for tag, row in by_tag.items() if np.isfinite(row["auc"]))
    return f"Weakest tags: {', '.join(f'{tag} ({auc:.2f})' for auc, tag in known[:WEAKEST])}."


def _is_voice(tag: str) -> bool:
    return not VOICES.isdisjoint(tag.split())


def _of(by_tag: dict, holds: Callable[[str], bool]) -> list[float]:
    """AUCs of the tags of either list for which `holds`; names begin with their list's."""
    return [row["auc"] for tag, row in by_tag.items() if holds(tag.split(" ", 1)[1]) and np.isfinite(row["auc"])]


def _mean(by_tag: dict, holds: Callable[[str], bool]) -> str:
    found = _of(by_tag, holds)
    return f"{np.mean(found):.3f}" if found else "unknown"


def _count(by_tag: dict, holds: Callable[[str], bool]) -> str:
    return f"{len(_of(by_tag, holds))} tags"


def _cost(measured: Measured) -> str:
    forms = {f"{measured.form}, as stored": measured.stored} | measured.others
    rounded = [dict(_decisions(report, "3 s")) for report in forms.values()]
    lines = ["## What rounding costs", ""]
    lines += [
        "| 3 s | float32 |" + "".join(f" {form} | change |" for form in forms),
        "|---|---|" + "---|---|" * len(forms),
    ]
    for decision, row in _decisions(measured.checkpoint, "3 s"):
        exact = row["auc"]
        found = [report[decision]["auc"] for report in rounded]
        lines.append(f"| {decision} | {exact:.4f} |" + "".join(f" {auc:.4f} | {auc - exact:+.4f} |" for auc in found))
    return "\n".join(lines)


def _by_tag(by_tag: dict) -> str:
    lines = ["## Scores by tag", "", "Of the top decile of each tag's teacher; 95 % intervals."]
    for name, dataset in LISTS.items():
        rows = [(row, tag.split(" ", 1)[1]) for tag, row in by_tag.items() if tag.startswith(f"{name} ")]
        lines += ["", f"| {dataset}'s tags | AUC | interval |", "|---|---|---|"]
        for row, tag in sorted(rows, key=lambda item: -np.nan_to_num(item[0]["auc"])):
            lines.append(f"| {tag} | {row['auc']:.3f} | {row['interval'][0]:.3f} to {row['interval'][1]:.3f} |")
    return "\n".join(lines)
