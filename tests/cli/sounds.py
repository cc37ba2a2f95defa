"""Sound files for the tests of the program, made with numpy, wave and the ffmpeg command."""

import subprocess
import wave
from pathlib import Path

import numpy as np

RATE = 44100
SECONDS = 6.5  # two segments of 2.992 s and a rest


def music(seconds: float = SECONDS, rate: int = RATE) -> np.ndarray:
    """float64 [n][2]: a broken chord over a drone, panned, with a little noise. The same at every call."""
    time = np.arange(round(seconds * rate)) / rate
    note = np.array([220.0, 277.2, 329.6, 440.0])[(time * 4).astype(int) % 4]
    pluck = np.sin(2 * np.pi * note * time) * np.exp(-6 * (time * 4 % 1))
    drone = np.sin(2 * np.pi * 110 * time) + 0.5 * np.sin(2 * np.pi * 165 * time)
    noise = np.random.default_rng(1).normal(size=len(time))
    left, right = 0.4 * pluck + 0.1 * drone + 0.005 * noise, 0.2 * pluck + 0.2 * drone
    return np.stack([left, right], axis=1)


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """16 bits; samples [n] or [n][channels], full scale -1 .. 1, or int16 as they are."""
    if samples.dtype != np.int16:
        samples = np.round(np.clip(samples, -1, 32767 / 32768) * 32768).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def write_float_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """32-bit floats as they are: louder than full scale, NaN and infinity included."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    raw = ["-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "-"]
    return _ffmpeg(path, raw, ["-c:a", "pcm_f32le"], samples.astype("<f4").tobytes())


def encode(source: Path, target: Path, *options: str) -> Path:
    """Whatever format the target's ending names."""
    return _ffmpeg(target, ["-i", str(source)], list(options))


def _ffmpeg(target: Path, sources: list[str], options: list[str], data: bytes | None = None) -> Path:
    command = ["ffmpeg", "-v", "error", "-y", *sources, *options, str(target)]
    subprocess.run(command, input=data, stdin=None if data else subprocess.DEVNULL, check=True)
    return target


def cut(source: Path, target: Path, part: float) -> Path:
    """The first part of a file's bytes."""
    data = source.read_bytes()
    target.write_bytes(data[: int(len(data) * part)])
    return target
