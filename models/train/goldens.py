"""The goldens step: what PyTorch answers with random weights, and with the model files' own, for the tests."""

from pathlib import Path

import numpy as np
import torch

from reference import paper_goldens, synthetic
from reference.goldens import DIRECTORY, HOP_PUBLISHED, INPUTS, pcm, save
from reference.logmel import HOP
from reference.network import segment_starts, sigmoid
from train import export, tensors
from train.label import MODELS
from train.networks import computed_directly
from train.segments import context_of
from train.takes import SEGMENT


def write() -> None:
    for front_end in paper_goldens.LENGTHS:
        _write_random(front_end)
        for source in INPUTS:
            _write_trained(MODELS / f"{front_end}.gguf", source.name)


def _write_random(front_end: str) -> None:
    network = computed_directly(tensors.to_network(front_end, paper_goldens.network(front_end).tensors))
    if front_end == "spectrogram":
        network.front_end.logmel = torch.nn.Identity()  # the signal is one
    for frames in paper_goldens.LENGTHS[front_end]:
        signal = np.ascontiguousarray(paper_goldens.signal(front_end, frames), np.float32)
        with torch.no_grad():
            logits = network(torch.from_numpy(signal)[None]).numpy()
        save(paper_goldens.FOLDER / f"{front_end}_{frames}.npy", logits)


@torch.no_grad()
def _write_trained(path: Path, name: str) -> None:
    """From samples to scores, of the segments of an input side by side."""
    stored = export.read(path)
    samples = synthetic.as_float(pcm(name))
    context = context_of(stored.front_end)
    heard = np.pad(samples, (context, 0), mode="reflect")
    starts = [HOP * first for first in segment_starts(len(samples) // HOP + 1, HOP_PUBLISHED)]
    excerpts = np.stack([heard[start : start + context + SEGMENT] for start in starts])
    logits = computed_directly(stored.network)(torch.from_numpy(excerpts.astype(np.float32))).numpy()
    for kind, values in (("logits", logits), ("tags", sigmoid(logits))):
        save(DIRECTORY / name / stored.front_end / f"{kind}_hop{HOP_PUBLISHED}.npy", values)
