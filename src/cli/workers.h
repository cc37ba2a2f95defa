/*
 * The threads that tag the songs of one run. Songs are begun in their order; a thread that finds none to begin helps
 * with one that is at work. The main thread takes the songs, in their order as well, and is the only one that writes:
 * results, sentences, progress.
 *
 *     if (workers_start(&team, settings, songs, jobs, &why)) return puts(why.text), 1;
 *     for (int i = 0; i < songs->count; i++) {
 *         const job *work = workers_await(team);
 *         ...
 *         workers_next(team);
 *     }
 *     workers_end(team);
 *
 * At most 2 * jobs - 1 songs are begun and not yet taken: each thread has one, and the first one, which the main thread
 * waits for or writes, doesn't stop the others at once. With one thread, a song begins when the one before is written.
 */
#ifndef TAGGRAM_CLI_WORKERS_H
#define TAGGRAM_CLI_WORKERS_H

#include "helpers.h"
#include "songs.h"

#define MOST_JOBS 64

typedef struct workers workers;

/* The processors that this program may run on, at most MOST_JOBS. */
int workers_usual_count(void);

/* 1 .. MOST_JOBS threads, or as many as can be had. Returns 0, or -1 with the sentence. */
int workers_start(workers **team, const tag_settings *settings, const song_list *songs, int jobs, message *why);

/* The first song that is not taken yet, once it has ended, until workers_next; shows meanwhile how far it is. */
const job *workers_await(workers *team);

/* It is taken. */
void workers_next(workers *team);

/* Also before the last song is taken: then those that are at work are left, within a range's time. */
void workers_end(workers *team);

#endif
