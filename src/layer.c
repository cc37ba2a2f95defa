#include "layer.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

int tg_layer_no_memory(const tg_layer *l, char *why) {
    return tg_fail(TG_ENOMEM, why, "There is no memory for the model's layer %s.", l->name);
}

static void part_name(char name[TG_TENSOR_NAME], const tg_layer *l, const char *part) {
    snprintf(name, TG_TENSOR_NAME, "%s.%s", l->name, part);
}

static int read_part(float **values, const gguf_file *file, const tg_layer *l, const char *part, tg_shape shape,
                     char *why) {
    char name[TG_TENSOR_NAME];
    part_name(name, l, part);
    return tg_read_weights(values, file, name, shape, why);
}

/* Which filters are there, and what the others answer. */
static int read_live(tg_layer *l, const gguf_file *file, char *why) {
    char name[TG_TENSOR_NAME];
    part_name(name, l, "live");
    int error = tg_read_indices(&l->order, &l->live, file, name, l->filters, why);
    if (error) return error;
    l->rest = calloc((size_t)l->filters, sizeof *l->rest);
    if (!l->rest) return tg_layer_no_memory(l, why);
    if (l->live == l->filters) return TG_OK;
    float *rest;
    error = read_part(&rest, file, l, "rest", (tg_shape){1, {l->filters - l->live}}, why);
    if (error) return error;
    for (int f = 0, slot = 0; f < l->filters; f++)
        if (slot < l->live && l->order[slot] == f)
            slot++;
        else
            l->rest[f] = rest[f - slot];
    free(rest);
    return TG_OK;
}

int tg_layer_read(tg_layer *l, const gguf_file *file, const char *name, int filters, char *why) {
    l->name = name;
    l->filters = filters;
    int error = read_live(l, file, why);
    if (!error) error = read_part(&l->bias, file, l, "bias", (tg_shape){1, {l->live}}, why);
    if (!error) error = read_part(&l->scale, file, l, "norm", (tg_shape){2, {2, l->live}}, why);
    if (!error) l->shift = l->scale + l->live;
    return error;
}

int tg_layer_read_whole(tg_layer *l, const gguf_file *file, const char *name, int filters, char *why) {
    int error = tg_layer_read(l, file, name, filters, why);
    if (!error && l->live < filters)
        error = tg_fail(TG_EMODEL, why, "The model's layer %s leaves filters out, which its architecture can't.", name);
    return error;
}

static tg_shape of_live(const tg_layer *l, tg_shape shape) {
    tg_shape whole = {shape.dims + 1, {l->live}};
    for (int i = 0; i < shape.dims; i++) whole.size[i + 1] = shape.size[i];
    return whole;
}

int tg_layer_read_kernel(float **kernel, const tg_layer *l, const gguf_file *file, tg_shape shape, char *why) {
    return read_part(kernel, file, l, "kernel", of_live(l, shape), why);
}

int tg_layer_open_kernel(tg_rows *kernel, char name[TG_TENSOR_NAME], const tg_layer *l, const gguf_file *file,
                         tg_shape shape, char *why) {
    part_name(name, l, "kernel");
    return tg_rows_open(kernel, file, name, of_live(l, shape), why);
}

static int find_signs(tg_layer *l, char *why) {
    l->signs = malloc((size_t)l->live * sizeof *l->signs);
    if (!l->signs) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++) l->signs[slot] = l->scale[slot] < 0 ? -1 : 1;
    return TG_OK;
}

int tg_layer_read_signed(tg_layer *l, float **kernel, const gguf_file *file, const char *name, int filters,
                         tg_shape shape, char *why) {
    *kernel = NULL;
    int error = tg_layer_read(l, file, name, filters, why);
    if (!error) error = find_signs(l, why);
    if (!error) error = tg_layer_read_kernel(kernel, l, file, shape, why);
    if (error) return error;
    int depth = 1;
    for (int i = 0; i < shape.dims; i++) depth *= shape.size[i];
    for (int i = 0; i < l->live * depth; i++) (*kernel)[i] *= l->signs[i / depth];
    return TG_OK;
}

void tg_layer_finish(const tg_layer *l, const float *responses, float *out) {
    memcpy(out, l->rest, (size_t)l->filters * sizeof *out);
    for (int slot = 0; slot < l->live; slot++)
        out[l->order[slot]] = tg_layer_answer(l, slot, l->signs ? responses[slot] * l->signs[slot] : responses[slot]);
}

int tg_layer_pack(float **packed, const tg_layer *l, const float *kernel, int depth, int width, char *why) {
    const int groups = (l->live + width - 1) / width;
    *packed = calloc((size_t)groups * (size_t)width * (size_t)depth, sizeof **packed);
    if (!*packed) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++) {
        float *out = *packed + slot / width * depth * width + slot % width;
        for (int i = 0; i < depth; i++) out[i * width] = kernel[slot * depth + i];
    }
    return TG_OK;
}

void tg_layer_free(tg_layer *l) {
    free(l->order);
    free(l->rest);
    free(l->bias);
    free(l->scale);
    free(l->signs);
    free(l->kernels);
}
