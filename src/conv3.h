/*
 * Convolutions of three frames along time under a maximum over three: six frames at a time by F(6, 3) of winograd.h
 * become two.
 */
#ifndef TG_CONV3_H
#define TG_CONV3_H

#include "lines.h"
#include "winograd.h"

enum { TG_CONV3_POOL = 3, TG_CONV3_POOLED = TG_SHORT_SIDE / TG_CONV3_POOL /* frames that a line becomes */ };

/* Reads and packs the kernel, [filters][3][inputs]; no filter is left out, and they are whole groups of eight. */
int tg_conv3_load(tg_layer *l, const gguf_file *file, int inputs, char *why);

/* What a run needs room for, in floats. */
size_t tg_conv3_factors(int lines, int inputs);
size_t tg_conv3_products(int lines);

/*
 * out[2 * lines][filters]: row r is the largest of norm(relu(conv)) over the frames 3 r .. 3 r + 2, which depend on
 * in[3 r .. 3 r + 4][inputs]. Inputs are a multiple of TG_LANES.
 */
void tg_conv3_run(const tg_layer *l, int inputs, const float *in, int lines, tg_lines_room room, float *out);

#endif
