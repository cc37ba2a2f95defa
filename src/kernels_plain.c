/* The plain-C twins: as simple as their contracts, the oracle of the SIMD ones. */
#include <math.h>

#include "kernels.h"
#include "spectrum.h"
#include "temporal.h"
#include "timbral.h"
#include "winograd.h"

static float dot(const float *a, const float *b, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}

static void dot_4(const float *x, const float *const rows[4], int count, float out[4]) {
    for (int r = 0; r < 4; r++) out[r] = dot(x, rows[r], count);
}

static void power_spectra(const tg_spectrum *s, const float *const frames[4], float (*power)[4]) {
    for (int f = 0; f < TG_FFT_FRAMES; f++) {
        float samples[TG_FFT];
        kiss_fft_cpx bins[TG_FFT_BINS];
        for (int i = 0; i < TG_FFT; i++) samples[i] = frames[f][i] * s->window[i];
        kiss_fftr(s->fft, samples, bins);
        for (int k = 0; k < TG_FFT_BINS; k++) power[k][f] = bins[k].r * bins[k].r + bins[k].i * bins[k].i;
    }
}

static void matmul_8(const float *a, int a_stride, int step, int steps, const float *b, int depth, int rows, float *out,
                     int out_stride) {
    for (int r = 0; r < rows; r++) {
        float sums[TG_TILE_COLUMNS] = {0};
        for (int j = 0; j < steps; j++)
            for (int i = 0; i < depth; i++)
                for (int c = 0; c < TG_TILE_COLUMNS; c++)
                    sums[c] += a[r * a_stride + j * step + i] * b[(j * depth + i) * TG_TILE_COLUMNS + c];
        for (int c = 0; c < TG_TILE_COLUMNS; c++) out[r * out_stride + c] = sums[c];
    }
}

static void filter_samples(const float *x, const float *b, const tg_norm *norm, int rows, float *out, int out_stride) {
    for (int r = 0; r < rows; r++, x += 3)
        for (int c = 0; c < TG_TILE_COLUMNS; c++) {
            float sum = norm->bias[c];
            for (int j = 0; j < 3; j++) sum += x[j] * b[j * TG_TILE_COLUMNS + c];
            out[r * out_stride + c] = (sum < 0 ? 0 : sum) * norm->scale[c] + norm->shift[c];
        }
}

/* Both answers of F(2, 2) from its three products. */
static void answer_pair(const float products[3], float answers[2]) {
    answers[0] = products[0] + products[1];
    answers[1] = products[1] - products[2];
}

/* Answers 0 .. 15 of one filter in one band, from factors that lie `x_step` and `kernel_step` apart. */
static void temporal_answers(const float *x, int x_step, const float *kernels, int kernel_step, int filter_places,
                             float answers[TG_TEMPORAL_ROWS]) {
    for (int r = 0; r < TG_TEMPORAL_ROWS; r++) answers[r] = 0;
    for (int p = 0; p < TG_POINTS; p++) {
        float products[TG_PAIRINGS] = {0}, pairs[2][3], steps[4];
        for (int f = 0; f < TG_PAIRINGS; f++, x += x_step, kernels += kernel_step)
            for (int i = 0; i < filter_places; i++) products[f] += x[i * TG_TEMPORAL_SIGNALS] * kernels[i * TG_LANES];
        for (int i = 0; i < 3; i++) {
            float both[2];
            answer_pair(products + 3 * i, both);
            pairs[0][i] = both[0];
            pairs[1][i] = both[1];
        }
        for (int i = 0; i < 2; i++) answer_pair(pairs[i], steps + 2 * i);
        for (int r = 0; r < TG_TEMPORAL_ROWS; r++) answers[r] += tg_answer_matrix[r % TG_STEP][p] * steps[r / TG_STEP];
    }
}

static void temporal_max(const float *x, int x_places, int silent_before, int silent_from, const float *kernels,
                         int filter_places, int rows, float *out, int out_stride) {
    (void)silent_before, (void)silent_from;
    const int x_step = x_places * TG_TEMPORAL_SIGNALS, kernel_step = filter_places * TG_LANES;
    for (int r = 0; r < rows; r++)
        for (int lane = 0; lane < TG_LANES; lane++) out[r * out_stride + lane] = -INFINITY;
    for (int band = 0; band < TG_BANDS; band++)
        for (int first = 0; first < rows; first += TG_TEMPORAL_ROWS)
            for (int lane = 0; lane < TG_LANES; lane++) {
                const float *from = x + band / TG_TEMPORAL_SIGNALS * TG_TEMPORAL_FACTORS * x_step +
                                    first / TG_TEMPORAL_ROWS * TG_TEMPORAL_SIGNALS + band % TG_TEMPORAL_SIGNALS;
                float answers[TG_TEMPORAL_ROWS];
                temporal_answers(from, x_step, kernels + lane, kernel_step, filter_places, answers);
                for (int r = first; r < rows && r < first + TG_TEMPORAL_ROWS; r++)
                    out[r * out_stride + lane] = fmaxf(out[r * out_stride + lane], answers[r - first]);
            }
}

static void temporal_add(const float *x, int x_block, const float *taps, int count, float *row, float *maxima) {
    for (int lane = 0; lane < TG_LANES; lane++) maxima[lane] = -INFINITY;
    for (int block = 0; block < TG_BANDS / TG_TEMPORAL_SIGNALS; block++, x += x_block)
        for (int lane = 0; lane < TG_LANES; lane++)
            for (int band = 0; band < TG_TEMPORAL_SIGNALS; band++, row++) {
                for (int i = 0; i < count; i++) *row += x[i * TG_TEMPORAL_SIGNALS + band] * taps[i * TG_LANES + lane];
                maxima[lane] = fmaxf(maxima[lane], *row);
            }
}

/* The spectrum of one filter's correlation with the frames of row `row` of four. */
static void correlate_lane(const tg_circle *circle, const float *x, const float *kernels, int row,
                           float (*spectrum)[2]) {
    const int corner = row == 0 ? 8 : row == TG_TIMBRAL_ROWS - 1 ? 9 : -1;
    for (int bin = 0; bin < TG_BINS; bin++) {
        spectrum[bin][0] = spectrum[bin][1] = 0;
        for (int i = 0; i < TG_TIMBRAL_FACTORS; i++, x += 2, kernels += 2 * TG_LANES) {
            float re = x[0] * kernels[0] - x[1] * kernels[TG_LANES], im = x[0] * kernels[TG_LANES] + x[1] * kernels[0];
            int turn = i < 8 ? i * row * (TG_BANDS / 8) % TG_BANDS : 0;
            if (i >= 8 && i != corner) continue;
            spectrum[bin][0] += re * circle->cosine[turn] - im * circle->sine[turn];
            spectrum[bin][1] += re * circle->sine[turn] + im * circle->cosine[turn];
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

static void timbral_max(const tg_circle *circle, const float *x, const float *kernels, int positions, int rows,
                        float *out, int out_stride) {
    for (int r = 0; r < rows; r++) {
        const float *tile = x + r / TG_TIMBRAL_ROWS * TG_BINS * TG_TIMBRAL_FACTORS * 2;
        for (int lane = 0; lane < TG_LANES; lane++) {
            float spectrum[TG_BINS][2], largest = -INFINITY;
            correlate_lane(circle, tile, kernels + lane, r % TG_TIMBRAL_ROWS, spectrum);
            for (int p = 0; p < positions; p++) largest = fmaxf(largest, inverse_at(circle, spectrum, p));
            out[r * out_stride + lane] = largest;
        }
    }
}

/* Element (row, column) of m x m', with x[i * line + j * place], 6 x 6, and rows `left` and `right` of m. */
static float sandwich(const float *left, const float *right, const float *x, int line, int place) {
    double sum = 0;
    for (int i = 0; i < TG_PATCH_SIDE; i++)
        for (int j = 0; j < TG_PATCH_SIDE; j++) sum += (double)left[i] * right[j] * x[i * line + j * place];
    return (float)sum;
}

static void winograd_patch(const float *patch, int line, int channels, float *out, int step) {
    for (int c = 0; c < TG_ROUND_UP(channels, TG_LANES); c++)
        for (int k = 0; k < TG_PRODUCTS; k++)
            out[k * step + c] = sandwich(tg_patch_matrix[k / TG_PATCH_SIDE], tg_patch_matrix[k % TG_PATCH_SIDE],
                                         patch + c, line, channels);
}

static void winograd_tile(const float *products, int step, int channels, float *out, int line, int place) {
    for (int c = 0; c < TG_ROUND_UP(channels, TG_LANES); c++)
        for (int y = 0; y < TG_TILE_SIDE; y++)
            for (int x = 0; x < TG_TILE_SIDE; x++)
                out[y * line + x * place + c] =
                    sandwich(tg_tile_matrix[y], tg_tile_matrix[x], products + c, TG_PATCH_SIDE * step, step);
}

/* Row `row` of a matrix times x[i * stride]. */
static float row_times(const float *row, int count, const float *x, int stride) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += (double)row[i] * x[i * stride];
    return (float)sum;
}

static void winograd_line(const float *x, int stride, int channels, float *out, int step) {
    for (int k = 0; k < TG_LINE_PRODUCTS; k++)
        for (int c = 0; c < TG_ROUND_UP(channels, TG_LANES); c++)
            out[k * step + c] = row_times(tg_line_input_matrix[k], TG_LINE_SPAN, x + c, stride);
}

static void winograd_frames(const float *products, int step, float *out, int out_stride) {
    for (int r = 0; r < TG_LINE_SIDE; r++)
        for (int c = 0; c < TG_TILE_COLUMNS; c++)
            out[r * out_stride + c] = row_times(tg_line_answer_matrix[r], TG_LINE_PRODUCTS, products + c, step);
}

static void winograd_long(const float *x, int stride, int channels, float *out, int step) {
    for (int k = 0; k < TG_LONG_PRODUCTS; k++)
        for (int c = 0; c < TG_ROUND_UP(channels, TG_LANES); c++)
            out[k * step + c] = row_times(tg_long_input_matrix[k], TG_LONG_SPAN, x + c, stride);
}

static void winograd_long_frames(const float *products, int step, float *out, int out_stride) {
    for (int r = 0; r < TG_LONG_SIDE; r++)
        for (int c = 0; c < TG_TILE_COLUMNS; c++)
            out[r * out_stride + c] = row_times(tg_long_answer_matrix[r], TG_LONG_PRODUCTS, products + c, step);
}

static void winograd_short(const float *x, int stride, int channels, float *out, int step) {
    for (int k = 0; k < TG_SHORT_PRODUCTS; k++)
        for (int c = 0; c < TG_ROUND_UP(channels, TG_LANES); c++)
            out[k * step + c] = row_times(tg_short_input_matrix[k], TG_SHORT_SPAN, x + c, stride);
}

static void winograd_pooled(const float *products, int step, const tg_norm *norm, float *out, int out_stride) {
    for (int r = 0; r < TG_SHORT_SIDE; r++)
        for (int c = 0; c < TG_TILE_COLUMNS; c++) {
            float x = row_times(tg_short_answer_matrix[r], TG_SHORT_PRODUCTS, products + c, step) + norm->bias[c];
            x = (x < 0 ? 0 : x) * norm->scale[c] + norm->shift[c];
            float *largest = out + r / 3 * out_stride + c;
            if (r % 3 == 0 || x > *largest) *largest = x;
        }
}

const tg_kernels tg_kernels_plain = {
    .name = "plain C",
    .dot = dot,
    .dot_4 = dot_4,
    .power_spectra = power_spectra,
    .matmul_8 = matmul_8,
    .filter_samples = filter_samples,
    .temporal_max = temporal_max,
    .temporal_add = temporal_add,
    .timbral_max = timbral_max,
    .winograd_patch = winograd_patch,
    .winograd_tile = winograd_tile,
    .winograd_line = winograd_line,
    .winograd_frames = winograd_frames,
    .winograd_long = winograd_long,
    .winograd_long_frames = winograd_long_frames,
    .winograd_short = winograd_short,
    .winograd_pooled = winograd_pooled,
};
