"""The converter's command line."""

import argparse
import difflib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from convert import source, wheel
from convert.catalogue import DATASETS, MODELS, Facts, check_tags, load, named_tags
from convert.checkpoint import CheckpointError
from convert.model_file import write_stored
from convert.network import ModelError, Network
from convert.prune import DEAD_RESPONSE

MODELS_DIRECTORY = Path(__file__).resolve().parent.parent
DEFAULT_CACHE = MODELS_DIRECTORY.parent / "build" / "cache"

REFUSALS = (wheel.WheelError, CheckpointError, ModelError)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage that argparse prints before it."""
        self.exit(2, f"models/convert: {message.removesuffix('.')}.\nTry: {self.prog} --help\n")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = Parser(
        prog="python models/convert",
        description="Make Taggram model files (GGUF): of the published models, whose weights are downloaded once, or "
        "of a checkpoint of your own.",
    )
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"{', '.join(MODELS)} (default: all)")
    parser.add_argument(
        "--output", type=Path, metavar="PATH", help="a file (.gguf), or a folder for MODEL.gguf (default: models)"
    )
    own = parser.add_argument_group("a checkpoint of your own (musicnn, musicnn big or vgg)")
    own.add_argument("--checkpoint", type=Path, metavar="DIR", help="folder of the TensorFlow checkpoint")
    own.add_argument("--name", help="what to call the model")
    own.add_argument("--tags", metavar="FILE", help="a tag a line, or MTT or MSD for the lists of the published models")
    form = parser.add_argument_group("form")
    form.add_argument(
        "--pooling",
        metavar="POOLS",
        help="of a vgg: library, as the musicnn library computes it, or size and stride (time x mel) of each layer: "
        "4x1/2x2,2x2/2x2,... (default: as it was trained, from the checkpoint's graph)",
    )
    form.add_argument(
        "--float32", action="store_true", help="keep kernels in float32: twice the size; exact with --keep-dead"
    )
    form.add_argument("--keep-dead", action="store_true", help="keep the filters that training drove to zero")
    parser.add_argument("--cache", type=Path, metavar="DIR", default=DEFAULT_CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)
    check_names(parser, options.models)
    _check(parser, options)
    return options


def check_names(parser: argparse.ArgumentParser, names: list[str]) -> None:
    """Refuses a model that isn't published, with the nearest that is."""
    for name in names:
        if name not in MODELS:
            nearest = difflib.get_close_matches(name, MODELS, 1, 0)[0]
            parser.error(f'there is no model "{name}"; did you mean {nearest}? There are {", ".join(MODELS)}.')


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """What the parser can't tell by itself."""
    if options.checkpoint:
        if options.models:
            parser.error("give models or --checkpoint, not both")
        missing = [name for name in ("name", "tags", "output") if not getattr(options, name)]
        if missing:
            parser.error(f"--checkpoint wants --{missing[0]} as well")
    elif options.name or options.tags:
        parser.error("--name and --tags belong to --checkpoint")
    elif options.pooling and not options.output:
        parser.error("--pooling makes another model than the published one: say where with --output")
    if options.output and not options.output.is_dir():
        _check_output_file(parser, options)


def _check_output_file(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """A name without .gguf is a folder that isn't there, or a file that must not be replaced, as the checkpoint's."""
    if not options.checkpoint and len(options.models) != 1:
        parser.error("--output must be a folder that is there, since several models are made")
    if not options.output.name.endswith(".gguf"):
        parser.error(f"--output {options.output} is neither a folder that is there nor a file name that ends in .gguf")


def main(arguments: list[str] | None = None) -> int:
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.checkpoint:
        return _attempt(str(options.checkpoint), lambda: _convert_own(options))
    chosen = options.models or list(MODELS)
    return max(_attempt(name, lambda name=name: _convert_published(name, options)) for name in chosen)


def _attempt(what: str, convert: Callable[[], None]) -> int:
    try:
        convert()
    except OSError as error:
        print(f"{what}: {error.filename or 'a file'} could not be used: {error.strerror or error}.", file=sys.stderr)
        return 1
    except REFUSALS as error:
        print(f"{what}: {error}", file=sys.stderr)
        return 1
    return 0


def _convert_published(name: str, options: argparse.Namespace) -> None:
    tags, network = load(MODELS[name], options.cache, options.pooling)
    output = options.output or MODELS_DIRECTORY
    _write(output / f"{name}.gguf" if output.is_dir() else output, MODELS[name].facts, tags, network, options)


def _convert_own(options: argparse.Namespace) -> None:
    if not re.fullmatch(r"[\w+-][\w .+-]*", options.name):
        raise ModelError(f'"{options.name}" can\'t name a model: use letters, digits, _ and -.')
    checkpoint = source.in_folder(options.checkpoint)
    network = source.read_network(checkpoint, options.pooling)
    facts = Facts(
        name=options.name,
        description=f"Scores {network.tag_count} tags for each 3 s of music; converted from a checkpoint.",
        dataset="not stated",
        published_scores="none",
        origin=f"A TensorFlow checkpoint, whose index has the SHA-256 {checkpoint.fingerprint()}.",
    )
    output = options.output / f"{options.name}.gguf" if options.output.is_dir() else options.output
    _write(output, facts, _read_tags(options.tags, options.cache), network, options)


def _read_tags(tags: str, cache: Path) -> list[str]:
    """A named list, or the lines of a file."""
    if tags in DATASETS:
        return named_tags(DATASETS[tags], cache)
    try:
        lines = Path(tags).read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise ModelError(f"{tags} is no list of tags: neither {' nor '.join(DATASETS)}, nor a file.") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{tags} is no text in UTF-8; a tag a line is expected.") from error
    return [line.strip() for line in lines if line.strip()]


def _write(path: Path, facts: Facts, tags: list[str], network: Network, options: argparse.Namespace) -> None:
    check_tags(tags, network)
    dead_response = 0 if options.keep_dead else DEAD_RESPONSE
    stored = write_stored(path, facts, tags, network, not options.float32, dead_response)
    print(f"{path}: {len(stored.tensors)} tensors, {len(tags)} tags, {path.stat().st_size:,} bytes")
