#include "songs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Takes `name` over. */
static int add(song_list *songs, char *name, message *why) {
    char **names = name ? reallocarray(songs->names, (size_t)songs->count + 1, sizeof *names) : NULL;
    if (!names) {
        free(name);
        return message_set(why, "The songs cannot be listed: out of memory.");
    }
    songs->names = names;
    names[songs->count++] = name;
    return 0;
}

static int add_lines(song_list *songs, FILE *list, bool standard_input, message *why) {
    char *line = NULL;
    size_t room = 0;
    int status = 0;
    for (ssize_t length; status == 0 && (length = getline(&line, &room, list)) > 0;) {
        if (line[length - 1] == '\n') line[--length] = '\0';
        if (length == 0) continue;
        if (strlen(line) != (size_t)length)
            status = message_set(why, "--files-from must name text with a file name a line; there is a zero byte.");
        else if (standard_input && strcmp(line, "-") == 0)
            status = message_set(why, "--files-from - reads names from standard input; it cannot hold a song as well.");
        else
            status = add(songs, strdup(line), why);
    }
    free(line);
    if (status == 0 && ferror(list))
        return message_set(why, "--files-from: the list cannot be read: %s.", strerror(errno));
    return status;
}

static int add_list(song_list *songs, const char *from, message *why) {
    bool standard_input = strcmp(from, "-") == 0;
    FILE *list = standard_input ? stdin : fopen(from, "re");
    if (!list) return message_set(why, "--files-from: the list cannot be opened: %s.", strerror(errno));
    int status = add_lines(songs, list, standard_input, why);
    if (!standard_input) fclose(list);
    return status;
}

static int compare(const void *a, const void *b) {
    const file_identity *x = a, *y = b;
    if (x->device != y->device) return x->device < y->device ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int identify(song_list *songs, message *why) {
    songs->known = calloc((size_t)songs->count + 1, sizeof *songs->known);
    if (!songs->known) return message_set(why, "The songs cannot be listed: out of memory.");
    struct stat facts;
    for (int i = 0; i < songs->count; i++)
        if (stat(songs->names[i], &facts) == 0)
            songs->known[songs->known_count++] = (file_identity){facts.st_dev, facts.st_ino};
    qsort(songs->known, songs->known_count, sizeof *songs->known, compare);
    return 0;
}

int songs_collect(song_list *songs, char *const *files, int count, const char *from, message *why) {
    *songs = (song_list){.several = count > 1 || from};
    for (int i = 0; i < count; i++) {
        if (from && strcmp(from, "-") == 0 && strcmp(files[i], "-") == 0)
            return message_set(why, "--files-from - reads names from standard input; it cannot hold a song as well.");
        if (add(songs, strdup(files[i]), why)) return -1;
    }
    return (from && add_list(songs, from, why)) || identify(songs, why) ? -1 : 0;
}

bool songs_hold(const song_list *songs, const char *path) {
    struct stat facts;
    if (stat(path, &facts) || !S_ISREG(facts.st_mode)) return false;
    file_identity wanted = {facts.st_dev, facts.st_ino};
    return bsearch(&wanted, songs->known, songs->known_count, sizeof wanted, compare);
}

void songs_clear(song_list *songs) {
    for (int i = 0; i < songs->count; i++) free(songs->names[i]);
    free(songs->names);
    free(songs->known);
    *songs = (song_list){0};
}
