"""The smoke step: in a minute or two, on made-up sounds, that all parts of the training fit together."""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from reference.logmel import logmel
from train import (
    checkpoint,
    convolution,
    evaluation,
    export,
    facts,
    hints,
    reports,
    segments,
    shards,
    targets,
    tensors,
    training,
    winograd,
)
from train.card import FRONT_ENDS
from train.checkpoint import Settings
from train.corpus import Corpus, Source
from train.errors import TrainError
from train.label import TEACHERS
from train.logmel import LogMel
from train.midi import INSTRUMENTS
from train.pooling import normalise_and_pool, plain
from train.segments import Segments
from train.takes import SEGMENT, SEGMENT_FRAMES, of_pass, unaltered
from train.targets import TAGS, Scale
from train.training import answer, averaged

STEPS = 30
LARGEST_ERROR = 2e-3  # of logits, between a checkpoint and its model file
LARGEST_TRAINING_ERROR = 0.6  # of logits: there the spectrogram is normalised by the batch's own mean and deviation
LARGEST_LOGMEL_ERROR = 5e-4  # a step of float16
LARGEST_CONVOLUTION_ERROR = 1e-4  # of the whole
LARGEST_POOLING_ERROR = {torch.bfloat16: 4e-3, torch.float32: 3e-5}  # of the whole: a step of bfloat16; sums in float32


def smoke() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _make_data(work)
        _compare_logmel(segments.of_set(work, "train"))
        _check_truth(segments.of_set(work, "train"))
        for tried in (torch.bfloat16, torch.float32):
            for group, rows, places in ((1, 1, 601), (1, 4, 601), (3, 1, 601), (11, 7, 33)):
                _compare_pooling(group, rows, places, tried)
        for inputs, frames, padding in ((256, 20, 0), (512, 14, 3), (64, 187, 3)):
            _compare_convolution(winograd.Convolution(inputs, 48, (1, winograd.TAPS), padding=(0, padding)), frames)
        for inputs, outputs, places in ((64, 128, 333), (128, 256, 65), (1, 64, 1001)):
            stride = convolution.TAPS if inputs == 1 else 1
            layer = convolution.Convolution(inputs, outputs, (1, convolution.TAPS), (1, stride))
            _compare_convolution(layer, places)
        for bands, outputs, frames in ((86, 16, 7), (38, 32, 3), (38, 64, 1)):
            layer = convolution.OverShifts(bands, outputs, (1, frames), padding=(0, frames // 2))
            _compare_convolution(layer, places=187, shifts=97 - bands)
        for front_end in FRONT_ENDS:
            _train(work, front_end)
    print("All parts fit together.")


def _make_data(work: Path) -> None:
    """Tones and noise; the made-up teachers hear how loud and how high they are."""
    corpus = Corpus(work)
    random = np.random.default_rng(0)
    for use, count in (("train", 40), ("validation", 15)):
        tracks = []
        for i in range(count):
            time = np.arange(8 * SEGMENT) / 16000
            tone = np.sin(2 * np.pi * random.uniform(50, 4000) * time) * random.uniform(0, 9000)
            tracks.append(corpus.write_track(use, str(i), tone + random.normal(0, random.uniform(30, 3000), len(time))))
        corpus.add(Source(use, "1", use, (), tuple(tracks)), "made up\n")
    phrases = tuple(replace(track, tags=("flute",)) for track in tracks[:2])
    corpus.add(Source("phrases", "1", "midi train", (), phrases), "made up\n")
    sources = corpus.sources()
    training_takes = itertools.chain(of_pass("plain", sources), of_pass("midi", sources))
    for name, takes in (("train", training_takes), ("validation", unaltered("validation", sources))):
        for shard in shards.make(corpus, name, takes):
            sound = shard.samples().reshape(-1, SEGMENT).astype(np.float32)
            loudness = np.log(sound.std(1))
            height = np.log(np.diff(sound).std(1)) - loudness
            logits = np.outer(loudness - 7, np.linspace(-1, 1, TAGS)) + np.outer(height, np.linspace(1, -2, TAGS))
            for teacher in TEACHERS:
                np.save(shard.labels(teacher), logits.astype(np.float32))
            maps = np.broadcast_to(logits[:, None, :1], (len(logits), SEGMENT_FRAMES, hints.FILTERS))
            known = hints.of_features(np.tile(logits, hints.UNITS // TAGS), maps)
            for teacher in hints.TEACHERS:
                np.save(shard.hints(teacher), known)


def _compare_logmel(data: Segments) -> None:
    """PyTorch's log-mel of a segment within a stream, and the oracle's of the whole stream."""
    expected = logmel(data.samples[0][: 3 * SEGMENT] / 32768)[187 : 2 * 187]
    found = LogMel()(torch.from_numpy(segments.batch(data, np.array([1]), "spectrogram"))).numpy()[0]
    _hold("log-mel", np.abs(found - expected).max(), LARGEST_LOGMEL_ERROR)


def _check_truth(data: Segments) -> None:
    """In MIDI phrases the target is the mean of the teacher's probability and of the truth."""
    teacher = targets.blended(data.logits, vgg=0)
    mixed = targets.with_truth(teacher, targets.known(data.takes)[data.take], share=0.5)
    names = np.array(targets.tag_names())
    phrases = (data.of_takes("made") == "midi")[:, None]
    playing, silent = phrases & (names == "flute"), phrases & np.isin(names, ["piano", "drums"])
    elsewhere = ~(phrases & np.isin(names, INSTRUMENTS))
    change = targets.scores(mixed) - targets.scores(teacher) / 2
    right = playing.any() and np.allclose(change[playing], 0.5) and np.allclose(change[silent], 0, atol=1e-6)
    if not right or (mixed != teacher)[elsewhere].any():
        raise TrainError("Targets don't hold what is known of MIDI phrases, or change others.")


def _compare_pooling(group: int, rows: int, places: int, tried: torch.dtype) -> None:
    """The compiled layers and PyTorch's in float32: answers, statistics, gradients."""
    torch.manual_seed(1)
    size = (2, 32, rows, places)
    sound = torch.randn(size).bfloat16().to(memory_format=torch.channels_last)
    above = torch.randn(2, 32, rows, places // group).bfloat16()
    found = []
    for function, kind in ((normalise_and_pool, tried), (plain, torch.float32)):
        norm = torch.nn.BatchNorm2d(32)
        with torch.no_grad():
            norm.weight.copy_(torch.linspace(-1, 1, 32))  # where a scale is negative the smallest value is pooled
        x = sound.to(kind).detach().requires_grad_()
        answer = function(x, norm, group)
        answer.backward(above.to(kind))
        found.append((answer.detach(), norm.running_mean, norm.running_var, x.grad, norm.weight.grad, norm.bias.grad))
    errors = [float((a.float() - b).norm() / b.norm()) for a, b in zip(*found, strict=True)]
    _hold(f"pooling of {group} in {tried}", max(errors), LARGEST_POOLING_ERROR[tried])


def _compare_convolution(layer: torch.nn.Conv2d, places: int, shifts: int = 0) -> None:
    """As it is computed here, and by PyTorch: answers and gradients."""
    torch.manual_seed(1)
    layer.to(memory_format=torch.channels_last)
    size = (places, shifts) if shifts else (1, places)
    sound = torch.randn(2, layer.in_channels, *size).to(memory_format=torch.channels_last)
    found = []
    for layer.direct in (False, True):
        layer.zero_grad()
        x = sound.clone().requires_grad_(layer.in_channels > 1 and not shifts)  # samples and log-mels want no gradient
        answer = layer(x)
        answer.backward(answer.detach().sin())
        found.append([answer.detach(), layer.weight.grad, layer.bias.grad, *([x.grad] if x.requires_grad else [])])
    errors = [float((a - b).norm() / b.norm()) for a, b in zip(*found, strict=True)]
    _hold(f"convolution of {layer.in_channels} by {places}", max(errors), LARGEST_CONVOLUTION_ERROR)


def _train(work: Path, front_end: str) -> None:
    settings = Settings(front_end, 100, 1, warm_up=5, averaging=0.9)
    folder = work / "runs" / settings.name
    # In two parts, so that the second one resumes.
    training.train(work, settings, STEPS // 2, 0)
    training.train(work, settings, STEPS, STEPS // 4)
    branch = folder / f"decay-{STEPS}.pt"
    losses, first = _losses(branch.with_suffix(".csv")), _losses(folder / "trunk.csv")[0]
    if losses[-1] > 0.85 * first:
        raise TrainError(f"The loss of the {front_end} model did not fall: {first:.2f} to {losses[-1]:.2f}.")
    model = work / f"{front_end}.gguf"
    _compare_file(branch, model, segments.of_set(work, "validation"))
    _describe(work, branch, model)


def _losses(log: Path) -> list[float]:
    return [float(line.split(",")[3]) for line in log.read_text().splitlines()[1:]]


def _compare_file(path: Path, output: Path, data: Segments) -> None:
    """A model file answers as its checkpoint does."""
    settings, state = checkpoint.load(path)
    export.write(path, output, "int16")
    stored = export.read(output).network
    scale, chosen = Scale(**state["scale"]), np.arange(32)
    expected = (
        answer(averaged(settings, state["average"]), data, chosen, settings.front_end) * scale.deviation + scale.mean
    )
    before = answer(stored, data, chosen, settings.front_end)
    _hold(f"{settings.front_end} model file", np.abs(before - expected).max(), LARGEST_ERROR)

    samples = torch.from_numpy(segments.batch(data, chosen, settings.front_end))
    tensors.restore_statistics(stored, [samples])
    with torch.no_grad():
        after = stored.train()(samples).numpy()
    _hold(f"{settings.front_end} model file in training", np.abs(after - before).max(), LARGEST_TRAINING_ERROR)


def _describe(work: Path, path: Path, model: Path) -> None:
    """A card tells the scores of the file."""
    for scored in (path, model):
        evaluation.evaluate(work, scored, "validation")
    card = facts.write(work, path, model, "validation").read_text()
    auc = reports.read(model, "validation")["3 s"]["MTT top decile"]["model"]["auc"]
    if f"| MTT top decile | 50 | {auc:.3f} |" not in card:
        raise TrainError(f"The card of the {model.stem} model does not tell its scores.")


def _hold(what: str, error: float, allowed: float) -> None:
    print(f"{what}: {error:.1e} of {allowed:.1e}")
    if not error <= allowed:
        raise TrainError(f"The {what} differs by {error:.1e}, more than {allowed:.1e}.")
