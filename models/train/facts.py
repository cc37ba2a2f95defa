"""The card step: gathers what a model's card tells, from its checkpoint, its scores and the index of the music."""

from collections import Counter
from pathlib import Path

from convert.model_file import read_parts
from train import card, checkpoint, export, reports
from train.card import Measured, Training
from train.corpus import Corpus, write_whole
from train.errors import TrainError
from train.shards import Shard


def write(work: Path, source: Path, model: Path, name: str) -> Path:
    """The card of a model file that was exported from a checkpoint, beside it; both were scored on the set before."""
    settings, state = checkpoint.load(source)
    facts, stored = read_parts(model)
    if export.fingerprint(source) not in facts["tagger.origin"]:
        raise TrainError(f"{model} was not exported from {source}: export it again.")
    training = Training(
        front_end=settings.front_end,
        size=settings.size,
        seen=checkpoint.heard(settings, state),
        segments=_segments([Shard(Path(path)) for path in state["shards"]], settings.size),
        vgg=settings.vgg,
        truth=settings.truth,
    )
    measured = Measured(
        name=model.stem,
        form=next(form for form in export.FORMS if form in facts["tagger.storage"]),
        bytes=model.stat().st_size,
        parameters=sum(tensor.size for name, tensor in stored.items() if name != "input.norm"),
        stored=_report(model, name),
        checkpoint=_report(source, name),
    )
    output = model.with_suffix(".md")
    write_whole(output, card.markdown(training, measured, Corpus(work).sources()))
    return output


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
