/*
 * Power spectra in SIMD, one frame a lane: pairs of samples as complex values, their transform of 256 in four passes of
 * radix 4 that sort themselves (Stockham), then the spectrum of the real samples.
 */
#include "simd.h"
#include "spectrum.h"

enum { PAIRS = TG_FFT / 2, RADIX = 4 };

/* Four samples of each frame, windowed, become a vector a sample. */
static void window_pairs(const tg_spectrum *s, const float *const frames[4], complex4 pairs[PAIRS]) {
    for (int i = 0; i < TG_FFT; i += 4) {
        v128_t rows[4], columns[4];
        for (int f = 0; f < 4; f++) rows[f] = mul(load(frames[f] + i), load(s->window + i));
        turn_lanes(rows, columns);
        pairs[i / 2] = (complex4){columns[0], columns[1]};
        pairs[i / 2 + 1] = (complex4){columns[2], columns[3]};
    }
}

/* Transform of four values that lie `step` apart. */
INLINE void transform_4(const complex4 *in, int step, complex4 out[RADIX]) {
    complex4 sum_02 = add_complex(in[0], in[2 * step]), rest_02 = sub_complex(in[0], in[2 * step]);
    complex4 sum_13 = add_complex(in[step], in[3 * step]), rest_13 = sub_complex(in[step], in[3 * step]);
    out[0] = add_complex(sum_02, sum_13);
    out[1] = (complex4){add(rest_02.re, rest_13.im), sub(rest_02.im, rest_13.re)};
    out[2] = sub_complex(sum_02, sum_13);
    out[3] = (complex4){sub(rest_02.re, rest_13.im), add(rest_02.im, rest_13.re)};
}

/* `stride` transforms of length PAIRS / stride, one step on: a quarter as long, four times as many. */
static void pass(const tg_spectrum *s, const complex4 *in, complex4 *out, int stride) {
    const int quarter = PAIRS / RADIX;
    for (int p = 0; p < quarter / stride; p++, in += stride, out += RADIX * stride) {
        v128_t re[RADIX], im[RADIX];
        for (int r = 1; r < RADIX; r++) {
            re[r] = splat(s->cosine + 2 * r * p * stride);
            im[r] = splat(s->sine + 2 * r * p * stride);
        }
        for (int q = 0; q < stride; q++) {
            complex4 turned[RADIX];
            transform_4(in + q, quarter, turned);
            out[q] = turned[0];
            for (int r = 1; r < RADIX; r++) out[q + r * stride] = mul_complex(turned[r], re[r], im[r]);
        }
    }
}

static void last_pass(const complex4 *in, complex4 *out) {
    const int quarter = PAIRS / RADIX;
    for (int q = 0; q < quarter; q++) {
        complex4 turned[RADIX];
        transform_4(in + q, quarter, turned);
        for (int r = 0; r < RADIX; r++) out[q + r * quarter] = turned[r];
    }
}

INLINE v128_t power_of(complex4 a) { return multiply_add(mul(a.re, a.re), a.im, a.im); }

/*
 * Bin k of the pairs' transform and the conjugate of bin PAIRS - k: their half sum is of the even samples, their half
 * difference over i of the odd ones, which stand half a turn of the pairs later.
 */
static void powers_of_samples(const tg_spectrum *s, const complex4 *pairs, float (*power)[4]) {
    const v128_t first = add(pairs[0].re, pairs[0].im), last = sub(pairs[0].re, pairs[0].im);
    wasm_v128_store(power[0], mul(first, first));
    wasm_v128_store(power[PAIRS], mul(last, last));
    for (int k = 1; k <= PAIRS / 2; k++) {
        const complex4 a = pairs[k], b = pairs[PAIRS - k];
        const complex4 even = {add(a.re, b.re), sub(a.im, b.im)}, odd = {add(a.im, b.im), sub(b.re, a.re)};
        const complex4 turned = mul_complex(odd, splat(s->cosine + k), splat(s->sine + k));
        wasm_v128_store(power[k], times(0.25f, power_of(add_complex(even, turned))));
        wasm_v128_store(power[PAIRS - k], times(0.25f, power_of(sub_complex(even, turned))));
    }
}

void tg_simd_power_spectra(const tg_spectrum *s, const float *const frames[4], float (*power)[4]) {
    complex4 a[PAIRS], b[PAIRS];
    window_pairs(s, frames, a);
    pass(s, a, b, 1);
    pass(s, b, a, 4);
    pass(s, a, b, 16);
    last_pass(b, a);
    powers_of_samples(s, a, power);
}
