"""The oracle's command line."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from convert import model_file
from convert.catalogue import MODELS, load
from convert.cli import DEFAULT_CACHE, REFUSALS, check_names
from convert.network import ModelError, Network
from reference import goldens, paper_goldens, published, storage
from reference.audio import AudioError, read_mono_16k
from reference.big import write_big
from reference.logmel import logmel
from reference.network import score_segments


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python models/reference", description="Taggram's oracle, in numpy.")
    parser.add_argument("--cache", type=Path, metavar="DIR", default=DEFAULT_CACHE, help="where downloads are kept")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    tag = commands.add_parser("tag", help="print the top tags of audio files")
    tag.add_argument("files", nargs="+", type=Path, metavar="FILE")
    tag.add_argument("--top", type=int, default=10, metavar="N")
    tag.add_argument("--model", default="MTT_musicnn", help="a published model, or a model file (.gguf)")

    write = commands.add_parser("goldens", help="write tests/goldens again")
    write.add_argument("--from-npz", type=Path, metavar="DIR", help="also bring in the original library's outputs")

    commands.add_parser("check", help="compare the oracle with tests/goldens")
    against = commands.add_parser("published", help="compare the oracle with outputs of the original library")
    against.add_argument("folder", type=Path, metavar="DIR")

    run = commands.add_parser("run", help="write what a model answers to a log-mel (.npy), as goldens are")
    run.add_argument("model", help="a published model, or a model file (.gguf)")
    run.add_argument("logmel", type=Path, metavar="LOGMEL")
    run.add_argument("folder", type=Path, metavar="DIR")
    run.add_argument("--hop", type=int, default=goldens.HOP_PUBLISHED, metavar="FRAMES")

    cost = commands.add_parser("storage", help="what leaving out filters and int16 kernels cost")
    cost.add_argument("models", nargs="*", metavar="MODEL", help="default: all")
    cost.add_argument("--music", type=Path, metavar="DIR", help="measure over this folder's sound files as well")
    cost.add_argument("--hop", type=int, default=goldens.HOP_HALF, metavar="FRAMES")

    big = commands.add_parser("big", help="write a musicnn big with random weights, and its goldens")
    big.add_argument("folder", type=Path, metavar="DIR")
    options = parser.parse_args(arguments)
    check_names(parser, getattr(options, "models", []))
    return options


def report(differences: Iterable[goldens.Difference]) -> int:
    """Prints each difference; 1 if any is too large."""
    failures = 0
    for difference in differences:
        verdict = "ok" if difference.agrees else "DIFFERS"
        print(f"{difference.path:<48} {difference.largest:8.1e}  of {difference.allowed:.1e}  {verdict}")
        failures += not difference.agrees
    return int(failures > 0)


def open_model(model: str, cache: Path) -> tuple[list[str], Network]:
    """Tags and network of a published model, with the weights as published, or of a model file as it is stored."""
    if model in MODELS:
        return load(MODELS[model], cache)
    if not model.endswith(".gguf"):
        raise ModelError(f"{model} is none of {', '.join(MODELS)} and no model file (.gguf).")
    return model_file.read(Path(model))


def tag_files(options: argparse.Namespace) -> int:
    tags, network = open_model(options.model, options.cache)
    failures = 0
    for path in options.files:
        try:
            spectrogram = logmel(read_mono_16k(path))
            if len(spectrogram) < goldens.HOP_PUBLISHED:
                raise AudioError(f"{path} is shorter than one segment of 3 s.")
            means = score_segments(spectrogram, network, goldens.HOP_PUBLISHED)["tags"].mean(axis=0)
            best = means.argsort()[::-1][: options.top]
            print(f"{path}: " + ", ".join(f"{tags[i]} {means[i]:.2f}" for i in best))
        except AudioError as error:
            print(error, file=sys.stderr)
            failures += 1
    return int(failures > 0)


def run_model(options: argparse.Namespace) -> int:
    _, network = open_model(options.model, options.cache)
    goldens.write_outputs(options.folder, options.logmel, network, options.hop)
    return 0


def write_goldens(options: argparse.Namespace) -> int:
    if options.from_npz:
        goldens.import_published(options.from_npz)
    goldens.write_all(goldens.load_networks(options.cache))
    return check_all(options)


def check_all(options: argparse.Namespace) -> int:
    networks = goldens.load_networks(options.cache)
    statuses = [report(goldens.check_input(source, networks)) for source in goldens.INPUTS]
    return max(report(goldens.check_resample()), report(paper_goldens.check()), *statuses)


def check_published(options: argparse.Namespace) -> int:
    return report(published.check(options.folder, goldens.load_networks(options.cache)))


def show_storage(options: argparse.Namespace) -> int:
    with TemporaryDirectory() as folder:
        inputs = [storage.Music("goldens", storage.write_goldens_inputs(Path(folder)))]
        if options.music:
            inputs.append(storage.Music("music", sorted(options.music.iterdir())))
        for name in options.models or MODELS:
            print(f"{name}: largest changes of scores / logits and, over the goldens' first segments, of features")
            for cost in storage.costs(load(MODELS[name], options.cache)[1], inputs, options.hop):
                print(f"  {cost.form:<34}  {_changes(inputs, cost)}", flush=True)
    return 0


def _changes(inputs: list[storage.Music], cost: storage.Cost) -> str:
    changes = [
        f"{music.name} ({change.segments} segments) {change.tags:.1e} / {change.logits:.1e}"
        for music, change in zip(inputs, cost.changes, strict=True)
    ]
    kept = f"{cost.left_out} filters left out, {cost.weights:,} weights"
    return "  ".join([*changes, f"features {cost.features:.1e}", kept])


def make_big(options: argparse.Namespace) -> int:
    write_big(options.folder)
    return 0


COMMANDS = {
    "tag": tag_files,
    "goldens": write_goldens,
    "check": check_all,
    "published": check_published,
    "run": run_model,
    "storage": show_storage,
    "big": make_big,
}


def main(arguments: list[str] | None = None) -> int:
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return COMMANDS[options.command](options)
    except (AudioError, OSError, *REFUSALS) as error:
        print(error, file=sys.stderr)
        return 1
