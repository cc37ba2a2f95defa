"""The reference outputs in tests/goldens: what is in them, how they are made, and whether the oracle still agrees.

tests/goldens/README.md describes the files. The log-mel and the tags of the synthetic signals were made by the original
library; everything else is made here.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convert.quantise import rounded
from reference import audio, musicnn, synthetic
from reference.logmel import logmel
from reference.musicnn import Tensors
from reference.resample import resample

REPOSITORY = Path(__file__).resolve().parents[2]
DIRECTORY = REPOSITORY / "tests" / "goldens"
EXAMPLE_FOLDER = REPOSITORY / "web" / "public" / "example"

MODEL = "MTT_musicnn"
MODEL_FILE = REPOSITORY / "models" / f"{MODEL}.gguf"
HOP_PUBLISHED = 187  # the original's default: segments side by side
HOP_HALF = 92  # the original's for an overlap of 1.5 s
HOP_FINE = 6  # 96 ms: many segments of real music

# 44099 and 767999 have 16000 phases, 4000 and 768000 are the ends of what is accepted.
RESAMPLE_RATES = (4000, 8000, 11025, 22050, 32000, 44099, 44100, 48000, 96000, 192000, 767999, 768000)
RESAMPLE_SIGNALS = {"chirp": synthetic.sweep, "noise": synthetic.noise}

# How far the oracle may stand from a golden. A log-mel may differ by one step of float16, 2^-10 of its energy; what is
# computed from the same log-mel differs by the order of float32 additions alone: ten times the largest that was seen.
TOLERANCES = {"logmel": 4.3e-4, "tags": 5e-6, "logits": 5e-5, "segment0": 5e-4, "resample": 1e-6}

# What int16 kernels may cost against float32 ones. Features reach 40, so theirs is 2.5e-4 of full scale.
STORAGE_TOLERANCES = {"tags": 9e-5, "logits": 2e-3, "segment0": 1e-2}


@dataclass(frozen=True)
class Input:
    """A signal with goldens: at which hops it is tagged, and whether its first segment's features are kept."""

    name: str
    hops: tuple[int, ...]
    features: bool


INPUTS = (
    Input("silence", (HOP_PUBLISHED, HOP_HALF), False),
    Input("sine440", (HOP_PUBLISHED, HOP_HALF), False),
    Input("chirp", (HOP_PUBLISHED, HOP_HALF), False),
    Input("noise", (HOP_PUBLISHED, HOP_HALF), True),
    Input("example", (HOP_PUBLISHED, HOP_HALF, HOP_FINE), True),
)


def example_clip() -> Path:
    """The clip that comes with the page."""
    clips = sorted(EXAMPLE_FOLDER.glob("*.mp3"))
    if len(clips) != 1:
        raise audio.AudioError(f"{EXAMPLE_FOLDER} should hold one mp3 file, the example clip; it holds {len(clips)}.")
    return clips[0]


def pcm(name: str, directory: Path = DIRECTORY) -> np.ndarray:
    """int16 [n] at 16 kHz: by formula, or as stored."""
    if name in synthetic.SIGNALS:
        return synthetic.SIGNALS[name]()
    return np.load(directory / name / "pcm.npy")


# ---- What each file should hold ----


def score_outputs(logmel: np.ndarray, tensors: Tensors, hops: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Tags and logits of a log-mel's segments, by path below the input's folder."""
    outputs = {}
    for hop in hops:
        scores = musicnn.score_segments(logmel, tensors, musicnn.segment_starts(len(logmel), hop))
        outputs |= {f"{MODEL}/{kind}_hop{hop}.npy": scores[kind] for kind in ("tags", "logits")}
    return outputs


def feature_outputs(logmel: np.ndarray, tensors: Tensors) -> dict[str, np.ndarray]:
    """Every intermediate of a log-mel's first segment, by path below the input's folder."""
    features = musicnn.forward(logmel[: musicnn.SEGMENT_FRAMES], tensors)
    return {f"{MODEL}/segment0/{name}.npy": features[name] for name in features if name not in ("tags", "logits")}


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


def write_all(tensors: Tensors, directory: Path = DIRECTORY) -> None:
    """Makes every golden but those of the original library, which import_published brings in."""
    (directory / "signals.sha256").write_text(signal_checksums())
    for path, samples in resample_outputs():
        _save(directory / path, samples)
    _save(directory / "example" / "pcm.npy", audio.as_int16(audio.read_mono_16k(example_clip())))
    for source in INPUTS:
        write_input(source, tensors, directory)


def write_input(source: Input, tensors: Tensors, directory: Path) -> None:
    """What the oracle adds to one input's folder."""
    folder = directory / source.name
    published = source.name in synthetic.SIGNALS
    if not published:
        _save(folder / "logmel.npy", logmel(synthetic.as_float(pcm(source.name, directory))))
    spectrogram = np.load(folder / "logmel.npy")
    for path, values in score_outputs(spectrogram, tensors, source.hops).items():
        if not (published and "/tags_" in path):
            _save(folder / path, values)
    if source.features:
        for path, values in feature_outputs(spectrogram, tensors).items():
            _save(folder / path, values)


def import_published(source: Path, directory: Path = DIRECTORY) -> None:
    """Log-mel and tags of the synthetic signals, from golden_NAME.npz files that the original library's run left."""
    for name in synthetic.SIGNALS:
        published = np.load(source / f"golden_{name}.npz")
        _save(directory / name / "logmel.npy", published["logmel"])
        for hop in (HOP_PUBLISHED, HOP_HALF):  # 4 s hold one segment at either hop
            _save(directory / name / MODEL / f"tags_hop{hop}.npy", published[f"tags_{MODEL}"])


def _save(path: Path, values: np.ndarray) -> None:
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


def check_input(source: Input, tensors: Tensors, directory: Path = DIRECTORY) -> Iterator[Difference]:
    """Log-mel from the samples; everything else from the log-mel that is stored, so that errors do not add up."""
    folder = directory / source.name
    spectrogram = np.load(folder / "logmel.npy")
    yield compare(f"{source.name}/logmel.npy", logmel(synthetic.as_float(pcm(source.name, directory))), spectrogram)
    outputs = score_outputs(spectrogram, tensors, source.hops)
    if source.features:
        outputs |= feature_outputs(spectrogram, tensors)
    for path, values in outputs.items():
        yield compare(f"{source.name}/{path}", values, np.load(folder / path))


def storage_cost(source: Input, tensors: Tensors, directory: Path = DIRECTORY) -> Iterator[Difference]:
    """What int16 kernels would change against the published float32 ones."""
    stored = rounded(tensors)
    folder = directory / source.name
    spectrogram = np.load(folder / "logmel.npy")
    for path, values in score_outputs(spectrogram, stored, source.hops).items():
        yield compare(f"{source.name}/{path}", values, np.load(folder / path), STORAGE_TOLERANCES)
    exact = feature_outputs(spectrogram, tensors)
    for path, values in feature_outputs(spectrogram, stored).items():
        yield compare(f"{source.name}/{path}", values, exact[path], STORAGE_TOLERANCES)


def check_resample(directory: Path = DIRECTORY) -> Iterator[Difference]:
    for path, values in resample_outputs():
        yield compare(path, values, np.load(directory / path))


def compare(path: str, values: np.ndarray, golden: np.ndarray, tolerances: dict[str, float] = TOLERANCES) -> Difference:
    """The largest difference; NaN, which agrees with nothing, where the shapes differ."""
    allowed = next(tolerance for kind, tolerance in tolerances.items() if kind in path)
    if values.shape != golden.shape:
        return Difference(path, float("nan"), allowed)
    return Difference(path, float(np.abs(values.astype(np.float64) - golden).max(initial=0)), allowed)
