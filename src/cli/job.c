#include "job.h"

#include <math.h>
#include <stdlib.h>

/* Scores are added up in these parts of 1: finer than a float's rounding, with room for 2^27 segments. */
#define SCORE_PARTS 0x1p36

int job_make(job *work) {
    *work = (job){.settings = NULL};
    return pthread_mutex_init(&work->lock, NULL);
}

void job_unmake(job *work) { pthread_mutex_destroy(&work->lock); }

void job_begin(job *work, const tag_settings *settings, const char *path) {
    work->settings = settings;
    work->path = path;
    work->stated_duration = -1;
    work->given = 0;
    work->failed_at = INT_MAX;
}

int job_make_room(job *work, int sample_rate, message *why) {
    const tag_settings *settings = work->settings;
    size_t tags = (size_t)tg_model_tag_count(settings->model);
    tagging *song = &work->song;
    song->sample_rate = sample_rate;
    song->means = calloc(tags, sizeof *song->means);
    song->ranking = calloc(tags, sizeof *song->ranking);
    song->features = calloc((size_t)settings->features.count + 1, sizeof *song->features);
    work->sums = calloc(tags, sizeof *work->sums);
    if (!song->means || !song->ranking || !song->features || !work->sums) return job_say_no_memory(why);
    return settings->keep_rows ? rows_open(&song->table, (int)tags, why) : 0;
}

void job_fail(job *work, int range, const message *why) {
    pthread_mutex_lock(&work->lock);
    if (range < work->failed_at) {
        work->failed_at = range;
        work->why = *why;
    }
    pthread_mutex_unlock(&work->lock);
}

bool job_has_failed(job *work) {
    pthread_mutex_lock(&work->lock);
    bool failed = work->failed_at < INT_MAX;
    pthread_mutex_unlock(&work->lock);
    return failed;
}

void job_add_scores(int64_t *sums, const float *scores, int tags) {
    for (int tag = 0; tag < tags; tag++) sums[tag] += llrint(scores[tag] * SCORE_PARTS);
}

void job_add_range(job *work, int segments, int heard, const int64_t *sums) {
    int tags = tg_model_tag_count(work->settings->model);
    pthread_mutex_lock(&work->lock);
    work->song.segments += segments;
    work->song.heard += heard;
    for (int tag = 0; tag < tags; tag++) work->sums[tag] += sums[tag];
    pthread_mutex_unlock(&work->lock);
}

void job_conclude(job *work) {
    tagging *song = &work->song;
    if (job_has_failed(work)) return;
    int tags = tg_model_tag_count(work->settings->model);
    for (int tag = 0; song->heard && tag < tags; tag++)
        song->means[tag] = (float)((double)work->sums[tag] / SCORE_PARTS / song->heard);
    rank_tags(song->means, tags, song->ranking);
}

void job_clear(job *work) {
    tagging_clear(&work->song);
    free(work->sums);
    work->sums = NULL;
    work->seconds = 0;
}

int job_say_failed(int status, message *why) {
    return message_set(why, "It cannot be tagged: %s.", tg_strerror(status));
}

int job_say_no_memory(message *why) { return message_set(why, "It cannot be tagged: out of memory."); }
