"""The oracle's spectrogram, against what its definition asks of it."""

import numpy as np
import pytest

from reference import logmel


def test_mel_scale_is_slaneys():
    assert logmel.hz_to_mel(1000) == pytest.approx(15)
    assert logmel.hz_to_mel(6400) == pytest.approx(42)  # 27 mel a factor of 6.4
    np.testing.assert_allclose(logmel.mel_to_hz(np.array([3.0, 15.0, 42.0])), [200, 1000, 6400])


def test_wide_mel_bands_have_unit_area():
    area = logmel.mel_bank().sum(axis=1) * logmel.SAMPLE_RATE / logmel.FFT_SIZE
    # Bands of many bins: the sum over bins is close to the integral. The lowest are narrower than a bin.
    np.testing.assert_allclose(area[-30:], 1, atol=0.02)


def test_mel_bands_stand_in_order():
    peaks = logmel.mel_bank().argmax(axis=1)
    assert (np.diff(peaks[30:]) > 0).all()
    assert peaks[-1] < logmel.FFT_SIZE // 2


@pytest.mark.parametrize("samples", [512, 767, 768, 64000])
def test_a_frame_every_256_samples(samples):
    assert logmel.logmel(np.zeros(samples)).shape == (1 + samples // 256, 96)


def test_ends_are_mirrored_without_repeating_the_edge():
    frames = logmel.frame(np.arange(1024.0))
    np.testing.assert_array_equal(frames[0, :3], [256, 255, 254])
    np.testing.assert_array_equal(frames[0, 255:258], [1, 0, 1])


def test_a_tone_stands_in_its_band():
    spectrogram = logmel.logmel(np.sin(2 * np.pi * 2000 * np.arange(16000) / 16000))
    corners = logmel.mel_to_hz(np.linspace(0, logmel.hz_to_mel(8000), 98))
    expected = np.abs(corners[1:-1] - 2000).argmin()
    assert (abs(spectrogram[5:-5].argmax(axis=1) - expected) <= 1).all()


def test_float16_step_rounds_to_even_and_never_overflows():
    step = logmel.float16_step(np.array([1 + 2**-11, 1 + 3 * 2**-11, 1e9]))
    np.testing.assert_array_equal(step, np.array([1, 1 + 2**-9, 65504], np.float32))
    assert step.dtype == np.float32


def test_loud_audio_stays_finite():
    assert np.isfinite(logmel.logmel(1000 * np.sin(np.arange(16000) * 0.3))).all()
