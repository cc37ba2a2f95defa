/* Temporal filters in SIMD, bands in the lanes: products of factors, then sixteen answers of each filter. */
#include <math.h>

#include "numbers.h"
#include "simd.h"
#include "temporal.h"

typedef struct bands8 {
    v128_t left, right;
} bands8;

/* Products of one factor of four filters and eight bands, summed over `places` of the filters' places. */
INLINE void multiply(const float *x, const float *kernels, int places, bands8 sums[TG_LANES]) {
    v128_t left[TG_LANES], right[TG_LANES];
    for (int f = 0; f < TG_LANES; f++) left[f] = right[f] = wasm_f32x4_splat(0);
    for (int i = 0; i < places; i++, x += TG_TEMPORAL_SIGNALS, kernels += TG_LANES) {
        v128_t x_left = load(x), x_right = load(x + TG_LANES);
        for (int f = 0; f < TG_LANES; f++) {
            v128_t k = splat(kernels + f);
            left[f] = multiply_add(left[f], x_left, k);
            right[f] = multiply_add(right[f], x_right, k);
        }
    }
    for (int f = 0; f < TG_LANES; f++) sums[f] = (bands8){left[f], right[f]};
}

/* Both answers of F(2, 2) from its three products. */
INLINE void answer_pair(v128_t a, v128_t b, v128_t c, v128_t *first, v128_t *second) {
    *first = add(a, b);
    *second = sub(b, c);
}

enum { VECTORS = TG_LANES * 2 /* of four filters and eight bands */ };

/* One point's answers for four steps, from `places` of the filters' places: steps[step][vector]. */
INLINE void answer_steps(const float *x, int x_step, const float *kernels, int kernel_step, int places,
                         v128_t steps[4][VECTORS]) {
    bands8 products[TG_PAIRINGS][TG_LANES];
    for (int i = 0; i < TG_PAIRINGS; i++) multiply(x + i * x_step, kernels + i * kernel_step, places, products[i]);
    for (int v = 0; v < VECTORS; v++) {
        const v128_t *m = &products[0][0].left + v;
        v128_t pairs[2][3];
        for (int i = 0; i < 3; i++, m += 3 * VECTORS)
            answer_pair(m[0], m[VECTORS], m[2 * VECTORS], &pairs[0][i], &pairs[1][i]);
        for (int i = 0; i < 2; i++)
            answer_pair(pairs[i][0], pairs[i][1], pairs[i][2], &steps[2 * i][v], &steps[2 * i + 1][v]);
    }
}

/* Raises the maxima of four frames by the answers from seven products that lie `stride` apart: tg_answer_matrix. */
INLINE void raise_by_answers(const v128_t *m, int stride, v128_t maxima[TG_STEP]) {
    v128_t first = m[0], last = m[6 * stride], twice = times(2, m[5 * stride]);
    v128_t sum_1 = add(m[stride], m[2 * stride]), rest_1 = sub(m[stride], m[2 * stride]);
    v128_t sum_2 = add(m[3 * stride], m[4 * stride]), rest_2 = sub(m[3 * stride], m[4 * stride]);
    maxima[0] = larger(maxima[0], add(add(first, sum_1), add(sum_2, m[5 * stride])));
    maxima[1] = larger(maxima[1], add(rest_1, add(times(0.5f, rest_2), twice)));
    maxima[2] = larger(maxima[2], add(sum_1, add(times(0.25f, sum_2), times(2, twice))));
    maxima[3] = larger(maxima[3], add(add(rest_1, times(0.125f, rest_2)), add(times(4, twice), last)));
}

/* Lane f of the answer is the largest lane, a band each, of maxima[f * step]. */
INLINE v128_t largest_lanes(const v128_t *maxima, int step) {
    const v128_t rows[TG_LANES] = {maxima[0], maxima[step], maxima[2 * step], maxima[3 * step]};
    v128_t bands[4];
    turn_lanes(rows, bands);
    return larger(larger(bands[0], bands[1]), larger(bands[2], bands[3]));
}

/* Sixteen frames' maxima over the bands so far. */
typedef struct tile {
    v128_t maxima[TG_LANES][TG_TEMPORAL_ROWS];
} tile;

/* Raises the maxima of a tile by eight bands. */
static void raise_maxima(const float *x, int x_step, const float *kernels, int kernel_step, int places, tile *t) {
    v128_t steps[TG_POINTS][4][VECTORS];
    for (int p = 0; p < TG_POINTS; p++)
        answer_steps(x + p * TG_PAIRINGS * x_step, x_step, kernels + p * TG_PAIRINGS * kernel_step, kernel_step, places,
                     steps[p]);
    for (int v = 0; v < VECTORS; v++)
        for (int i = 0; i < 4; i++) raise_by_answers(&steps[0][i][v], 4 * VECTORS, t->maxima[v / 2] + i * TG_STEP);
}

/* Tiles together: eight bands' factors serve all of them before the next eight come. */
enum { TILES = 12 };

void tg_simd_temporal_max(const float *x, int x_places, int silent_before, int silent_from, const float *kernels,
                          int filter_places, int rows, float *out, int out_stride) {
    const int x_step = x_places * TG_TEMPORAL_SIGNALS, kernel_step = filter_places * TG_LANES;
    const int tiles = (rows + TG_TEMPORAL_ROWS - 1) / TG_TEMPORAL_ROWS;
    for (int start = 0; start < tiles; start += TILES) {
        tile together[TILES];
        const int count = tg_smaller(TILES, tiles - start);
        for (int i = 0; i < count * TG_LANES * TG_TEMPORAL_ROWS; i++)
            (&together[0].maxima[0][0])[i] = wasm_f32x4_splat(-INFINITY);
        for (int block = 0; block < TG_BANDS / TG_TEMPORAL_SIGNALS; block++)
            for (int i = 0; i < count; i++) {
                const int from = tg_larger(0, silent_before - start - i),
                          places = tg_smaller(filter_places, silent_from - start - i) - from;
                raise_maxima(x + block * TG_TEMPORAL_FACTORS * x_step + (start + i + from) * TG_TEMPORAL_SIGNALS,
                             x_step, kernels + from * TG_LANES, kernel_step, places, &together[i]);
            }
        for (int i = 0, r = start * TG_TEMPORAL_ROWS; i < count; i++)
            for (int j = 0; j < TG_TEMPORAL_ROWS && r < rows; j++, r++)
                wasm_v128_store(out + r * out_stride, largest_lanes(&together[i].maxima[0][j], TG_TEMPORAL_ROWS));
    }
}

void tg_simd_temporal_add(const float *x, int x_block, const float *taps, int count, float *row, float *maxima) {
    v128_t largest[TG_LANES];
    for (int f = 0; f < TG_LANES; f++) largest[f] = wasm_f32x4_splat(-INFINITY);
    for (int block = 0; block < TG_BANDS / TG_TEMPORAL_SIGNALS; block++, x += x_block) {
        v128_t left[TG_LANES], right[TG_LANES];
        for (int f = 0; f < TG_LANES; f++) {
            left[f] = load(row + f * TG_TEMPORAL_SIGNALS);
            right[f] = load(row + f * TG_TEMPORAL_SIGNALS + TG_LANES);
        }
        for (int i = 0; i < count; i++) {
            v128_t x_left = load(x + i * TG_TEMPORAL_SIGNALS), x_right = load(x + i * TG_TEMPORAL_SIGNALS + TG_LANES);
            for (int f = 0; f < TG_LANES; f++) {
                v128_t k = splat(taps + i * TG_LANES + f);
                left[f] = multiply_add(left[f], x_left, k);
                right[f] = multiply_add(right[f], x_right, k);
            }
        }
        for (int f = 0; f < TG_LANES; f++, row += TG_TEMPORAL_SIGNALS) {
            wasm_v128_store(row, left[f]);
            wasm_v128_store(row + TG_LANES, right[f]);
            largest[f] = larger(largest[f], larger(left[f], right[f]));
        }
    }
    wasm_v128_store(maxima, largest_lanes(largest, 1));
}
