/*
 * The kernels in 128-bit SIMD.
 * Register tiles stay at eight accumulators or fewer: with ten, V8 falls to half speed.
 */
#include "kernels.h"
#include "simd.h"
#include "winograd.h"

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

static void dot_4(const float *x, const float *const rows[4], int count, float out[4]) {
    const float *row_0 = rows[0], *row_1 = rows[1], *row_2 = rows[2], *row_3 = rows[3];
    v128_t sums[4];
    for (int r = 0; r < 4; r++) sums[r] = wasm_f32x4_splat(0);
    for (int i = 0; i < count; i += 2 * TG_LANES)
        for (int j = i; j < i + 2 * TG_LANES; j += TG_LANES) {
            const v128_t values = load(x + j);
            sums[0] = multiply_add(sums[0], values, load(row_0 + j));
            sums[1] = multiply_add(sums[1], values, load(row_1 + j));
            sums[2] = multiply_add(sums[2], values, load(row_2 + j));
            sums[3] = multiply_add(sums[3], values, load(row_3 + j));
        }
    v128_t parts[4];
    turn_lanes(sums, parts);
    wasm_v128_store(out, add(add(parts[0], parts[1]), add(parts[2], parts[3])));
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

/* ---- Layers of samples ---------------------------------------------------------------------------------------------
 */

INLINE v128_t normed(v128_t x, v128_t bias, v128_t scale, v128_t shift) {
    return multiply_add(shift, larger(add(x, bias), wasm_f32x4_splat(0)), scale);
}

static void filter_samples(const float *x, const float *b, const tg_norm *norm, int rows, float *out, int out_stride) {
    for (int c = 0; c < TG_TILE_COLUMNS; c += TG_LANES) {
        const v128_t b_0 = load(b + c), b_1 = load(b + TG_TILE_COLUMNS + c), b_2 = load(b + 2 * TG_TILE_COLUMNS + c);
        const v128_t bias = load(norm->bias + c), scale = load(norm->scale + c), shift = load(norm->shift + c);
        for (int r = 0; r < rows; r++) {
            const v128_t sum = multiply_add(mul(splat(x + 3 * r), b_0), splat(x + 3 * r + 1), b_1);
            wasm_v128_store(out + r * out_stride + c,
                            normed(multiply_add(sum, splat(x + 3 * r + 2), b_2), bias, scale, shift));
        }
    }
}

/* ---- Winograd's F(4x4, 3x3): lanes are channels ------------------------------------------------------------------ */

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

/* ---- Winograd's F(4, 7): lanes are channels ------------------------------------------------------------------------
 */

/* Factors of the points p and -p, of which the even and the odd frames have the same coefficients, times `even` and
 * `odd`. */
INLINE void turn_both(const v128_t x[TG_LINE_SPAN], const float coefficients[4], float even, float odd, float *out,
                      int step) {
    v128_t evens = wasm_f32x4_splat(0), odds = wasm_f32x4_splat(0);
    for (int i = 0; i < 4; i++) {
        odds = add(odds, times(coefficients[i] * odd, x[1 + 2 * i]));
        evens = add(evens, times(coefficients[i] * even, x[2 + 2 * i]));
    }
    wasm_v128_store(out, add(evens, odds));
    wasm_v128_store(out + step, sub(evens, odds));
}

INLINE v128_t turn_end(const v128_t *x) {
    return add(add(sub(times(36, x[0]), times(253, x[2])), sub(times(525, x[4]), times(372, x[6]))), times(64, x[8]));
}

static void winograd_line(const float *x, int stride, int channels, float *out, int step) {
    for (int c = 0; c < channels; c += TG_LANES, x += TG_LANES, out += TG_LANES) {
        v128_t frames[TG_LINE_SPAN];
        for (int j = 0; j < TG_LINE_SPAN; j++) frames[j] = load(x + j * stride);
        wasm_v128_store(out, turn_end(frames));
        turn_both(frames, (const float[4]){36, -217, 308, -64}, 1, 1, out + step, step);
        turn_both(frames, (const float[4]){-9, 61, -116, 64}, 1, 2, out + 3 * step, step);
        turn_both(frames, (const float[4]){36, -109, 89, -16}, 2, 1, out + 5 * step, step);
        turn_both(frames, (const float[4]){-4, 21, -21, 4}, 4, 3, out + 7 * step, step);
        wasm_v128_store(out + 9 * step, turn_end(frames + 1));
    }
}

static void winograd_frames(const float *products, int step, float *out, int out_stride) {
    for (int c = 0; c < TG_TILE_COLUMNS; c += TG_LANES, products += TG_LANES, out += TG_LANES) {
        v128_t sums[4], rests[4];
        for (int i = 0; i < 4; i++) {
            v128_t plus = load(products + (1 + 2 * i) * step), minus = load(products + (2 + 2 * i) * step);
            sums[i] = add(plus, minus);
            rests[i] = sub(plus, minus);
        }
        v128_t first = add(load(products), sums[0]), last = add(load(products + 9 * step), rests[0]);
        wasm_v128_store(out, add(add(first, sums[1]), add(sums[2], sums[3])));
        wasm_v128_store(out + out_stride,
                        add(add(rests[0], times(2, rests[1])), add(times(0.5f, rests[2]), times(0.75f, rests[3]))));
        wasm_v128_store(out + 2 * out_stride,
                        add(add(sums[0], times(4, sums[1])), add(times(0.25f, sums[2]), times(0.5625f, sums[3]))));
        wasm_v128_store(out + 3 * out_stride,
                        add(add(last, times(8, rests[1])), add(times(0.125f, rests[2]), times(0.421875f, rests[3]))));
    }
}

/* ---- Winograd's F(6, 7): lanes are channels ------------------------------------------------------------------------
 */

/* As turn_both, of twelve frames. */
INLINE void turn_both_long(const v128_t x[TG_LONG_SPAN], const float coefficients[5], float even, float odd, float *out,
                           int step) {
    v128_t evens = wasm_f32x4_splat(0), odds = wasm_f32x4_splat(0);
    for (int i = 0; i < 5; i++) {
        odds = add(odds, times(coefficients[i] * odd, x[1 + 2 * i]));
        evens = add(evens, times(coefficients[i] * even, x[2 + 2 * i]));
    }
    wasm_v128_store(out, add(evens, odds));
    wasm_v128_store(out + step, sub(evens, odds));
}

INLINE v128_t turn_long_end(const v128_t *x) {
    return add(add(sub(times(3344, x[2]), times(256, x[0])), sub(times(12177, x[6]), times(10648, x[4]))),
               sub(times(729, x[10]), times(5346, x[8])));
}

static void winograd_long(const float *x, int stride, int channels, float *out, int step) {
    for (int c = 0; c < channels; c += TG_LANES, x += TG_LANES, out += TG_LANES) {
        v128_t frames[TG_LONG_SPAN];
        for (int j = 0; j < TG_LONG_SPAN; j++) frames[j] = load(x + j * stride);
        wasm_v128_store(out, turn_long_end(frames));
        turn_both_long(frames, (const float[5]){256, -3088, 7560, -4617, 729}, 1, 1, out + step, step);
        turn_both_long(frames, (const float[5]){64, -820, 2457, -2430, 729}, 1, 2, out + 3 * step, step);
        turn_both_long(frames, (const float[5]){64, -692, 1105, -558, 81}, 3, 2, out + 5 * step, step);
        turn_both_long(frames, (const float[5]){256, -1040, 1288, -585, 81}, 3, 1, out + 7 * step, step);
        turn_both_long(frames, (const float[5]){16, -200, 553, -450, 81}, 3, 4, out + 9 * step, step);
        wasm_v128_store(out + 11 * step, turn_long_end(frames + 1));
    }
}

/* The sum over the five pairs of points of pairs[i] * powers[i]. */
INLINE v128_t weigh(const v128_t pairs[5], const float powers[5]) {
    v128_t sum = times(powers[0], pairs[0]);
    for (int i = 1; i < 5; i++) sum = add(sum, times(powers[i], pairs[i]));
    return sum;
}

static void winograd_long_frames(const float *products, int step, float *out, int out_stride) {
    for (int c = 0; c < TG_TILE_COLUMNS; c += TG_LANES, products += TG_LANES, out += TG_LANES) {
        v128_t pairs[2][5]; /* sums and differences of the points p and -p */
        for (int i = 0; i < 5; i++) {
            v128_t plus = load(products + (1 + 2 * i) * step), minus = load(products + (2 + 2 * i) * step);
            pairs[0][i] = add(plus, minus);
            pairs[1][i] = sub(plus, minus);
        }
        for (int r = 0; r < TG_LONG_SIDE; r++) {
            const float *powers = tg_long_answer_matrix[r];
            v128_t sum = weigh(pairs[r % 2], (const float[5]){powers[1], powers[3], powers[5], powers[7], powers[9]});
            if (r == 0) sum = add(sum, load(products));
            if (r == TG_LONG_SIDE - 1) sum = add(sum, load(products + (TG_LONG_PRODUCTS - 1) * step));
            wasm_v128_store(out + r * out_stride, sum);
        }
    }
}

/* ---- Winograd's F(6, 3) under a maximum over three: lanes are channels ----------------------------------------------
 */

INLINE void store_both(v128_t even, v128_t odd, float *out, int step) {
    wasm_v128_store(out, add(even, odd));
    wasm_v128_store(out + step, sub(even, odd));
}

static void winograd_short(const float *x, int stride, int channels, float *out, int step) {
    for (int c = 0; c < channels; c += TG_LANES, x += TG_LANES, out += TG_LANES) {
        v128_t d[TG_SHORT_SPAN];
        for (int j = 0; j < TG_SHORT_SPAN; j++) d[j] = load(x + j * stride);
        wasm_v128_store(out, add(sub(d[0], d[6]), times(5.25f, sub(d[4], d[2]))));
        store_both(sub(add(d[2], d[6]), times(4.25f, d[4])), sub(add(d[1], d[5]), times(4.25f, d[3])), out + step,
                   step);
        store_both(add(d[6], sub(times(0.25f, d[2]), times(1.25f, d[4]))),
                   add(sub(times(0.5f, d[1]), times(2.5f, d[3])), times(2, d[5])), out + 3 * step, step);
        store_both(add(d[6], sub(times(4, d[2]), times(5, d[4]))),
                   add(sub(times(2, d[1]), times(2.5f, d[3])), times(0.5f, d[5])), out + 5 * step, step);
        wasm_v128_store(out + 7 * step, add(sub(d[7], d[1]), times(5.25f, sub(d[3], d[5]))));
    }
}

static void winograd_pooled(const float *products, int step, const tg_norm *norm, float *out, int out_stride) {
    for (int c = 0; c < TG_TILE_COLUMNS; c += TG_LANES) {
        v128_t sums[3], rests[3], answers[TG_SHORT_SIDE];
        for (int i = 0; i < 3; i++) {
            v128_t plus = load(products + (1 + 2 * i) * step + c), minus = load(products + (2 + 2 * i) * step + c);
            sums[i] = add(plus, minus);
            rests[i] = sub(plus, minus);
        }
        answers[0] = add(add(load(products + c), sums[0]), add(sums[1], sums[2]));
        answers[1] = add(rests[0], add(times(2, rests[1]), times(0.5f, rests[2])));
        answers[2] = add(sums[0], add(times(4, sums[1]), times(0.25f, sums[2])));
        answers[3] = add(rests[0], add(times(8, rests[1]), times(0.125f, rests[2])));
        answers[4] = add(sums[0], add(times(16, sums[1]), times(0.0625f, sums[2])));
        answers[5] =
            add(add(load(products + 7 * step + c), rests[0]), add(times(32, rests[1]), times(0.03125f, rests[2])));
        const v128_t bias = load(norm->bias + c), scale = load(norm->scale + c), shift = load(norm->shift + c);
        for (int i = 0; i < TG_SHORT_SIDE; i++) answers[i] = normed(answers[i], bias, scale, shift);
        wasm_v128_store(out + c, larger(larger(answers[0], answers[1]), answers[2]));
        wasm_v128_store(out + out_stride + c, larger(larger(answers[3], answers[4]), answers[5]));
    }
}

const tg_kernels tg_kernels_simd = {
    .name = "128-bit SIMD",
    .dot = dot,
    .dot_4 = dot_4,
    .power_spectra = tg_simd_power_spectra,
    .matmul_8 = matmul_8,
    .filter_samples = filter_samples,
    .temporal_max = tg_simd_temporal_max,
    .temporal_add = tg_simd_temporal_add,
    .timbral_max = tg_simd_timbral_max,
    .winograd_patch = winograd_patch,
    .winograd_tile = winograd_tile,
    .winograd_line = winograd_line,
    .winograd_frames = winograd_frames,
    .winograd_long = winograd_long,
    .winograd_long_frames = winograd_long_frames,
    .winograd_short = winograd_short,
    .winograd_pooled = winograd_pooled,
};
