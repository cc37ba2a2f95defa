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
 * F(4, 7), points 0, 1, -1, 2, -2, 1/2, -1/2, 3/4, -3/4 and infinity: for layers along time, four frames from the ten
 * that they depend on.
 */
enum { TG_LINE_TAPS = 7, TG_LINE_SIDE = 4, TG_LINE_SPAN = 10, TG_LINE_PRODUCTS = 10 };

extern const float tg_line_input_matrix[TG_LINE_PRODUCTS][TG_LINE_SPAN];  /* B */
extern const float tg_line_answer_matrix[TG_LINE_SIDE][TG_LINE_PRODUCTS]; /* A */

/* The right factors of seven taps that lie `stride` apart: factors[k]. */
void tg_winograd_line_filter(const float *taps, int stride, float factors[TG_LINE_PRODUCTS]);

/*
 * F(6, 7), points 0, 1, -1, 2, -2, 2/3, -2/3, 1/3, -1/3, 4/3, -4/3 and infinity: six frames from the twelve that they
 * depend on. Twice the error of F(4, 7).
 */
enum { TG_LONG_TAPS = 7, TG_LONG_SIDE = 6, TG_LONG_SPAN = 12, TG_LONG_PRODUCTS = 12 };

extern const float tg_long_input_matrix[TG_LONG_PRODUCTS][TG_LONG_SPAN];  /* B */
extern const float tg_long_answer_matrix[TG_LONG_SIDE][TG_LONG_PRODUCTS]; /* A */

/* The right factors of seven taps that lie `stride` apart: factors[k]. */
void tg_winograd_long_filter(const float *taps, int stride, float factors[TG_LONG_PRODUCTS]);

/*
 * F(6, 3), points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity: for short filters along time, six frames from the eight that
 * they depend on.
 */
enum { TG_SHORT_TAPS = 3, TG_SHORT_SIDE = 6, TG_SHORT_SPAN = 8, TG_SHORT_PRODUCTS = 8 };

extern const float tg_short_input_matrix[TG_SHORT_PRODUCTS][TG_SHORT_SPAN];  /* B */
extern const float tg_short_answer_matrix[TG_SHORT_SIDE][TG_SHORT_PRODUCTS]; /* A */

/* The right factors of three taps that lie `stride` apart: factors[k]. */
void tg_winograd_short_filter(const float *taps, int stride, float factors[TG_SHORT_PRODUCTS]);

#endif
