/* The segments of one song with their scores, kept in an unnamed temporary file: memory does not grow with the song. */
#ifndef TAGGRAM_CLI_ROWS_H
#define TAGGRAM_CLI_ROWS_H

#include <stdbool.h>
#include <stdio.h>

#include "messages.h"
#include "taggram.h"

typedef struct rows {
    FILE *file; /* tg_segment, then float[columns], again and again; NULL before rows_open */
    int columns;
} rows;

/* In $TMPDIR or /tmp. Returns 0, or -1 with the sentence, as the others do. */
int rows_open(rows *table, int columns, message *why);

int rows_add(rows *table, const tg_segment *segment, const float *scores, message *why);

/* After the last rows_add. */
int rows_finish(rows *table, message *why);

/* Goes back to the first row, for rows_next. */
void rows_rewind(const rows *table);

/* False after the last row. */
bool rows_next(const rows *table, tg_segment *segment, float *scores);

/* Also of one that was never opened. */
void rows_close(rows *table);

#endif
