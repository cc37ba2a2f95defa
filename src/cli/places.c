#include "places.h"

#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Length of a file's name without its ending; ".hidden" is all name. */
static int stem_length(const char *name) {
    const char *point = strrchr(name, '.');
    return (int)(point && point != name ? point - name : (long)strlen(name));
}

/* As many bytes of `name`, at most `length`, as fit with `more` bytes into a file's name, whole in UTF-8. */
static int fitting_length(const char *name, int length, int more) {
    if (length + more <= NAME_MAX) return length;
    for (length = NAME_MAX - more; length > 0 && (name[length] & 0xC0) == 0x80;) length--;
    return length;
}

static char *name_for(const char *song, int repetition, const char *ending) {
    const char *slash = strrchr(song, '/'), *name = slash ? slash + 1 : song;
    if (strcmp(song, "-") == 0) name = "stdin";
    if (!*name) name = "song"; /* the path ends in a slash: it will fail as a song */
    char tail[64], *result;
    int more = repetition > 1 ? snprintf(tail, sizeof tail, "-%d%s", repetition, ending)
                              : snprintf(tail, sizeof tail, "%s", ending);
    return asprintf(&result, "%.*s%s", fitting_length(name, stem_length(name), more), name, tail) < 0 ? NULL : result;
}

static int compare(const void *a, const void *b) { return strcmp(a, b); }

/* Puts the first name for the song that is free into the tree of names, which owns it. NULL without memory. */
static const char *take_name(void **taken, const char *song, const char *ending) {
    for (int repetition = 1;; repetition++) {
        char *name = name_for(song, repetition, ending);
        char **place = name ? tsearch(name, taken, compare) : NULL;
        if (place && *place == name) return name;
        free(name);
        if (!place) return NULL;
    }
}

int places_choose(places *list, const song_list *songs, const char *folder, const char *ending, message *why) {
    void *taken = NULL;
    *list = (places){.folder = folder, .paths = calloc((size_t)songs->count + 1, sizeof *list->paths)};
    for (; list->paths && list->count < songs->count; list->count++) {
        const char *name = take_name(&taken, songs->names[list->count], ending);
        if (!name || asprintf(&list->paths[list->count], "%s/%s", folder, name) < 0) break;
    }
    tdestroy(taken, free);
    if (list->paths && list->count == songs->count) return 0;
    return message_set(why, "The names of its files cannot be chosen: out of memory.");
}

int places_make_folder(places *list, message *why) {
    struct stat facts;
    if (stat(list->folder, &facts) == 0) {
        if (S_ISDIR(facts.st_mode)) return 0;
        return message_set(why, "This is not a folder; several songs get a file each, so --output must name one.");
    }
    list->made = mkdir(list->folder, 0777) == 0;
    return list->made ? 0 : message_set(why, "The folder cannot be made: %s.", strerror(errno));
}

void places_clear(places *list) {
    if (list->made) rmdir(list->folder); /* stays if anything is in it */
    for (int i = 0; i < list->count; i++) free(list->paths[i]);
    free(list->paths);
    *list = (places){0};
}
