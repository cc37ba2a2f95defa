/* The files that one run is asked to tag. */
#ifndef TAGGRAM_CLI_SONGS_H
#define TAGGRAM_CLI_SONGS_H

#include <stdbool.h>
#include <sys/types.h>

#include "messages.h"

/* What tells one file from another, whatever its name. */
typedef struct file_identity {
    dev_t device;
    ino_t number;
} file_identity;

typedef struct song_list {
    char **names;
    int count;
    bool several;         /* more than one, or a list that could have had more */
    file_identity *known; /* [known_count], sorted: those that are there */
    size_t known_count;
} song_list;

/*
 * `files`, then the lines of the file `from` ("-": of standard input), if that is not NULL. Returns 0, or -1 with the
 * sentence.
 */
int songs_collect(song_list *songs, char *const *files, int count, const char *from, message *why);

/* Whether writing to `path` would destroy one of them. */
bool songs_hold(const song_list *songs, const char *path);

void songs_clear(song_list *songs);

#endif
