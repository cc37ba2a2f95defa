/*
 * The kernels, plain and SIMD, against each other or against direct sums, on random input from a printed seed.
 * Tolerance: a sum of n products in [-1, 1] of float32 errs by less than n * 2^-24 * n, and by about sqrt(n) * 2^-24 *
 * sqrt(n); twice the latter, times 4 for the worst of many, is asked.
 */
#include "support.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "spectrum.h"
#include "temporal.h"
#include "timbral.h"
#include "winograd.h"

static uint32_t seed = 20260101;

static float random_value(void) {
    seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
    return (float)(seed >> 8) / (1 << 23) - 1;
}

static float *random_values(int count) {
    float *x = malloc((size_t)count * sizeof *x);
    for (int i = 0; i < count; i++) x[i] = random_value();
    return x;
}

static double tolerance(int terms) { return 8 * terms * FLT_EPSILON / 2; }

static void dot(void **state) {
    (void)state;
    float *a = random_values(2000), *b = random_values(2000);
    for (int n = 0; n < 2000; n += n < 40 ? 1 : 97) {
        float plain = tg_kernels_plain.dot(a, b, n), simd = tg_kernels_simd.dot(a, b, n);
        assert_true(fabs((double)plain - simd) <= tolerance(n));
    }
    free(a);
    free(b);
}

static void dot_4(void **state) {
    (void)state;
    enum { MOST = 800, APART = 441 };
    float *row = random_values(MOST), *x = random_values(MOST + 3 * APART);
    for (int n = 0; n <= MOST; n += 8) {
        const float *windows[4] = {x, x + 1, x + APART, x + 3 * APART};
        float plain[4], simd[4];
        tg_kernels_plain.dot_4(row, windows, n, plain);
        tg_kernels_simd.dot_4(row, windows, n, simd);
        for (int i = 0; i < 4; i++) assert_true(fabs((double)plain[i] - simd[i]) <= tolerance(n));
    }
    free(row);
    free(x);
}

/* Rounding of the loudest bin's values, which all others are sums of, is what bins differ by. */
static void power_spectra(void **state) {
    (void)state;
    tg_spectrum *s = malloc(sizeof *s);
    assert_true(tg_make_spectrum(s));
    float *x = random_values(TG_FFT + 3 * 256), plain[TG_FFT_BINS][4], simd[TG_FFT_BINS][4];
    for (int i = 0; i < TG_FFT; i++) x[i] += 100 * cosf(0.3f * (float)i); /* one bin far above the others */
    const float *frames[4] = {x, x + 256, x + 512, x + 768};
    tg_kernels_plain.power_spectra(s, frames, plain);
    tg_kernels_simd.power_spectra(s, frames, simd);
    for (int f = 0; f < 4; f++) {
        float loudest = 0;
        for (int k = 0; k < TG_FFT_BINS; k++) loudest = fmaxf(loudest, plain[k][f]);
        for (int k = 0; k < TG_FFT_BINS; k++)
            assert_true(fabsf(plain[k][f] - simd[k][f]) <= 1e-6f * (loudest + sqrtf(loudest * plain[k][f])));
    }
    tg_free_spectrum(s);
    free(s);
    free(x);
}

static void matmul_8(void **state) {
    (void)state;
    static const int depths[] = {1, 7, 448, 3927}, strides[] = {64, 561};
    enum { ROWS = 12, OUT = 24, STEP = 700, STEPS = 3 };
    for (int d = 0; d < 4; d++)
        for (int s = 0; s < 2; s++)
            for (int steps = 1; steps <= STEPS; steps += STEPS - 1) {
                float plain[ROWS * OUT] = {0}, simd[ROWS * OUT] = {0};
                float *a = random_values(STEPS * STEP + ROWS * strides[s] + depths[d]);
                float *b = random_values(STEPS * depths[d] * 8);
                tg_kernels_plain.matmul_8(a, strides[s], STEP, steps, b, depths[d], ROWS, plain + 8, OUT);
                tg_kernels_simd.matmul_8(a, strides[s], STEP, steps, b, depths[d], ROWS, simd + 8, OUT);
                assert_close("matmul_8", simd, plain, ROWS * OUT, tolerance(steps * depths[d]));
                free(a);
                free(b);
            }
}

static void filter_samples(void **state) {
    (void)state;
    enum { ROWS = 9, OUT = 24 };
    float *x = random_values(3 * ROWS), *b = random_values(3 * TG_TILE_COLUMNS);
    float *norms = random_values(3 * TG_TILE_COLUMNS), plain[ROWS * OUT] = {0}, simd[ROWS * OUT] = {0};
    const tg_norm norm = {norms, norms + TG_TILE_COLUMNS, norms + 2 * TG_TILE_COLUMNS};
    for (int rows = 0; rows <= ROWS; rows++) {
        tg_kernels_plain.filter_samples(x, b, &norm, rows, plain + 8, OUT);
        tg_kernels_simd.filter_samples(x, b, &norm, rows, simd + 8, OUT);
        assert_close("filter_samples", simd, plain, ROWS * OUT, tolerance(4));
    }
    assert_true(plain[8] != 0 && plain[0] == 0 && plain[16] == 0);
    free(x);
    free(b);
    free(norms);
}

/* One filter at one frame, by definition. x: [frames][TG_BANDS]; the filter's taps lie TG_LANES apart. */
static float direct_temporal(const float *x, const float *filter, int taps) {
    double largest = -INFINITY;
    for (int band = 0; band < TG_BANDS; band++) {
        double sum = 0;
        for (int i = 0; i < taps; i++) sum += (double)x[i * TG_BANDS + band] * filter[i * TG_LANES];
        largest = fmax(largest, sum);
    }
    return (float)largest;
}

/* The first and the last place are silent. */
static void check_temporal(int taps) {
    enum { ROWS = 200, OUT = 12, TILES = TG_ROUND_UP(ROWS, TG_TEMPORAL_ROWS) / TG_TEMPORAL_ROWS };
    const int places = taps / TG_TEMPORAL_ROWS, x_places = TILES + places - 1, x_step = x_places * TG_TEMPORAL_SIGNALS;
    const int frames = x_places * TG_TEMPORAL_ROWS + TG_TEMPORAL_ROWS - 1, blocks = TG_BANDS / TG_TEMPORAL_SIGNALS;
    float *x = random_values(frames * TG_BANDS), *filters = random_values(taps * TG_LANES);
    memset(x, 0, TG_TEMPORAL_SPAN * TG_BANDS * sizeof *x);
    memset(x + (frames - TG_TEMPORAL_SPAN) * TG_BANDS, 0, TG_TEMPORAL_SPAN * TG_BANDS * sizeof *x);
    float *factors = malloc((size_t)(blocks * TG_TEMPORAL_FACTORS * x_step) * sizeof *factors);
    float *kernels = malloc((size_t)(TG_TEMPORAL_FACTORS * places * TG_LANES) * sizeof *kernels);
    for (int block = 0; block < blocks; block++)
        for (int place = 0; place < x_places; place++) {
            float in[TG_TEMPORAL_SPAN * TG_TEMPORAL_SIGNALS];
            for (int i = 0; i < TG_TEMPORAL_SPAN * TG_TEMPORAL_SIGNALS; i++)
                in[i] = x[(place * TG_TEMPORAL_ROWS + i / TG_TEMPORAL_SIGNALS) * TG_BANDS +
                          block * TG_TEMPORAL_SIGNALS + i % TG_TEMPORAL_SIGNALS];
            tg_temporal_input(in, factors + block * TG_TEMPORAL_FACTORS * x_step + place * TG_TEMPORAL_SIGNALS, x_step);
        }
    for (int i = 0; i < places * TG_LANES; i++) {
        float filter[TG_TEMPORAL_FACTORS];
        tg_temporal_filter(filters + i / TG_LANES * TG_TEMPORAL_ROWS * TG_LANES + i % TG_LANES, TG_LANES, filter);
        for (int f = 0; f < TG_TEMPORAL_FACTORS; f++) kernels[f * places * TG_LANES + i] = filter[f];
    }
    float plain[ROWS * OUT] = {0}, simd[ROWS * OUT] = {0}, direct[ROWS * OUT] = {0};
    for (int i = 0; i < ROWS * TG_LANES; i++)
        direct[i / TG_LANES * OUT + 4 + i % TG_LANES] =
            direct_temporal(x + i / TG_LANES * TG_BANDS, filters + i % TG_LANES, taps);
    tg_kernels_plain.temporal_max(factors, x_places, 1, x_places - 1, kernels, places, ROWS, plain + 4, OUT);
    tg_kernels_simd.temporal_max(factors, x_places, 1, x_places - 1, kernels, places, ROWS, simd + 4, OUT);
    /* The transforms enlarge an error by a few times. */
    assert_close("temporal_max, plain against direct", plain, direct, ROWS * OUT, 4 * tolerance(taps));
    assert_close("temporal_max, SIMD against direct", simd, direct, ROWS * OUT, 4 * tolerance(taps));
    free(x);
    free(filters);
    free(factors);
    free(kernels);
}

static void temporal_add(void **state) {
    (void)state;
    enum { COUNT = 130, ROW = TG_LANES * TG_BANDS, BLOCK = (COUNT + 3) * TG_TEMPORAL_SIGNALS };
    float *x = random_values(TG_BANDS / TG_TEMPORAL_SIGNALS * BLOCK), *taps = random_values(COUNT * TG_LANES);
    float *plain = random_values(ROW), *simd = malloc(ROW * sizeof *simd), largest[2][TG_LANES];
    memcpy(simd, plain, ROW * sizeof *simd);
    for (int count = 0; count <= COUNT; count += count < 9 ? 1 : 11) {
        tg_kernels_plain.temporal_add(x, BLOCK, taps, count, plain, largest[0]);
        tg_kernels_simd.temporal_add(x, BLOCK, taps, count, simd, largest[1]);
        assert_close("temporal_add", simd, plain, ROW, 8 * tolerance(COUNT));
        assert_close("temporal_add, largest", largest[1], largest[0], TG_LANES, 8 * tolerance(COUNT));
    }
    free(x);
    free(taps);
    free(plain);
    free(simd);
}

static void temporal_max(void **state) {
    (void)state;
    for (int taps = 16; taps <= 128; taps *= 2) check_temporal(taps);
}

static tg_circle make_circle(void) {
    tg_circle c;
    for (int i = 0; i < TG_BANDS; i++) {
        c.cosine[i] = (float)cos(2 * M_PI * i / TG_BANDS);
        c.sine[i] = (float)sin(2 * M_PI * i / TG_BANDS);
    }
    return c;
}

/* Bins of the real transform of x[0 .. count - 1], by definition; times scale, the imaginary part times `sign`. */
static void transform(const float *x, int count, double scale, double sign, float *re, float *im, int step) {
    for (int bin = 0; bin < TG_BINS; bin++) {
        double real = 0, imaginary = 0;
        for (int i = 0; i < count; i++) {
            real += x[i] * cos(2 * M_PI * bin * i / TG_BANDS);
            imaginary -= x[i] * sin(2 * M_PI * bin * i / TG_BANDS);
        }
        re[bin * step] = (float)(real * scale);
        im[bin * step] = (float)(imaginary * scale * sign);
    }
}

/* The largest correlation of a filter [7][height] with the frames from x on, at the first `positions` places. */
static float direct_max(const float *x, const float *filter, int height, int positions) {
    double largest = -INFINITY;
    for (int p = 0; p < positions; p++) {
        double sum = 0;
        for (int t = 0; t < TG_TIMBRAL_FRAMES; t++)
            for (int b = 0; b < height; b++) sum += (double)x[t * TG_BANDS + p + b] * filter[t * height + b];
        if (sum > largest) largest = sum;
    }
    return (float)largest;
}

static void check_timbral(int height) {
    enum { ROWS = 8, FRAMES = ROWS + TG_TIMBRAL_FRAMES - 1, FACTORS = TG_TIMBRAL_FACTORS * 2 };
    const int positions = TG_BANDS - height + 1;
    const tg_circle circle = make_circle();
    float *x = random_values(FRAMES * TG_BANDS), *filters = random_values(TG_LANES * TG_TIMBRAL_FRAMES * height);
    static float spectra[FRAMES][TG_BINS][2], factors[ROWS / TG_TIMBRAL_ROWS][TG_BINS][TG_TIMBRAL_FACTORS][2];
    static float kernels[TG_BINS][FACTORS][TG_LANES];
    for (int t = 0; t < FRAMES; t++)
        transform(x + t * TG_BANDS, TG_BANDS, 1, 1, &spectra[t][0][0], &spectra[t][0][1], 2);
    for (int i = 0; i < ROWS / TG_TIMBRAL_ROWS * TG_BINS; i++)
        tg_timbral_input(spectra[i / TG_BINS * TG_TIMBRAL_ROWS][i % TG_BINS], TG_BINS * 2,
                         factors[i / TG_BINS][i % TG_BINS]);
    for (int lane = 0; lane < TG_LANES; lane++) {
        static float taps[TG_BINS][TG_TIMBRAL_FRAMES][2];
        for (int t = 0; t < TG_TIMBRAL_FRAMES; t++)
            transform(filters + (lane * TG_TIMBRAL_FRAMES + t) * height, height, 1. / TG_BANDS, -1, &taps[0][t][0],
                      &taps[0][t][1], TG_TIMBRAL_FRAMES * 2);
        for (int bin = 0; bin < TG_BINS; bin++) {
            float filter[TG_TIMBRAL_FACTORS][2];
            tg_timbral_filter((const float(*)[2])taps[bin], filter);
            for (int i = 0; i < FACTORS; i++) kernels[bin][i][lane] = filter[i / 2][i % 2];
        }
    }
    float plain[ROWS * TG_LANES], simd[ROWS * TG_LANES], direct[ROWS * TG_LANES];
    tg_kernels_plain.timbral_max(&circle, factors[0][0][0], kernels[0][0], positions, ROWS, plain, TG_LANES);
    tg_kernels_simd.timbral_max(&circle, factors[0][0][0], kernels[0][0], positions, ROWS, simd, TG_LANES);
    for (int i = 0; i < ROWS * TG_LANES; i++)
        direct[i] = direct_max(x + i / TG_LANES * TG_BANDS, filters + i % TG_LANES * TG_TIMBRAL_FRAMES * height, height,
                               positions);
    assert_close("timbral_max, plain against direct", plain, direct, ROWS * TG_LANES, tolerance(7 * height));
    assert_close("timbral_max, SIMD against direct", simd, direct, ROWS * TG_LANES, tolerance(7 * height));
    free(x);
    free(filters);
}

static void timbral_max(void **state) {
    (void)state;
    static const int heights[] = {1, 38, 39, 67, 86, 96};
    for (size_t i = 0; i < sizeof heights / sizeof *heights; i++) check_timbral(heights[i]);
}

enum { CHANNELS = 6, PLACES = TG_ROUND_UP(CHANNELS, TG_LANES) }; /* not a multiple of the lanes */

/* One 4x4 tile of each channel convolved with that channel's own 3x3 filter: out[y][x][channel]. */
static void winograd(const tg_kernels *k, const float *patch, const float *filters, float *out) {
    float factors[TG_PRODUCTS * PLACES], filter_factors[TG_PRODUCTS];
    k->winograd_patch(patch, TG_PATCH_SIDE * CHANNELS, CHANNELS, factors, PLACES);
    for (int c = 0; c < CHANNELS; c++) {
        tg_winograd_filter(filters + c, CHANNELS, filter_factors);
        for (int i = 0; i < TG_PRODUCTS; i++) factors[i * PLACES + c] *= filter_factors[i];
    }
    k->winograd_tile(factors, PLACES, CHANNELS, out, TG_TILE_SIDE * PLACES, PLACES);
}

static void winograd_is_convolution(void **state) {
    (void)state;
    enum { TILE = TG_TILE_SIDE * TG_TILE_SIDE * PLACES };
    float *patch = random_values(TG_PRODUCTS * CHANNELS + TG_LANES), *filters = random_values(9 * CHANNELS);
    float direct[TILE] = {0}, plain[TILE], simd[TILE];
    for (int y = 0; y < TG_TILE_SIDE; y++)
        for (int x = 0; x < TG_TILE_SIDE; x++)
            for (int c = 0; c < CHANNELS; c++)
                for (int i = 0; i < 9; i++)
                    direct[(y * TG_TILE_SIDE + x) * PLACES + c] +=
                        patch[((y + i / 3) * TG_PATCH_SIDE + x + i % 3) * CHANNELS + c] * filters[i * CHANNELS + c];
    winograd(&tg_kernels_plain, patch, filters, plain);
    winograd(&tg_kernels_simd, patch, filters, simd);
    for (int place = 0; place < TILE; place += PLACES)
        for (int c = CHANNELS; c < PLACES; c++) plain[place + c] = simd[place + c] = 0; /* read from beyond */
    assert_close("winograd, plain against direct", plain, direct, TILE, 4 * tolerance(9));
    assert_close("winograd, SIMD against direct", simd, direct, TILE, 4 * tolerance(9));
    free(patch);
    free(filters);
}

/* Four frames of each channel convolved with that channel's own seven taps: out[frame][channel]. */
static void winograd_line(const tg_kernels *k, const float *frames, const float *filters, float *out) {
    float factors[TG_LINE_PRODUCTS * TG_TILE_COLUMNS], filter_factors[TG_LINE_PRODUCTS];
    k->winograd_line(frames, TG_TILE_COLUMNS, TG_TILE_COLUMNS, factors, TG_TILE_COLUMNS);
    for (int c = 0; c < TG_TILE_COLUMNS; c++) {
        tg_winograd_line_filter(filters + c, TG_TILE_COLUMNS, filter_factors);
        for (int i = 0; i < TG_LINE_PRODUCTS; i++) factors[i * TG_TILE_COLUMNS + c] *= filter_factors[i];
    }
    k->winograd_frames(factors, TG_TILE_COLUMNS, out, TG_TILE_COLUMNS);
}

static void winograd_line_is_convolution(void **state) {
    (void)state;
    enum { OUT = TG_LINE_SIDE * TG_TILE_COLUMNS };
    for (int round = 0; round < 200; round++) {
        float *frames = random_values(TG_LINE_SPAN * TG_TILE_COLUMNS);
        float *filters = random_values(TG_LINE_TAPS * TG_TILE_COLUMNS);
        float direct[OUT] = {0}, plain[OUT], simd[OUT];
        for (int i = 0; i < OUT * TG_LINE_TAPS; i++)
            direct[i % OUT] +=
                frames[i / OUT * TG_TILE_COLUMNS + i % OUT] * filters[i / OUT * TG_TILE_COLUMNS + i % TG_TILE_COLUMNS];
        winograd_line(&tg_kernels_plain, frames, filters, plain);
        winograd_line(&tg_kernels_simd, frames, filters, simd);
        /* So many points enlarge an error by twenty times. */
        assert_close("winograd_line, plain against direct", plain, direct, OUT, 20 * tolerance(TG_LINE_TAPS));
        assert_close("winograd_line, SIMD against direct", simd, direct, OUT, 20 * tolerance(TG_LINE_TAPS));
        free(frames);
        free(filters);
    }
}

/* Six frames of each channel convolved with that channel's own seven taps: out[frame][channel]. */
static void winograd_long(const tg_kernels *k, const float *frames, const float *filters, float *out) {
    float factors[TG_LONG_PRODUCTS * TG_TILE_COLUMNS], filter_factors[TG_LONG_PRODUCTS];
    k->winograd_long(frames, TG_TILE_COLUMNS, TG_TILE_COLUMNS, factors, TG_TILE_COLUMNS);
    for (int c = 0; c < TG_TILE_COLUMNS; c++) {
        tg_winograd_long_filter(filters + c, TG_TILE_COLUMNS, filter_factors);
        for (int i = 0; i < TG_LONG_PRODUCTS; i++) factors[i * TG_TILE_COLUMNS + c] *= filter_factors[i];
    }
    k->winograd_long_frames(factors, TG_TILE_COLUMNS, out, TG_TILE_COLUMNS);
}

static void winograd_long_is_convolution(void **state) {
    (void)state;
    enum { OUT = TG_LONG_SIDE * TG_TILE_COLUMNS };
    for (int round = 0; round < 200; round++) {
        float *frames = random_values(TG_LONG_SPAN * TG_TILE_COLUMNS);
        float *filters = random_values(TG_LONG_TAPS * TG_TILE_COLUMNS);
        float direct[OUT] = {0}, plain[OUT], simd[OUT];
        for (int i = 0; i < OUT * TG_LONG_TAPS; i++)
            direct[i % OUT] +=
                frames[i / OUT * TG_TILE_COLUMNS + i % OUT] * filters[i / OUT * TG_TILE_COLUMNS + i % TG_TILE_COLUMNS];
        winograd_long(&tg_kernels_plain, frames, filters, plain);
        winograd_long(&tg_kernels_simd, frames, filters, simd);
        /* So many points enlarge an error by forty times. */
        assert_close("winograd_long, plain against direct", plain, direct, OUT, 40 * tolerance(TG_LONG_TAPS));
        assert_close("winograd_long, SIMD against direct", simd, direct, OUT, 40 * tolerance(TG_LONG_TAPS));
        free(frames);
        free(filters);
    }
}

/* Two rows of the largest of three frames of each channel, convolved with that channel's own three taps. */
static void winograd_pooled(const tg_kernels *k, const float *frames, const float *filters, const tg_norm *norm,
                            float *out) {
    float factors[TG_SHORT_PRODUCTS * TG_TILE_COLUMNS], filter_factors[TG_SHORT_PRODUCTS];
    k->winograd_short(frames, TG_TILE_COLUMNS, TG_TILE_COLUMNS, factors, TG_TILE_COLUMNS);
    for (int c = 0; c < TG_TILE_COLUMNS; c++) {
        tg_winograd_short_filter(filters + c, TG_TILE_COLUMNS, filter_factors);
        for (int i = 0; i < TG_SHORT_PRODUCTS; i++) factors[i * TG_TILE_COLUMNS + c] *= filter_factors[i];
    }
    k->winograd_pooled(factors, TG_TILE_COLUMNS, norm, out, TG_TILE_COLUMNS);
}

static float direct_pooled(const float *frames, const float *filters, const tg_norm *norm, int channel) {
    float largest = -INFINITY;
    for (int frame = 0; frame < 3; frame++) {
        float x = norm->bias[channel];
        for (int i = 0; i < TG_SHORT_TAPS; i++)
            x += frames[(frame + i) * TG_TILE_COLUMNS + channel] * filters[i * TG_TILE_COLUMNS + channel];
        largest = fmaxf(largest, fmaxf(x, 0) * norm->scale[channel] + norm->shift[channel]);
    }
    return largest;
}

static void winograd_pooled_is_the_largest_of_a_convolution(void **state) {
    (void)state;
    enum { OUT = 2 * TG_TILE_COLUMNS };
    for (int round = 0; round < 200; round++) {
        float *frames = random_values(TG_SHORT_SPAN * TG_TILE_COLUMNS);
        float *filters = random_values(TG_SHORT_TAPS * TG_TILE_COLUMNS), *norms = random_values(3 * TG_TILE_COLUMNS);
        const tg_norm norm = {norms, norms + TG_TILE_COLUMNS, norms + 2 * TG_TILE_COLUMNS};
        float direct[OUT], plain[OUT], simd[OUT];
        for (int i = 0; i < OUT; i++)
            direct[i] =
                direct_pooled(frames + i / TG_TILE_COLUMNS * 3 * TG_TILE_COLUMNS, filters, &norm, i % TG_TILE_COLUMNS);
        winograd_pooled(&tg_kernels_plain, frames, filters, &norm, plain);
        winograd_pooled(&tg_kernels_simd, frames, filters, &norm, simd);
        /* So many points enlarge an error by ten times. */
        assert_close("winograd_pooled, plain against direct", plain, direct, OUT, 10 * tolerance(TG_SHORT_TAPS));
        assert_close("winograd_pooled, SIMD against direct", simd, direct, OUT, 10 * tolerance(TG_SHORT_TAPS));
        free(frames);
        free(filters);
        free(norms);
    }
}

int main(void) {
    print_message("seed %u\n", (unsigned)seed);
    const struct CMUnitTest tests[] = {cmocka_unit_test(dot),
                                       cmocka_unit_test(dot_4),
                                       cmocka_unit_test(power_spectra),
                                       cmocka_unit_test(matmul_8),
                                       cmocka_unit_test(filter_samples),
                                       cmocka_unit_test(temporal_max),
                                       cmocka_unit_test(temporal_add),
                                       cmocka_unit_test(timbral_max),
                                       cmocka_unit_test(winograd_is_convolution),
                                       cmocka_unit_test(winograd_line_is_convolution),
                                       cmocka_unit_test(winograd_long_is_convolution),
                                       cmocka_unit_test(winograd_pooled_is_the_largest_of_a_convolution)};
    return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
