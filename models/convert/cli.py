"""The converter's command line."""

import argparse
import sys
from pathlib import Path

import numpy as np

from convert import musicnn, wheel
from convert.catalogue import MODELS, Model
from convert.checkpoint import CheckpointError, read_checkpoint
from convert.model_file import write

MODELS_DIRECTORY = Path(__file__).resolve().parent.parent
DEFAULT_CACHE = MODELS_DIRECTORY.parent / "build" / "cache"


def load(model: Model, cache: Path) -> tuple[list[str], dict[str, np.ndarray]]:
    """The model's tags and its float32 tensors, from the published wheel."""
    path = wheel.fetch(model.wheel, cache)
    tags = wheel.read_list(path, model.labels_file, model.labels)
    variables = read_checkpoint(
        wheel.read_member(path, f"{model.folder}/.index"),
        lambda shard, shards: wheel.read_member(path, f"{model.folder}/.data-{shard:05d}-of-{shards:05d}"),
        musicnn.is_weight,
    )
    tensors = musicnn.tensors(variables)
    scores = len(tensors["output.bias"])
    if len(tags) != scores:
        raise musicnn.ModelError(f"{model.name} has {scores} outputs but {len(tags)} tag names in {model.labels_file}.")
    return tags, tensors


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python models/convert",
        description="Make a Taggram model file (GGUF) from published weights, which are downloaded once.",
    )
    parser.add_argument("model", choices=sorted(MODELS), help="which model to make")
    parser.add_argument("--output", type=Path, metavar="PATH", help="where to write it (default: models/MODEL.gguf)")
    parser.add_argument(
        "--int16", action="store_true", help="round kernels to int16: half the size, scores move by 1e-4"
    )
    parser.add_argument("--cache", type=Path, metavar="DIR", default=DEFAULT_CACHE, help="where downloads are kept")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse(sys.argv[1:] if arguments is None else arguments)
    model = MODELS[options.model]
    output = options.output or MODELS_DIRECTORY / f"{model.name}.gguf"
    try:
        tags, tensors = load(model, options.cache)
        write(output, model, tags, tensors, options.int16)
    except (wheel.WheelError, CheckpointError, musicnn.ModelError, OSError) as error:
        print(f"{options.model}: {error}", file=sys.stderr)
        return 1
    print(f"{output}: {len(tensors)} tensors, {len(tags)} tags, {output.stat().st_size:,} bytes")
    return 0
