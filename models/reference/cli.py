"""The oracle's command line."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from convert.catalogue import MODELS
from convert.checkpoint import CheckpointError
from convert.cli import DEFAULT_CACHE, load
from convert.musicnn import ModelError
from convert.wheel import WheelError
from reference import goldens, published
from reference.audio import AudioError, read_mono_16k
from reference.logmel import logmel
from reference.musicnn import Tensors, score_segments, segment_starts


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python models/reference", description="Taggram's oracle, in numpy.")
    parser.add_argument("--cache", type=Path, metavar="DIR", default=DEFAULT_CACHE, help="where downloads are kept")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    tag = commands.add_parser("tag", help="print the top tags of audio files")
    tag.add_argument("files", nargs="+", type=Path, metavar="FILE")
    tag.add_argument("--top", type=int, default=10, metavar="N")

    write = commands.add_parser("goldens", help="write tests/goldens again")
    write.add_argument("--from-npz", type=Path, metavar="DIR", help="also bring in the original library's outputs")

    commands.add_parser("check", help="compare the oracle with tests/goldens")
    commands.add_parser("storage", help="what int16 kernels would cost, in scores and features")
    against = commands.add_parser("published", help="compare the oracle with outputs of the original library")
    against.add_argument("folder", type=Path, metavar="DIR")
    return parser.parse_args(arguments)


def report(differences: Iterable[goldens.Difference]) -> int:
    """Prints each difference; 1 if any is too large."""
    failures = 0
    for difference in differences:
        verdict = "ok" if difference.agrees else "DIFFERS"
        print(f"{difference.path:<45} {difference.largest:8.1e}  of {difference.allowed:.1e}  {verdict}")
        failures += not difference.agrees
    return int(failures > 0)


def tag_files(files: list[Path], top: int, tags: list[str], tensors: Tensors) -> int:
    failures = 0
    for path in files:
        try:
            spectrogram = logmel(read_mono_16k(path))
            starts = segment_starts(len(spectrogram), goldens.HOP_PUBLISHED)
            if not starts:
                raise AudioError(f"{path} is shorter than one segment of 3 s.")
            means = score_segments(spectrogram, tensors, starts)["tags"].mean(axis=0)
            print(f"{path}: " + ", ".join(f"{tags[i]} {means[i]:.2f}" for i in means.argsort()[::-1][:top]))
        except AudioError as error:
            print(error, file=sys.stderr)
            failures += 1
    return int(failures > 0)


def check_all(tensors: Tensors) -> int:
    statuses = [report(goldens.check_input(source, tensors)) for source in goldens.INPUTS]
    return max(report(goldens.check_resample()), *statuses)


def run(options: argparse.Namespace) -> int:
    tags, tensors = load(MODELS[goldens.MODEL], options.cache)
    if options.command == "tag":
        return tag_files(options.files, options.top, tags, tensors)
    if options.command == "published":
        return report(published.check(options.folder, tensors))
    if options.command == "storage":
        return max(report(goldens.storage_cost(source, tensors)) for source in goldens.INPUTS)
    if options.command == "goldens":
        if options.from_npz:
            goldens.import_published(options.from_npz)
        goldens.write_all(tensors)
    return check_all(tensors)


def main(arguments: list[str] | None = None) -> int:
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return run(options)
    except (AudioError, CheckpointError, ModelError, WheelError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
