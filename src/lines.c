#include "lines.h"

#include <stdlib.h>

#include "kernels.h"
#include "taggram.h"
#include "winograd.h"

enum { MOST_PRODUCTS = TG_LONG_PRODUCTS };

/* In whole tiles of the multiplication. */
static int rows_of(int lines) { return TG_ROUND_UP(lines, TG_TILE_ROWS); }

int tg_lines_width(int inputs) { return TG_ROUND_UP(inputs, TG_LANES); }
int tg_lines_step(int lines, int inputs) { return rows_of(lines) * tg_lines_width(inputs); }

size_t tg_lines_factors(int products, int lines, int inputs) {
    return (size_t)products * (size_t)tg_lines_step(lines, inputs);
}

size_t tg_lines_products(int products, int lines) { return (size_t)(products * rows_of(lines) * TG_TILE_COLUMNS); }

int tg_lines_pack(tg_layer *l, const float *kernel, int inputs, int taps, int products,
                  void (*filter)(const float *taps, int stride, float *factors), char *why) {
    const int group = products * inputs * TG_TILE_COLUMNS;
    l->kernels =
        calloc((size_t)TG_ROUND_UP(l->live, TG_TILE_COLUMNS) / TG_TILE_COLUMNS * (size_t)group, sizeof *l->kernels);
    if (!l->kernels) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++)
        for (int i = 0; i < inputs; i++) {
            float factors[MOST_PRODUCTS];
            filter(kernel + slot * taps * inputs + i, inputs, factors);
            float *out = l->kernels + slot / TG_TILE_COLUMNS * group + i * TG_TILE_COLUMNS + slot % TG_TILE_COLUMNS;
            for (int k = 0; k < products; k++) out[k * inputs * TG_TILE_COLUMNS] = factors[k];
        }
    return TG_OK;
}

int tg_lines_multiply(const tg_layer *l, int slot, int inputs, int products, int lines, tg_lines_room room) {
    const int rows = rows_of(lines), step = rows * TG_TILE_COLUMNS;
    const float *factors = l->kernels + (size_t)(slot * products) * (size_t)inputs;
    for (int k = 0; k < products; k++)
        tg_kernels_active->matmul_8(room.factors + k * tg_lines_step(lines, inputs), tg_lines_width(inputs), 0, 1,
                                    factors + k * inputs * TG_TILE_COLUMNS, inputs, rows, room.products + k * step,
                                    TG_TILE_COLUMNS);
    return step;
}
