/*
 * A layer of filters as model files hold it: convolution and bias, ReLU, normalisation. Training drove many filters to
 * zero; the file leaves them out and has the constant that each of them answers instead.
 */
#ifndef TG_LAYER_H
#define TG_LAYER_H

#include "weights.h"

enum { TG_TENSOR_NAME = 64 /* bytes of a name, at most */ };

typedef struct tg_layer {
    const char *name;
    int filters;                 /* in full */
    int live;                    /* of them, those that are computed */
    int *order;                  /* [live]: which, ascending */
    float *rest;                 /* [filters]: what each answers that is left out, 0 elsewhere */
    float *bias, *scale, *shift; /* [live] */
    float *signs;                /* [live]: of the scale, where a maximum is taken of the responses; NULL elsewhere */
    float *kernels;              /* packed, as the layer's own family wants it */
} tg_layer;

/*
 * Reads everything but the kernel. `name` is kept. TG_EMODEL, TG_ENOMEM; the layer may be freed in any case once it was
 * zeroed before.
 */
int tg_layer_read(tg_layer *l, const gguf_file *file, const char *name, int filters, char *why);
void tg_layer_free(tg_layer *l);

/* The same of a layer of which no filter may be left out. */
int tg_layer_read_whole(tg_layer *l, const gguf_file *file, const char *name, int filters, char *why);

/* The live filters' kernel, [live] and `shape` behind it, in memory of the caller's (malloc). */
int tg_layer_read_kernel(float **kernel, const tg_layer *l, const gguf_file *file, tg_shape shape, char *why);

/* The same, a filter at a time. `name`, room for the tensor's, is kept as long as the rows. */
int tg_layer_open_kernel(tg_rows *kernel, char name[TG_TENSOR_NAME], const tg_layer *l, const gguf_file *file,
                         tg_shape shape, char *why);

/*
 * Everything, of a layer whose responses' maximum is taken. Its kernel comes times the signs, which tg_layer_finish
 * undoes: max of norm(relu(conv)) is norm(relu(max conv)) where norm rises, norm(relu(min conv)) where it falls; so
 * both are one maximum.
 */
int tg_layer_read_signed(tg_layer *l, float **kernel, const gguf_file *file, const char *name, int filters,
                         tg_shape shape, char *why);

/*
 * Packs the live filters of `depth` weights side by side, `width` a group, into memory of the caller's (malloc):
 * [group][depth][width], zero beyond the last.
 */
int tg_layer_pack(float **packed, const tg_layer *l, const float *kernel, int depth, int width, char *why);

/* norm(relu(response + bias)) of the filter in place `slot` of the live ones. */
static inline float tg_layer_answer(const tg_layer *l, int slot, float response) {
    float x = response + l->bias[slot];
    return (x < 0 ? 0 : x) * l->scale[slot] + l->shift[slot]; /* NaN stays NaN */
}

/* The same for all live filters at one place, in place: responses[live]. */
static inline void tg_layer_answers(const tg_layer *l, float *restrict responses) {
    const float *restrict bias = l->bias, *restrict scale = l->scale, *restrict shift = l->shift;
    const int live = l->live;
    for (int slot = 0; slot < live; slot++) {
        float x = responses[slot] + bias[slot];
        responses[slot] = (x < 0 ? 0 : x) * scale[slot] + shift[slot];
    }
}

/* out[0 .. filters - 1] from the responses of the live filters at one place, those left out with them. */
void tg_layer_finish(const tg_layer *l, const float *responses, float *out);

int tg_layer_no_memory(const tg_layer *l, char *why);

/*
 * The columns of a matrix that the next layer reads: those that are not the same constant for every input. Where some
 * are left out, the next layer has one more input, which is 1 wherever there is a frame and 0 in the padding: the left
 * out ones times their weights, in one.
 */
typedef struct tg_columns {
    int width; /* in full */
    int kept;
    int *index; /* [kept], ascending */
} tg_columns;

/* Columns that the next layer reads, with the one for all that are left out. */
static inline int tg_columns_read(const tg_columns *c) { return c->kept + (c->kept < c->width); }

#endif
