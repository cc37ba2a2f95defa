/* The arrays that a tagged song has for NumPy, and NumPy's file of one array (NPY format 1.0). */
#ifndef TAGGRAM_CLI_NPY_H
#define TAGGRAM_CLI_NPY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "format.h"

enum { NPY_MAX_DIMS = 4 };

/* What an array is about. */
typedef struct npy_source {
    const report *to;
    const char *file;
    const tagging *song;
} npy_source;

typedef struct npy_array {
    const char *name;
    npy_source from;
    const kept_feature *feature; /* where it is one */
    const char *text;            /* where it is one */
    double number;               /* where it is one */
    char kind;                   /* NumPy's letter: f, b or U */
    int item;                    /* bytes an item, of U: characters */
    int dims;                    /* 0: a single value */
    int64_t shape[NPY_MAX_DIMS];
    bool (*put)(const struct npy_array *array, FILE *out); /* all values */
} npy_array;

npy_array npy_taggram(npy_source from);                                  /* float32 [segments][tags] */
npy_array npy_feature(npy_source from, const kept_feature *kept);        /* float32 [segments * frames][...] */
npy_array npy_tags(npy_source from);                                     /* text [tags] */
npy_array npy_starts(npy_source from);                                   /* float64 [segments], seconds */
npy_array npy_silent(npy_source from);                                   /* bool [segments] */
npy_array npy_text(npy_source from, const char *name, const char *text); /* valid UTF-8 */
npy_array npy_number(npy_source from, const char *name, double number);

/* Bytes of the file. */
int64_t npy_bytes(const npy_array *array);

/* Returns false where values cannot be read back; errors of `out` show in ferror. */
bool npy_write(const npy_array *array, FILE *out);

#endif
