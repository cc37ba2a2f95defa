/* One file through the decoder and the tagger. */
#ifndef TAGGRAM_CLI_TAG_H
#define TAGGRAM_CLI_TAG_H

#include <stdbool.h>

#include "messages.h"
#include "rows.h"
#include "taggram.h"

typedef struct tag_settings {
    const tg_model *model;
    int hop_frames;
    bool keep_tail;
    bool keep_rows; /* the output shows every segment */
} tag_settings;

/* What is known of a tagged file. Starts as {0}, ends with tagging_clear. */
typedef struct tagging {
    int sample_rate; /* of the file */
    double duration; /* seconds decoded */
    int segments;
    int heard;    /* segments that are not silent: `means` is over these */
    float *means; /* one a tag */
    int *ranking; /* tags by falling mean */
    rows table;   /* open if keep_rows */
    warnings remarks;
} tagging;

/* `path` may be "-". Returns 0, or -1 with the sentence that says why the file has no tags. */
int tag_file(tagging *song, const tag_settings *settings, const char *path, message *why);

void tagging_clear(tagging *song);

#endif
