/*
 * One stream: PCM -> frames -> segments. Frames are pulled only as there is room for them, so memory is bounded
 * whatever the caller pushes.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "kernels.h"
#include "message.h"
#include "model.h"
#include "numbers.h"
#include "options.h"

struct tg_tagger {
    const tg_model *model;
    tg_options options;
    tg_frames *source; /* NULL: frames are pushed */
    void *scratch;

    int segment_frames;
    int frame_width;
    float *frames;         /* [2 * segment_frames][frame_width], the newest frames heard */
    tg_loudness *loudness; /* a frame each */
    int held;              /* frames in there */
    int64_t first;         /* number, from the start of the audio, of the first of them */
    int64_t next;          /* number of the frame that the next segment begins with */
    int64_t last_start;    /* number of the frame that the segment before begins with; 0 while there is none */

    int finished;
    int ending; /* what tg_tagger_finish returned */
    int tail_told;
    int done;   /* no segment comes any more */
    int broken; /* the model's sums overflowed */

    float *logits;           /* of the segment pulled last */
    const float *last_input; /* its frames; NULL once a later call may have moved it */
    double *sums;            /* of scores over segments that are not silent */
    int sounding;            /* how many those are */
};

static int allocate(tg_tagger *t) {
    const size_t frames = 2 * (size_t)t->segment_frames, tags = (size_t)t->model->tags.count;
    t->scratch = t->model->architecture->make_scratch(t->model->weights, t->segment_frames, t->options.hop_frames);
    t->frames = malloc(frames * (size_t)t->frame_width * sizeof *t->frames);
    t->loudness = malloc(frames * sizeof *t->loudness);
    t->logits = malloc(tags * sizeof *t->logits);
    t->sums = calloc(tags, sizeof *t->sums);
    return t->scratch && t->frames && t->loudness && t->logits && t->sums;
}

int tg_tagger_create(tg_tagger **tagger, const tg_model *model, const tg_options *options, char *why) {
    *tagger = NULL;
    tg_frames *source = NULL;
    int error = options->sample_rate == 0 ? tg_check_segments(model, options, why)
                                          : tg_frames_create(&source, model, options, why);
    if (error) return error;
    tg_tagger *t = calloc(1, sizeof *t);
    if (t) {
        t->model = model;
        t->options = *options;
        t->source = source;
        t->segment_frames = options->segment_frames;
        t->frame_width = model->architecture->frame_width;
    }
    if (!t || !allocate(t)) {
        if (t)
            tg_tagger_free(t);
        else
            tg_frames_free(source);
        return tg_fail(TG_ENOMEM, why, "There is no memory for a tagger.");
    }
    *tagger = t;
    return TG_OK;
}

void tg_tagger_free(tg_tagger *t) {
    if (!t) return;
    tg_frames_free(t->source);
    if (t->scratch) t->model->architecture->free_scratch(t->scratch);
    free(t->frames);
    free(t->loudness);
    free(t->logits);
    free(t->sums);
    free(t);
}

static int64_t frames_heard(const tg_tagger *t) { return t->first + t->held; }

/* Frames that the next segment still wants. */
static int missing(const tg_tagger *t) {
    const int64_t wanted = t->next + t->segment_frames - frames_heard(t);
    return wanted > 0 ? (int)wanted : 0;
}

static float *frame_at(const tg_tagger *t, int index) { return t->frames + (size_t)index * (size_t)t->frame_width; }

/* Drops all but the newest segment's worth, which holds whatever the next segment needs. */
static void drop_old_frames(tg_tagger *t) {
    int dropped = t->held - t->segment_frames;
    memmove(t->frames, frame_at(t, dropped), (size_t)(t->segment_frames * t->frame_width) * sizeof *t->frames);
    memmove(t->loudness, t->loudness + dropped, (size_t)t->segment_frames * sizeof *t->loudness);
    t->first += dropped;
    t->held -= dropped;
}

/* How many frames are taken now: those that the next segment wants, as far as there is room. */
static int room_for_frames(tg_tagger *t) {
    if (t->held == 2 * t->segment_frames) drop_old_frames(t);
    return tg_smaller(missing(t), 2 * t->segment_frames - t->held);
}

/* Takes frames from the source until a segment is ready or more PCM is needed. */
static void pump(tg_tagger *t) {
    for (int room, pulled = 1; t->source && pulled && (room = room_for_frames(t)) > 0; t->held += pulled)
        pulled = tg_frames_pull(t->source, frame_at(t, t->held), t->loudness + t->held, room);
}

/* Whether the call may be made at all. */
static int check_push(const tg_tagger *t, int count, int in_its_turn) {
    if (count < 0) return TG_EINVAL;
    if (t->finished || !in_its_turn) return TG_ESTATE;
    return t->broken ? TG_EMODEL : TG_OK;
}

int tg_tagger_push(tg_tagger *t, const float *const *planes, int frames) {
    const int error = check_push(t, frames, t->source != NULL);
    if (error) return error;
    t->last_input = NULL;
    const float *rest[TG_MAX_CHANNELS];
    int taken = 0;
    for (pump(t); taken < frames && missing(t); pump(t)) {
        for (int c = 0; c < t->options.channels; c++) rest[c] = planes[c] + taken;
        taken += tg_frames_push(t->source, rest, frames - taken);
    }
    return taken;
}

int tg_tagger_push_frames(tg_tagger *t, const float *rows, const tg_loudness *loudness, int count) {
    const int error = check_push(t, count, t->source == NULL);
    if (error) return error;
    t->last_input = NULL;
    int taken = 0;
    for (int room; taken < count && (room = tg_smaller(room_for_frames(t), count - taken)) > 0; taken += room) {
        memcpy(frame_at(t, t->held), rows + (size_t)taken * (size_t)t->frame_width,
               (size_t)(room * t->frame_width) * sizeof *rows);
        memcpy(t->loudness + t->held, loudness + taken, (size_t)room * sizeof *loudness);
        t->held += room;
    }
    return taken;
}

int tg_tagger_finish(tg_tagger *t) {
    if (t->finished) return t->ending;
    t->finished = 1;
    t->last_input = NULL;
    if (t->source)
        t->ending = tg_frames_finish(t->source);
    else
        t->ending = frames_heard(t) < t->segment_frames ? TG_ESHORT : TG_OK;
    t->done = t->ending != TG_OK;
    return t->ending;
}

/* After the end, when the hop leaves a rest: the last segment ends with the audio. */
static void keep_tail(tg_tagger *t) {
    if (!t->options.keep_tail || t->tail_told) return;
    const int64_t last = t->next - t->options.hop_frames + t->segment_frames; /* end of the segment told last */
    t->tail_told = 1;
    if (frames_heard(t) > last) t->next = frames_heard(t) - t->segment_frames;
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
                            .padded = tg_tagger_heard(t).repeated != 0};
}

int tg_tagger_pull(tg_tagger *t, tg_segment *segment, float *scores) {
    t->last_input = NULL;
    if (t->broken) return TG_EMODEL;
    if (t->done) return 0;
    pump(t);
    if (missing(t) && t->finished) keep_tail(t);
    if (missing(t)) return 0;
    const int at = (int)(t->next - t->first), tags = t->model->tags.shown;
    const float *logits = t->logits + t->model->tags.first;
    t->last_input = frame_at(t, at);
    const int advance = (int)(t->next - t->last_start);
    t->model->architecture->forward(t->model->weights, t->scratch, t->last_input, advance, t->logits);
    tg_turn_to(TG_OTHER_WORK);
    t->last_start = t->next;
    describe(t, at, segment);
    for (int i = 0; i < tags; i++) {
        if (!isfinite(logits[i])) { /* weights so large that sums overflow */
            t->broken = 1;
            return TG_EMODEL;
        }
        scores[i] = 1 / (1 + expf(-logits[i]));
    }
    if (!segment->silent) {
        for (int i = 0; i < tags; i++) t->sums[i] += scores[i];
        t->sounding++;
    }
    t->next += t->options.hop_frames;
    return 1;
}

int tg_tagger_means(const tg_tagger *t, float *means) {
    for (int i = 0; i < t->model->tags.shown; i++) means[i] = t->sounding ? (float)(t->sums[i] / t->sounding) : 0;
    return t->sounding;
}

tg_heard tg_tagger_heard(const tg_tagger *t) {
    return t->source ? tg_frames_heard(t->source) : (tg_heard){.seconds = 0};
}

int tg_tagger_feature(tg_tagger *t, const char *name, tg_feature *feature) {
    if (!t->last_input) return TG_ESTATE;
    if (strcmp(name, tg_model_feature_name(t->model, 0)) == 0)
        *feature = (tg_feature){t->last_input, 2, {t->segment_frames, t->frame_width}, t->frame_width};
    else if (strcmp(name, "logits") == 0)
        *feature = (tg_feature){t->logits + t->model->tags.first, 1, {t->model->tags.shown}, t->model->tags.shown};
    else
        return t->model->architecture->feature(t->model->weights, t->scratch, name, feature);
    return TG_OK;
}
