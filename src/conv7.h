/*
 * Convolutions of seven frames along time by minimal filtering. A line is four frames, F(4, 7) of winograd.h, or six,
 * F(6, 7), which takes a fifth fewer products of larger filters and has twice the error: for long segments.
 */
#ifndef TG_CONV7_H
#define TG_CONV7_H

#include "lines.h"
#include "winograd.h"

enum { TG_CONV7_MARGIN = TG_LINE_TAPS / 2 /* frames before, and behind, that an answer depends on */ };

/* Everywhere: `side` is a line's frames, TG_LINE_SIDE or TG_LONG_SIDE. */

/* Reads and packs the layer's kernel, [live][7][inputs]. */
int tg_conv7_load(tg_layer *l, const gguf_file *file, int inputs, int side, char *why);

/* What a run needs room for, in floats; rows are a multiple of `side`. */
size_t tg_conv7_factors(int rows, int inputs, int side);
size_t tg_conv7_products(int rows, int side);

/*
 * responses[row * stride + slot] of the live filters, in whole groups of eight, for each of `rows`: row r from the
 * frames in[r .. r + 6][inputs]. Inputs are read in whole lanes: what lies behind `in` must be there, but does not
 * matter.
 */
void tg_conv7_run(const tg_layer *l, int inputs, int side, const float *in, int rows, tg_lines_room room,
                  float *responses, int stride);

#endif
