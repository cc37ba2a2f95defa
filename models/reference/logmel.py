"""16 kHz mono -> log-mel spectrogram, as librosa 0.7 computed it for musicnn; formulas only.

Computed in float64; rounded to float16 where musicnn rounds, because the network was trained on those steps.
"""

import numpy as np

SAMPLE_RATE = 16000
FFT_SIZE = 512
HOP = 256
BANDS = 96
LOG_MULTIPLIER = np.float32(10000)
FLOAT16_LARGEST = 65504.0


def frame(samples: np.ndarray) -> np.ndarray:
    """[n] -> [1 + n // HOP][FFT_SIZE]: each frame centred on its sample, the signal mirrored at both ends."""
    mirrored = np.pad(np.asarray(samples, np.float64), FFT_SIZE // 2, mode="reflect")
    return np.lib.stride_tricks.sliding_window_view(mirrored, FFT_SIZE)[::HOP]


def hann() -> np.ndarray:
    """[FFT_SIZE]: the periodic Hann window."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SIZE) / FFT_SIZE)


def power_spectrogram(samples: np.ndarray) -> np.ndarray:
    """[n] -> [frames][FFT_SIZE / 2 + 1]: squared magnitude of the short-time Fourier transform, not scaled."""
    return np.abs(np.fft.rfft(frame(samples) * hann())) ** 2


# Slaney's mel scale (Auditory Toolbox, 1998): linear to 1 kHz, which is 15 mel; from there 27 mel a factor of 6.4.
BREAK_HZ, BREAK_MEL = 1000.0, 15.0
MEL_PER_LOG = 27 / np.log(6.4)


def hz_to_mel(hz: float) -> float:
    if hz < BREAK_HZ:
        return hz * BREAK_MEL / BREAK_HZ
    return BREAK_MEL + MEL_PER_LOG * np.log(hz / BREAK_HZ)


def mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(
        mel < BREAK_MEL,
        mel * BREAK_HZ / BREAK_MEL,
        BREAK_HZ * np.exp((np.maximum(mel, BREAK_MEL) - BREAK_MEL) / MEL_PER_LOG),
    )


def mel_bank() -> np.ndarray:
    """[BANDS][FFT_SIZE / 2 + 1] float32: triangles over the bins, each of unit area in Hz; float32 as librosa's."""
    bins = np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE
    corners = mel_to_hz(np.linspace(hz_to_mel(0), hz_to_mel(SAMPLE_RATE / 2), BANDS + 2))
    low, middle, high = (corners[i : i + BANDS, None] for i in range(3))
    triangles = np.clip(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0, None)
    return (triangles * 2 / (high - low)).astype(np.float32)


def float16_step(energy: np.ndarray) -> np.ndarray:
    """Rounds to float16 (to nearest, ties to even) and back; energy beyond float16's range is its largest."""
    # The cast back matters: NumPy 2 would go on in float16, overflow at 10000 * 6.55 and turn the scores into NaN.
    return np.minimum(energy, FLOAT16_LARGEST).astype(np.float16).astype(np.float32)


def logmel(samples: np.ndarray) -> np.ndarray:
    """[n] in -1 .. 1 -> float32 [1 + n // HOP][BANDS]"""
    energy = power_spectrogram(samples) @ mel_bank().T.astype(np.float64)
    return np.log10(LOG_MULTIPLIER * float16_step(energy) + np.float32(1))
