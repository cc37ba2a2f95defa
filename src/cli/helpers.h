/*
 * Threads that have no song of their own tag ranges of others' songs. A range waits only where such a thread is about
 * to take it; otherwise the thread that has heard it tags it. So few ranges are in memory, and no thread is without
 * work while there is any.
 */
#ifndef TAGGRAM_CLI_HELPERS_H
#define TAGGRAM_CLI_HELPERS_H

#include "range.h"

typedef struct helpers {
    pthread_mutex_t lock;   /* of what follows, and of who waits for a change of anything else */
    pthread_cond_t changed; /* whatever a thread may wait for has come */
    range *first, **end;    /* those that wait */
    int waiting;            /* how many they are */
    _Atomic bool stopped;   /* nobody wants the songs any more; read without the lock, too */
    int free;               /* threads without a song: they wait, or tag ranges */
} helpers;

/* Returns 0, or an error number. */
int helpers_make(helpers *help);

void helpers_unmake(helpers *help);

/* Tags the range, or gives it away. It is not the caller's any more. */
void helpers_take(helpers *help, range *r);

/*
 * For a thread that is counted as free, with the lock, which is let go meanwhile: tags a range that waits. Returns
 * false when none does.
 */
bool helpers_help(helpers *help);

#endif
