"""Sound files as 16 kHz mono int16, by the ffmpeg command."""

import subprocess
from pathlib import Path

import numpy as np

from train.errors import TrainError

SAMPLE_RATE = 16000
LONGEST_SECONDS = 7 * 60

# The low-pass of the converter that Taggram has: musicnn's scores follow the highest bands.
RESAMPLER = "aresample=16000:filter_type=kaiser:kaiser_beta=14.77:filter_size=128:phase_shift=12:cutoff=0.9476"


def decode(path: Path) -> np.ndarray:
    """int16 [n], channels averaged, at most LONGEST_SECONDS; empty for what ffmpeg can't read."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", str(path), "-map", "0:a:0"]
    command += ["-t", str(LONGEST_SECONDS), "-af", RESAMPLER, "-ac", "1", "-f", "s16le", "-"]
    try:
        data = subprocess.run(command, capture_output=True, check=False).stdout
    except FileNotFoundError as error:
        raise TrainError("ffmpeg is not installed: install FFmpeg to read sound files.") from error
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2")
