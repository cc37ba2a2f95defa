/* How loud some samples are. */
#ifndef TG_LOUDNESS_H
#define TG_LOUDNESS_H

#include "taggram.h"

static inline tg_loudness tg_loudness_of(const float *samples, int count) {
    double sums[4] = {0}; /* one would have to wait for itself */
    for (int i = 0; i < count; i++) sums[i % 4] += (double)samples[i] * samples[i];
    return (tg_loudness){.energy = sums[0] + sums[1] + sums[2] + sums[3], .samples = count};
}

#endif
