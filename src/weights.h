/* Tensors of a model file as float32, by name and exact shape. */
#ifndef TG_WEIGHTS_H
#define TG_WEIGHTS_H

#include "gguf.h"

/* Outermost dimension first; sizes behind `dims` are not looked at. */
typedef struct tg_shape {
    int dims;
    int size[GGUF_MAX_DIMS];
} tg_shape;

/*
 * Reads tensor `name` of that shape into *values (malloc). int16 and int8 tensors come with a float32 tensor
 * "<name>_scale", one scale for each index of the first of their two or more dimensions, and are multiplied by it.
 * TG_EMODEL, TG_ENOMEM; `why` names the tensor. *values is NULL then.
 */
int tg_read_weights(float **values, const gguf_file *file, const char *name, tg_shape shape, char *why);

/* A tensor of which a row, an index of its first dimension, is read at a time: large ones needn't be there twice. */
typedef struct tg_rows {
    const gguf_tensor *tensor;
    const char *name; /* of the caller's, for messages */
    float *scales;    /* [rows], of integers; NULL of float32 */
    int count;
    size_t columns; /* values of a row */
} tg_rows;

/* As tg_read_weights, of two dimensions or more. The rows may be closed in any case. */
int tg_rows_open(tg_rows *rows, const gguf_file *file, const char *name, tg_shape shape, char *why);
void tg_rows_close(tg_rows *rows);

/* values[columns]. TG_EMODEL if they aren't finite. */
int tg_rows_read(const tg_rows *rows, int row, float *values, char *why);

/*
 * Reads int32 tensor `name` [*count], strictly ascending indices below `limit`, into *indices (malloc). Where the file
 * has no such tensor that is all of them.
 */
int tg_read_indices(int **indices, int *count, const gguf_file *file, const char *name, int limit, char *why);

#endif
