"""Rate conversion by a windowed sinc, as resampy 0.2.2's "kaiser_best" does it: what musicnn was run with.

Scores move by up to 0.12 with the resampler, so it counts as part of the model. Its filter is the closed form that
resampy tabulates. Its table has 512 points a zero crossing and is walked with a whole number of points a sample; when
the rate goes down that rounding makes the filter a little wider than its gain assumes (0.3 % louder at 44.1 kHz, 6.5 %
at 768 kHz). It is kept here, so that scores are those of the original.
"""

from math import ceil, gcd

import numpy as np

ROLLOFF = 0.9475937167399596  # cutoff, as a part of the lower Nyquist frequency
KAISER_BETA = 14.769656459379492
ZERO_CROSSINGS = 64  # of the sinc, on each side
TABLE_POINTS = 512  # of resampy's table, between two zero crossings

CHUNK = 2048  # outputs computed at once, to bound memory


def windowed_sinc(distance: np.ndarray) -> np.ndarray:
    """The low-pass filter; distance from its middle in zero crossings of the slower rate, 0 and up."""
    window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (distance / ZERO_CROSSINGS) ** 2, 0, 1))) / np.i0(KAISER_BETA)
    return np.where(distance < ZERO_CROSSINGS, ROLLOFF * np.sinc(ROLLOFF * distance) * window, 0)


def resample(samples: np.ndarray, rate_in: int, rate_out: int = 16000) -> np.ndarray:
    """samples [n] -> float64 [ceil(n * rate_out / rate_in)]; silence is assumed before and after.

    The filter gives the whole part of that length; a last sample that it leaves is 0, as librosa has it.
    """
    if rate_in == rate_out:
        return np.asarray(samples, np.float64)
    common = gcd(rate_in, rate_out)
    phases, advance = rate_out // common, rate_in // common  # output i stands at input time i * advance / phases
    scale = min(1.0, rate_out / rate_in)  # going down, the filter is wider and lower
    step = int(scale * TABLE_POINTS) / TABLE_POINTS  # zero crossings from one input sample to the next
    reach = ceil(ZERO_CROSSINGS / step)  # input samples that the filter sees on each side

    length = len(samples) * (rate_out / rate_in)  # in floating point, as the original rounds it
    times = np.arange(int(length), dtype=np.int64) * advance
    whole, phase = times // phases, times % phases
    offsets = np.arange(-reach, reach + 2)  # input samples around time `whole`
    padded = np.pad(np.asarray(samples, np.float64), (reach, reach + 2))

    used, filter_of = np.unique(phase, return_inverse=True)
    output = np.zeros(ceil(length))
    for start in range(0, len(times), CHUNK):
        chunk = slice(start, min(start + CHUNK, len(times)))
        needed, row = np.unique(filter_of[chunk], return_inverse=True)
        filters = scale * windowed_sinc(_distances(used[needed] / phases, offsets, scale, step))
        windows = padded[whole[chunk][:, None] + reach + offsets]
        output[chunk] = (windows * filters[row]).sum(axis=1)
    return output


def _distances(fraction: np.ndarray, offsets: np.ndarray, scale: float, step: float) -> np.ndarray:
    """[phases][offsets]: how far from the filter's middle each input sample stands, for each fraction of a sample.

    As in resampy, each wing starts at the fraction scaled exactly and goes on in rounded steps.
    """
    left = scale * fraction[:, None] - step * offsets
    right = scale * (1 - fraction[:, None]) + step * (offsets - 1)
    return np.where(offsets <= 0, left, right)
