#include "samples.h"

#include <stdlib.h>
#include <string.h>

#include "loudness.h"

struct tg_samples {
    float buffer[16 * TG_FRAME_HOP];
    int filled;
};

tg_samples *tg_samples_create(void) { return calloc(1, sizeof(tg_samples)); }

void tg_samples_free(tg_samples *s) { free(s); }

int tg_samples_space(const tg_samples *s) { return (int)(sizeof s->buffer / sizeof *s->buffer) - s->filled; }

void tg_samples_push(tg_samples *s, const float *samples, int count) {
    memcpy(s->buffer + s->filled, samples, (size_t)count * sizeof *samples);
    s->filled += count;
}

int tg_samples_pull(tg_samples *s, float *rows, tg_loudness *loudness, int room) {
    const int whole = s->filled / TG_FRAME_HOP, count = whole < room ? whole : room, moved = count * TG_FRAME_HOP;
    memcpy(rows, s->buffer, (size_t)moved * sizeof *rows);
    for (int f = 0; f < count; f++) loudness[f] = tg_loudness_of(rows + f * TG_FRAME_HOP, TG_FRAME_HOP);
    s->filled -= moved;
    memmove(s->buffer, s->buffer + moved, (size_t)s->filled * sizeof *s->buffer);
    return count;
}
