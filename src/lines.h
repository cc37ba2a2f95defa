/*
 * Layers along time by minimal filtering (winograd.h): a line is so many frames as are answered together. The input's
 * lines are turned into factors once; eight filters at a time, factors are multiplied and summed over the inputs, and
 * the products turned into answers.
 */
#ifndef TG_LINES_H
#define TG_LINES_H

#include <stddef.h>

#include "layer.h"

/* What a run needs room for, in floats. Layers that run in turn may share it. */
typedef struct tg_lines_room {
    float *factors;  /* the input's: [product][line][inputs, in whole lanes] */
    float *products; /* of eight filters: [product][line][8] */
} tg_lines_room;

size_t tg_lines_factors(int products, int lines, int inputs);
size_t tg_lines_products(int products, int lines);

/*
 * Reads the layer's kernel, [live][taps][inputs], and packs the filters' factors, eight side by side:
 * [group][product][input][filter]. `filter` makes the factors of taps that lie `stride` apart. TG_EMODEL, TG_ENOMEM.
 */
int tg_lines_load(tg_layer *l, const gguf_file *file, int inputs, int taps, int products,
                  void (*filter)(const float *taps, int stride, float *factors), char *why);

/* From one line's factors to the next, and from those of one product to the next, in floats. */
int tg_lines_width(int inputs);
int tg_lines_step(int lines, int inputs);

/* room.products of the eight filters from `slot` on; returns the step from one product to the next. */
int tg_lines_multiply(const tg_layer *l, int slot, int inputs, int products, int lines, tg_lines_room room);

#endif
