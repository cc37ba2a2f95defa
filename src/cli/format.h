/* Output formats. Each is one file with one `format`, or two that share their code, registered in format.c. */
#ifndef TAGGRAM_CLI_FORMAT_H
#define TAGGRAM_CLI_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "frames.h"
#include "tag.h"

/* What all songs of one run share. */
typedef struct report {
    FILE *out;
    const tag_settings *settings;
    const spoken_time *time;
    int top;          /* tags to name, at most the model's */
    bool several;     /* more than one file was asked for */
    int name_columns; /* terminal columns of the widest file name */
} report;

typedef struct format {
    const char *name;
    const char *ending; /* of the file that each song gets, if there are several; NULL: they share one output */
    bool wants_rows;
    bool binary;                      /* not for terminals */
    int max_features;                 /* that it has a place for; negative: any number */
    const struct format *for_several; /* takes its place where there are several songs; NULL: itself */

    /* NULL: there is nothing before the first song. */
    void (*begin)(const report *to);
    /* Returns false when memory runs out or rows cannot be read back; errors of `out` show in ferror. */
    bool (*song)(const report *to, const char *file, const tagging *song);
    /* Like `song`, for one that could not be tagged; NULL: it is not mentioned. */
    bool (*failure)(const report *to, const char *file, const message *why);
} format;

extern const format format_text, format_json, format_ndjson, format_csv, format_jams, format_labels, format_npz,
    format_npy;

/* NULL when there is none of that name. */
const format *format_find(const char *name);

#endif
