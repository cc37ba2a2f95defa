"""Test signals by formula, so that every language makes the same samples. tests/goldens/README.md states them."""

import numpy as np

FOUR_SECONDS = 64000  # at 16 kHz


def silence(count: int = FOUR_SECONDS) -> np.ndarray:
    return np.zeros(count, np.int16)


def sine440(count: int = FOUR_SECONDS) -> np.ndarray:
    """440 Hz at 16 kHz, half of full scale."""
    n = np.arange(count, dtype=np.int64)
    return _sine(440 * n % 16000, 16000)


def chirp(count: int = FOUR_SECONDS) -> np.ndarray:
    """20 Hz to 7900 Hz in 4 s at 16 kHz; the phase, in cycles, is (64000 n + 197 n^2) / 51200000."""
    n = np.arange(count, dtype=np.int64)
    return _sine((64000 * n + 197 * n * n) % 51200000, 51200000)


def noise(count: int = FOUR_SECONDS) -> np.ndarray:
    """Uniform white noise, half of full scale, from a linear congruential generator of 32 bits."""
    state = 1
    samples = np.empty(count, np.int16)
    for i in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        signed = state - (1 << 32) if state >> 31 else state
        samples[i] = signed >> 17
    return samples


def sweep(count: int) -> np.ndarray:
    """0 to 0.45 of the sampling rate, whatever that is, in `count` samples; the phase is 9 n^2 / (40 count) cycles."""
    n = np.arange(count, dtype=np.int64)
    return _sine(9 * n * n % (40 * count), 40 * count)


def _sine(numerator: np.ndarray, denominator: int) -> np.ndarray:
    """Half of full scale at a phase of numerator / denominator cycles, exact until the sine."""
    return np.floor(16384 * np.sin(2 * np.pi * (numerator / denominator)) + 0.5).astype(np.int16)


SIGNALS = {"silence": silence, "sine440": sine440, "chirp": chirp, "noise": noise}


def as_float(samples: np.ndarray) -> np.ndarray:
    """int16 -> float32 in -1 .. 1, exact."""
    return samples.astype(np.float32) / np.float32(32768)
