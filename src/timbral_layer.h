/* Layers of timbral filters, as tall as many of the mel bands: the largest response along frequency, frame by frame. */
#ifndef TG_TIMBRAL_LAYER_H
#define TG_TIMBRAL_LAYER_H

#include "kernels.h"
#include "layer.h"
#include "timbral.h"

enum {
    TG_TIMBRAL_MARGIN = TG_TIMBRAL_FRAMES / 2,         /* zero frames around what the filters read */
    TG_TIMBRAL_FRAME = TG_BINS * 2,                    /* values of one frame's spectrum */
    TG_TIMBRAL_TILE = TG_BINS * TG_TIMBRAL_FACTORS * 2 /* values of one filter's, or four frames', factors */
};

void tg_make_circle(tg_circle *circle);

/*
 * The live filters' factors, four side by side: [group][bin][factor][re, im][lane]. kernel: [live][frames][height];
 * an odd number of frames, in the middle of the seven.
 */
int tg_timbral_pack(tg_layer *l, const float *kernel, int frames, int height, char *why);

/* The spectra of ten frames, the first being TG_TIMBRAL_MARGIN before the four, as the factors that filters meet. */
void tg_timbral_tile(const float *spectra, float *tile);

/* responses[row * stride + slot] of the live filters, in whole groups of four, for the four rows of each tile. */
void tg_timbral_run(const tg_layer *l, int height, const tg_circle *circle, const float *tiles, int tile_count,
                    float *responses, int stride);

#endif
