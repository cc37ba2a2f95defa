/* Small model files made in memory, for tests of what reads them. */
#ifndef TG_MADE_FILE_H
#define TG_MADE_FILE_H

#include "gguf.h"

typedef struct made_tensor {
    const char *name;
    uint32_t type;
    int dims;
    int shape[GGUF_MAX_DIMS]; /* outermost first */
    const void *data;
} made_tensor;

typedef struct made_file {
    unsigned char *bytes; /* malloc */
    size_t size;
    gguf_file file;
} made_file;

/* A file of these tensors and a right checksum, opened; fails the test if it can't be. */
made_file make_file(const made_tensor *tensors, int count);
void free_made(made_file *made);

#endif
