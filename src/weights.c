#include "weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static int has_shape(const gguf_tensor *t, const tg_shape *shape) {
    if (t->dims != (uint32_t)shape->dims) return 0;
    for (int i = 0; i < shape->dims; i++)
        if (t->shape[i] != (uint64_t)shape->size[i]) return 0;
    return 1;
}

static size_t count_of(const tg_shape *shape) {
    size_t count = 1;
    for (int i = 0; i < shape->dims; i++) count *= (size_t)shape->size[i];
    return count;
}

static void dequantise(float *values, const gguf_tensor *t, const float *scales, size_t rows, size_t columns) {
    for (size_t r = 0, i = 0; r < rows; r++)
        for (size_t end = i + columns; i < end; i++) {
            int16_t q;
            if (t->type == GGUF_TENSOR_I8)
                q = (int8_t)t->data[i];
            else
                memcpy(&q, t->data + i * sizeof q, sizeof q);
            values[i] = (float)q * scales[r];
        }
}

static int read_scales(float **scales, const gguf_file *file, const char *name, int rows, char *why) {
    char scale_name[64];
    snprintf(scale_name, sizeof scale_name, "%s_scale", name);
    return tg_read_weights(scales, file, scale_name, (tg_shape){1, {rows}}, why);
}

static int all_finite(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i])) return 0;
    return 1;
}

static int fill(float *values, const gguf_tensor *t, const gguf_file *file, const char *name, const tg_shape *shape,
                char *why) {
    const size_t count = count_of(shape);
    if (t->type == GGUF_TENSOR_F32) {
        memcpy(values, t->data, count * sizeof *values);
    } else if ((t->type == GGUF_TENSOR_I16 || t->type == GGUF_TENSOR_I8) && shape->dims > 1) {
        float *scales = NULL;
        int error = read_scales(&scales, file, name, shape->size[0], why);
        if (error) return error;
        dequantise(values, t, scales, (size_t)shape->size[0], count / (size_t)shape->size[0]);
        free(scales);
    } else {
        return tg_fail(TG_EMODEL, why, "The model's tensor %s has a number type that isn't read here.", name);
    }
    if (!all_finite(values, count))
        return tg_fail(TG_EMODEL, why, "The model's tensor %s holds values that aren't finite.", name);
    return TG_OK;
}

int tg_read_weights(float **values, const gguf_file *file, const char *name, tg_shape shape, char *why) {
    *values = NULL;
    const gguf_tensor *t = gguf_find_tensor(file, name);
    if (!t) return tg_fail(TG_EMODEL, why, "The model file has no tensor %s.", name);
    if (!has_shape(t, &shape))
        return tg_fail(TG_EMODEL, why, "The model's tensor %s hasn't the shape that its architecture has.", name);
    *values = malloc(count_of(&shape) * sizeof **values);
    if (!*values) return tg_fail(TG_ENOMEM, why, "There is no memory for the model's tensor %s.", name);
    int error = fill(*values, t, file, name, &shape, why);
    if (error) {
        free(*values);
        *values = NULL;
    }
    return error;
}

static int are_indices(const int *indices, int count, int limit) {
    for (int i = 0; i < count; i++)
        if (indices[i] <= (i > 0 ? indices[i - 1] : -1) || indices[i] >= limit) return 0;
    return 1;
}

int tg_read_indices(int **indices, int *count, const gguf_file *file, const char *name, int limit, char *why) {
    *indices = NULL;
    const gguf_tensor *t = gguf_find_tensor(file, name);
    if (t && (t->type != GGUF_TENSOR_I32 || t->dims != 1 || t->shape[0] >= (uint64_t)limit))
        return tg_fail(TG_EMODEL, why, "The model's tensor %s is no list of fewer than %d filters.", name, limit);
    *count = t ? (int)t->shape[0] : limit;
    *indices = malloc((size_t)*count * sizeof **indices);
    if (!*indices) return tg_fail(TG_ENOMEM, why, "There is no memory for the model's tensor %s.", name);
    for (int i = 0; !t && i < limit; i++) (*indices)[i] = i;
    if (t) memcpy(*indices, t->data, (size_t)*count * sizeof **indices);
    if (are_indices(*indices, *count, limit)) return TG_OK;
    free(*indices);
    *indices = NULL;
    return tg_fail(TG_EMODEL, why, "The model's tensor %s is no list of filters in ascending order.", name);
}
