/* The plain-C twins: as simple as their contracts, the oracle of the SIMD ones. */
#include <math.h>

#include "kernels.h"

static float dot(const float *a, const float *b, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}

static void matmul_8(const float *a, int a_stride, const float *b, int depth, int rows, float *out, int out_stride) {
    for (int r = 0; r < rows; r++) {
        float sums[TG_TILE_COLUMNS] = {0};
        for (int i = 0; i < depth; i++)
            for (int c = 0; c < TG_TILE_COLUMNS; c++) sums[c] += a[r * a_stride + i] * b[i * TG_TILE_COLUMNS + c];
        for (int c = 0; c < TG_TILE_COLUMNS; c++) out[r * out_stride + c] = sums[c];
    }
}

static float temporal_lane(const float *x, int x_rows, const float *kernels, int taps) {
    float largest = -INFINITY;
    for (int band = 0; band < TG_BANDS; band++) {
        const float *column = x + band / TG_TILE_COLUMNS * x_rows * TG_TILE_COLUMNS + band % TG_TILE_COLUMNS;
        float sum = 0;
        for (int i = 0; i < taps; i++) sum += column[i * TG_TILE_COLUMNS] * kernels[i * TG_LANES];
        largest = fmaxf(largest, sum);
    }
    return largest;
}

static void temporal_max(const float *x, int x_rows, const float *kernels, int taps, int rows, float *out,
                         int out_stride) {
    for (int r = 0; r < rows; r++)
        for (int lane = 0; lane < TG_LANES; lane++)
            out[r * out_stride + lane] = temporal_lane(x + r * TG_TILE_COLUMNS, x_rows, kernels + lane, taps);
}

/* The spectrum of one filter's correlation with the frames from `spectra` on. */
static void correlate_lane(const float *spectra, const float *kernels, int lane, float (*product)[2]) {
    for (int bin = 0; bin < TG_BINS; bin++) {
        product[bin][0] = product[bin][1] = 0;
        for (int i = 0; i < TG_TIMBRAL_FRAMES; i++) {
            const float *x = spectra + (i * TG_BINS + bin) * 2;
            const float *k = kernels + (bin * TG_TIMBRAL_FRAMES + i) * 2 * TG_LANES + lane;
            product[bin][0] += x[0] * k[0] - x[1] * k[TG_LANES];
            product[bin][1] += x[0] * k[TG_LANES] + x[1] * k[0];
        }
    }
}

/* The inverse real transform at one place, by its definition. */
static float inverse_at(const tg_circle *circle, float (*spectrum)[2], int place) {
    float sum = 0;
    for (int bin = 1; bin < TG_BINS - 1; bin++) {
        int turn = bin * place % TG_BANDS;
        sum += spectrum[bin][0] * circle->cosine[turn] - spectrum[bin][1] * circle->sine[turn];
    }
    float ends = place % 2 ? spectrum[0][0] - spectrum[TG_BINS - 1][0] : spectrum[0][0] + spectrum[TG_BINS - 1][0];
    return ends + 2 * sum;
}

static void timbral_max(const tg_circle *circle, const float *spectra, const float *kernels, int positions, int rows,
                        float *out, int out_stride) {
    for (int r = 0; r < rows; r++)
        for (int lane = 0; lane < TG_LANES; lane++) {
            float product[TG_BINS][2], largest = -INFINITY;
            correlate_lane(spectra + r * TG_BINS * 2, kernels, lane, product);
            for (int p = 0; p < positions; p++) largest = fmaxf(largest, inverse_at(circle, product, p));
            out[r * out_stride + lane] = largest;
        }
}

const tg_kernels tg_kernels_plain = {
    .name = "plain C",
    .dot = dot,
    .matmul_8 = matmul_8,
    .temporal_max = temporal_max,
    .timbral_max = timbral_max,
};
