/*
 * Time as networks count it: frames of 16 ms. A hop is rounded to the nearest frame; the rules of --length and
 * --overlap are the musicnn library's own, so that its users' numbers give its segments.
 */
#ifndef TAGGRAM_CLI_FRAMES_H
#define TAGGRAM_CLI_FRAMES_H

#include <stdbool.h>

#include "messages.h"
#include "taggram.h"

/* What a person said of time; 0 where nothing was said. */
typedef struct spoken_time {
    double hop, length, overlap; /* seconds */
} spoken_time;

bool time_was_said(const spoken_time *time);

/* Each returns 0, with the sentence, where the model or the segment can't have it. */
int frames_of_length(const tg_model *model, double seconds, message *why);
int frames_of_hop(int segment_frames, double seconds, message *why);
int frames_of_overlap(int segment_frames, double seconds, message *why);

/* Seconds from which the library takes these many frames, as its input_length and as its input_overlap. */
double library_length(int segment_frames);
double library_overlap(int hop_frames);

#endif
