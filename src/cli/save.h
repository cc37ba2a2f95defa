/*
 * The musicnn library's file of tags (its --save): a line a song is added at the end, as
 *
 *     song.mp3,MTT_musicnn,input_length=3.0,input_overlap=False,guitar,slow,piano
 *
 * with the seconds from which the library takes the segments that were taken here. Names are not quoted.
 */
#ifndef TAGGRAM_CLI_SAVE_H
#define TAGGRAM_CLI_SAVE_H

#include "format.h"

typedef struct save_file {
    int file; /* its number; negative: none is open */
    const char *path;
    bool created; /* by save_open, and nothing is in it */
} save_file;

/* Returns 0, or -1 with the sentence, as save_song does. */
int save_open(save_file *to, const char *path, message *why);

/* Whether writing to `path` would destroy what is saved. */
bool save_is(const save_file *to, const char *path);

/* Adds a whole line, or nothing. Silent songs have no tags. */
int save_song(save_file *to, const report *about, const char *file, const tagging *song, message *why);

/* Removes the file if it was made for nothing. */
void save_close(save_file *to);

#endif
