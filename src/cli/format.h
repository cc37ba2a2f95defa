/* Output formats. Each is one file with one `format`, registered in format.c. */
#ifndef TAGGRAM_CLI_FORMAT_H
#define TAGGRAM_CLI_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "tag.h"

/* What all songs of one run share. */
typedef struct report {
    FILE *out;
    const tag_settings *settings;
    int top;          /* tags to name, at most the model's */
    bool several;     /* more than one file was asked for */
    int name_columns; /* terminal columns of the widest file name */
} report;

typedef struct format {
    const char *name;
    bool wants_rows;
    void (*begin)(const report *to); /* NULL: there is nothing before the first song */
    /* Returns false when memory runs out or rows cannot be read back; errors of `out` show in ferror. */
    bool (*song)(const report *to, const char *file, const tagging *song);
} format;

extern const format format_text, format_json, format_csv;

/* NULL when there is none of that name. */
const format *format_find(const char *name);

#endif
