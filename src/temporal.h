/*
 * Temporal filters along time, band by band: sixteen answers of a filter from products of its parts of sixteen taps,
 * 63 products for each part instead of 256. Three minimal filterings (winograd.h) in one another: taps and frames are
 * taken four at a time by F(4, 4), points 0, 1, -1, 1/2, -1/2, 2 and infinity; these steps two at a time by F(2, 2),
 * the identity d0 g0 + d1 g1 = (d0 - d1) g0 + d1 (g0 + g1), which adds hardly any error; and the pairs of steps once
 * more.
 *
 * Place v of the input is about frames 16 v .. 16 v + 30; place i of the filter, taps 16 i .. 16 i + 15, meets input
 * place v + i for the answers 16 v .. 16 v + 15.
 */
#ifndef TG_TEMPORAL_H
#define TG_TEMPORAL_H

enum {
    TG_STEP = 4,     /* frames of F(4, 4) */
    TG_POINTS = 7,   /* its products */
    TG_PAIRINGS = 9, /* products of the two F(2, 2), for four steps */
    TG_TEMPORAL_ROWS = 4 * TG_STEP,
    TG_TEMPORAL_SPAN = 2 * TG_TEMPORAL_ROWS - 1, /* frames that those answers depend on, for sixteen taps */
    TG_TEMPORAL_FACTORS = TG_POINTS * TG_PAIRINGS,
    TG_TEMPORAL_SIGNALS = 8 /* bands side by side */
};

extern const float tg_answer_matrix[TG_STEP][TG_POINTS]; /* of F(4, 4): answers from products */

/* Factors of sixteen taps that lie `stride` apart: factors[point * TG_PAIRINGS + pairing]. */
void tg_temporal_filter(const float *taps, int stride, float factors[TG_TEMPORAL_FACTORS]);

/* Factors of one input place for eight signals side by side: in[TG_TEMPORAL_SPAN][8], out[factor * step + signal]. */
void tg_temporal_input(const float *in, float *out, int step);

#endif
