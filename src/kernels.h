/*
 * The inner loops, each twice under one contract: plain C (the oracle, and what runs without SIMD) and 128-bit SIMD.
 * Rows are counted in tiles: `rows` is always a multiple of TG_TILE_ROWS, and buffers have room for that many.
 */
#ifndef TG_KERNELS_H
#define TG_KERNELS_H

enum {
    TG_LANES = 4,     /* floats of one vector: filters are packed in groups of this many */
    TG_TILE_ROWS = 4, /* frames computed together */
    TG_TILE_COLUMNS = 8,
    TG_BANDS = 96, /* mel bands, the length of the transforms along frequency */
    TG_BINS = TG_BANDS / 2 + 1
};

/* `count` rounded up to whole units. */
#define TG_ROUND_UP(count, unit) (((count) + (unit)-1) / (unit) * (unit))

/* The unit circle in TG_BANDS steps: cosine[i] + i sine[i] = exp(2 pi i / TG_BANDS). */
typedef struct tg_circle {
    float cosine[TG_BANDS];
    float sine[TG_BANDS];
} tg_circle;

/* Bias before ReLU, scale and shift behind it, a value a channel. */
typedef struct tg_norm {
    const float *bias, *scale, *shift;
} tg_norm;

struct tg_spectrum; /* spectrum.h */

typedef struct tg_kernels {
    const char *name;

    /* Sum of a[i] * b[i]. */
    float (*dot)(const float *a, const float *b, int count);

    /* out[r] = sum of x[i] * rows[r][i], for four rows; `count` is a multiple of 2 TG_LANES. */
    void (*dot_4)(const float *x, const float *const rows[4], int count, float out[4]);

    /* power[bin][f] = |Fourier transform|^2 of the windowed samples frames[f][512], for four frames and 257 bins. */
    void (*power_spectra)(const struct tg_spectrum *spectrum, const float *const frames[4], float (*power)[4]);

    /*
     * out[r][0..7] = sum over j < steps and i < depth of a[r * a_stride + j * step + i] * b[j * depth + i][0..7], for
     * each of `rows`. a_stride may be less than depth: then rows overlap, which makes this a convolution along time;
     * with steps it is one along time and frequency.
     */
    void (*matmul_8)(const float *a, int a_stride, int step, int steps, const float *b, int depth, int rows, float *out,
                     int out_stride);

    /*
     * Eight filters of three samples that move on by three: out[r * out_stride + c] = norm(relu(sum over j < 3 of
     * x[3 * r + j] * b[j][c] + bias)), for each of `rows`.
     */
    void (*filter_samples)(const float *x, const float *b, const tg_norm *norm, int rows, float *out, int out_stride);

    /*
     * Four temporal filters of 16 * filter_places taps: out[r][lane] = max over bands of the sum over taps i of
     * x[r + i][band] * taps[i][lane], for each of `rows`. Both sides come as the factors of temporal.h: x in blocks of
     * 8 bands, each [TG_TEMPORAL_FACTORS][x_places][8], with 16 * (x_places - filter_places + 1) >= rows; kernels
     * [TG_TEMPORAL_FACTORS][filter_places][TG_LANES].
     * Places before `silent_before` and from `silent_from` on have factors of 0, which need not be looked at.
     */
    void (*temporal_max)(const float *x, int x_places, int silent_before, int silent_from, const float *kernels,
                         int filter_places, int rows, float *out, int out_stride);

    /*
     * Adds `count` frames to what four temporal filters made of one row: row[block][lane][8] += the sum over frames i
     * of x[block * x_block + i * 8 + band] * taps[i][lane], for the TG_BANDS / 8 blocks; maxima[lane] is the largest of
     * the sums.
     */
    void (*temporal_add)(const float *x, int x_block, const float *taps, int count, float *row, float *maxima);

    /*
     * Four timbral filters of TG_TIMBRAL_FRAMES x (TG_BANDS - positions + 1) at `positions` places along frequency:
     * out[r][lane] = max over the places of the filter's correlation with frames r .. r + 6. Both sides come as the
     * factors of timbral.h: x[rows / 4][TG_BINS][TG_TIMBRAL_FACTORS][2] (real, imaginary) of the frames' real Fourier
     * transforms, kernels[TG_BINS][TG_TIMBRAL_FACTORS][2][TG_LANES] of the conjugate transforms of the filters' frames,
     * divided by TG_BANDS.
     */
    void (*timbral_max)(const tg_circle *circle, const float *x, const float *kernels, int positions, int rows,
                        float *out, int out_stride);

    /*
     * F(4x4, 3x3) of winograd.h: the patch of 6 x 6 places that a tile depends on, patch[y * line + x * channels + c],
     * turned into its 36 left factors: out[k * step + c]. Channels are taken in
     * whole groups of TG_LANES: what lies behind the last is read and turned as well.
     */
    void (*winograd_patch)(const float *patch, int line, int channels, float *out, int step);

    /* The tile's 16 answers out[y * line + x * place + c] from the 36 products, products[k * step + c]; channels as
     * above. */
    void (*winograd_tile)(const float *products, int step, int channels, float *out, int line, int place);

    /* F(4, 7) of winograd.h: ten frames x[j * stride + c] turned into their ten left factors, out[k * step + c];
     * channels as above. */
    void (*winograd_line)(const float *x, int stride, int channels, float *out, int step);

    /* Four frames' answers out[r * out_stride + c] from ten products, products[k * step + c], of TG_TILE_COLUMNS
     * channels. */
    void (*winograd_frames)(const float *products, int step, float *out, int out_stride);

    /* F(6, 7) of winograd.h: as the two above with twelve frames, twelve factors or products, and six answers. */
    void (*winograd_long)(const float *x, int stride, int channels, float *out, int step);
    void (*winograd_long_frames)(const float *products, int step, float *out, int out_stride);

    /* F(6, 3) of winograd.h: eight frames x[j * stride + c] turned into their eight left factors, out[k * step + c];
     * channels as above. */
    void (*winograd_short)(const float *x, int stride, int channels, float *out, int step);

    /*
     * Six frames' answers from eight products, products[k * step + c], of TG_TILE_COLUMNS channels; then
     * out[r * out_stride + c] = the largest of norm(relu(answer + bias)) over the frames 3 r .. 3 r + 2, for two rows.
     */
    void (*winograd_pooled)(const float *products, int step, const tg_norm *norm, float *out, int out_stride);
} tg_kernels;

extern const tg_kernels tg_kernels_plain;
#ifndef TG_NO_SIMD
extern const tg_kernels tg_kernels_simd;
#endif

/* What models run on: SIMD where it was built in. Tests switch it to the plain twins to compare whole models. */
extern const tg_kernels *tg_kernels_active;

#endif
