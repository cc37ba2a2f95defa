/*
 * The mel front-end of the musicnn models: 16 kHz samples in, one log-mel frame of 96 bands every 256 samples out.
 * Streams; frames are centred (frame f is about sample 256 f), mirrored at both ends of the audio.
 */
#ifndef TG_LOGMEL_H
#define TG_LOGMEL_H

#include "taggram.h"

typedef struct tg_logmel tg_logmel;

/* NULL without memory. */
tg_logmel *tg_logmel_create(void);
void tg_logmel_free(tg_logmel *m);

/* How many samples it can take now; at least one once all frames were pulled. */
int tg_logmel_space(const tg_logmel *m);

/* Takes `count` samples, at most tg_logmel_space. */
void tg_logmel_push(tg_logmel *m, const float *samples, int count);

/* No more samples come: pull gives the rest, 1 + floor(n / 256) frames in all. Wants n > 256. */
void tg_logmel_finish(tg_logmel *m);

/*
 * Gives the next frames, `room` at most: rows[room][96], log10(10000 mel + 1); loudness[room]. Returns how many; 0 when
 * more samples are wanted or all is told.
 */
int tg_logmel_pull(tg_logmel *m, float *rows, tg_loudness *loudness, int room);

#endif
