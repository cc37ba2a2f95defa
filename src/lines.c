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

/* `out`: of the filter's group of eight, its place among them. */
static void pack_filter(const float *kernel, int inputs, int products,
                        void (*filter)(const float *taps, int stride, float *factors), float *out) {
    for (int i = 0; i < inputs; i++) {
        float factors[MOST_PRODUCTS];
        filter(kernel + i, inputs, factors);
        for (int k = 0; k < products; k++) out[(k * inputs + i) * TG_TILE_COLUMNS] = factors[k];
    }
}

int tg_lines_load(tg_layer *l, const gguf_file *file, int inputs, int taps, int products,
                  void (*filter)(const float *taps, int stride, float *factors), char *why) {
    const size_t group = (size_t)(products * inputs * TG_TILE_COLUMNS);
    char name[TG_TENSOR_NAME];
    tg_rows rows;
    int error = tg_layer_open_kernel(&rows, name, l, file, (tg_shape){2, {taps, inputs}}, why);
    float *kernel = malloc((size_t)(taps * inputs) * sizeof *kernel); /* of one filter */
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_TILE_COLUMNS) / TG_TILE_COLUMNS * group, sizeof *l->kernels);
    if (!error && !(kernel && l->kernels)) error = tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live && !error; slot++) {
        error = tg_rows_read(&rows, slot, kernel, why);
        if (!error)
            pack_filter(kernel, inputs, products, filter,
                        l->kernels + (size_t)(slot / TG_TILE_COLUMNS) * group + slot % TG_TILE_COLUMNS);
    }
    free(kernel);
    tg_rows_close(&rows);
    return error;
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
