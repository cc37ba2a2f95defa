/*
 * The segments of one song with their scores and features, kept in an unnamed temporary file: memory does not grow with
 * the song. Each row has its place there, so that several threads may write, each its own rows.
 */
#ifndef TAGGRAM_CLI_ROWS_H
#define TAGGRAM_CLI_ROWS_H

#include <stdbool.h>
#include <stdio.h>

#include "messages.h"
#include "taggram.h"

/* A row is a tg_segment, its scores, and `extra` values more. */
typedef struct rows {
    int file; /* its number, from rows_open on */
    bool open;
    int tags;
    size_t extra; /* set it before the first row is written */
} rows;

/* Writes rows that follow each other. Starts as {0}, ends with rows_end. */
typedef struct row_writer {
    FILE *stream; /* NULL before rows_begin */
    int file;
    off_t at; /* where the stream's next bytes go */
} row_writer;

/* In $TMPDIR or /tmp. Returns 0, or -1 with the sentence, as the others do. */
int rows_open(rows *table, int tags, message *why);

/* The next row to be added is number `row`. The writer must stay where it is. */
int rows_begin(row_writer *to, const rows *table, int row, message *why);

/* Begins a row; the table's `extra` values have to follow. */
int rows_add(row_writer *to, const rows *table, const tg_segment *segment, const float *scores, message *why);
int rows_add_values(row_writer *to, const float *values, size_t count, message *why);

/* After the last row, also of a writer that was never begun: what was added can be read now. */
int rows_flush(row_writer *to, message *why);

void rows_end(row_writer *to);

/* Each gives false where a row cannot be read back. `first` counts from the row's first extra value. */
bool rows_segment(const rows *table, int row, tg_segment *segment);
bool rows_scores(const rows *table, int row, float *scores);
bool rows_values(const rows *table, int row, size_t first, size_t count, float *values);

/* Also of one that was never opened. */
void rows_close(rows *table);

#endif
