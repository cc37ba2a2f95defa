"""The export step: a checkpoint's averaged weights as a model file (GGUF), and what such a file holds."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from convert.catalogue import DATASETS
from convert.model_file import CHECKSUM_KEY, add_front_end, read_parts, with_checksum
from convert.quantise import quantise
from train import card, checkpoint, reports, tensors
from train.checkpoint import Settings
from train.errors import TrainError
from train.networks import Tagger
from train.takes import SEGMENT_FRAMES
from train.targets import LISTS, Scale, tag_names
from train.training import Initial, averaged

HEARD_KEY = "tagger.segments_heard"
FORMS = {"int16": np.int16, "int8": np.int8}


def write(source: Path, output: Path, form: str) -> None:
    settings, state = checkpoint.load(source)
    network = averaged(settings, state["average"])
    unfinished = output.with_name(output.name + ".part")
    writer = gguf.GGUFWriter(unfinished, settings.front_end)
    _add_facts(writer, output.stem, settings, checkpoint.heard(settings, state), source, form)
    for name, tensor in tensors.of_network(network, Scale(**state["scale"])).items():
        if is_rounded(name, tensor):
            integers, scale = quantise(tensor, kind=FORMS[form])
            writer.add_tensor(name, integers)
            writer.add_tensor(f"{name}_scale", scale)
        else:
            writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    unfinished.write_bytes(with_checksum(unfinished.read_bytes()))
    unfinished.replace(output)


@dataclass(frozen=True)
class Stored:
    """What a model file holds; the network has the weights as they are stored, integers times their scales."""

    front_end: str
    network: Tagger
    heard: int  # segments, in all training


def read(path: Path) -> Stored:
    facts, stored = read_parts(path)
    front_end = facts["general.architecture"]
    return Stored(front_end, tensors.to_network(front_end, stored), facts[HEARD_KEY])


def initial(path: Path, front_end: str) -> Initial:
    """What a run of this front-end can begin with."""
    stored = read(path)
    if stored.front_end != front_end:
        raise TrainError(f"{path} holds the {stored.front_end} model, not the {front_end} model.")
    return Initial(stored.network, stored.heard)


def fingerprint(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_rounded(name: str, tensor: np.ndarray) -> bool:
    """Kernels of the front-ends' first layers stay as they are: what follows amplifies their errors."""
    return name.endswith(".kernel") and tensor.size >= 2**14 and not name.startswith("timbral")


def _add_facts(writer: gguf.GGUFWriter, name: str, settings: Settings, heard: int, source: Path, form: str) -> None:
    front_end = settings.front_end
    writer.add_name(name)
    writer.add_description(
        "Scores two lists of 50 tags (genre, instrument, voice, mood) for each 3 s of music, from "
        f"{'samples' if front_end == 'waveform' else 'the log-mel'}; distilled from musicnn's models on free music."
    )
    writer.add_license("ISC")
    writer.add_uint32(CHECKSUM_KEY, 0)
    writer.add_string(
        "tagger.origin", f"Checkpoint {source.name} of run {settings.name}, SHA-256 {fingerprint(source)}."
    )
    part = "" if settings.size == 100 else f" ({settings.size} % of it)"
    writer.add_string("tagger.dataset", f"free game and classical music{part}, {heard:,} segments heard")
    scores = reports.read(source, "held-out") or reports.read(source, "validation")
    writer.add_string("tagger.published_scores", card.essence(scores))
    writer.add_string(
        "tagger.storage", f"Larger kernels are {form} with one float32 scale a filter, the others float32."
    )
    writer.add_array("tagger.lists", [f"{name}: {DATASETS[name].name}" for name in LISTS])
    writer.add_array("tagger.tags", tag_names())
    writer.add_uint32(HEARD_KEY, heard)
    writer.add_uint32("tagger.segment_frames", SEGMENT_FRAMES)
    writer.add_uint32("tagger.hop_frames", SEGMENT_FRAMES)
    writer.add_string(f"{front_end}.global_pooling", "max, mean")
    if front_end == "spectrogram":
        add_front_end(writer)
