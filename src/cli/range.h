/*
 * A range: some segments of a song that follow each other, tagged on their own, whichever thread does it.
 *
 * All ranges of a song but the last have the same number of segments, which depends on the hop alone. So a segment
 * lies in the same place of the same range, and has the same scores to the last bit, however many threads there are.
 */
#ifndef TAGGRAM_CLI_RANGE_H
#define TAGGRAM_CLI_RANGE_H

#include "job.h"

typedef struct range {
    job *work;
    struct range *next; /* that waits: see helpers.h */
    int number;         /* in the song, from 0 on */
    int held;           /* frames that are there */
    bool last;
    bool padded; /* the song was repeated to fill a segment */
    tg_loudness *loudness;
    size_t width; /* values of a frame */
    float *rows;  /* [frames][width], as tg_frames gives them */
} range;

/* A song's first range, without frames. NULL without memory. */
range *range_first(job *work);

/* Where a frame is, or is to be put. */
float *range_row(const range *r, int frame);

/* How many frames may be put in at the end; 0: it is full, and another one begins. */
int range_room(const range *r);

/* The range after one that is full: the frames that it begins with are moved or copied there. NULL without memory. */
range *range_after(range *full);

/* Tags it, adds the result to the song's, and frees it. */
void range_run(range *r);

void range_free(range *r);

#endif
