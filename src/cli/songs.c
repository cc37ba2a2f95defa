#include "songs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int say_two_readers(message *why) {
    return message_set(why, "--files-from - reads names from standard input; it cannot hold a song as well.");
}

/* The bytes that some editors begin a text with, to say that it is UTF-8. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

/* The name in a line that getline gave; `length` becomes its length. Lines may end as on Windows. */
static const char *name_in(char *line, bool first, ssize_t *length) {
    size_t mark = first && strncmp(line, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0 ? strlen(BYTE_ORDER_MARK) : 0;
    char *name = line + mark;
    *length -= (ssize_t)mark;
    if (*length && name[*length - 1] == '\n') name[--*length] = '\0';
    if (*length && name[*length - 1] == '\r') name[--*length] = '\0';
    return name;
}

static int add_lines(song_list *songs, FILE *list, bool standard_input, message *why) {
    char *line = NULL;
    size_t room = 0;
    int status = 0;
    bool first = true;
    for (ssize_t length; status == 0 && (length = getline(&line, &room, list)) > 0; first = false) {
        const char *name = name_in(line, first, &length);
        if (length == 0) continue;
        if (strlen(name) != (size_t)length)
            status = message_set(why, "--files-from must name text with a file name a line; there is a zero byte.");
        else if (standard_input && strcmp(name, "-") == 0)
            status = say_two_readers(why);
        else
            status = add(songs, strdup(name), why);
    }
    free(line);
    if (status == 0 && ferror(list))
        return message_set(why, "--files-from: the list cannot be read: %s.", strerror(errno));
    return status;
}

static int add_list(song_list *songs, const char *from, message *why) {
    bool standard_input = strcmp(from, "-") == 0;
    FILE *list = standard_input ? stdin : fopen(from, "re");
    if (!list) return message_set(why, "--files-from: the list '%s' cannot be opened: %s.", from, strerror(errno));
    int status = add_lines(songs, list, standard_input, why);
    if (!standard_input) fclose(list);
    return status;
}

int songs_collect(song_list *songs, char *const *files, int count, const char *from, message *why) {
    *songs = (song_list){.several = count > 1 || from};
    for (int i = 0; i < count; i++) {
        if (from && strcmp(from, "-") == 0 && strcmp(files[i], "-") == 0) return say_two_readers(why);
        if (add(songs, strdup(files[i]), why)) return -1;
    }
    return from ? add_list(songs, from, why) : 0;
}

void songs_clear(song_list *songs) {
    for (int i = 0; i < songs->count; i++) free(songs->names[i]);
    free(songs->names);
    *songs = (song_list){0};
}
