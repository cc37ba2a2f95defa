/*
 * Rate conversion to 16 kHz by a Kaiser-windowed sinc: the filter that musicnn's training data went through
 * (librosa 0.7 with resampy 0.2.2, "kaiser_best"), in closed form. Streams: memory depends on the rate alone.
 */
#ifndef TG_RESAMPLE_H
#define TG_RESAMPLE_H

typedef struct tg_resampler tg_resampler;

/* rate: TG_MIN_SAMPLE_RATE .. TG_MAX_SAMPLE_RATE, in Hz. NULL without memory. */
tg_resampler *tg_resampler_create(int rate);
void tg_resampler_free(tg_resampler *r);

/* How many samples it can take now; at least one once all output was pulled. */
int tg_resampler_space(const tg_resampler *r);

/* Takes `count` samples, at most tg_resampler_space. */
void tg_resampler_push(tg_resampler *r, const float *samples, int count);

/* No more samples come: silence follows, and pull gives the rest, ceil(n * (16000 / rate)) samples in all. */
void tg_resampler_finish(tg_resampler *r);

/* Gives up to `room` samples at 16 kHz; 0 when more input is wanted or all is told. */
int tg_resampler_pull(tg_resampler *r, float *out, int room);

#endif
