/*
 * Frames of samples, for models that hear the waveform itself: 16 kHz samples in, the same out, 256 a frame. The same
 * functions as logmel.h has.
 */
#ifndef TG_SAMPLES_H
#define TG_SAMPLES_H

#include "taggram.h"

typedef struct tg_samples tg_samples;

/* NULL without memory. */
tg_samples *tg_samples_create(void);
void tg_samples_free(tg_samples *s);

/* How many samples it can take now; at least one once all frames were pulled. */
int tg_samples_space(const tg_samples *s);

/* Takes `count` samples, at most tg_samples_space. */
void tg_samples_push(tg_samples *s, const float *samples, int count);

/* Gives the next frames, `room` at most: rows[room][256], loudness[room]. Returns how many. */
int tg_samples_pull(tg_samples *s, float *rows, tg_loudness *loudness, int room);

#endif
