/* Finds and loads model files. */
#ifndef TAGGRAM_CLI_MODELS_H
#define TAGGRAM_CLI_MODELS_H

#include "messages.h"
#include "taggram.h"

#define DEFAULT_MODEL "MTT_musicnn"

/*
 * A text with a slash, or one that ends in .gguf, is a path; else it is a name, looked for as NAME.gguf in the folder
 * $TAGGRAM_MODELS, in ../share/taggram/models beside the program, and in the source tree that it was built from.
 * Returns the path (the caller frees it), or NULL with the sentence that lists the names there are.
 */
char *model_find(const char *name, message *why);

/* Names for model_find, in the order of the alphabet. */
typedef struct name_list {
    char **items;
    size_t count;
} name_list;

name_list models_installed(void);
void names_clear(name_list *names);

/* What the model file says under this key; NULL when it says nothing. */
const char *model_fact(const tg_model *model, const char *key);

/* Returns 0, or -1 with the sentence. */
int model_load_file(tg_model **model, const char *path, message *why);

/* Leaves the model with the tags of one list. Returns 0, or -1 with the sentence that names the lists it has. */
int model_choose_list(tg_model *model, const char *list, message *why);

#endif
