/* The last two layers: dense, ReLU and normalisation; then dense to the tags. */
#ifndef TG_CLASSIFIER_H
#define TG_CLASSIFIER_H

#include "gguf.h"

typedef struct tg_classifier {
    int inputs, units, tags;
    float *dense; /* [units][inputs] */
    float *bias, *scale, *shift;
    float *output, *output_bias; /* [tags][units] */
} tg_classifier;

/* Tensors dense.kernel, dense.bias, dense.norm, output.kernel, output.bias. May be freed in any case once zeroed. */
int tg_classifier_read(tg_classifier *c, const gguf_file *file, int inputs, int units, int tags, char *why);
void tg_classifier_free(tg_classifier *c);

/* penultimate[units], logits[tags]. */
void tg_classify(const tg_classifier *c, const float *pooled, float *penultimate, float *logits);

#endif
