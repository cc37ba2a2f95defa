#include "features.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

static bool has(const feature_list *list, const char *name) {
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0) return true;
    return false;
}

/* The model's own string for the `length` characters at `text`; NULL when it has none of that name. */
static const char *find(const tg_model *model, const char *text, size_t length) {
    const char *name;
    for (int i = 0; (name = tg_model_feature_name(model, i)); i++)
        if (strlen(name) == length && strncmp(name, text, length) == 0) return name;
    return NULL;
}

static void add(feature_list *list, const char *name) {
    if (!has(list, name)) list->names[list->count++] = name;
}

static int say_unknown(const tg_model *model, const char *text, size_t length, message *why) {
    char known[256] = "";
    size_t used = 0;
    const char *name;
    for (int i = 0; (name = tg_model_feature_name(model, i)) && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s, ", name);
    message_set(why, "--features: the model %s has none named '%.*s'; it has %sor all of them (all).",
                tg_model_name(model), (int)utf8_cut(text, length < 80 ? length : 80), text, known);
    return -1;
}

int features_choose(feature_list *list, const tg_model *model, const char *text, message *why) {
    int known = 0;
    while (tg_model_feature_name(model, known)) known++;
    *list = (feature_list){.names = calloc((size_t)known, sizeof *list->names)};
    if (!list->names) return message_set(why, "--features: out of memory.");
    for (;; text++) {
        size_t length = strcspn(text, ",");
        bool all = length == strlen("all") && strncmp(text, "all", length) == 0;
        const char *name = all ? NULL : find(model, text, length);
        if (!all && !name) return say_unknown(model, text, length, why);
        if (name) add(list, name);
        for (int i = 0; all && i < known; i++) add(list, tg_model_feature_name(model, i));
        text += length;
        if (!*text) return 0;
    }
}

void features_clear(feature_list *list) {
    free(list->names);
    *list = (feature_list){0};
}
