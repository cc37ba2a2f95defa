/*
 * One stream: PCM -> mono -> 16 kHz -> log-mel frames -> segments. Each stage is pulled by the next and takes only
 * what it has room for, so memory is bounded whatever the caller pushes.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "logmel.h"
#include "message.h"
#include "model.h"
#include "resample.h"

enum { BLOCK = 1024 /* samples moved at a time between stages */ };

struct tg_tagger {
    const tg_model *model;
    tg_options options;
    tg_resampler *resampler;
    tg_logmel *logmel;
    void *scratch;

    int segment_frames;
    float *frames;         /* [2 * segment_frames][96], the newest frames heard */
    tg_loudness *loudness; /* a frame each */
    int held;              /* frames in there */
    int64_t first;         /* number, from the start of the audio, of the first of them */
    int64_t next;          /* number of the frame that the next segment begins with */
    int64_t last_start;    /* number of the frame that the segment before begins with; 0 while there is none */

    float *head;       /* the audio's first samples at 16 kHz, as many as a segment has: short audio is repeated */
    int head_capacity; /* in samples */
    int64_t samples;   /* at 16 kHz so far */

    int finished;
    int ending; /* what tg_tagger_finish returned */
    int padded; /* the audio is being repeated */
    int tail_told;
    int done;      /* no segment comes any more */
    int broken;    /* the model's sums overflowed */
    double pushed; /* PCM frames */
    double non_finite;

    float *logits;           /* of the segment pulled last */
    const float *last_input; /* its log-mel; NULL once a later call may have moved it */
    double *sums;            /* of scores over segments that are not silent */
    int sounding;            /* how many those are */
};

tg_options tg_default_options(const tg_model *model) {
    return (tg_options){.sample_rate = TG_SAMPLE_RATE,
                        .channels = 1,
                        .segment_frames = model->segment_frames,
                        .hop_frames = model->hop_frames};
}

static int check_options(const tg_model *model, const tg_options *o, char *why) {
    if (o->sample_rate < TG_MIN_SAMPLE_RATE || o->sample_rate > TG_MAX_SAMPLE_RATE)
        return tg_fail(TG_EINVAL, why, "A sample rate of %d Hz is outside of %d to %d Hz.", (int)o->sample_rate,
                       TG_MIN_SAMPLE_RATE, TG_MAX_SAMPLE_RATE);
    if (o->channels < 1 || o->channels > TG_MAX_CHANNELS)
        return tg_fail(TG_EINVAL, why, "Audio of %d channels is outside of 1 to %d.", (int)o->channels,
                       TG_MAX_CHANNELS);
    if (!model->architecture->any_length && o->segment_frames != model->segment_frames)
        return tg_fail(TG_EINVAL, why, "The model %s takes segments of %d frames, not of %d.", model->name,
                       model->segment_frames, (int)o->segment_frames);
    if (o->segment_frames < 1 || o->segment_frames > TG_MAX_SEGMENT_FRAMES)
        return tg_fail(TG_EINVAL, why, "A segment of %d frames is outside of 1 to %d.", (int)o->segment_frames,
                       TG_MAX_SEGMENT_FRAMES);
    if (o->hop_frames < 1 || o->hop_frames > o->segment_frames)
        return tg_fail(TG_EINVAL, why, "A hop of %d frames is outside of 1 to %d, the frames of a segment.",
                       (int)o->hop_frames, (int)o->segment_frames);
    return TG_OK;
}

static int allocate(tg_tagger *t) {
    const size_t frames = 2 * (size_t)t->segment_frames, tags = (size_t)t->model->tag_count;
    t->resampler = tg_resampler_create(t->options.sample_rate);
    t->logmel = tg_logmel_create();
    t->scratch = t->model->architecture->make_scratch(t->model->weights, t->segment_frames);
    t->frames = malloc(frames * TG_BANDS * sizeof *t->frames);
    t->loudness = malloc(frames * sizeof *t->loudness);
    t->head = malloc((size_t)t->head_capacity * sizeof *t->head);
    t->logits = malloc(tags * sizeof *t->logits);
    t->sums = calloc(tags, sizeof *t->sums);
    return t->resampler && t->logmel && t->scratch && t->frames && t->loudness && t->head && t->logits && t->sums;
}

int tg_tagger_create(tg_tagger **tagger, const tg_model *model, const tg_options *options, char *why) {
    *tagger = NULL;
    int error = check_options(model, options, why);
    if (error) return error;
    tg_tagger *t = calloc(1, sizeof *t);
    if (!t) return tg_fail(TG_ENOMEM, why, "There is no memory for a tagger.");
    t->model = model;
    t->options = *options;
    t->segment_frames = options->segment_frames;
    t->head_capacity = options->segment_frames * TG_FRAME_HOP;
    if (!allocate(t)) {
        tg_tagger_free(t);
        return tg_fail(TG_ENOMEM, why, "There is no memory for a tagger.");
    }
    *tagger = t;
    return TG_OK;
}

void tg_tagger_free(tg_tagger *t) {
    if (!t) return;
    tg_resampler_free(t->resampler);
    tg_logmel_free(t->logmel);
    if (t->scratch) t->model->architecture->free_scratch(t->scratch);
    free(t->frames);
    free(t->loudness);
    free(t->head);
    free(t->logits);
    free(t->sums);
    free(t);
}

static int smaller(int a, int b) { return a < b ? a : b; }

static int64_t frames_heard(const tg_tagger *t) { return t->first + t->held; }

static int segment_ready(const tg_tagger *t) { return frames_heard(t) >= t->next + t->segment_frames; }

/* Makes room by dropping all but the newest segment's worth, which holds whatever the next segment needs. */
static void drop_old_frames(tg_tagger *t) {
    int dropped = t->held - t->segment_frames;
    memmove(t->frames, t->frames + (size_t)dropped * TG_BANDS,
            (size_t)t->segment_frames * TG_BANDS * sizeof *t->frames);
    memmove(t->loudness, t->loudness + dropped, (size_t)t->segment_frames * sizeof *t->loudness);
    t->first += dropped;
    t->held -= dropped;
}

static int pull_frame(tg_tagger *t) {
    if (t->held == 2 * t->segment_frames) drop_old_frames(t);
    int pulled = tg_logmel_pull(t->logmel, t->frames + (size_t)t->held * TG_BANDS, &t->loudness[t->held]);
    t->held += pulled;
    return pulled;
}

/* Moves samples from the resampler to the front-end; returns how many. */
static int pull_samples(tg_tagger *t) {
    float samples[BLOCK];
    int count = tg_resampler_pull(t->resampler, samples, smaller(BLOCK, tg_logmel_space(t->logmel)));
    if (t->samples < t->head_capacity) {
        int kept = smaller(count, t->head_capacity - (int)t->samples);
        memcpy(t->head + t->samples, samples, (size_t)kept * sizeof *samples);
    }
    t->samples += count;
    tg_logmel_push(t->logmel, samples, count);
    return count;
}

/* Turns what is in the stages into frames until a segment is ready or more PCM is needed. */
static void pump(tg_tagger *t) {
    while (!segment_ready(t))
        if (!pull_frame(t) && !pull_samples(t)) return;
}

/* Samples below -300 dBFS count as 0: what they turn into, denormal numbers, slows processors down by far. */
static const float inaudible = 1e-15f;

/* Mean of the channels, as musicnn's loader has it. */
static void mix(tg_tagger *t, const float *const *planes, int from, int count, float *mono) {
    const int channels = t->options.channels;
    for (int i = 0; i < count; i++) {
        float sum = 0;
        for (int c = 0; c < channels; c++) {
            float x = planes[c][from + i];
            if (!isfinite(x))
                t->non_finite++;
            else if (fabsf(x) > inaudible)
                sum += x / (float)channels;
        }
        mono[i] = sum;
    }
}

int tg_tagger_push(tg_tagger *t, const float *const *planes, int frames) {
    if (frames < 0) return TG_EINVAL;
    if (t->finished) return TG_ESTATE;
    if (t->broken) return TG_EMODEL;
    t->last_input = NULL;
    int taken = 0;
    for (pump(t); taken < frames && !segment_ready(t); pump(t)) {
        float mono[BLOCK];
        int count = smaller(smaller(BLOCK, frames - taken), tg_resampler_space(t->resampler));
        mix(t, planes, taken, count, mono);
        tg_resampler_push(t->resampler, mono, count);
        taken += count;
    }
    t->pushed += taken;
    return taken;
}

/* The audio again and again until it fills a segment, as if it had been pushed so. */
static void repeat_head(tg_tagger *t) {
    tg_logmel_reset(t->logmel);
    t->held = 0;
    t->padded = 1;
    for (int done = 0; done < t->head_capacity;) {
        int at = done % (int)t->samples;
        int count = smaller(smaller((int)t->samples - at, t->head_capacity - done), tg_logmel_space(t->logmel));
        tg_logmel_push(t->logmel, t->head + at, count);
        done += count;
        while (!segment_ready(t) && pull_frame(t)) continue;
    }
    tg_logmel_finish(t->logmel);
    while (!segment_ready(t) && pull_frame(t)) continue;
}

int tg_tagger_finish(tg_tagger *t) {
    if (t->finished) return t->ending;
    t->finished = 1;
    t->last_input = NULL;
    tg_resampler_finish(t->resampler);
    t->done = t->pushed / t->options.sample_rate < TG_MIN_SECONDS;
    t->ending = t->done ? TG_ESHORT : TG_OK;
    return t->ending;
}

/* After the end: brings the next segment about, whichever way is left. */
static void pump_end(tg_tagger *t) {
    pump(t);
    if (segment_ready(t)) return;
    tg_logmel_finish(t->logmel);
    pump(t);
    if (segment_ready(t)) return;
    if (frames_heard(t) < t->segment_frames) {
        repeat_head(t);
    } else if (t->options.keep_tail && !t->tail_told) {
        int64_t last = t->next - t->options.hop_frames + t->segment_frames; /* end of the segment told last */
        t->tail_told = 1;
        if (frames_heard(t) > last) t->next = frames_heard(t) - t->segment_frames;
    }
}

/* A frame centred on the very end of the audio has no samples. */
static int is_silent(const tg_loudness *loudness, int frames) {
    double energy = 0, samples = 0;
    for (int i = 0; i < frames; i++) {
        energy += loudness[i].energy;
        samples += loudness[i].samples;
    }
    return samples == 0 || energy < samples * pow(10, TG_SILENCE_DBFS / 10);
}

/* One division, so that the result is the double nearest to it: 28.56, not 28.560000000000002. */
static double seconds_of(int64_t frames) { return (double)(frames * TG_FRAME_HOP) / TG_SAMPLE_RATE; }

static void describe(const tg_tagger *t, int at, tg_segment *segment) {
    *segment = (tg_segment){.start = seconds_of(t->next),
                            .end = seconds_of(t->next + t->segment_frames),
                            .silent = is_silent(t->loudness + at, t->segment_frames),
                            .padded = t->padded};
}

int tg_tagger_pull(tg_tagger *t, tg_segment *segment, float *scores) {
    t->last_input = NULL;
    if (t->broken) return TG_EMODEL;
    if (t->done) return 0;
    if (t->finished)
        pump_end(t);
    else
        pump(t);
    if (!segment_ready(t)) return 0;
    const int at = (int)(t->next - t->first), tags = t->model->tag_count;
    t->last_input = t->frames + (size_t)at * TG_BANDS;
    const int advance = (int)(t->next - t->last_start);
    t->model->architecture->forward(t->model->weights, t->scratch, t->last_input, advance, t->logits);
    t->last_start = t->next;
    describe(t, at, segment);
    for (int i = 0; i < tags; i++) {
        if (!isfinite(t->logits[i])) { /* weights so large that sums overflow */
            t->broken = 1;
            return TG_EMODEL;
        }
        scores[i] = 1 / (1 + expf(-t->logits[i]));
    }
    if (!segment->silent) {
        for (int i = 0; i < tags; i++) t->sums[i] += scores[i];
        t->sounding++;
    }
    t->next += t->options.hop_frames;
    t->done = t->padded;
    return 1;
}

int tg_tagger_means(const tg_tagger *t, float *means) {
    for (int i = 0; i < t->model->tag_count; i++) means[i] = t->sounding ? (float)(t->sums[i] / t->sounding) : 0;
    return t->sounding;
}

tg_heard tg_tagger_heard(const tg_tagger *t) {
    return (tg_heard){.seconds = t->pushed / t->options.sample_rate, .non_finite = t->non_finite};
}

int tg_tagger_feature(tg_tagger *t, const char *name, tg_feature *feature) {
    if (!t->last_input) return TG_ESTATE;
    if (strcmp(name, "logmel") == 0)
        *feature = (tg_feature){t->last_input, 2, {t->segment_frames, TG_BANDS}, TG_BANDS};
    else if (strcmp(name, "logits") == 0)
        *feature = (tg_feature){t->logits, 1, {t->model->tag_count}, t->model->tag_count};
    else
        return t->model->architecture->feature(t->model->weights, t->scratch, name, feature);
    return TG_OK;
}
