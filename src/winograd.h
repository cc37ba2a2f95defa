/*
 * Minimal filtering (Winograd 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015): m
 * answers of a filter of r taps from m + r - 1 products instead of m r. Answers are A ((G filter) . (B input)), in two
 * dimensions with the same from the right. B and G depend on one side alone, so they are paid once for many filters or
 * inputs; sums over channels, or over parts of a long filter, are taken of the products, so that A is paid once for all
 * of them.
 */
#ifndef TG_WINOGRAD_H
#define TG_WINOGRAD_H

/* F(4x4, 3x3), points 0, 1, -1, 2, -2 and infinity: for pictures. */
enum { TG_TILE_SIDE = 4, TG_PATCH_SIDE = 6, TG_PRODUCTS = TG_PATCH_SIDE * TG_PATCH_SIDE };

extern const float tg_patch_matrix[TG_PATCH_SIDE][TG_PATCH_SIDE]; /* B */
extern const float tg_tile_matrix[TG_TILE_SIDE][TG_PATCH_SIDE];   /* A */

/* The 36 right factors of one filter kernel[3][3] whose values lie `stride` apart: factors[k]. */
void tg_winograd_filter(const float *kernel, int stride, float factors[TG_PRODUCTS]);

/*
 * F(4, 4), points 0, 1, -1, 1/2, -1/2, 2 and infinity: for long filters along time, four taps at a time. Input step s
 * is about frames 4 s .. 4 s + 6, and step i of the filter (taps 4 i .. 4 i + 3) meets input step s + i for the answers
 * 4 s .. 4 s + 3.
 */
enum { TG_STEP = 4, TG_POINTS = 7 };

extern const float tg_answer_matrix[TG_STEP][TG_POINTS]; /* A */

/* Factors of four taps that lie `stride` apart: factors[point]. */
void tg_winograd_taps(const float *taps, int stride, float factors[TG_POINTS]);

/* Factors of one input step for eight signals side by side: in[7][8], out[point * out_step + signal]. */
void tg_winograd_input(const float *in, float *out, int out_step);

#endif
