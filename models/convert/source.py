"""Where a checkpoint's files come from: a folder of the published wheel, or a folder of one's own."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convert import graph, musicnn, vgg, wheel
from convert.checkpoint import CheckpointError, read_checkpoint
from convert.network import ModelError, Network, Pooling, is_weight


@dataclass(frozen=True)
class Source:
    """One checkpoint. `read` gives the bytes of its file with a suffix: ".index", ".meta", ".data-00000-of-00001"."""

    read: Callable[[str], bytes]

    def variables(self) -> dict[str, np.ndarray]:
        return read_checkpoint(
            self.read(".index"), lambda shard, shards: self.read(f".data-{shard:05d}-of-{shards:05d}"), is_weight
        )

    def fingerprint(self) -> str:
        """SHA-256 of the index, which holds a checksum of every variable."""
        return hashlib.sha256(self.read(".index")).hexdigest()


class MissingFile(CheckpointError):
    """A checkpoint lacks one of its files."""


def in_wheel(path: Path, folder: str) -> Source:
    return Source(lambda suffix: wheel.read_member(path, f"{folder}/{suffix}"))


def in_folder(folder: Path) -> Source:
    """The one checkpoint in a folder, whatever its prefix (musicnn's own have none)."""
    if not folder.is_dir():
        raise CheckpointError("it is no folder; give the folder that holds a TensorFlow checkpoint.")
    prefixes = sorted(path.name.removesuffix(".index") for path in folder.iterdir() if path.name.endswith(".index"))
    if len(prefixes) != 1:
        names = ", ".join(f"{prefix}.index" for prefix in prefixes)
        found = f"{len(prefixes)} checkpoints ({names})" if prefixes else "no checkpoint (no .index file)"
        raise CheckpointError(f"the folder holds {found}; one is expected, with its .index and .data files.")

    def read(suffix: str) -> bytes:
        path = folder / f"{prefixes[0]}{suffix}"
        if not path.is_file():
            raise MissingFile(f"there is no file {path.name}: the checkpoint is incomplete.")
        return path.read_bytes()

    return Source(read)


# ---- Which network it is ----

PUBLISHED_SIZES = (musicnn.Size(64, 200), musicnn.Size(512, 500))  # musicnn, musicnn big


def read_network(source: Source, pooling: str | None = None) -> Network:
    """The network of a checkpoint: musicnn, musicnn big or vgg, told by the variables' names and shapes.

    `pooling` is a vgg's: "library", five layers as vgg.parse_pooling reads them, or None for that of its graph.
    """
    variables = source.variables()
    if "1CNN/kernel" in variables:
        return vgg.network(variables, _pooling(source, pooling))
    if pooling:
        raise ModelError("a pooling can be chosen for vgg alone, and the checkpoint is none (no variable 1CNN/kernel).")
    if "conv2d_5/kernel" not in variables:
        raise ModelError(
            "the checkpoint is none of musicnn, musicnn big and vgg: it has neither a variable conv2d_5/kernel nor "
            "1CNN/kernel."
        )
    network = musicnn.network(variables)
    size = musicnn.Size(network.width("mid_1"), network.width("dense"))
    if size not in PUBLISHED_SIZES:
        raise ModelError(
            f"the checkpoint has {size.mid_filters} filters in its mid-end and {size.dense_units} dense units, but "
            "musicnn has 64 and 200, musicnn big 512 and 500."
        )
    return network


def _pooling(source: Source, pooling: str | None) -> Pooling:
    if pooling == vgg.LIBRARY_POOLING.name:
        return vgg.LIBRARY_POOLING
    if pooling:
        return vgg.parse_pooling(pooling)
    try:
        return graph.training_pooling(source.read(".meta"))
    except MissingFile as error:
        raise CheckpointError(
            "the checkpoint comes without its graph (.meta), and weights don't say how a vgg is pooled: state it "
            "(--pooling)."
        ) from error
