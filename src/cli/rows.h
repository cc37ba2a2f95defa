/*
 * The segments of one song with their scores and features, kept in an unnamed temporary file: memory does not grow with
 * the song.
 */
#ifndef TAGGRAM_CLI_ROWS_H
#define TAGGRAM_CLI_ROWS_H

#include <stdbool.h>
#include <stdio.h>

#include "messages.h"
#include "taggram.h"

/* A row is a tg_segment, its scores, and `extra` values more. */
typedef struct rows {
    FILE *file; /* NULL before rows_open */
    int tags;
    size_t extra; /* set it before the second row */
} rows;

/* In $TMPDIR or /tmp. Returns 0, or -1 with the sentence, as the others do. */
int rows_open(rows *table, int tags, message *why);

/* Begins a row; `extra` values have to follow. */
int rows_add(rows *table, const tg_segment *segment, const float *scores, message *why);
int rows_add_values(rows *table, const float *values, size_t count, message *why);

/* After the last row. */
int rows_finish(rows *table, message *why);

/* Each gives false where a row cannot be read back. `first` counts from the row's first extra value. */
bool rows_segment(const rows *table, int row, tg_segment *segment);
bool rows_scores(const rows *table, int row, float *scores);
bool rows_values(const rows *table, int row, size_t first, size_t count, float *values);

/* Also of one that was never opened. */
void rows_close(rows *table);

#endif
