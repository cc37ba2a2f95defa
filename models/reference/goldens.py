"""The reference outputs in tests/goldens: what is in them, how they are made, and whether the oracle still agrees.

tests/goldens/README.md describes the files. The log-mel and the tags of the synthetic signals were made by the original
library; everything else is made here.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convert.catalogue import MODELS, load
from convert.network import BANDS, SEGMENT_FRAMES, ModelError, Network
from reference import audio, synthetic
from reference.logmel import logmel
from reference.network import forward, frames_of_length, score_segments
from reference.resample import resample

REPOSITORY = Path(__file__).resolve().parents[2]
DIRECTORY = REPOSITORY / "tests" / "goldens"
EXAMPLES = REPOSITORY / "web" / "public" / "example"
EXAMPLE_CLIP = EXAMPLES / "naev-introduction.mp3"  # the first of the page, the one that is stored among the inputs

HOP_PUBLISHED = 187  # the original's default: segments side by side
HOP_HALF = 92  # the original's for an overlap of 1.5 s
HOP_FINE = 6  # 96 ms: many segments of real music
LONG_SECONDS = 10  # of a segment longer than those of training

# 44099 and 767999 have 16000 phases, 4000 and 768000 are the ends of what is accepted.
RESAMPLE_RATES = (4000, 8000, 11025, 22050, 32000, 44099, 44100, 48000, 96000, 192000, 767999, 768000)
RESAMPLE_SIGNALS = {"chirp": synthetic.sweep, "noise": synthetic.noise}

# How far the oracle may stand from a golden. A log-mel may differ by one step of float16, 2^-10 of its energy; what is
# computed from the same log-mel differs by the order of float32 additions alone: ten times the largest that was seen.
TOLERANCES = {"paper": 2e-5, "logmel": 4.3e-4, "tags": 5e-6, "logits": 5e-5, "segment0": 5e-4, "resample": 1e-6}

# Features that are stored in part, by name of the file: pool 1 of a vgg has 590,000 values.
SAMPLED = {"pool1": ("pool1_every8", slice(None, None, 8))}


@dataclass(frozen=True)
class Subject:
    """A network with goldens: its folder, where it comes from, and what the original library's outputs call it."""

    folder: str
    model: str
    published: str
    pooling: str | None = None


SUBJECTS = (
    Subject("MTT_musicnn", "MTT_musicnn", "MTT_musicnn"),
    Subject("MSD_musicnn", "MSD_musicnn", "MSD_musicnn"),
    Subject("MTT_vgg", "MTT_vgg", "MTT_vgg"),
    Subject("MSD_vgg", "MSD_vgg", "MSD_vgg_trainpool"),
    Subject("MSD_vgg_library", "MSD_vgg", "MSD_vgg", "library"),
)

Networks = Mapping[str, Network]  # by the subject's folder


def load_networks(cache: Path) -> Networks:
    """The published float32 weights of every subject, in full."""
    return {subject.folder: load(MODELS[subject.model], cache, subject.pooling)[1] for subject in SUBJECTS}


@dataclass(frozen=True)
class Input:
    """A signal with goldens, and for which subjects it has more than scores at the two usual hops."""

    name: str
    features: tuple[str, ...] = ()  # whose intermediates of the first segment are kept
    fine: tuple[str, ...] = ()  # which are tagged at the fine hop, too
    long: tuple[str, ...] = ()  # which are tagged in long segments, too

    def hops(self, folder: str) -> tuple[int, ...]:
        return (HOP_PUBLISHED, HOP_HALF) + (HOP_FINE,) * (folder in self.fine)


INPUTS = (
    Input("silence"),
    Input("sine440"),
    Input("chirp"),
    Input("noise", features=("MTT_musicnn",)),
    Input(
        "example",
        features=("MTT_musicnn", "MSD_musicnn", "MTT_vgg", "MSD_vgg"),
        fine=("MTT_musicnn",),
        long=("MSD_musicnn",),
    ),
)


def pcm(name: str, directory: Path = DIRECTORY) -> np.ndarray:
    """int16 [n] at 16 kHz: by formula, or as stored."""
    if name in synthetic.SIGNALS:
        return synthetic.SIGNALS[name]()
    return np.load(directory / name / "pcm.npy")


# ---- What each file should hold ----


def outputs(source: Input, logmel: np.ndarray, networks: Networks) -> Iterator[tuple[str, np.ndarray]]:
    """Everything that is kept of an input's log-mel, by path below the input's folder."""
    for folder, network in networks.items():
        for hop in source.hops(folder):
            for kind, scores in score_segments(logmel, network, hop).items():
                yield f"{folder}/{kind}_hop{hop}.npy", scores
        if folder in source.long:
            length = frames_of_length(LONG_SECONDS)
            for kind, scores in score_segments(logmel, network, length, length).items():
                yield f"{folder}/{kind}_length{LONG_SECONDS}.npy", scores
        if folder in source.features:
            for name, values in feature_outputs(logmel, network).items():
                yield f"{folder}/segment0/{name}.npy", values


def feature_outputs(logmel: np.ndarray, network: Network) -> dict[str, np.ndarray]:
    """Every intermediate of a log-mel's first segment, as it is stored."""
    features = forward(logmel[:SEGMENT_FRAMES], network)
    kept = {}
    for name in features.keys() - {"tags", "logits"}:
        stored, part = SAMPLED.get(name, (name, slice(None)))
        kept[stored] = features[name][part]
    return kept


def resample_outputs() -> Iterator[tuple[str, np.ndarray]]:
    """A quarter of a second at each rate -> 16 kHz, by path."""
    for rate in RESAMPLE_RATES:
        for name, signal in RESAMPLE_SIGNALS.items():
            samples = synthetic.as_float(signal(rate // 4))
            yield f"resample/{rate}_{name}.npy", resample(samples, rate).astype(np.float32)


def signal_checksums() -> str:
    """SHA-256 of the int16 samples (little endian) of every signal that is made by formula, a line each."""
    signals = {f"{name}_16000": make() for name, make in synthetic.SIGNALS.items()}
    for rate in RESAMPLE_RATES:
        signals |= {f"resample_{rate}_{name}": make(rate // 4) for name, make in RESAMPLE_SIGNALS.items()}
    digests = {name: hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest() for name, samples in signals.items()}
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items())


# ---- Writing ----


def write_all(networks: Networks, directory: Path = DIRECTORY) -> None:
    """Makes every golden but those of the original library, which import_published brings in."""
    (directory / "signals.sha256").write_text(signal_checksums())
    for path, samples in resample_outputs():
        save(directory / path, samples)
    save(directory / "example" / "pcm.npy", audio.as_int16(audio.read_mono_16k(EXAMPLE_CLIP)))
    for source in INPUTS:
        write_input(source, networks, directory)


def write_input(source: Input, networks: Networks, directory: Path) -> None:
    """What the oracle adds to one input's folder."""
    folder = directory / source.name
    published = source.name in synthetic.SIGNALS
    if not published:
        save(folder / "logmel.npy", logmel(synthetic.as_float(pcm(source.name, directory))))
    for path, values in outputs(source, np.load(folder / "logmel.npy"), networks):
        if not (published and "/tags_" in path):
            save(folder / path, values)


def import_published(source: Path, directory: Path = DIRECTORY) -> None:
    """Log-mel and tags of the synthetic signals, from golden_NAME.npz files that the original library's run left."""
    for name in synthetic.SIGNALS:
        published = np.load(source / f"golden_{name}.npz")
        save(directory / name / "logmel.npy", published["logmel"])
        for subject in SUBJECTS:
            for hop in (HOP_PUBLISHED, HOP_HALF):  # 4 s hold one segment at either hop
                tags = published[f"tags_{subject.published}"]
                save(directory / name / subject.folder / f"tags_hop{hop}.npy", tags)


def write_outputs(folder: Path, logmel_path: Path, network: Network, hop: int) -> None:
    """What a network answers to a log-mel, below a folder, whole."""
    spectrogram = read_logmel(logmel_path)
    for kind, scores in score_segments(spectrogram, network, hop).items():
        save(folder / f"{kind}_hop{hop}.npy", scores)
    for name, values in forward(spectrogram[:SEGMENT_FRAMES], network).items():
        save(folder / "segment0" / f"{name}.npy", values)


def read_logmel(path: Path) -> np.ndarray:
    """A log-mel of a person's own, of one segment at least."""
    try:
        spectrogram = np.load(path)
    except ValueError as error:
        raise ModelError(f"{path} is no .npy file of numbers.") from error
    if spectrogram.ndim != 2 or spectrogram.shape[1] != BANDS or len(spectrogram) < SEGMENT_FRAMES:
        raise ModelError(
            f"{path} is no log-mel: its shape is {list(spectrogram.shape)}, not [{SEGMENT_FRAMES}+][{BANDS}]."
        )
    return spectrogram.astype(np.float32)


def save(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.ascontiguousarray(values))


# ---- Checking ----


@dataclass(frozen=True)
class Difference:
    """How far the oracle stands from one golden file."""

    path: str
    largest: float
    allowed: float

    @property
    def agrees(self) -> bool:
        return self.largest <= self.allowed  # false for NaN


def check_input(source: Input, networks: Networks, directory: Path = DIRECTORY) -> Iterator[Difference]:
    """Log-mel from the samples; everything else from the log-mel that is stored, so that errors do not add up."""
    folder = directory / source.name
    spectrogram = np.load(folder / "logmel.npy")
    yield compare(f"{source.name}/logmel.npy", logmel(synthetic.as_float(pcm(source.name, directory))), spectrogram)
    for path, values in outputs(source, spectrogram, networks):
        yield compare(f"{source.name}/{path}", values, np.load(folder / path))


def check_resample(directory: Path = DIRECTORY) -> Iterator[Difference]:
    for path, values in resample_outputs():
        yield compare(path, values, np.load(directory / path))


def compare(path: str, values: np.ndarray, golden: np.ndarray) -> Difference:
    """The largest difference; NaN, which agrees with nothing, where the shapes differ."""
    allowed = next(tolerance for kind, tolerance in TOLERANCES.items() if kind in path)
    if values.shape != golden.shape:
        return Difference(path, float("nan"), allowed)
    return Difference(path, float(np.abs(values.astype(np.float64) - golden).max(initial=0)), allowed)
