"""The oracle's resampler, against what the theory of sampling asks of it."""

import numpy as np
import pytest

from reference.resample import resample


def tone(frequency: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)


def middle(samples: np.ndarray) -> np.ndarray:
    """Away from the ends, where the silence around the signal is heard."""
    return samples[len(samples) // 4 : -len(samples) // 4]


# Where the filter's steps are whole table points (going up, or down by a power of two) it is as good as its window;
# where resampy rounds them, its two wings do not quite meet: -55 dB, and up to 1.5 % too loud.
EXACT = (4000, 8000, 11025, 32000, 64000)
ROUNDED = (22050, 44099, 44100, 48000, 96000, 192000)


def gain_and_error(frequency: float, rate: int) -> tuple[float, float]:
    """By how much a tone is louder after conversion, and the largest thing in it that is not the tone."""
    converted = resample(tone(frequency, rate), rate)
    expected, found = middle(tone(frequency, 16000)[: len(converted)]), middle(converted)
    gain = (found @ expected) / (expected @ expected)
    return gain, np.abs(found - gain * expected).max()


@pytest.mark.parametrize("rate", EXACT)
def test_keeps_a_tone(rate):
    gain, error = gain_and_error(1000, rate)
    assert abs(gain - 1) < 1e-6
    assert error < 1e-6


@pytest.mark.parametrize("rate", ROUNDED)
def test_keeps_a_tone_but_for_resampys_rounding(rate):
    gain, error = gain_and_error(1000, rate)
    assert 1 < gain < 1.015
    assert error < 1.8e-3


@pytest.mark.parametrize(("rate", "left"), [(32000, 1e-6), (64000, 1e-6), (44100, 1e-3), (48000, 1e-3), (96000, 1e-3)])
def test_removes_what_16_khz_cannot_hold(rate, left):
    assert np.abs(middle(resample(tone(9500, rate), rate))).max() < left


@pytest.mark.parametrize(("rate", "length", "expected"), [(44100, 44100, 16000), (44100, 441, 160), (8000, 3, 6)])
def test_length_is_exact(rate, length, expected):
    assert len(resample(np.zeros(length), rate)) == expected


def test_leaves_16_khz_alone():
    np.testing.assert_array_equal(resample(np.array([0.25, -1.5]), 16000), [0.25, -1.5])
