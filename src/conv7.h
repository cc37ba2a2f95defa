/* Convolutions of seven frames along time, four frames at a time by F(4, 7) of winograd.h. */
#ifndef TG_CONV7_H
#define TG_CONV7_H

#include <stddef.h>

#include "layer.h"
#include "winograd.h"

enum { TG_CONV7_MARGIN = TG_LINE_TAPS / 2 /* frames before, and behind, that an answer depends on */ };

/* Packs the filters' factors, eight side by side: [group][product][input][filter]. kernel: [live][7][inputs]. */
int tg_conv7_pack(tg_layer *l, const float *kernel, int inputs, char *why);

/* What a run needs room for, in floats; rows are a multiple of TG_LINE_SIDE. Layers that run in turn may share it. */
typedef struct tg_conv7_room {
    float *lines;    /* the input's factors */
    float *products; /* of eight filters */
} tg_conv7_room;

size_t tg_conv7_lines(int rows, int inputs);
size_t tg_conv7_products(int rows);

/*
 * responses[row * stride + slot] of the live filters, in whole groups of eight, for each of `rows`: row r from the
 * frames in[r .. r + 6][inputs]. Inputs are read in whole lanes: what lies behind `in` must be there, but does not
 * matter.
 */
void tg_conv7_run(const tg_layer *l, int inputs, const float *in, int rows, tg_conv7_room room, float *responses,
                  int stride);

#endif
