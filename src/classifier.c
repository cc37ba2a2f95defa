#include "classifier.h"

#include <stdlib.h>

#include "kernels.h"
#include "taggram.h"
#include "weights.h"

int tg_classifier_read(tg_classifier *c, const gguf_file *file, int inputs, int units, int tags, char *why) {
    c->inputs = inputs;
    c->units = units;
    c->tags = tags;
    int error = tg_read_weights(&c->dense, file, "dense.kernel", (tg_shape){2, {units, inputs}}, why);
    if (!error) error = tg_read_weights(&c->bias, file, "dense.bias", (tg_shape){1, {units}}, why);
    if (!error) error = tg_read_weights(&c->scale, file, "dense.norm", (tg_shape){2, {2, units}}, why);
    if (!error) error = tg_read_weights(&c->output, file, "output.kernel", (tg_shape){2, {tags, units}}, why);
    if (!error) error = tg_read_weights(&c->output_bias, file, "output.bias", (tg_shape){1, {tags}}, why);
    if (!error) c->shift = c->scale + units;
    return error;
}

void tg_classifier_free(tg_classifier *c) {
    free(c->dense);
    free(c->bias);
    free(c->scale);
    free(c->output);
    free(c->output_bias);
}

void tg_classify(const tg_classifier *c, const float *pooled, float *penultimate, float *logits) {
    for (int o = 0; o < c->units; o++) {
        const float sum = tg_kernels_active->dot(pooled, c->dense + o * c->inputs, c->inputs) + c->bias[o];
        penultimate[o] = (sum < 0 ? 0 : sum) * c->scale[o] + c->shift[o];
    }
    for (int o = 0; o < c->tags; o++)
        logits[o] = tg_kernels_active->dot(penultimate, c->output + o * c->units, c->units) + c->output_bias[o];
}
