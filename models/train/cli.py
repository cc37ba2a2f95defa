"""The command line of the training: one command a step."""

import argparse
import os
import sys
from pathlib import Path

from train import data, label, takes
from train.card import FRONT_ENDS
from train.corpus import Corpus
from train.errors import TrainError

DEFAULT_PROGRAM = Path(__file__).resolve().parents[2] / "build/native/taggram"
DEFAULT_WORK = Path(os.environ.get("TAGGRAM_TRAIN", "build/train"))


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python models/train", description="Trains Taggram's own two models; see models/train/README.md."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    music = commands.add_parser("data", help="fetch and decode music, render MIDI phrases")
    music.add_argument("--folder", type=Path, metavar="DIR", help="add music of your own (and tags.csv) instead")
    music.add_argument("--use", choices=("train", "validation", "held-out"), default="train", help="of that music")
    music.add_argument("--check", action="store_true", help="only compare what is there with its hashes")

    labels = commands.add_parser("label", help="let the released models tag every segment")
    labels.add_argument("--program", type=Path, default=DEFAULT_PROGRAM, help="Taggram's (default: %(default)s)")
    labels.add_argument("--teachers", nargs="+", choices=label.TEACHERS, default=label.TEACHERS, metavar="MODEL")
    labels.add_argument("--passes", nargs="+", choices=takes.PASSES, default=takes.PASSES[:4], metavar="PASS")

    train = commands.add_parser("train", help="train a model, or go on with one")
    train.add_argument("--front-end", choices=FRONT_ENDS, required=True)
    train.add_argument("--size", type=int, choices=takes.SIZES, default=100, help="of the data, in per cent")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--steps", type=int, required=True, help="how far, of 32 segments each")
    train.add_argument("--decay", type=int, default=0, metavar="STEPS", help="then so many more, to a rate of nothing")
    train.add_argument("--vgg", type=float, default=0.0, metavar="SHARE", help="of vgg in the teacher (default: 0)")
    train.add_argument(
        "--hints", type=float, default=1.0, metavar="WEIGHT", help="of teachers' inner layers in the loss"
    )
    train.add_argument("--initial", type=Path, metavar="FILE.gguf", help="begin with the weights of a model file")
    train.add_argument("--more", action="store_true", help="take in labels that were made since the run began")
    train.add_argument("--threads", type=int, default=os.cpu_count())

    evaluate = commands.add_parser("evaluate", help="score a model on music that it never heard")
    evaluate.add_argument("model", type=Path, metavar="MODEL", help="a checkpoint (.pt) or a model file (.gguf)")
    evaluate.add_argument("--set", choices=("validation", "held-out"), default="validation")
    evaluate.add_argument("--threads", type=int, default=os.cpu_count())

    export = commands.add_parser("export", help="write a checkpoint as a model file")
    export.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    export.add_argument("output", type=Path, metavar="FILE.gguf")
    export.add_argument("--form", choices=("int16", "int8"), default="int16", help="of the larger kernels")

    card = commands.add_parser("card", help="write what a person should know of a model file, as Markdown beside it")
    card.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="that it was exported from")
    card.add_argument("model", type=Path, metavar="FILE.gguf")
    card.add_argument(
        "--besides", type=Path, nargs="+", default=(), metavar="FILE.gguf", help="the same in other forms"
    )
    card.add_argument("--set", choices=("validation", "held-out"), default="held-out", help="whose scores it tells")

    experiment = commands.add_parser("experiment", help="compare both models on three sizes of data")
    experiment.add_argument("--steps", type=int, default=6000, help="of each of 12 runs (default: %(default)s)")
    experiment.add_argument("--decay", type=int, default=2000, metavar="STEPS", help="after those")
    experiment.add_argument(
        "--front-ends",
        nargs="+",
        choices=FRONT_ENDS,
        default=tuple(FRONT_ENDS),
        metavar="FRONT_END",
        help="that are trained (default: both); two commands may train one each, side by side",
    )
    experiment.add_argument("--threads", type=int, default=os.cpu_count())

    commands.add_parser(
        "goldens", help="write what PyTorch answers with random weights and with the model files, for the tests"
    )
    commands.add_parser("smoke", help="see on made-up sounds that all parts fit together")

    for command in commands.choices.values():
        command.add_argument(
            "--work",
            type=Path,
            metavar="DIR",
            default=DEFAULT_WORK,
            help="where music, labels and checkpoints lie (default: $TAGGRAM_TRAIN, else build/train)",
        )
    return parser.parse_args(arguments)


def run_data(options: argparse.Namespace) -> None:
    corpus = Corpus(options.work)
    if options.folder:
        data.bring_folder(corpus, options.folder, options.use)
    elif not options.check:
        data.bring_packages(corpus)
    data.check(corpus)
    print(data.summary(corpus))


def run_label(options: argparse.Namespace) -> None:
    label.label_all(Corpus(options.work), options.program, options.passes, options.teachers)


def run_train(options: argparse.Namespace) -> None:
    from train import training
    from train.checkpoint import Settings
    from train.export import initial

    training.keep_memory()
    training.give_way(options.threads)
    settings = Settings(options.front_end, options.size, options.seed, vgg=options.vgg, hints=options.hints)
    begin = initial(options.initial, options.front_end) if options.initial else None
    training.train(options.work, settings, options.steps, options.decay, options.more, begin)


def run_evaluate(options: argparse.Namespace) -> None:
    from train import evaluation, training

    training.give_way(options.threads)
    print(evaluation.markdown(evaluation.evaluate(options.work, options.model, options.set)))


def run_export(options: argparse.Namespace) -> None:
    from train import export

    export.write(options.checkpoint, options.output, options.form)
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


def run_card(options: argparse.Namespace) -> None:
    from train import facts

    print(facts.write(options.work, options.checkpoint, options.model, options.set, options.besides))


def run_experiment(options: argparse.Namespace) -> None:
    from train import experiment, training

    training.keep_memory()
    training.give_way(options.threads)
    print(experiment.markdown(experiment.experiment(options.work, options.steps, options.decay, options.front_ends)))


def run_goldens(_: argparse.Namespace) -> None:
    from train import goldens

    goldens.write()


def run_smoke(_: argparse.Namespace) -> None:
    from train import smoke

    smoke.smoke()


COMMANDS = {
    "data": run_data,
    "label": run_label,
    "train": run_train,
    "evaluate": run_evaluate,
    "export": run_export,
    "card": run_card,
    "experiment": run_experiment,
    "goldens": run_goldens,
    "smoke": run_smoke,
}


def main(arguments: list[str] | None = None) -> int:
    # Threads that wait for each other sleep: on a machine that does other work, spinning takes the time they wait for.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        COMMANDS[options.command](options)
    except TrainError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
