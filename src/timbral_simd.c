/*
 * Timbral filters in SIMD, one filter a lane: products of spectra (timbral.h), then for each frame the largest value of
 * the inverse transform. Small arrays are walked by loops that are unrolled, else compilers keep them in memory.
 */
#include "simd.h"
#include "timbral.h"

#define UNROLLED _Pragma("GCC unroll 32")

INLINE complex4 times_i(complex4 a) { return (complex4){negative(a.im), a.re}; }
INLINE complex4 conjugate(complex4 a) { return (complex4){a.re, negative(a.im)}; }

/* Turned by step / TG_BANDS of the circle. */
INLINE complex4 turn(const tg_circle *circle, complex4 a, int step) {
    return mul_complex(a, splat(circle->cosine + step), splat(circle->sine + step));
}

/* ---- Products ---------------------------------------------------------------------------------------------------- */

INLINE complex4 product(const float *x, const float *kernels, int factor) {
    complex4 k = {load(kernels + 2 * TG_LANES * factor), load(kernels + (2 * factor + 1) * TG_LANES)};
    return mul_complex(k, splat(x + 2 * factor), splat(x + 2 * factor + 1));
}

/* What the products 0, 2, 4, 6 and 8 give to the four answers. */
INLINE void even_products(const float *x, const float *kernels, complex4 answers[TG_TIMBRAL_ROWS]) {
    complex4 p0 = product(x, kernels, 0), p4 = product(x, kernels, 4);
    complex4 sum_0 = add_complex(p0, p4), rest_0 = sub_complex(p0, p4);
    complex4 p2 = product(x, kernels, 2), p6 = product(x, kernels, 6);
    complex4 sum_2 = add_complex(p2, p6), rest_2 = times_i(sub_complex(p2, p6));
    answers[0] = add_complex(add_complex(sum_0, sum_2), product(x, kernels, 8));
    answers[1] = add_complex(rest_0, rest_2);
    answers[2] = sub_complex(sum_0, sum_2);
    answers[3] = sub_complex(rest_0, rest_2);
}

/* Adds what the others give. An eighth of the circle turns (re, im) into (re - im, re + im) / sqrt 2. */
INLINE void odd_products(const float *x, const float *kernels, complex4 *answers[TG_TIMBRAL_ROWS]) {
    const float root = 0.70710678118654752f;
    complex4 p1 = product(x, kernels, 1), p5 = product(x, kernels, 5);
    complex4 sum_1 = add_complex(p1, p5), rest_1 = sub_complex(p1, p5);
    complex4 p3 = product(x, kernels, 3), p7 = product(x, kernels, 7);
    complex4 sum_3 = add_complex(p3, p7), rest_3 = sub_complex(p3, p7);
    *answers[0] = add_complex(*answers[0], add_complex(sum_1, sum_3));
    *answers[2] = add_complex(*answers[2], times_i(sub_complex(sum_1, sum_3)));
    complex4 turned_1 = {times(root, sub(rest_1.re, rest_1.im)), times(root, add(rest_1.re, rest_1.im))};
    complex4 turned_3 = {times(-root, add(rest_3.re, rest_3.im)), times(root, sub(rest_3.re, rest_3.im))};
    *answers[1] = add_complex(*answers[1], add_complex(turned_1, turned_3));
    *answers[3] = add_complex(*answers[3], times_i(sub_complex(turned_1, turned_3)));
    *answers[3] = add_complex(*answers[3], product(x, kernels, 9));
}

/* Spectra of four filters' correlations with the frames of four rows. Two passes, for the want of registers. */
static void correlate(const float *x, const float *kernels, complex4 spectra[TG_TIMBRAL_ROWS][TG_BINS]) {
    enum { X = TG_TIMBRAL_FACTORS * 2, KERNELS = TG_TIMBRAL_FACTORS * 2 * TG_LANES };
    for (int bin = 0; bin < TG_BINS; bin++) {
        complex4 answers[TG_TIMBRAL_ROWS];
        even_products(x + bin * X, kernels + bin * KERNELS, answers);
        for (int r = 0; r < TG_TIMBRAL_ROWS; r++) spectra[r][bin] = answers[r];
    }
    for (int bin = 0; bin < TG_BINS; bin++) {
        complex4 *answers[] = {&spectra[0][bin], &spectra[1][bin], &spectra[2][bin], &spectra[3][bin]};
        odd_products(x + bin * X, kernels + bin * KERNELS, answers);
    }
}

/* ---- Inverse transforms: 96 = 3 x 32 ------------------------------------------------------------------------------
 *
 * 3 and 32 have no common divisor, so value n is value n mod 32 of the inverse transform of 32 that starts from row
 * n mod 3 of inverse transforms of 3, and nothing is turned between them (Good and Thomas). All values are real, so of
 * each spectrum of length N the bins 0 .. N / 2 are enough, of which the first and the last are real.
 */

/*
 * Halves an inverse transform of N: values 0, 2, 4, ... come from `even`, values 1, 3, 5, ... from `odd`, by bin k and
 * bin k + N / 2, which is the conjugate of bin N / 2 - k.
 */
INLINE void halve(const tg_circle *circle, const complex4 *bins, int length, complex4 *even, complex4 *odd) {
    const int half = length / 2, quarter = length / 4;
    even[0].re = add(bins[0].re, bins[half].re);
    odd[0].re = sub(bins[0].re, bins[half].re);
    UNROLLED
    for (int k = 1; k < quarter; k++) {
        complex4 other = conjugate(bins[half - k]);
        even[k] = add_complex(bins[k], other);
        odd[k] = turn(circle, sub_complex(bins[k], other), k * (TG_BANDS / length));
    }
    even[quarter].re = times(2, bins[quarter].re);
    odd[quarter].re = times(-2, bins[quarter].im);
}

INLINE void inverse_4(const complex4 *bins, v128_t *out, int step) {
    v128_t sum = add(bins[0].re, bins[2].re), rest = sub(bins[0].re, bins[2].re);
    v128_t re = times(2, bins[1].re), im = times(2, bins[1].im);
    out[0] = add(sum, re);
    out[step] = sub(rest, im);
    out[2 * step] = sub(sum, re);
    out[3 * step] = add(rest, im);
}

INLINE void inverse_8(const tg_circle *circle, const complex4 *bins, v128_t *out, int step) {
    complex4 even[3], odd[3];
    halve(circle, bins, 8, even, odd);
    inverse_4(even, out, 2 * step);
    inverse_4(odd, out + step, 2 * step);
}

INLINE void inverse_16(const tg_circle *circle, const complex4 *bins, v128_t *out, int step) {
    complex4 even[5], odd[5];
    halve(circle, bins, 16, even, odd);
    inverse_8(circle, even, out, 2 * step);
    inverse_8(circle, odd, out + step, 2 * step);
}

INLINE void inverse_32(const tg_circle *circle, const complex4 *bins, v128_t *out) {
    complex4 even[9], odd[9];
    halve(circle, bins, 32, even, odd);
    inverse_16(circle, even, out, 2);
    inverse_16(circle, odd, out + 1, 2);
}

INLINE complex4 bin_of(const complex4 *spectrum, int bin) {
    bin %= TG_BANDS;
    return bin < TG_BINS ? spectrum[bin] : conjugate(spectrum[TG_BANDS - bin]);
}

/* Inverse transforms of 3, of the bins 3 k, 3 k + 32 and 3 k + 64 each. */
INLINE void inverse_3(const complex4 *spectrum, complex4 thirds[3][17]) {
    const float sine_60 = 0.86602540378443865f;
    UNROLLED
    for (int k = 0; k < 17; k++) {
        complex4 a = bin_of(spectrum, 3 * k), b = bin_of(spectrum, 3 * k + 32), c = bin_of(spectrum, 3 * k + 64);
        complex4 sum = add_complex(b, c), rest = sub_complex(b, c);
        complex4 middle = {sub(a.re, times(0.5f, sum.re)), sub(a.im, times(0.5f, sum.im))};
        complex4 side = {times(-sine_60, rest.im), times(sine_60, rest.re)};
        thirds[0][k] = add_complex(a, sum);
        thirds[1][k] = add_complex(middle, side);
        thirds[2][k] = sub_complex(middle, side);
    }
}

/* The 96 values of a spectrum. */
static void inverse_96(const tg_circle *circle, const complex4 spectrum[TG_BINS], v128_t values[TG_BANDS]) {
    complex4 thirds[3][17];
    inverse_3(spectrum, thirds);
    UNROLLED
    for (int third = 0; third < 3; third++) {
        v128_t out[32];
        inverse_32(circle, thirds[third], out);
        UNROLLED
        for (int n = 0; n < 32; n++) values[(64 * third + 33 * n) % TG_BANDS] = out[n];
    }
}

/* Four filters' largest values at the first `positions` places. */
static v128_t largest_of(const tg_circle *circle, const complex4 spectrum[TG_BINS], int positions) {
    v128_t values[TG_BANDS];
    inverse_96(circle, spectrum, values);
    v128_t largest = values[0];
    for (int p = 1; p < positions; p++) largest = larger(largest, values[p]);
    return largest;
}

void tg_simd_timbral_max(const tg_circle *circle, const float *x, const float *kernels, int positions, int rows,
                         float *out, int out_stride) {
    complex4 spectra[TG_TIMBRAL_ROWS][TG_BINS];
    for (int r = 0; r < rows; r += TG_TIMBRAL_ROWS, x += TG_BINS * TG_TIMBRAL_FACTORS * 2) {
        correlate(x, kernels, spectra);
        for (int i = 0; i < TG_TIMBRAL_ROWS; i++)
            wasm_v128_store(out + (r + i) * out_stride, largest_of(circle, spectra[i], positions));
    }
}
