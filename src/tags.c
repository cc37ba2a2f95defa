#include "tags.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

enum { MAX_TAGS = 4096, MAX_LISTS = 16 };

static int no_memory(char *why) { return tg_fail(TG_ENOMEM, why, "There is no memory for the model's tags."); }

/* The strings of an entry of the file (malloc each, and the array). */
static int copy_strings(char ***copies, int *count, const gguf_entry *from, char *why) {
    *copies = calloc(from->count, sizeof **copies);
    if (!*copies) return no_memory(why);
    for (*count = 0; *count < (int)from->count; (*count)++)
        if (!((*copies)[*count] = gguf_copy_item(from, (uint64_t)*count))) return no_memory(why);
    return TG_OK;
}

static int are_strings(const gguf_entry *e, uint64_t most) {
    return e->type == GGUF_ARRAY && e->item_type == GGUF_STRING && e->count >= 1 && e->count <= most;
}

/* "MTT: MagnaTagATune" is the list MTT. */
static int read_lists(tg_tags *t, const gguf_file *file, char *why) {
    const gguf_entry *lists = gguf_find(file, "tagger.lists");
    if (!lists) return TG_OK;
    if (!are_strings(lists, MAX_LISTS) || t->count % (int)lists->count)
        return tg_fail(TG_EMODEL, why, "The model's tagger.lists aren't names of lists with equally many tags.");
    const int error = copy_strings(&t->lists, &t->list_count, lists, why);
    for (int i = 0; i < t->list_count; i++) t->lists[i][strcspn(t->lists[i], ":")] = '\0';
    return error;
}

/* Tags of each list. */
static int length_of(const tg_tags *t) { return t->count / t->list_count; }

static int stands_twice(const tg_tags *t, int tag) {
    for (int i = 0; i < t->count; i++)
        if (i != tag && strcmp(t->names[i], t->names[tag]) == 0) return 1;
    return 0;
}

static int make_titles(tg_tags *t, char *why) {
    t->titles = calloc((size_t)t->count, sizeof *t->titles);
    if (!t->titles) return no_memory(why);
    for (int i = 0; i < t->count && t->list_count; i++) {
        if (!stands_twice(t, i)) continue;
        const char *list = t->lists[i / length_of(t)];
        const size_t size = strlen(t->names[i]) + strlen(list) + sizeof " ()";
        if (!(t->titles[i] = malloc(size))) return no_memory(why);
        snprintf(t->titles[i], size, "%s (%s)", t->names[i], list);
    }
    return TG_OK;
}

int tg_tags_read(tg_tags *t, const gguf_file *file, char *why) {
    const gguf_entry *tags = gguf_find(file, "tagger.tags");
    if (!tags || !are_strings(tags, MAX_TAGS))
        return tg_fail(TG_EMODEL, why, "The model file has no list of tags (tagger.tags).");
    int error = copy_strings(&t->names, &t->count, tags, why);
    if (!error) error = read_lists(t, file, why);
    if (!error) error = make_titles(t, why);
    t->shown = t->count;
    return error;
}

static void free_strings(char **strings, int count) {
    for (int i = 0; strings && i < count; i++) free(strings[i]);
    free(strings);
}

void tg_tags_free(tg_tags *t) {
    free_strings(t->names, t->count);
    free_strings(t->titles, t->count);
    free_strings(t->lists, t->list_count);
}

const char *tg_tags_title(const tg_tags *t, int tag) {
    if (tag < 0 || tag >= t->shown) return NULL;
    return t->shown == t->count && t->titles[tag] ? t->titles[tag] : t->names[t->first + tag];
}

int tg_tags_list_count(const tg_tags *t) { return t->list_count ? t->shown / length_of(t) : 0; }

const char *tg_tags_list(const tg_tags *t, int list) {
    return list >= 0 && list < tg_tags_list_count(t) ? t->lists[t->first / length_of(t) + list] : NULL;
}

int tg_tags_choose(tg_tags *t, const char *list) {
    if (!list) {
        t->first = 0;
        t->shown = t->count;
        return TG_OK;
    }
    for (int i = 0; i < t->list_count; i++)
        if (strcmp(t->lists[i], list) == 0) {
            t->first = i * length_of(t);
            t->shown = length_of(t);
            return TG_OK;
        }
    return TG_ENAME;
}
