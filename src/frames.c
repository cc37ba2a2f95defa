/*
 * One stream: PCM -> mono -> 16 kHz -> frames, of log-mel or of samples. Each stage is pulled by the next and takes
 * only what it has room for, so memory is bounded whatever the caller pushes.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "logmel.h"
#include "message.h"
#include "model.h"
#include "numbers.h"
#include "options.h"
#include "resample.h"
#include "samples.h"

enum { BLOCK = 1024 /* samples moved at a time between stages */ };

struct tg_frames {
    tg_resampler *resampler;
    tg_logmel *logmel; /* for models that hear it, or else */
    tg_samples *raw;
    int frame_width;
    int sample_rate;
    int channels;

    int segment_frames;
    float *head;       /* the audio's first samples at 16 kHz, as many as a segment has: short audio is repeated */
    int head_capacity; /* in samples */
    int64_t samples;   /* at 16 kHz so far */
    int64_t filled;    /* the same with those that repeat the audio */

    int finished;
    int ending;    /* what tg_frames_finish returned */
    int repeated;  /* the audio is being repeated */
    int told;      /* the log-mel, if there is one, knows of the end */
    int64_t given; /* frames so far */
    double pushed; /* PCM frames */
    double non_finite;
};

static int allocate(tg_frames *f) {
    f->resampler = tg_resampler_create(f->sample_rate);
    if (f->frame_width == TG_FRAME_HOP)
        f->raw = tg_samples_create();
    else
        f->logmel = tg_logmel_create();
    f->head = malloc((size_t)f->head_capacity * sizeof *f->head);
    return f->resampler && (f->logmel || f->raw) && f->head;
}

int tg_frames_create(tg_frames **frames, const tg_model *model, const tg_options *options, char *why) {
    *frames = NULL;
    int error = tg_check_pcm(options, why);
    if (!error) error = tg_check_segments(model, options, why);
    if (error) return error;
    tg_frames *f = calloc(1, sizeof *f);
    if (f) {
        f->frame_width = model->architecture->frame_width;
        f->sample_rate = options->sample_rate;
        f->channels = options->channels;
        f->segment_frames = options->segment_frames;
        f->head_capacity = options->segment_frames * TG_FRAME_HOP;
    }
    if (!f || !allocate(f)) {
        tg_frames_free(f);
        return tg_fail(TG_ENOMEM, why, "There is no memory for a stream.");
    }
    *frames = f;
    return TG_OK;
}

void tg_frames_free(tg_frames *f) {
    if (!f) return;
    tg_resampler_free(f->resampler);
    tg_logmel_free(f->logmel);
    tg_samples_free(f->raw);
    free(f->head);
    free(f);
}

/* Samples below -300 dBFS count as 0: what they turn into, denormal numbers, slows processors down by far. */
static const float inaudible = 1e-15f;

/* Mean of the channels, as musicnn's loader has it. Without branches, so that compilers take several samples at once.
 */
static void mix(tg_frames *f, const float *const *planes, int from, int count, float *mono) {
    const float channels = (float)f->channels;
    memset(mono, 0, (size_t)count * sizeof *mono);
    for (int c = 0; c < f->channels; c++) {
        const float *plane = planes[c] + from;
        int finite = 0;
        for (int i = 0; i < count; i++) {
            const float size = fabsf(plane[i]);
            const int is_finite = size <= FLT_MAX, is_heard = size > inaudible;
            finite += is_finite;
            mono[i] += (is_finite & is_heard ? plane[i] : 0) / channels;
        }
        f->non_finite += count - finite;
    }
}

/* ---- The last stage, which makes frames -------------------------------------------------------------------------- */

static int maker_space(const tg_frames *f) { return f->logmel ? tg_logmel_space(f->logmel) : tg_samples_space(f->raw); }

static void maker_push(tg_frames *f, const float *samples, int count) {
    if (f->logmel)
        tg_logmel_push(f->logmel, samples, count);
    else
        tg_samples_push(f->raw, samples, count);
}

static int maker_pull(tg_frames *f, float *rows, tg_loudness *loudness, int room) {
    return f->logmel ? tg_logmel_pull(f->logmel, rows, loudness, room) : tg_samples_pull(f->raw, rows, loudness, room);
}

/* Frames of audio that has ended: a frame of log-mel is about the very end, too. */
static int64_t frames_of(const tg_frames *f, int64_t samples) { return samples / TG_FRAME_HOP + (f->logmel != NULL); }

/* Moves samples from the resampler there; returns how many. */
static int move_samples(tg_frames *f) {
    float samples[BLOCK];
    tg_turn_to(TG_RESAMPLING);
    int count = tg_resampler_pull(f->resampler, samples, tg_smaller(BLOCK, maker_space(f)));
    tg_turn_to(TG_OTHER_WORK);
    if (f->samples < f->head_capacity) {
        int kept = tg_smaller(count, f->head_capacity - (int)f->samples);
        memcpy(f->head + f->samples, samples, (size_t)kept * sizeof *samples);
    }
    f->samples += count;
    maker_push(f, samples, count);
    return count;
}

int tg_frames_push(tg_frames *f, const float *const *planes, int count) {
    if (count < 0) return TG_EINVAL;
    if (f->finished) return TG_ESTATE;
    int taken = 0;
    for (;;) {
        while (move_samples(f)) continue;
        const int block = tg_smaller(tg_smaller(BLOCK, count - taken), tg_resampler_space(f->resampler));
        if (block == 0) break;
        float mono[BLOCK];
        mix(f, planes, taken, block, mono);
        tg_resampler_push(f->resampler, mono, block);
        taken += block;
    }
    f->pushed += taken;
    return taken;
}

int tg_frames_finish(tg_frames *f) {
    if (f->finished) return f->ending;
    f->finished = 1;
    tg_resampler_finish(f->resampler);
    f->ending = f->pushed / f->sample_rate < TG_MIN_SECONDS ? TG_ESHORT : TG_OK;
    return f->ending;
}

/* More of the audio's beginning, as if it had been pushed again. */
static void repeat_head(tg_frames *f) {
    int at = (int)(f->filled % f->samples);
    int count = tg_smaller(tg_smaller((int)f->samples - at, f->head_capacity - (int)f->filled), maker_space(f));
    maker_push(f, f->head + at, count);
    f->filled += count;
}

/* After the last sample: repeats audio that is too short for a segment, then lets the log-mel end. 0 when that is done.
 */
static int move_on_at_the_end(tg_frames *f) {
    if (f->told) return 0;
    if (!f->repeated && frames_of(f, f->samples) < f->segment_frames) {
        f->repeated = 1;
        f->filled = f->samples;
    }
    if (f->repeated && f->filled < f->head_capacity) {
        repeat_head(f);
    } else {
        f->told = 1;
        if (f->logmel) tg_logmel_finish(f->logmel);
    }
    return 1;
}

int tg_frames_pull(tg_frames *f, float *rows, tg_loudness *loudness, int room) {
    if (f->ending) return 0;
    int count = 0;
    for (;;) {
        if (f->repeated) room = tg_smaller(room, count + f->segment_frames - (int)f->given);
        tg_turn_to(TG_LOGMEL);
        const int pulled = maker_pull(f, rows + count * f->frame_width, loudness + count, room - count);
        tg_turn_to(TG_OTHER_WORK);
        count += pulled;
        f->given += pulled;
        if (count == room) return count;
        if (!move_samples(f) && !(f->finished && move_on_at_the_end(f))) return count;
    }
}

tg_heard tg_frames_heard(const tg_frames *f) {
    return (tg_heard){.seconds = f->pushed / f->sample_rate, .non_finite = f->non_finite, .repeated = f->repeated};
}
