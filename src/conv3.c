#include "conv3.h"

#include "kernels.h"

int tg_conv3_load(tg_layer *l, const gguf_file *file, int inputs, char *why) {
    return tg_lines_load(l, file, inputs, TG_SHORT_TAPS, TG_SHORT_PRODUCTS, tg_winograd_short_filter, why);
}

size_t tg_conv3_factors(int lines, int inputs) { return tg_lines_factors(TG_SHORT_PRODUCTS, lines, inputs); }

size_t tg_conv3_products(int lines) { return tg_lines_products(TG_SHORT_PRODUCTS, lines); }

void tg_conv3_run(const tg_layer *l, int inputs, const float *in, int lines, tg_lines_room room, float *out) {
    for (int line = 0; line < lines; line++)
        tg_kernels_active->winograd_short(in + line * TG_SHORT_SIDE * inputs, inputs, inputs,
                                          room.factors + line * inputs, tg_lines_step(lines, inputs));
    for (int slot = 0; slot < l->filters; slot += TG_TILE_COLUMNS) {
        const int step = tg_lines_multiply(l, slot, inputs, TG_SHORT_PRODUCTS, lines, room);
        const tg_norm norm = {l->bias + slot, l->scale + slot, l->shift + slot};
        for (int line = 0; line < lines; line++)
            tg_kernels_active->winograd_pooled(room.products + line * TG_TILE_COLUMNS, step, &norm,
                                               out + line * TG_CONV3_POOLED * l->filters + slot, l->filters);
    }
}
