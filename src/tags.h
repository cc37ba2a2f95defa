/*
 * The tags that a model answers. Some models answer several lists of tags in one pass, each as long as the others; a
 * tag's name that stands in more than one of them tells its list, "guitar (MTT)", unless one list was chosen.
 */
#ifndef TG_TAGS_H
#define TG_TAGS_H

#include "gguf.h"

typedef struct tg_tags {
    char **names;  /* [count], as in the file */
    char **titles; /* [count]: names that are different from each other; NULL where the name is */
    int count;
    char **lists; /* their names; without any, all tags are one list */
    int list_count;
    int first; /* of those that are shown, */
    int shown; /* so many */
} tg_tags;

/* The file's tagger.tags and tagger.lists. May be freed in any case once zeroed. */
int tg_tags_read(tg_tags *t, const gguf_file *file, char *why);
void tg_tags_free(tg_tags *t);

/* As taggram.h has them. */
const char *tg_tags_title(const tg_tags *t, int tag);
int tg_tags_list_count(const tg_tags *t);
const char *tg_tags_list(const tg_tags *t, int list);
int tg_tags_choose(tg_tags *t, const char *list);

#endif
