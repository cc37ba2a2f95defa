/*
 * The kernels in 128-bit SIMD: written once with WebAssembly's intrinsics, which SIMDe turns into the native ones.
 * Register tiles stay at eight accumulators or fewer: with ten, V8 falls to half speed.
 */
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>
#endif

#include <math.h>

#include "kernels.h"
#include "winograd.h"

#define INLINE static inline __attribute__((always_inline))

INLINE v128_t load(const float *p) { return wasm_v128_load(p); }
INLINE v128_t splat(const float *p) { return wasm_v128_load32_splat(p); }
INLINE v128_t add(v128_t a, v128_t b) { return wasm_f32x4_add(a, b); }
INLINE v128_t sub(v128_t a, v128_t b) { return wasm_f32x4_sub(a, b); }
INLINE v128_t mul(v128_t a, v128_t b) { return wasm_f32x4_mul(a, b); }
INLINE v128_t multiply_add(v128_t sum, v128_t a, v128_t b) { return add(sum, mul(a, b)); }
INLINE v128_t larger(v128_t a, v128_t b) { return wasm_f32x4_pmax(a, b); } /* one instruction; max is several */

static float dot(const float *a, const float *b, int count) {
    v128_t sums[4] = {wasm_f32x4_splat(0), wasm_f32x4_splat(0), wasm_f32x4_splat(0), wasm_f32x4_splat(0)};
    int i = 0;
    for (; i + 16 <= count; i += 16)
        for (int j = 0; j < 4; j++) sums[j] = multiply_add(sums[j], load(a + i + 4 * j), load(b + i + 4 * j));
    v128_t total = add(add(sums[0], sums[1]), add(sums[2], sums[3]));
    float sum = wasm_f32x4_extract_lane(total, 0) + wasm_f32x4_extract_lane(total, 1) +
                wasm_f32x4_extract_lane(total, 2) + wasm_f32x4_extract_lane(total, 3);
    for (; i < count; i++) sum += a[i] * b[i];
    return sum;
}

/* ---- Tile of 4 rows x 8 columns ---------------------------------------------------------------------------------- */

INLINE void matmul_tile(const float *a, int a_stride, int step, int steps, const float *b, int depth, float *out,
                        int out_stride) {
    v128_t left[TG_TILE_ROWS], right[TG_TILE_ROWS];
    for (int r = 0; r < TG_TILE_ROWS; r++) left[r] = right[r] = wasm_f32x4_splat(0);
    for (int j = 0; j < steps; j++, a += step)
        for (int i = 0; i < depth; i++, b += TG_TILE_COLUMNS) {
            v128_t b_left = load(b), b_right = load(b + TG_LANES);
            for (int r = 0; r < TG_TILE_ROWS; r++) {
                v128_t x = splat(a + r * a_stride + i);
                left[r] = multiply_add(left[r], x, b_left);
                right[r] = multiply_add(right[r], x, b_right);
            }
        }
    for (int r = 0; r < TG_TILE_ROWS; r++) {
        wasm_v128_store(out + r * out_stride, left[r]);
        wasm_v128_store(out + r * out_stride + TG_LANES, right[r]);
    }
}

static void matmul_8(const float *a, int a_stride, int step, int steps, const float *b, int depth, int rows, float *out,
                     int out_stride) {
    for (int r = 0; r < rows; r += TG_TILE_ROWS)
        matmul_tile(a + r * a_stride, a_stride, step, steps, b, depth, out + r * out_stride, out_stride);
}

/* ---- Temporal filters: tile of 4 filters x 8 bands --------------------------------------------------------------- */

typedef struct bands8 {
    v128_t left, right; /* lanes are bands */
} bands8;

/* Products of one point, summed over the filters' steps. */
INLINE void temporal_products(const float *x, const float *kernels, int filter_steps, bands8 sums[TG_LANES]) {
    v128_t left[TG_LANES], right[TG_LANES];
    for (int f = 0; f < TG_LANES; f++) left[f] = right[f] = wasm_f32x4_splat(0);
    for (int i = 0; i < filter_steps; i++, x += TG_TILE_COLUMNS, kernels += TG_LANES) {
        v128_t x_left = load(x), x_right = load(x + TG_LANES);
        for (int f = 0; f < TG_LANES; f++) {
            v128_t k = splat(kernels + f);
            left[f] = multiply_add(left[f], x_left, k);
            right[f] = multiply_add(right[f], x_right, k);
        }
    }
    for (int f = 0; f < TG_LANES; f++) sums[f] = (bands8){left[f], right[f]};
}

INLINE v128_t times(float factor, v128_t a) { return mul(a, wasm_f32x4_splat(factor)); }

/* Raises the maxima of four frames by the answers from seven products: tg_answer_matrix. */
INLINE void raise_by_answers(const v128_t m[TG_POINTS], v128_t maxima[TG_STEP]) {
    v128_t sum_1 = add(m[1], m[2]), rest_1 = sub(m[1], m[2]), sum_2 = add(m[3], m[4]), rest_2 = sub(m[3], m[4]);
    maxima[0] = larger(maxima[0], add(add(m[0], sum_1), add(sum_2, m[5])));
    maxima[1] = larger(maxima[1], add(rest_1, add(times(0.5f, rest_2), times(2, m[5]))));
    maxima[2] = larger(maxima[2], add(sum_1, add(times(0.25f, sum_2), times(4, m[5]))));
    maxima[3] = larger(maxima[3], add(add(rest_1, times(0.125f, rest_2)), add(times(8, m[5]), m[6])));
}

/* Lanes of `m` are bands. */
INLINE float largest_lane(v128_t m) {
    m = larger(m, wasm_i32x4_shuffle(m, m, 2, 3, 0, 1));
    m = larger(m, wasm_i32x4_shuffle(m, m, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(m, 0);
}

/* Four frames. */
static void temporal_step(const float *x, int x_steps, const float *kernels, int filter_steps, float *out,
                          int out_stride) {
    const int x_points = x_steps * TG_TILE_COLUMNS, filter_points = filter_steps * TG_LANES;
    v128_t maxima[TG_LANES][TG_STEP];
    for (int f = 0; f < TG_LANES; f++)
        for (int r = 0; r < TG_STEP; r++) maxima[f][r] = wasm_f32x4_splat(-INFINITY);
    for (int block = 0; block < TG_BANDS / TG_TILE_COLUMNS; block++, x += TG_POINTS * x_points) {
        bands8 products[TG_POINTS][TG_LANES];
        for (int p = 0; p < TG_POINTS; p++)
            temporal_products(x + p * x_points, kernels + p * filter_points, filter_steps, products[p]);
        for (int f = 0; f < TG_LANES; f++) {
            v128_t left[TG_POINTS], right[TG_POINTS];
            for (int p = 0; p < TG_POINTS; p++) {
                left[p] = products[p][f].left;
                right[p] = products[p][f].right;
            }
            raise_by_answers(left, maxima[f]);
            raise_by_answers(right, maxima[f]);
        }
    }
    for (int r = 0; r < TG_STEP; r++)
        for (int f = 0; f < TG_LANES; f++) out[r * out_stride + f] = largest_lane(maxima[f][r]);
}

static void temporal_max(const float *x, int x_steps, const float *kernels, int filter_steps, int steps, float *out,
                         int out_stride) {
    for (int step = 0; step < steps; step++)
        temporal_step(x + step * TG_TILE_COLUMNS, x_steps, kernels, filter_steps, out + step * TG_STEP * out_stride,
                      out_stride);
}

/* ---- Timbral filters: products of spectra, then inverse transforms, one filter a lane ---------------------------- */

typedef struct complex4 {
    v128_t re, im;
} complex4;

INLINE complex4 add_complex(complex4 a, complex4 b) { return (complex4){add(a.re, b.re), add(a.im, b.im)}; }
INLINE complex4 sub_complex(complex4 a, complex4 b) { return (complex4){sub(a.re, b.re), sub(a.im, b.im)}; }
INLINE complex4 times_i(complex4 a) { return (complex4){wasm_f32x4_neg(a.im), a.re}; }

/* Turned by step / TG_BANDS of the circle. */
INLINE complex4 turn(const tg_circle *circle, complex4 a, int step) {
    v128_t cosine = splat(circle->cosine + step), sine = splat(circle->sine + step);
    return (complex4){sub(mul(a.re, cosine), mul(a.im, sine)), multiply_add(mul(a.re, sine), a.im, cosine)};
}

/* Spectra of four filters' correlations with the frames of four rows: products[row][bin]. */
static void correlate(const float *spectra, const float *kernels, complex4 products[TG_TILE_ROWS][TG_BINS]) {
    for (int bin = 0; bin < TG_BINS; bin++) {
        complex4 sums[TG_TILE_ROWS];
        for (int r = 0; r < TG_TILE_ROWS; r++) sums[r] = (complex4){wasm_f32x4_splat(0), wasm_f32x4_splat(0)};
        for (int i = 0; i < TG_TIMBRAL_FRAMES; i++, kernels += 2 * TG_LANES) {
            v128_t k_re = load(kernels), k_im = load(kernels + TG_LANES);
            for (int r = 0; r < TG_TILE_ROWS; r++) {
                const float *x = spectra + ((r + i) * TG_BINS + bin) * 2;
                v128_t x_re = splat(x), x_im = splat(x + 1);
                sums[r].re = multiply_add(sums[r].re, x_re, k_re);
                sums[r].im = multiply_add(sums[r].im, x_re, k_im);
                sums[r].re = sub(sums[r].re, mul(x_im, k_im));
                sums[r].im = multiply_add(sums[r].im, x_im, k_re);
            }
        }
        for (int r = 0; r < TG_TILE_ROWS; r++) products[r][bin] = sums[r];
    }
}

/*
 * A real signal of 96 from its 49 bins is a complex signal of 48, even places real and odd ones imaginary, from
 * even + i odd with even[k] = y[k] + conj y[48 - k] and odd[k] = (y[k] - conj y[48 - k]) turned by k / 96.
 */
INLINE void pack_real(const tg_circle *circle, const complex4 *y, complex4 packed[48]) {
    for (int k = 0; k <= 24; k++) {
        complex4 a = y[k], b = {y[48 - k].re, wasm_f32x4_neg(y[48 - k].im)};
        complex4 even = add_complex(a, b), odd = times_i(turn(circle, sub_complex(a, b), k));
        packed[k] = add_complex(even, odd);
        if (k == 0) continue;
        complex4 mirror = sub_complex(even, odd); /* its conjugate is bin 48 - k */
        packed[48 - k] = (complex4){mirror.re, wasm_f32x4_neg(mirror.im)};
    }
}

/* Inverse transform of four, in place. */
INLINE void inverse_4(complex4 *a, complex4 *b, complex4 *c, complex4 *d) {
    complex4 even = add_complex(*a, *c), odd = add_complex(*b, *d);
    complex4 even_rest = sub_complex(*a, *c), odd_rest = times_i(sub_complex(*b, *d));
    *a = add_complex(even, odd);
    *b = add_complex(even_rest, odd_rest);
    *c = sub_complex(even, odd);
    *d = sub_complex(even_rest, odd_rest);
}

/* Inverse transform of sixteen, every third of `in`; out[n] comes turned by n * third / 48, ready for inverse_3. */
INLINE void inverse_16(const tg_circle *circle, const complex4 *in, int third, complex4 out[16]) {
    complex4 grid[4][4];
    for (int q = 0; q < 4; q++) {
        for (int p = 0; p < 4; p++) grid[p][q] = in[3 * (4 * p + q) + third];
        inverse_4(&grid[0][q], &grid[1][q], &grid[2][q], &grid[3][q]);
    }
    for (int n = 0; n < 4; n++) {
        for (int q = 1; n > 0 && q < 4; q++) grid[n][q] = turn(circle, grid[n][q], n * q * (TG_BANDS / 16));
        inverse_4(&grid[n][0], &grid[n][1], &grid[n][2], &grid[n][3]);
        for (int m = 0; m < 4; m++) {
            int place = n + 4 * m;
            out[place] = third ? turn(circle, grid[n][m], place * third * (TG_BANDS / 48)) : grid[n][m];
        }
    }
}

/* Keeps the larger of `largest` and both parts of one complex place, as far as they lie before `positions`. */
INLINE v128_t keep_larger(v128_t largest, complex4 value, int place, int positions) {
    if (2 * place < positions) largest = larger(largest, value.re);
    if (2 * place + 1 < positions) largest = larger(largest, value.im);
    return largest;
}

/* Largest of the first `positions` of the 96 values whose transform is y. A constant `positions` saves the rest. */
INLINE v128_t inverse_max(const tg_circle *circle, const complex4 y[TG_BINS], int positions) {
    complex4 packed[48], thirds[3][16];
    pack_real(circle, y, packed);
    for (int third = 0; third < 3; third++) inverse_16(circle, packed, third, thirds[third]);
    const v128_t half = wasm_f32x4_splat(0.5f), sine_60 = splat(circle->sine + TG_BANDS / 6);
    v128_t largest = wasm_f32x4_splat(-INFINITY);
    for (int n = 0; n < 16; n++) {
        complex4 sum = add_complex(thirds[1][n], thirds[2][n]);
        complex4 rest = times_i(sub_complex(thirds[1][n], thirds[2][n]));
        complex4 middle = {sub(thirds[0][n].re, mul(sum.re, half)), sub(thirds[0][n].im, mul(sum.im, half))};
        complex4 side = {mul(rest.re, sine_60), mul(rest.im, sine_60)};
        largest = keep_larger(largest, add_complex(thirds[0][n], sum), n, positions);
        largest = keep_larger(largest, add_complex(middle, side), n + 16, positions);
        largest = keep_larger(largest, sub_complex(middle, side), n + 32, positions);
    }
    return largest;
}

enum { POSITIONS_38 = TG_BANDS - 38 + 1, POSITIONS_67 = TG_BANDS - 67 + 1 }; /* of the filters that musicnn has */

static v128_t inverse_max_38(const tg_circle *circle, const complex4 *y) {
    return inverse_max(circle, y, POSITIONS_38);
}
static v128_t inverse_max_67(const tg_circle *circle, const complex4 *y) {
    return inverse_max(circle, y, POSITIONS_67);
}
static v128_t inverse_max_any(const tg_circle *circle, const complex4 *y, int positions) {
    if (positions == POSITIONS_38) return inverse_max_38(circle, y);
    if (positions == POSITIONS_67) return inverse_max_67(circle, y);
    return inverse_max(circle, y, positions);
}

static void timbral_max(const tg_circle *circle, const float *spectra, const float *kernels, int positions, int rows,
                        float *out, int out_stride) {
    complex4 products[TG_TILE_ROWS][TG_BINS];
    for (int r = 0; r < rows; r += TG_TILE_ROWS) {
        correlate(spectra + r * TG_BINS * 2, kernels, products);
        for (int i = 0; i < TG_TILE_ROWS; i++)
            wasm_v128_store(out + (r + i) * out_stride, inverse_max_any(circle, products[i], positions));
    }
}

/* ---- Winograd's F(4x4, 3x3): lanes are channels -------------------------------------------------------------------
 */

/* One row of the patch's transform: six values to six. */
INLINE void turn_patch(const v128_t d[TG_PATCH_SIDE], v128_t out[TG_PATCH_SIDE]) {
    v128_t a = sub(d[4], times(4, d[2])), b = sub(d[3], times(4, d[1]));
    v128_t e = sub(d[4], d[2]), f = times(2, sub(d[3], d[1]));
    out[0] = add(sub(times(4, d[0]), times(5, d[2])), d[4]);
    out[1] = add(a, b);
    out[2] = sub(a, b);
    out[3] = add(e, f);
    out[4] = sub(e, f);
    out[5] = add(sub(times(4, d[1]), times(5, d[3])), d[5]);
}

static void winograd_patch(const float *patch, int line, int channels, float *out, int step) {
    for (int c = 0; c < channels; c += TG_LANES) {
        v128_t rows[TG_PATCH_SIDE][TG_PATCH_SIDE];
        for (int x = 0; x < TG_PATCH_SIDE; x++) {
            v128_t column[TG_PATCH_SIDE], turned[TG_PATCH_SIDE];
            for (int y = 0; y < TG_PATCH_SIDE; y++) column[y] = load(patch + y * line + x * channels + c);
            turn_patch(column, turned);
            for (int y = 0; y < TG_PATCH_SIDE; y++) rows[y][x] = turned[y];
        }
        for (int y = 0; y < TG_PATCH_SIDE; y++) {
            v128_t turned[TG_PATCH_SIDE];
            turn_patch(rows[y], turned);
            for (int x = 0; x < TG_PATCH_SIDE; x++)
                wasm_v128_store(out + (y * TG_PATCH_SIDE + x) * step + c, turned[x]);
        }
    }
}

/* One row of the products' transform: six values to four. */
INLINE void turn_products(const v128_t m[TG_PATCH_SIDE], v128_t out[TG_TILE_SIDE]) {
    v128_t sum_1 = add(m[1], m[2]), rest_1 = sub(m[1], m[2]), sum_2 = add(m[3], m[4]), rest_2 = sub(m[3], m[4]);
    out[0] = add(m[0], add(sum_1, sum_2));
    out[1] = add(rest_1, times(2, rest_2));
    out[2] = add(sum_1, times(4, sum_2));
    out[3] = add(add(rest_1, times(8, rest_2)), m[5]);
}

static void winograd_tile(const float *products, int step, int channels, float *out, int line, int place) {
    for (int c = 0; c < channels; c += TG_LANES) {
        v128_t rows[TG_TILE_SIDE][TG_PATCH_SIDE];
        for (int x = 0; x < TG_PATCH_SIDE; x++) {
            v128_t column[TG_PATCH_SIDE], turned[TG_TILE_SIDE];
            for (int y = 0; y < TG_PATCH_SIDE; y++) column[y] = load(products + (y * TG_PATCH_SIDE + x) * step + c);
            turn_products(column, turned);
            for (int y = 0; y < TG_TILE_SIDE; y++) rows[y][x] = turned[y];
        }
        for (int y = 0; y < TG_TILE_SIDE; y++) {
            v128_t turned[TG_TILE_SIDE];
            turn_products(rows[y], turned);
            for (int x = 0; x < TG_TILE_SIDE; x++) wasm_v128_store(out + y * line + x * place + c, turned[x]);
        }
    }
}

const tg_kernels tg_kernels_simd = {
    .name = "128-bit SIMD",
    .dot = dot,
    .matmul_8 = matmul_8,
    .temporal_max = temporal_max,
    .timbral_max = timbral_max,
    .winograd_patch = winograd_patch,
    .winograd_tile = winograd_tile,
};
