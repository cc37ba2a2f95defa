/*
 * musicnn's weights in the form that its forward pass wants: loaded by musicnn_load.c, run by musicnn.c. Immutable once
 * loaded.
 */
#ifndef TG_MUSICNN_H
#define TG_MUSICNN_H

#include "classifier.h"
#include "kernels.h"
#include "layer.h"

enum {
    TG_FRONT_LAYERS = 5,
    TG_MID_LAYERS = 3,
    TG_MUSICNN_STAGES = 1 + TG_MID_LAYERS /* whose answers are pooled: the front-end, and each mid-end layer */
};

/* How wide the network is: musicnn comes in two sizes. */
typedef struct tg_musicnn_widths {
    int timbral;  /* filters of each timbral layer */
    int temporal; /* filters of each temporal layer */
    int mid;      /* filters of each mid-end layer */
    int dense;
    int front;  /* all of the front-end's */
    int pooled; /* features pooled over time, each by maximum and mean */
} tg_musicnn_widths;

typedef struct tg_front_layer {
    tg_layer layer;
    int height;    /* mel bands under a timbral filter, else 0 */
    int taps;      /* frames under a temporal filter, else 0 */
    float *direct; /* of temporal filters, [group][taps][TG_LANES]: as they are, times their signs */
} tg_front_layer;

typedef struct tg_musicnn_weights {
    tg_musicnn_widths width;
    float *input; /* scale and shift of the log-mel */
    tg_front_layer front[TG_FRONT_LAYERS];
    tg_layer mid[TG_MID_LAYERS];
    tg_columns kept[TG_MUSICNN_STAGES]; /* columns of each stage that later ones read */
    int pooled;                         /* those of all stages together */
    tg_classifier classifier;           /* the normalisation before it folded in */
    tg_circle circle;
} tg_musicnn_weights;

/* tg_architecture.load and unload. */
int tg_musicnn_load(void *loaded, const gguf_file *file, int tag_count, int frames, char *why);
void tg_musicnn_unload(void *loaded);

#endif
