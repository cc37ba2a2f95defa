#include "models.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"

#define SUFFIX ".gguf"
#define FOLDERS 3
#define MAX_MODEL_BYTES (512L * 1024 * 1024) /* far above any model here; a larger file is something else */

typedef struct folders {
    char path[FOLDERS][PATH_MAX];
    int count;
} folders;

/* ---- Where models are -------------------------------------------------------------------------------------------- */

static void add_folder(folders *list, const char *before, const char *after) {
    int length = snprintf(list->path[list->count], PATH_MAX, "%s%s", before, after);
    list->count += length < PATH_MAX;
}

static folders model_folders(void) {
    folders list = {.count = 0};
    const char *chosen = getenv("TAGGRAM_MODELS");
    if (chosen && *chosen) add_folder(&list, chosen, "");
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = '\0';
        *strrchr(program, '/') = '\0';
        add_folder(&list, program, "/../share/taggram/models");
    }
    add_folder(&list, TAGGRAM_SOURCE_MODELS, "");
    return list;
}

static bool ends_in_suffix(const char *text) {
    size_t length = strlen(text);
    return length > strlen(SUFFIX) && strcmp(text + length - strlen(SUFFIX), SUFFIX) == 0;
}

static void add_name(name_list *names, const char *file) {
    size_t length = strlen(file) - strlen(SUFFIX);
    for (size_t i = 0; i < names->count; i++)
        if (strncmp(names->items[i], file, length) == 0 && names->items[i][length] == '\0') return;
    char **items = realloc(names->items, (names->count + 1) * sizeof *items);
    if (!items) return;
    names->items = items;
    if ((items[names->count] = strndup(file, length))) names->count++;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

name_list models_installed(void) {
    name_list names = {0};
    folders list = model_folders();
    for (int i = 0; i < list.count; i++) {
        DIR *folder = opendir(list.path[i]);
        if (!folder) continue;
        for (struct dirent *entry; (entry = readdir(folder));)
            if (ends_in_suffix(entry->d_name)) add_name(&names, entry->d_name);
        closedir(folder);
    }
    if (names.count) qsort(names.items, names.count, sizeof *names.items, by_name);
    return names;
}

void names_clear(name_list *names) {
    for (size_t i = 0; i < names->count; i++) free(names->items[i]);
    free(names->items);
    *names = (name_list){0};
}

/* ---- Unknown names ----------------------------------------------------------------------------------------------- */

#define LONGEST_COMPARED 63

/* Levenshtein distance without regard to case: edits that turn `a` into `b`. */
static int edit_distance(const char *a, const char *b) {
    int row[LONGEST_COMPARED + 1];
    int columns = (int)strlen(b);
    for (int j = 0; j <= columns; j++) row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= columns; j++) {
            int change = diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            diagonal = row[j];
            int shift = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < shift ? change : shift;
        }
    }
    return row[columns];
}

/* The name that `wrong` may have meant, or NULL when none is near: one that it is a part of comes before the others. */
static const char *nearest_name(const name_list *names, const char *wrong) {
    const char *nearest = NULL;
    int best = (int)strlen(wrong) / 2 + 1;
    for (size_t i = 0; i < names->count; i++) {
        if (*wrong && strcasestr(names->items[i], wrong)) return names->items[i];
        if (strlen(names->items[i]) > LONGEST_COMPARED) continue;
        int distance = edit_distance(wrong, names->items[i]);
        if (distance < best) {
            best = distance;
            nearest = names->items[i];
        }
    }
    return nearest;
}

/* "MSD_vgg, MTT_vgg", for the caller to free; NULL without memory. */
static char *joined(const name_list *names) {
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (!to) return NULL;
    for (size_t i = 0; i < names->count; i++) fprintf(to, "%s%s", i ? ", " : "", names->items[i]);
    fclose(to);
    return text;
}

static void say_unknown(const char *name, message *why) {
    name_list names = models_installed();
    const char *nearest = nearest_name(&names, name);
    char *known = joined(&names);
    int length = (int)utf8_cut(name, 80);
    if (names.count == 0)
        message_set(why, "There is no model named '%.*s': none is installed; build-scripts/setup makes them.", length,
                    name);
    else
        message_set(why, "There is no model named '%.*s'%s%s%s; there are %s.", length, name,
                    nearest ? " (did you mean " : "", nearest ? nearest : "", nearest ? "?)" : "",
                    known ? known : "others");
    free(known);
    names_clear(&names);
}

char *model_find(const char *name, message *why) {
    if (strchr(name, '/') || ends_in_suffix(name)) return strdup(name);
    folders list = model_folders();
    for (int i = 0; i < list.count; i++) {
        char *path;
        if (asprintf(&path, "%s/%s" SUFFIX, list.path[i], name) < 0) break;
        if (access(path, F_OK) == 0) return path;
        free(path);
    }
    say_unknown(name, why);
    return NULL;
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

/* Reads a whole regular file; NULL with the sentence. */
static void *read_model_file(const char *path, size_t *size, message *why) {
    struct stat facts;
    if (stat(path, &facts)) return message_set(why, "It cannot be opened: %s.", strerror(errno)), NULL;
    if (!S_ISREG(facts.st_mode))
        return message_set(why, "This is %s, not a model file.", S_ISDIR(facts.st_mode) ? "a directory" : "a device"),
               NULL;
    if (facts.st_size == 0 || facts.st_size > MAX_MODEL_BYTES)
        return message_set(why, "This is %s, not a model file.",
                           facts.st_size ? "far too large a file" : "an empty file"),
               NULL;
    FILE *file = fopen(path, "rbe");
    if (!file) return message_set(why, "It cannot be opened: %s.", strerror(errno)), NULL;
    void *bytes = malloc((size_t)facts.st_size);
    *size = bytes ? fread(bytes, 1, (size_t)facts.st_size, file) : 0;
    bool failed = ferror(file);
    fclose(file);
    if (bytes && !failed) return bytes;
    message_set(why, "It cannot be read: %s.", bytes ? strerror(errno) : "out of memory");
    free(bytes);
    return NULL;
}

int model_load_file(tg_model **model, const char *path, message *why) {
    size_t size;
    char reason[TG_MESSAGE_SIZE] = "";
    void *bytes = read_model_file(path, &size, why);
    if (!bytes) return -1;
    int status = tg_model_load(model, bytes, size, reason);
    free(bytes);
    return status == TG_OK ? 0 : message_set(why, "%s", *reason ? reason : tg_strerror(status));
}

const char *model_fact(const tg_model *model, const char *key) {
    const char *known, *value;
    for (int i = 0; tg_model_fact(model, i, &known, &value); i++)
        if (strcmp(known, key) == 0) return value;
    return NULL;
}

int model_choose_list(tg_model *model, const char *list, message *why) {
    if (tg_model_choose_list(model, list) == TG_OK) return 0;
    char known[128] = "";
    for (int i = 0; i < tg_model_list_count(model); i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i ? ", " : "", tg_model_list(model, i));
    const int length = (int)utf8_cut(list, 80);
    if (!*known) return message_set(why, "The model %s has one list of tags only.", tg_model_name(model));
    return message_set(why, "The model %s has no list of tags named '%.*s'; it has %s.", tg_model_name(model), length,
                       list, known);
}
