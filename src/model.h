/* The inside of a tg_model, for the tagger. */
#ifndef TG_MODEL_H
#define TG_MODEL_H

#include "architecture.h"
#include "tags.h"

/* What the file tells of itself. */
typedef struct tg_fact {
    char *key;
    char *value;
} tg_fact;

struct tg_model {
    char *name;
    tg_fact *facts;
    int fact_count;
    tg_tags tags;
    int segment_frames;
    int hop_frames; /* the default one */
    const tg_architecture *architecture;
    void *weights;
};

#endif
