/* Intermediates of the network that a person asks for by name. */
#ifndef TAGGRAM_CLI_FEATURES_H
#define TAGGRAM_CLI_FEATURES_H

#include "messages.h"
#include "taggram.h"

typedef struct feature_list {
    const char **names; /* the model's own strings */
    int count;
} feature_list;

/* "timbral,cnn1" in that order; "all" adds those not named yet. Returns 0, or -1 with the sentence that lists those
 * that the model has. */
int features_choose(feature_list *list, const tg_model *model, const char *text, message *why);

void features_clear(feature_list *list);

#endif
