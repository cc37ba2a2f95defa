"""Audio files as 16 kHz mono: decoded at their own rate by ffmpeg, converted by the oracle's own resampler."""

import subprocess
from pathlib import Path

import numpy as np

from reference.resample import resample


class AudioError(Exception):
    """A file could not be read. The message is for a person."""


def decode(path: Path) -> tuple[np.ndarray, int]:
    """float32 [n][channels] at the file's own rate, and that rate."""
    show = ["-select_streams", "a:0", "-show_entries", "stream=sample_rate,channels", "-of", "default=nw=1:nk=1"]
    described = _run(path, ["ffprobe", "-v", "error", *show, str(path)]).split()
    if len(described) != 2:
        raise AudioError(f"{path} holds no audio that ffmpeg can read.")
    rate, channels = map(int, described)
    data = _run(path, ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-f", "f32le", "-"])
    return np.frombuffer(data, "<f4").reshape(-1, channels), rate


def _run(path: Path, command: list[str]) -> bytes:
    try:
        outcome = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise AudioError(f"{command[0]} is not installed: install FFmpeg to read audio files.") from error
    if outcome.returncode != 0:
        why = outcome.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise AudioError(f"{path} could not be read: {why[0]}.")
    return outcome.stdout


def read_mono_16k(path: Path) -> np.ndarray:
    """float64 [n] at 16 kHz: channels averaged, then resampled."""
    samples, rate = decode(path)
    return resample(samples.mean(axis=1, dtype=np.float64), rate)


def as_int16(samples: np.ndarray) -> np.ndarray:
    """Rounded to 16 bits, full scale 1.0; louder samples are clipped."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
