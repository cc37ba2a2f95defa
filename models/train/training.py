"""The train step: warm-up, a constant rate of learning for as long as there is time, and a decay branched off it.

A trunk (RUN/trunk.pt) can always be gone on with; a decay (RUN/decay-STEP.pt) starts from it and ends. Both resume from
what is on disk, in the same order of data.
"""

import csv
import ctypes
import os
import signal
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from train import checkpoint, log, metrics, plots, segments, targets, tensors
from train.checkpoint import Settings
from train.errors import TrainError
from train.guide import SCALED_BY, Guide
from train.muon import Muon
from train.networks import BackEnd, Tagger, parted
from train.segments import Order, Segments
from train.shards import Shard
from train.targets import TAGS, Scale

MALLOC_TRIM_THRESHOLD, MALLOC_MMAP_MAX = -1, -4  # of glibc's malloc.h

SAVE_SECONDS = 240
LOG_STEPS = 50
VALIDATE_STEPS = 1000
VALIDATED = 1024  # segments
ADOPTED_BATCHES = 20  # from which a model file's normalisations get their statistics
COLUMNS = ("step", "segments", "rate", "loss", "mtt", "msd", "pace", "time")


@dataclass(frozen=True)
class Initial:
    """A network as model files have it: its logits are not standardised."""

    network: Tagger
    heard: int  # segments, until now


class Run:
    """A network, its optimiser and the average of its weights, at some step."""

    def __init__(self, settings: Settings, network: Tagger, data: Segments, usable: np.ndarray) -> None:
        self.settings = settings
        self.network = network
        self.average = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        self.guide = Guide(BackEnd.UNITS, BackEnd.FILTERS)
        kernels, others = parted(network)
        others += self.guide.parameters()
        # Each with its rate while that is constant.
        self.optimisers = (
            (Muon(kernels, settings.kernel_rate), settings.kernel_rate),
            (torch.optim.AdamW(others, settings.rate), settings.rate),
        )
        self.data = data
        if settings.hints:
            self.guide.fit(data.hints_of(usable[:: -(-len(usable) // SCALED_BY)]))
        self.order = Order(usable, settings.batch, settings.seed)
        teacher = targets.blended(data.logits, settings.vgg)
        self.logits = targets.with_truth(teacher, targets.known(data.takes)[data.take], settings.truth)
        self.scale = Scale.of(self.logits[usable])
        self.step = 0
        self.before = 0  # segments that its first weights had heard
        self.decay: tuple[int, int] | None = None  # first and last step

    def rate(self) -> float:
        """Of learning, as a share of what it is while it is constant."""
        if self.decay:
            first, last = self.decay
            return 1 - (self.step - first) / (last - first)
        return min(1, (self.step + 1) / self.settings.warm_up)

    def advance(self) -> float:
        """One step; its loss, hints left aside."""
        chosen = self.order.step(self.step)
        samples = self._samples(chosen)
        truth = torch.from_numpy(self.logits[chosen])
        with torch.autocast("cpu", torch.bfloat16, enabled=prefers_bfloat16(self.settings.front_end)):
            maps, dense = self.network.back_end.inner(self.network.front_end(samples))
            answers = self.network.back_end.answer(dense)
        loss = distance(answers.float(), truth, *map(torch.from_numpy, (self.scale.mean, self.scale.deviation)))
        whole = loss
        if self.settings.hints:
            hints = torch.from_numpy(self.data.hints_of(chosen))
            whole = loss + self.settings.hints * self.guide.distance(dense.float(), maps.float(), hints)
        self.network.zero_grad()
        self.guide.zero_grad()
        whole.backward()
        for optimiser, rate in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * self.rate()
            optimiser.step()
        self._average()
        self.step += 1
        return float(loss.detach())

    def _samples(self, chosen: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(segments.batch(self.data, chosen, self.settings.front_end))

    def _average(self) -> None:
        # Early on, what is averaged is about the last tenth of the steps: weights improve too fast for more.
        share = max(1 - self.settings.averaging, 10 / (self.step + 10))
        for name, tensor in self.network.state_dict().items():
            if tensor.is_floating_point():
                self.average[name].lerp_(tensor, share)
            else:
                self.average[name].copy_(tensor)

    def state(self) -> dict:
        return {
            "step": self.step,
            "before": self.before,
            "decay": self.decay,
            "network": self.network.state_dict(),
            "guide": self.guide.state_dict(),
            "average": self.average,
            "optimisers": [optimiser.state_dict() for optimiser, _ in self.optimisers],
            "random": torch.get_rng_state(),
            "scale": asdict(self.scale),
            "shards": [str(shard.path) for shard in self.data.shards],
        }

    @torch.no_grad()
    def adopt(self, initial: Initial) -> None:
        """Begins with the weights of a model file."""
        self.before = initial.heard
        tensors.restore_statistics(initial.network, (self._samples(self.order.step(i)) for i in range(ADOPTED_BATCHES)))
        self.network.load_state_dict(initial.network.state_dict())
        output = self.network.back_end.output
        mean, deviation = map(torch.from_numpy, (self.scale.mean, self.scale.deviation))
        output.weight /= deviation[:, None]
        output.bias.copy_((output.bias - mean) / deviation)
        self.average = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}

    def restore(self, state: dict) -> None:
        self.step, self.before, self.decay = state["step"], state["before"], state["decay"]
        self.network.load_state_dict(state["network"])
        self.guide.load_state_dict(state["guide"])
        self.average = state["average"]
        for (optimiser, _), found in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(found)
        torch.set_rng_state(state["random"])
        self.scale = Scale(**state["scale"])


def prefers_bfloat16(front_end: str) -> bool:
    """The waveform model is bound by memory, so half the bytes count where the CPU can; the other one by arithmetic."""
    return front_end == "waveform" and torch.cpu.get_capabilities().get("avx512_bf16", False)


def distance(answers: torch.Tensor, truth: torch.Tensor, mean: torch.Tensor, deviation: torch.Tensor) -> torch.Tensor:
    """Of standardised logits from the teacher's: squared error, and twice the cross-entropy of probabilities."""
    squared = F.mse_loss(answers, (truth - mean) / deviation)
    return squared + 2 * F.binary_cross_entropy_with_logits(answers * deviation + mean, truth.sigmoid())


def train(
    work: Path, settings: Settings, steps: int, decay: int, more: bool = False, initial: Initial | None = None
) -> None:
    """Brings the trunk to `steps`, then, if `decay` is not 0, a branch of so many steps to a rate of nothing.

    With `more` a trunk takes in labels that were made since it began; else the music that it hears stays the same. A
    new trunk begins with random weights, or with those of `initial`.
    """
    folder = work / "runs" / settings.name
    folder.mkdir(parents=True, exist_ok=True)
    run = _begin(work, settings, folder / "trunk.pt", more, initial)
    validation = segments.of_set(work, "validation")
    _go(run, steps, folder / "trunk", validation)
    if decay:
        branch = folder / f"decay-{run.step}"
        state = branch.with_suffix(".pt")
        if state.exists():
            run.restore(checkpoint.load(state)[1])
        else:
            run.decay = (run.step, run.step + decay)
        _go(run, run.decay[1], branch, validation)


def _begin(work: Path, settings: Settings, path: Path, more: bool, initial: Initial | None) -> Run:
    """A run as it stands on disk, or a new one over all labels that are there."""
    torch.manual_seed(settings.seed)
    network = Tagger(settings.front_end, 2 * TAGS, settings.dropout).to(memory_format=torch.channels_last)
    if not path.exists():
        data = segments.of_set(work, "train")
        run = Run(settings, network, data, _usable(data, settings.size))
        if initial:
            run.adopt(initial)
        return run
    found, state = checkpoint.load(path)
    if found != settings:
        raise TrainError(f"{path} was begun with other settings: {found}.")
    known = [Shard(Path(name)) for name in state["shards"]]
    data = segments.of_set(work, "train") if more else segments.load(known)
    run = Run(settings, network, data, _usable(data, settings.size))
    run.restore(state)
    return run


def _usable(data: Segments, size: int) -> np.ndarray:
    return np.flatnonzero((data.of_takes("size") <= size) & data.loud)


def _go(run: Run, until: int, path: Path, validation: Segments) -> None:
    """Steps, with a line of the log now and then, and a checkpoint every few minutes and when asked to stop."""
    stop = _Stop()
    log.cut(path.with_suffix(".csv"), run.step)
    saved = begun = time.monotonic()
    losses: list[float] = []
    while run.step < until and not stop.asked:
        losses.append(run.advance())
        now = time.monotonic()
        scores: tuple[float, ...] = ()
        if run.step % VALIDATE_STEPS == 0 or run.step == until:
            scores = _validate(run, validation)
        if run.step % LOG_STEPS == 0 or scores:
            pace = len(losses) * run.settings.batch / (now - begun)
            _log(run, path, float(np.mean(losses)), scores, pace)
            begun, losses = time.monotonic(), []
        if now - saved > SAVE_SECONDS:
            checkpoint.save(path.with_suffix(".pt"), run.settings, run.state())
            saved = now
    checkpoint.save(path.with_suffix(".pt"), run.settings, run.state())
    if stop.asked:
        raise TrainError(f"Stopped at step {run.step}; the same command goes on from there.")


class _Stop:
    """Notes that somebody asked to stop, so that the step at hand is finished and saved."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.asked = True


def _validate(run: Run, validation: Segments) -> tuple[float, ...]:
    """Macro AUC of each list, of the averaged weights on validation music, in the top decile of musicnn's scores."""
    chosen = np.flatnonzero(validation.loud)
    chosen = chosen[:: max(1, len(chosen) // VALIDATED)]
    network = averaged(run.settings, run.average)
    answers = answer(network, validation, chosen, run.settings.front_end)
    truth = metrics.decisions(targets.scores(targets.blended(validation.logits, vgg=0)[chosen]))["top decile"]
    return tuple(metrics.macro(metrics.by_tag(answers[:, part], truth[:, part])) for part in targets.PARTS)


def averaged(settings: Settings, weights: dict[str, torch.Tensor]) -> Tagger:
    """The network that is evaluated and exported."""
    network = Tagger(settings.front_end, 2 * TAGS)
    network.load_state_dict(weights)
    return network.eval().to(memory_format=torch.channels_last)


@torch.inference_mode()
def answer(
    network: Tagger, data: Segments, indices: np.ndarray, front_end: str, count: int = 1, size: int = 32
) -> np.ndarray:
    """[excerpts][100] standardised logits of excerpts of `count` segments."""
    parts = (indices[i : i + size] for i in range(0, len(indices), size))
    return np.concatenate([network(torch.from_numpy(segments.batch(data, p, front_end, count))).numpy() for p in parts])


def _log(run: Run, path: Path, loss: float, scores: tuple[float, ...], pace: float) -> None:
    table = path.with_suffix(".csv")
    new = not table.exists()
    mtt, msd = (f"{score:.4f}" for score in scores) if scores else ("", "")
    seen = run.step * run.settings.batch
    row = (run.step, seen, f"{run.rate():.3f}", f"{loss:.4f}", mtt, msd, f"{pace:.1f}", int(time.time()))
    with table.open("a", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(COLUMNS)
        writer.writerow(row)
    print("  ".join(f"{name} {value}" for name, value in zip(COLUMNS, row, strict=True) if value != ""), flush=True)
    with suppress(OSError):
        plots.curve(table, path.with_suffix(".svg"))


def keep_memory() -> None:
    """What is freed stays ours: a step takes what the one before gave back, and page faults took a tenth of it."""
    with suppress(AttributeError):  # where C's library is another one
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MALLOC_MMAP_MAX, 0)
        mallopt(MALLOC_TRIM_THRESHOLD, -1)


def give_way(threads: int) -> None:
    """Others on the machine come first."""
    torch.set_num_threads(threads)
    os.nice(19 - os.nice(0))
