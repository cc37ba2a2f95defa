#include "conv7.h"

#include <stdlib.h>

#include "kernels.h"
#include "taggram.h"

int tg_conv7_pack(tg_layer *l, const float *kernel, int inputs, char *why) {
    const int group = TG_LINE_PRODUCTS * inputs * TG_TILE_COLUMNS;
    l->kernels =
        calloc((size_t)TG_ROUND_UP(l->live, TG_TILE_COLUMNS) / TG_TILE_COLUMNS * (size_t)group, sizeof *l->kernels);
    if (!l->kernels) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++)
        for (int i = 0; i < inputs; i++) {
            float factors[TG_LINE_PRODUCTS];
            tg_winograd_line_filter(kernel + slot * TG_LINE_TAPS * inputs + i, inputs, factors);
            float *out = l->kernels + slot / TG_TILE_COLUMNS * group + i * TG_TILE_COLUMNS + slot % TG_TILE_COLUMNS;
            for (int k = 0; k < TG_LINE_PRODUCTS; k++) out[k * inputs * TG_TILE_COLUMNS] = factors[k];
        }
    return TG_OK;
}

/* Lines of four frames each, in whole tiles. */
static int lines_of(int rows) { return TG_ROUND_UP(rows / TG_LINE_SIDE, TG_TILE_ROWS); }

/* Values from one line's factors to the next. */
static int line_values(int inputs) { return TG_ROUND_UP(inputs, TG_LANES); }

size_t tg_conv7_lines(int rows, int inputs) {
    return (size_t)TG_LINE_PRODUCTS * (size_t)lines_of(rows) * (size_t)line_values(inputs);
}

size_t tg_conv7_products(int rows) { return (size_t)(TG_LINE_PRODUCTS * lines_of(rows) * TG_TILE_COLUMNS); }

void tg_conv7_run(const tg_layer *l, int inputs, const float *in, int rows, tg_conv7_room room, float *responses,
                  int stride) {
    const int lines = lines_of(rows), width = line_values(inputs), step = lines * TG_TILE_COLUMNS;
    for (int line = 0; line < rows / TG_LINE_SIDE; line++)
        tg_kernels_active->winograd_line(in + line * TG_LINE_SIDE * inputs, inputs, inputs, room.lines + line * width,
                                         lines * width);
    for (int slot = 0; slot < l->live; slot += TG_TILE_COLUMNS) {
        const float *factors = l->kernels + (size_t)(slot * TG_LINE_PRODUCTS) * (size_t)inputs;
        for (int k = 0; k < TG_LINE_PRODUCTS; k++)
            tg_kernels_active->matmul_8(room.lines + k * lines * width, width, 0, 1,
                                        factors + k * inputs * TG_TILE_COLUMNS, inputs, lines, room.products + k * step,
                                        TG_TILE_COLUMNS);
        for (int line = 0; line < rows / TG_LINE_SIDE; line++)
            tg_kernels_active->winograd_frames(room.products + line * TG_TILE_COLUMNS, step,
                                               responses + line * TG_LINE_SIDE * stride + slot, stride);
    }
}
