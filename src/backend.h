/*
 * The back-end that the paper's two models share (Pons et al., 2018): three convolutions of seven frames along time,
 * the first 'valid', the others 'same' with residuals and a maximum over two frames between them; then the largest and
 * the mean value over time under two dense layers. Features of any length go in.
 */
#ifndef TG_BACKEND_H
#define TG_BACKEND_H

#include "classifier.h"
#include "layer.h"
#include "taggram.h"

enum {
    TG_BACKEND_LAYERS = 3,
    TG_BACKEND_FILTERS = 512,
    TG_BACKEND_UNITS = 500,
    TG_BACKEND_LEAST = 8 /* frames of features: seven become one, and two of those one */
};

/* Immutable once loaded. */
typedef struct tg_backend {
    int inputs; /* features at a time */
    int side;   /* frames that convolutions take at a time (conv7.h) */
    tg_layer conv[TG_BACKEND_LAYERS];
    tg_classifier classifier;
} tg_backend;

/* May be freed in any case once it was zeroed before. `side`: of conv7.h. */
int tg_backend_load(tg_backend *b, const gguf_file *file, int inputs, int side, int tags, char *why);
void tg_backend_free(tg_backend *b);

/* The intermediates of one segment. */
typedef struct tg_backend_scratch tg_backend_scratch;

/* For `frames` of features, TG_BACKEND_LEAST at least. NULL without memory. */
tg_backend_scratch *tg_backend_make_scratch(const tg_backend *b, int frames);
void tg_backend_free_scratch(tg_backend_scratch *s);

/* Where the features go, [frames + 1][inputs]: whatever writes in pairs of frames may write one more. */
float *tg_backend_features(tg_backend_scratch *s);

/* logits[tags] of the features. */
void tg_backend_forward(const tg_backend *b, tg_backend_scratch *s, float *logits);

/* What tg_backend_feature knows, for a tg_architecture's list. */
#define TG_BACKEND_NAMES "cnn1", "cnn2", "cnn3", "mean_pool", "max_pool", "penultimate", NULL

/* An intermediate of the last forward pass, or TG_ENAME. */
int tg_backend_feature(const tg_backend_scratch *s, const char *name, tg_feature *feature);

#endif
