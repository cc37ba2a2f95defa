#include "sliding.h"

#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "numbers.h"
#include "temporal.h"

enum {
    SIGNALS = TG_TEMPORAL_SIGNALS,
    BLOCKS = TG_BANDS / SIGNALS,
    ROW = TG_LANES * TG_BANDS /* values of four filters at one frame */
};

struct tg_sliding {
    int frames;
    int first;                                     /* place of row 0 in the rings */
    int known;                                     /* rows, the first ones, that were there before the last move */
    float *rows;                                   /* a ring a group: [groups][frames][BLOCKS][TG_LANES][SIGNALS] */
    float left[BLOCKS * TG_SLIDING_HOP * SIGNALS]; /* the frames that left, negated */
};

tg_sliding *tg_sliding_create(int frames, int groups) {
    tg_sliding *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->frames = frames;
    /* calloc finds out when they are more bytes than 32 bits hold: of the widest model they are. */
    s->rows = calloc((size_t)groups * (size_t)frames, ROW * sizeof *s->rows);
    if (s->rows) return s;
    free(s);
    return NULL;
}

void tg_sliding_free(tg_sliding *s) {
    if (s) free(s->rows);
    free(s);
}

void tg_sliding_move(tg_sliding *s, tg_sliding_input old, int advance) {
    s->known = advance > 0 && advance < s->frames ? s->frames - advance : 0;
    s->first = (s->first + advance) % s->frames;
    if (!s->known) return;
    for (int block = 0; block < BLOCKS; block++)
        for (int i = 0; i < advance * SIGNALS; i++)
            s->left[block * TG_SLIDING_HOP * SIGNALS + i] = -old.x[block * old.block + i];
}

/* Frames of a segment's row `row` that a filter sees: 'same' padding, one more behind than before. */
static int before(int taps) { return (taps - 1) / 2; }
static int behind(int taps) { return taps / 2; }

int tg_sliding_changed(const tg_sliding *s, int taps, int row) {
    return row < before(taps) || row + behind(taps) >= s->known;
}

void tg_sliding_respond(tg_sliding *s, int group, const float *filters, int taps, tg_sliding_input input, float *out,
                        int stride) {
    const int advance = s->frames - s->known;
    float *rows = s->rows + (size_t)group * (size_t)s->frames * ROW;
    for (int r = 0; r < s->frames; r++) {
        if (!tg_sliding_changed(s, taps, r)) continue;
        float *row = rows + (s->first + r) % s->frames * ROW;
        const int is_new = r >= s->known, seen = r - before(taps); /* the first frame that it sees, if it is there */
        if (is_new) {
            memset(row, 0, ROW * sizeof *row);
        } else if (seen < 0) {
            const int from = tg_larger(0, seen + advance); /* among those that left */
            tg_kernels_active->temporal_add(s->left + from * SIGNALS, TG_SLIDING_HOP * SIGNALS,
                                            filters + (from - advance - seen) * TG_LANES, advance - from, row,
                                            out + r * stride);
        }
        const int from = tg_larger(is_new ? 0 : s->known, seen), end = tg_smaller(s->frames, r + behind(taps) + 1);
        if (from < end)
            tg_kernels_active->temporal_add(input.x + from * SIGNALS, input.block, filters + (from - seen) * TG_LANES,
                                            end - from, row, out + r * stride);
    }
}
