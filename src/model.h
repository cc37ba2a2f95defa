/* The inside of a tg_model, for the tagger. */
#ifndef TG_MODEL_H
#define TG_MODEL_H

#include "architecture.h"

/* What the file tells of itself. */
typedef struct tg_fact {
    char *key;
    char *value;
} tg_fact;

struct tg_model {
    char *name;
    tg_fact *facts;
    int fact_count;
    char **tags;
    int tag_count;
    int segment_frames;
    int hop_frames; /* the default one */
    const tg_architecture *architecture;
    void *weights;
};

#endif
