/*
 * One file at work. A thread of its own decodes it and makes its frames (hear.h); their segments are tagged in ranges,
 * by that thread and by others (range.h). What is here belongs to all of them.
 *
 * Ranges end in whatever order, and the result is the same: rows have their places in the table, scores are added up as
 * whole numbers, and of several failures the first in the song counts.
 */
#ifndef TAGGRAM_CLI_JOB_H
#define TAGGRAM_CLI_JOB_H

#include <limits.h>
#include <pthread.h>
#include <stdint.h>

#include "tag.h"

typedef struct job {
    const tag_settings *settings;
    const char *path;               /* may be "-" */
    _Atomic double seconds;         /* heard so far, for who wants to know at any time */
    _Atomic double stated_duration; /* in seconds, as the file's header says; negative when it doesn't */
    int given;                      /* ranges that were given to other threads and are not done: see helpers.h */

    pthread_mutex_t lock; /* for what follows, until job_conclude */
    tagging song;
    int64_t *sums; /* [tags], of scores over the segments that are not silent */
    int failed_at; /* number of the range where it failed; INT_MAX: it has not, and there are tags */
    message why;   /* where it has */
} job;

/* Room for one file after the other. Returns 0, or an error of pthread_mutex_init. */
int job_make(job *work);

/* Once at the end, after job_clear. */
void job_unmake(job *work);

/* Readies it for the file `path`. */
void job_begin(job *work, const tag_settings *settings, const char *path);

/* Once it is known what the file holds: takes the memory for what will be known of the song. */
int job_make_room(job *work, int sample_rate, message *why);

/* The file has no tags, since the range of this number, or what comes before it, can't be made. */
void job_fail(job *work, int range, const message *why);

bool job_has_failed(job *work);

/* Adds up a segment's scores into sums[tags]. */
void job_add_scores(int64_t *sums, const float *scores, int tags);

/* Adds what a range has come to. */
void job_add_range(job *work, int segments, int heard, const int64_t *sums);

/* After the last range: what the sums come to. */
void job_conclude(job *work);

void job_clear(job *work);

/* Sentences for what the library refuses, and for a lack of memory; return -1. */
int job_say_failed(int status, message *why);
int job_say_no_memory(message *why);

#endif
