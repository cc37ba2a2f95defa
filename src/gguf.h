/*
 * Reader of GGUF version 3, the container that model files come in: typed metadata and named, aligned tensors.
 * It trusts nothing: every length, type and offset is checked against the bytes that are there.
 */
#ifndef TG_GGUF_H
#define TG_GGUF_H

#include <stddef.h>
#include <stdint.h>

enum gguf_type {
    GGUF_UINT8,
    GGUF_INT8,
    GGUF_UINT16,
    GGUF_INT16,
    GGUF_UINT32,
    GGUF_INT32,
    GGUF_FLOAT32,
    GGUF_BOOL,
    GGUF_STRING,
    GGUF_ARRAY,
    GGUF_UINT64,
    GGUF_INT64,
    GGUF_FLOAT64,
    GGUF_TYPES
};

/* Tensor types, a numbering of their own in the format. */
enum { GGUF_TENSOR_F32 = 0, GGUF_TENSOR_I8 = 24, GGUF_TENSOR_I16 = 25, GGUF_TENSOR_I32 = 26 };

enum { GGUF_MAX_DIMS = 4 };

/* Views into the file's bytes; strings there have no final zero. */
typedef struct gguf_string {
    const char *text;
    size_t length;
} gguf_string;

typedef struct gguf_entry {
    gguf_string key;
    uint32_t type;
    const uint8_t *value; /* of arrays: the first element */
    uint32_t item_type;   /* of arrays */
    uint64_t count;       /* of arrays; else 1 */
} gguf_entry;

typedef struct gguf_tensor {
    gguf_string name;
    uint32_t type;
    uint32_t dims;
    uint64_t shape[GGUF_MAX_DIMS]; /* outermost first, the last index runs fastest */
    const uint8_t *data;           /* aligned in the file, not necessarily in memory */
    uint64_t offset;               /* from the start of the tensor data */
} gguf_tensor;

typedef struct gguf_file {
    gguf_entry *entries;
    gguf_tensor *tensors;
    uint64_t entry_count;
    uint64_t tensor_count;
} gguf_file;

/* Indexes `size` bytes, which must stay while the file is used. Returns TG_OK, TG_EFORMAT or TG_ENOMEM, and says why.
 */
int gguf_open(gguf_file *file, const void *bytes, size_t size, char *why);
void gguf_close(gguf_file *file);

/* Metadata. NULL, or 0 for "no", where there is no such key of that type. */
const gguf_entry *gguf_find(const gguf_file *file, const char *key);
int gguf_get_uint32(const gguf_file *file, const char *key, uint32_t *value);
int gguf_get_float32(const gguf_file *file, const char *key, float *value);
int gguf_get_string(const gguf_file *file, const char *key, gguf_string *value);
/* An array of exactly `count` int32. */
int gguf_get_int32s(const gguf_file *file, const char *key, int32_t *values, uint64_t count);

/*
 * An entry's value as text for people (malloc); numbers of an array are separated by spaces. NULL without memory and
 * for arrays of strings.
 */
char *gguf_show(const gguf_entry *entry);

/* Copies string `index` of an array of strings as C text (malloc); NULL without memory. */
char *gguf_copy_item(const gguf_entry *array, uint64_t index);
char *gguf_copy_string(gguf_string string);
int gguf_string_is(gguf_string string, const char *text);

const gguf_tensor *gguf_find_tensor(const gguf_file *file, const char *name);

#endif
