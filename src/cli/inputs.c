#include "inputs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int compare(const void *a, const void *b) {
    const input_file *x = a, *y = b;
    if (x->device != y->device) return x->device < y->device ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void add(inputs *list, const char *path, const char *role) {
    struct stat facts;
    if (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &facts) : stat(path, &facts)) return;
    list->files[list->count++] = (input_file){facts.st_dev, facts.st_ino, role};
}

int inputs_collect(inputs *list, const song_list *songs, const char *files_from, const char *model, message *why) {
    *list = (inputs){.files = calloc((size_t)songs->count + 2, sizeof *list->files)};
    if (!list->files) return message_set(why, "The files to read cannot be listed: out of memory.");
    for (int i = 0; i < songs->count; i++) add(list, songs->names[i], "one of the files to tag");
    if (files_from) add(list, files_from, "the list of files to tag");
    add(list, model, "the model");
    qsort(list->files, list->count, sizeof *list->files, compare);
    return 0;
}

const char *inputs_role(const inputs *list, const char *path) {
    struct stat facts;
    if (stat(path, &facts) || !S_ISREG(facts.st_mode)) return NULL;
    input_file wanted = {facts.st_dev, facts.st_ino, NULL};
    const input_file *found = bsearch(&wanted, list->files, list->count, sizeof wanted, compare);
    return found ? found->role : NULL;
}

void inputs_clear(inputs *list) {
    free(list->files);
    *list = (inputs){0};
}
