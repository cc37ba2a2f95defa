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
    TG_BINS = TG_BANDS / 2 + 1,
    TG_TIMBRAL_FRAMES = 7 /* frames under a timbral filter */
};

/* `count` rounded up to whole units. */
#define TG_ROUND_UP(count, unit) (((count) + (unit)-1) / (unit) * (unit))

/* The unit circle in TG_BANDS steps: cosine[i] + i sine[i] = exp(2 pi i / TG_BANDS). */
typedef struct tg_circle {
    float cosine[TG_BANDS];
    float sine[TG_BANDS];
} tg_circle;

typedef struct tg_kernels {
    const char *name;

    /* Sum of a[i] * b[i]. */
    float (*dot)(const float *a, const float *b, int count);

    /*
     * out[r][0..7] = sum over i < depth of a[r * a_stride + i] * b[i][0..7], for each of `rows`.
     * a_stride may be less than depth: then rows overlap, which makes this a convolution along time.
     */
    void (*matmul_8)(const float *a, int a_stride, const float *b, int depth, int rows, float *out, int out_stride);

    /*
     * Four temporal filters: out[r][lane] = max over bands of the sum over i < taps of x[r + i][band] *
     * kernels[i][lane]. x: the bands in blocks of 8, each [x_rows][8]; x_rows >= rows + taps - 1.
     */
    void (*temporal_max)(const float *x, int x_rows, const float *kernels, int taps, int rows, float *out,
                         int out_stride);

    /*
     * Four timbral filters of TG_TIMBRAL_FRAMES x (TG_BANDS - positions + 1) at `positions` places along frequency:
     * out[r][lane] = max over the places of the filter's correlation with frames r .. r + 6.
     * spectra: [rows + 6][TG_BINS][2], the real Fourier transform of each frame (real, imaginary).
     * kernels: [TG_BINS][TG_TIMBRAL_FRAMES][2][TG_LANES], the filters' conjugate transforms divided by TG_BANDS.
     */
    void (*timbral_max)(const tg_circle *circle, const float *spectra, const float *kernels, int positions, int rows,
                        float *out, int out_stride);
} tg_kernels;

extern const tg_kernels tg_kernels_plain;
#ifndef TG_NO_SIMD
extern const tg_kernels tg_kernels_simd;
#endif

/* What models run on: SIMD where it was built in. Tests switch it to the plain twins to compare whole models. */
extern const tg_kernels *tg_kernels_active;

#endif
