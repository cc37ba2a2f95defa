#include "places.h"

#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "remains.h"

/* Length of a file's name without its ending; ".hidden" is all name. */
static int stem_length(const char *name) {
    const char *point = strrchr(name, '.');
    return (int)(point && point != name ? point - name : (long)strlen(name));
}

/* As many bytes of `name`, at most `length`, as fit with `more` bytes into a file's name, whole in UTF-8. */
static int fitting_length(const char *name, int length, int more) {
    return length + more <= NAME_MAX ? length : (int)utf8_cut(name, (size_t)(NAME_MAX - more));
}

/* A file's name that a song has got, in a tree by name. */
typedef struct taken_name {
    char *name;
    int last; /* number that was tried after it, so that the next song of this name need not try the smaller ones */
} taken_name;

static char *name_for(const char *song, int repetition, const char *ending) {
    const char *slash = strrchr(song, '/'), *name = slash ? slash + 1 : song;
    if (strcmp(song, "-") == 0) name = "stdin";
    if (!*name) name = "song"; /* the path ends in a slash: it will fail as a song */
    char tail[64], *result;
    int more = repetition > 1 ? snprintf(tail, sizeof tail, "-%d%s", repetition, ending)
                              : snprintf(tail, sizeof tail, "%s", ending);
    return asprintf(&result, "%.*s%s", fitting_length(name, stem_length(name), more), name, tail) < 0 ? NULL : result;
}

static int compare(const void *a, const void *b) {
    const taken_name *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void free_name(void *node) {
    taken_name *taken = node;
    free(taken->name);
    free(taken);
}

/* Puts a name into the tree unless it is there. NULL without memory. */
static taken_name *enter(void **tree, const char *song, int repetition, const char *ending, bool *was_there) {
    taken_name *wanted = malloc(sizeof *wanted), **place = NULL;
    if (!wanted) return NULL;
    *wanted = (taken_name){.name = name_for(song, repetition, ending), .last = 1};
    if (wanted->name) place = tsearch(wanted, tree, compare);
    *was_there = place && *place != wanted;
    if (!place || *was_there) free_name(wanted);
    return place ? *place : NULL;
}

/* The first name for the song that is free, which the tree owns. NULL without memory. */
static const char *take_name(void **tree, const char *song, const char *ending) {
    bool taken;
    taken_name *plain = enter(tree, song, 1, ending, &taken), *name = plain;
    while (name && taken) name = enter(tree, song, ++plain->last, ending, &taken);
    return name ? name->name : NULL;
}

int places_choose(places *list, const song_list *songs, const char *folder, const char *ending, message *why) {
    void *taken = NULL;
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    *list = (places){.folder = folder, .paths = calloc((size_t)songs->count + 1, sizeof *list->paths)};
    for (; list->paths && list->count < songs->count; list->count++) {
        const char *name = take_name(&taken, songs->names[list->count], ending);
        if (!name || asprintf(&list->paths[list->count], "%s%s%s", folder, slash, name) < 0) break;
    }
    tdestroy(taken, free_name);
    if (list->paths && list->count == songs->count) return 0;
    return message_set(why, "The names of its files cannot be chosen: out of memory.");
}

/* Finds a folder that takes no files before the songs are tagged for nothing. */
static int try_folder(const char *folder, message *why) {
    char *path;
    if (asprintf(&path, "%s/.taggram.XXXXXX", folder) < 0) return message_set(why, "Out of memory.");
    int file = mkstemp(path), error = errno;
    if (file >= 0) {
        close(file);
        unlink(path);
    }
    free(path);
    return file >= 0 ? 0 : message_set(why, "No file can be made in this folder: %s.", strerror(error));
}

int places_make_folder(places *list, message *why) {
    struct stat facts;
    if (stat(list->folder, &facts) == 0) {
        if (S_ISDIR(facts.st_mode)) return try_folder(list->folder, why);
        return message_set(why, "This is not a folder; several songs get a file each, so --output must name one.");
    }
    sigset_t before;
    remains_hold_signals(&before);
    list->made = mkdir(list->folder, 0777) == 0;
    if (list->made) remains_note(NEW_FOLDER, list->folder);
    remains_heed_signals(&before);
    return list->made ? 0 : message_set(why, "The folder cannot be made: %s.", strerror(errno));
}

void places_clear(places *list) {
    if (list->made) rmdir(list->folder); /* stays if anything is in it */
    remains_note(NEW_FOLDER, NULL);
    for (int i = 0; i < list->count; i++) free(list->paths[i]);
    free(list->paths);
    *list = (places){0};
}
