/* What is asked of the tagger, and what is known of a file that it has tagged. */
#ifndef TAGGRAM_CLI_TAG_H
#define TAGGRAM_CLI_TAG_H

#include <stdbool.h>

#include "features.h"
#include "messages.h"
#include "rows.h"
#include "taggram.h"

typedef struct tag_settings {
    const tg_model *model;
    int segment_frames;
    int hop_frames;
    bool keep_tail;
    bool keep_rows;        /* the output shows every segment */
    feature_list features; /* to keep with the rows */
} tag_settings;

/* Where in a row a feature of the segment lies, and how its values are arranged there, the last dimension fastest. */
typedef struct kept_feature {
    const char *name;
    int dims;
    int shape[3];
    size_t first; /* of the row's extra values */
    size_t size;  /* values */
} kept_feature;

/* Starts as {0}, ends with tagging_clear. */
typedef struct tagging {
    int sample_rate; /* of the file */
    double duration; /* seconds decoded */
    int segments;
    int heard;              /* segments that are not silent: `means` is over these */
    float *means;           /* one a tag */
    int *ranking;           /* tags by falling mean */
    rows table;             /* open if keep_rows */
    kept_feature *features; /* as many as the settings name */
    warnings remarks;
} tagging;

void tagging_clear(tagging *song);

/* order[tags]: by falling score; equal ones stay in the model's order. */
void rank_tags(const float *scores, int tags, int *order);

#endif
