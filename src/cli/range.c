#include "range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Where segments overlap, the first one of a range is computed as if it stood alone, so ranges should be many segments;
 * where they don't, a range may be short. Long ones need memory, and let threads wait for each other at a song's end.
 */
enum {
    MOST_SEGMENTS = 128,
    USUAL_FRAMES = 1500 /* from the first segment's start to the last one's, at least one hop */
};

/* What tags a range. */
typedef struct runner {
    const range *from;
    tg_tagger *tagger;
    int segments, heard;
    float *scores; /* [tags] of the segment pulled last */
    int64_t *sums; /* [tags] */
    row_writer to; /* from the first segment on, if rows are kept */
} runner;

static int most_segments(const tag_settings *settings) {
    const int fitting = USUAL_FRAMES / settings->hop_frames;
    if (fitting < 1) return 1;
    return fitting < MOST_SEGMENTS ? fitting : MOST_SEGMENTS;
}

/* Frames from a range's start to the next one's. */
static int advance_of(const tag_settings *settings) { return most_segments(settings) * settings->hop_frames; }

/* Frames of a range that is full: the segment after it is whole as well, so that the last range is never without one.
 */
static int capacity_of(const tag_settings *settings) { return advance_of(settings) + settings->segment_frames; }

/* ---- Frames ------------------------------------------------------------------------------------------------------ */

static range *make(job *work, int number) {
    size_t frames = (size_t)capacity_of(work->settings);
    range *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    *r = (range){.work = work, .number = number};
    r->width = (size_t)tg_model_frame_width(work->settings->model);
    r->rows = malloc(frames * r->width * sizeof *r->rows);
    r->loudness = malloc(frames * sizeof *r->loudness);
    if (r->rows && r->loudness) return r;
    range_free(r);
    return NULL;
}

range *range_first(job *work) { return make(work, 0); }

float *range_row(const range *r, int frame) { return r->rows + (size_t)frame * r->width; }

int range_room(const range *r) { return capacity_of(r->work->settings) - r->held; }

range *range_after(range *full) {
    const tag_settings *settings = full->work->settings;
    range *r = make(full->work, full->number + 1);
    if (!r) return NULL;
    int from = advance_of(settings);
    r->held = full->held - from;
    memcpy(r->rows, range_row(full, from), (size_t)r->held * r->width * sizeof *r->rows);
    memcpy(r->loudness, full->loudness + from, (size_t)r->held * sizeof *r->loudness);
    full->held -= settings->hop_frames;
    return r;
}

void range_free(range *r) {
    if (!r) return;
    free(r->rows);
    free(r->loudness);
    free(r);
}

/* ---- Tagging ----------------------------------------------------------------------------------------------------- */

static int start(runner *run, message *why) {
    const tag_settings *settings = run->from->work->settings;
    size_t tags = (size_t)tg_model_tag_count(settings->model);
    tg_options options = {.sample_rate = 0,
                          .segment_frames = settings->segment_frames,
                          .hop_frames = settings->hop_frames,
                          .keep_tail = settings->keep_tail && run->from->last};
    char reason[TG_MESSAGE_SIZE] = "";
    if (tg_tagger_create(&run->tagger, settings->model, &options, reason)) return message_set(why, "%s", reason);
    run->scores = calloc(tags, sizeof *run->scores);
    run->sums = calloc(tags, sizeof *run->sums);
    return run->scores && run->sums ? 0 : job_say_no_memory(why);
}

/* Where the first segment's features show how large they are. */
static void place_feature(tagging *song, kept_feature *place, const tg_feature *view) {
    place->dims = view->dims;
    place->first = song->table.extra;
    place->size = 1;
    for (int d = 0; d < view->dims; d++) place->size *= (size_t)(place->shape[d] = view->shape[d]);
    song->table.extra += place->size;
}

/* Whichever range comes first finds them without a place. */
static int place_features(job *work, tg_tagger *tagger) {
    const feature_list *wanted = &work->settings->features;
    int status = TG_OK;
    pthread_mutex_lock(&work->lock);
    for (int i = 0; i < wanted->count && status == TG_OK; i++) {
        kept_feature *place = &work->song.features[i];
        tg_feature view;
        if (place->size) continue;
        place->name = wanted->names[i];
        status = tg_tagger_feature(tagger, place->name, &view);
        if (status == TG_OK) place_feature(&work->song, place, &view);
    }
    pthread_mutex_unlock(&work->lock);
    return status;
}

static int open_rows(runner *run, message *why) {
    job *work = run->from->work;
    int status = place_features(work, run->tagger);
    if (status < 0) return job_say_failed(status, why);
    return rows_begin(&run->to, &work->song.table, run->from->number * most_segments(work->settings), why);
}

/* Without the gaps between the rows that the tagger holds. */
static int keep_values(row_writer *to, const tg_feature *view, message *why) {
    int lines = 1, width = view->shape[view->dims - 1];
    for (int d = 0; d < view->dims - 1; d++) lines *= view->shape[d];
    for (int i = 0; i < lines; i++)
        if (rows_add_values(to, view->values + (size_t)i * (size_t)view->stride, (size_t)width, why)) return -1;
    return 0;
}

static int keep_features(runner *run, message *why) {
    const feature_list *wanted = &run->from->work->settings->features;
    for (int i = 0; i < wanted->count; i++) {
        tg_feature view;
        int status = tg_tagger_feature(run->tagger, wanted->names[i], &view);
        if (status < 0) return job_say_failed(status, why);
        if (keep_values(&run->to, &view, why)) return -1;
    }
    return 0;
}

static int keep_row(runner *run, const tg_segment *segment, message *why) {
    if (!run->to.stream && open_rows(run, why)) return -1;
    const rows *table = &run->from->work->song.table;
    return rows_add(&run->to, table, segment, run->scores, why) || keep_features(run, why) ? -1 : 0;
}

/* One division of whole numbers, as in the library: 28.56, not 28.560000000000002. */
static double seconds_later(double seconds, int64_t frames) {
    return (double)((llrint(seconds / TG_FRAME_SECONDS) + frames) * TG_FRAME_HOP) / TG_SAMPLE_RATE;
}

/* What the tagger tells as if the range were all there is, in the song. */
static void place_in_song(const range *r, tg_segment *segment) {
    int64_t first = (int64_t)r->number * advance_of(r->work->settings);
    segment->start = seconds_later(segment->start, first);
    segment->end = seconds_later(segment->end, first);
    segment->padded = r->padded;
}

static int pull_segments(runner *run, message *why) {
    const tag_settings *settings = run->from->work->settings;
    tg_segment segment;
    int status;
    while ((status = tg_tagger_pull(run->tagger, &segment, run->scores)) == 1) {
        run->segments++;
        run->heard += !segment.silent;
        if (!segment.silent) job_add_scores(run->sums, run->scores, tg_model_tag_count(settings->model));
        place_in_song(run->from, &segment);
        if (settings->keep_rows && keep_row(run, &segment, why)) return -1;
    }
    return status < 0 ? job_say_failed(status, why) : 0;
}

static int tag_frames(runner *run, message *why) {
    const range *r = run->from;
    for (int done = 0, taken; done < r->held; done += taken) {
        taken = tg_tagger_push_frames(run->tagger, range_row(r, done), r->loudness + done, r->held - done);
        if (taken < 0) return job_say_failed(taken, why);
        if (pull_segments(run, why)) return -1;
    }
    int status = tg_tagger_finish(run->tagger);
    return status < 0 ? job_say_failed(status, why) : pull_segments(run, why);
}

void range_run(range *r) {
    runner run = {.from = r};
    message why;
    bool tagged = start(&run, &why) == 0 && tag_frames(&run, &why) == 0 && rows_flush(&run.to, &why) == 0;
    if (tagged)
        job_add_range(r->work, run.segments, run.heard, run.sums);
    else
        job_fail(r->work, r->number, &why);
    rows_end(&run.to);
    tg_tagger_free(run.tagger);
    free(run.scores);
    free(run.sums);
    range_free(r);
}
