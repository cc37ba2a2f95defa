#include "conv7.h"

#include "kernels.h"

/* Answers and taps, less one. */
static int products_of(int side) { return side + TG_LINE_TAPS - 1; }

int tg_conv7_load(tg_layer *l, const gguf_file *file, int inputs, int side, char *why) {
    return tg_lines_load(l, file, inputs, TG_LINE_TAPS, products_of(side),
                         side == TG_LONG_SIDE ? tg_winograd_long_filter : tg_winograd_line_filter, why);
}

size_t tg_conv7_factors(int rows, int inputs, int side) {
    return tg_lines_factors(products_of(side), rows / side, inputs);
}

size_t tg_conv7_products(int rows, int side) { return tg_lines_products(products_of(side), rows / side); }

void tg_conv7_run(const tg_layer *l, int inputs, int side, const float *in, int rows, tg_lines_room room,
                  float *responses, int stride) {
    const tg_kernels *k = tg_kernels_active;
    const int lines = rows / side, is_long = side == TG_LONG_SIDE;
    for (int line = 0; line < lines; line++)
        (is_long ? k->winograd_long : k->winograd_line)(in + line * side * inputs, inputs, inputs,
                                                        room.factors + line * tg_lines_width(inputs),
                                                        tg_lines_step(lines, inputs));
    for (int slot = 0; slot < l->live; slot += TG_TILE_COLUMNS) {
        const int step = tg_lines_multiply(l, slot, inputs, products_of(side), lines, room);
        for (int line = 0; line < lines; line++)
            (is_long ? k->winograd_long_frames : k->winograd_frames)(room.products + line * TG_TILE_COLUMNS, step,
                                                                     responses + line * side * stride + slot, stride);
    }
}
