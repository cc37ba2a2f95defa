"""The card step: gathers what a model's card tells, from its checkpoint, its scores and the index of the music."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from convert.model_file import read_parts
from train import card, checkpoint, export, reports
from train.card import Measured, Training
from train.corpus import Corpus, write_whole
from train.errors import TrainError
from train.shards import Shard


def write(work: Path, source: Path, model: Path, name: str, others: Sequence[Path] = ()) -> Path:
    """The card of a model file that was exported from a checkpoint, beside it; both were scored on the set before.

    `others` are files with the same weights in other forms, scored too.
    """
    settings, state = checkpoint.load(source)
    facts, stored = _exported(model, source)
    training = Training(
        front_end=settings.front_end,
        size=settings.size,
        seen=checkpoint.heard(settings, state),
        segments=_segments([Shard(Path(path)) for path in state["shards"]], settings.size),
        vgg=settings.vgg,
        truth=settings.truth,
        hints=settings.hints,
    )
    measured = Measured(
        name=model.stem,
        form=_form(facts),
        bytes=model.stat().st_size,
        parameters=sum(tensor.size for name, tensor in stored.items() if name != "input.norm"),
        stored=_report(model, name),
        checkpoint=_report(source, name),
        others={_label(path, source): _report(path, name) for path in others},
    )
    output = model.with_suffix(".md")
    write_whole(output, card.markdown(training, measured, Corpus(work).sources()))
    return output


def _exported(model: Path, source: Path) -> tuple[dict, dict]:
    """Facts and tensors of a file that was made from a checkpoint."""
    facts, stored = read_parts(model)
    if export.fingerprint(source) not in facts["tagger.origin"]:
        raise TrainError(f"{model} was not exported from {source}: export it again.")
    return facts, stored


def _form(facts: dict) -> str:
    return next(form for form in export.FORMS if form in facts["tagger.storage"])


def _label(model: Path, source: Path) -> str:
    return f"{_form(_exported(model, source)[0])}, {model.stat().st_size / 1e6:.1f} MB"


def _segments(shards: list[Shard], size: int) -> Counter[str]:
    """By what made them."""
    found: Counter[str] = Counter()
    for take in (take for shard in shards for take in shard.takes()):
        if take["size"] <= size:
            found[take["made"]] += take["segments"]
    return found


def _report(path: Path, name: str) -> dict:
    report = reports.read(path, name)
    if report is None:
        raise TrainError(f"{path} has no scores on {name} music: run the evaluate step on it first.")
    return report
