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

static int all_finite(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i])) return 0;
    return 1;
}

static int no_memory(const char *name, char *why) {
    return tg_fail(TG_ENOMEM, why, "There is no memory for the model's tensor %s.", name);
}

static int read_scales(tg_rows *rows, const gguf_file *file, char *why) {
    char scale_name[64];
    snprintf(scale_name, sizeof scale_name, "%s_scale", rows->name);
    return tg_read_weights(&rows->scales, file, scale_name, (tg_shape){1, {rows->count}}, why);
}

int tg_rows_open(tg_rows *rows, const gguf_file *file, const char *name, tg_shape shape, char *why) {
    const gguf_tensor *t = gguf_find_tensor(file, name);
    const int is_list = shape.dims < 2;
    *rows = (tg_rows){.tensor = t, .name = name, .count = is_list ? 1 : shape.size[0], .columns = 1};
    for (int i = is_list ? 0 : 1; i < shape.dims; i++) rows->columns *= (size_t)shape.size[i];
    if (!t) return tg_fail(TG_EMODEL, why, "The model file has no tensor %s.", name);
    if (!has_shape(t, &shape))
        return tg_fail(TG_EMODEL, why, "The model's tensor %s hasn't the shape that its architecture has.", name);
    if (t->type == GGUF_TENSOR_F32) return TG_OK;
    if ((t->type == GGUF_TENSOR_I16 || t->type == GGUF_TENSOR_I8) && !is_list) return read_scales(rows, file, why);
    return tg_fail(TG_EMODEL, why, "The model's tensor %s has a number type that isn't read here.", name);
}

void tg_rows_close(tg_rows *rows) { free(rows->scales); }

static void dequantise(float *values, const gguf_tensor *t, size_t first, size_t count, float scale) {
    for (size_t i = 0; i < count; i++) {
        int16_t q;
        if (t->type == GGUF_TENSOR_I8)
            q = (int8_t)t->data[first + i];
        else
            memcpy(&q, t->data + (first + i) * sizeof q, sizeof q);
        values[i] = (float)q * scale;
    }
}

int tg_rows_read(const tg_rows *rows, int row, float *values, char *why) {
    const size_t count = rows->columns, first = (size_t)row * count;
    if (rows->scales)
        dequantise(values, rows->tensor, first, count, rows->scales[row]);
    else
        memcpy(values, rows->tensor->data + first * sizeof *values, count * sizeof *values);
    if (all_finite(values, count)) return TG_OK;
    return tg_fail(TG_EMODEL, why, "The model's tensor %s holds values that aren't finite.", rows->name);
}

int tg_read_weights(float **values, const gguf_file *file, const char *name, tg_shape shape, char *why) {
    *values = NULL;
    tg_rows rows;
    int error = tg_rows_open(&rows, file, name, shape, why);
    if (!error) {
        *values = malloc(count_of(&shape) * sizeof **values);
        if (!*values) error = no_memory(name, why);
    }
    for (int row = 0; row < rows.count && !error; row++)
        error = tg_rows_read(&rows, row, *values + (size_t)row * rows.columns, why);
    tg_rows_close(&rows);
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
    if (!*indices) return no_memory(name, why);
    for (int i = 0; !t && i < limit; i++) (*indices)[i] = i;
    if (t) memcpy(*indices, t->data, (size_t)*count * sizeof **indices);
    if (are_indices(*indices, *count, limit)) return TG_OK;
    free(*indices);
    *indices = NULL;
    return tg_fail(TG_EMODEL, why, "The model's tensor %s is no list of filters in ascending order.", name);
}
