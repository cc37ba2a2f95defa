/* Where results go: standard output, or a file that appears whole or not at all. */
#ifndef TAGGRAM_CLI_OUTPUT_H
#define TAGGRAM_CLI_OUTPUT_H

#include <stdio.h>

#include "messages.h"

typedef struct output {
    FILE *stream;
    char *path;      /* NULL: the stream is written directly (standard output, a pipe, a device) */
    char *temporary; /* in the same folder; becomes `path` in the end */
    int error;       /* errno of what failed, or 0 */
} output;

/*
 * `path` NULL is standard output. A path that leads where standard output or standard error goes is written through
 * that stream. Returns 0, or -1 with the sentence. The file is removed if a signal ends the program.
 */
int output_open(output *to, const char *path, message *why);

/* Of a link whose target is missing: it is neither replaced nor followed. Returns -1. */
int say_leads_nowhere(message *why);

/* Sends on what was written so far, and finds errors of writing. */
int output_flush(output *to, message *why);

/* Puts the file in its place. */
int output_finish(output *to, message *why);

/* Removes the file unless it is in its place already. */
void output_close(output *to);

#endif
