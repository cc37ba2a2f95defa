/* Where each song's own file goes, for formats that make one a song. */
#ifndef TAGGRAM_CLI_PLACES_H
#define TAGGRAM_CLI_PLACES_H

#include <stdbool.h>

#include "messages.h"
#include "songs.h"

typedef struct places {
    char **paths; /* one a song */
    int count;
    const char *folder;
    bool made; /* the folder was made here */
} places;

/*
 * FOLDER/NAME.ENDING, NAME being the song's without folder and ending. Of songs with the same name the second gets
 * NAME-2, and so on, in the order of the songs. Returns 0, or -1 with the sentence.
 */
int places_choose(places *list, const song_list *songs, const char *folder, const char *ending, message *why);

/* Makes the folder if it is missing. Also -1 where it takes no files. */
int places_make_folder(places *list, message *why);

/* Removes the folder if it was made here and is empty. */
void places_clear(places *list);

#endif
