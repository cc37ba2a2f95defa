/* The files that one run reads: no result may take their place. */
#ifndef TAGGRAM_CLI_INPUTS_H
#define TAGGRAM_CLI_INPUTS_H

#include <stddef.h>
#include <sys/stat.h>

#include "messages.h"
#include "songs.h"

/* Device and number tell one file from another, whatever its name. */
typedef struct input_file {
    dev_t device;
    ino_t number;
    const char *role; /* "the model" */
} input_file;

typedef struct inputs {
    input_file *files; /* sorted: those that are there */
    size_t count;
} inputs;

/* `files_from` is the list that named songs, or NULL; `model` a path. Returns 0, or -1 with the sentence. */
int inputs_collect(inputs *list, const song_list *songs, const char *files_from, const char *model, message *why);

/* What the file at `path` is to this run; NULL when writing to it destroys nothing that is read. */
const char *inputs_role(const inputs *list, const char *path);

void inputs_clear(inputs *list);

#endif
