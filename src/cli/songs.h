/* The files that one run is asked to tag. */
#ifndef TAGGRAM_CLI_SONGS_H
#define TAGGRAM_CLI_SONGS_H

#include <stdbool.h>

#include "messages.h"

typedef struct song_list {
    char **names;
    int count;
    bool several; /* more than one, or a list that could have had more */
} song_list;

/*
 * `files`, then the lines of the file `from` ("-": of standard input), if that is not NULL. Returns 0, or -1 with the
 * sentence.
 */
int songs_collect(song_list *songs, char *const *files, int count, const char *from, message *why);

void songs_clear(song_list *songs);

#endif
