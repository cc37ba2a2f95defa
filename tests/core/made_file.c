#include "made_file.h"

#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { ALIGNMENT = 32 };

typedef struct writer {
    unsigned char *bytes;
    size_t size;
} writer;

static void put(writer *w, const void *data, size_t count) {
    w->bytes = realloc(w->bytes, w->size + count + ALIGNMENT);
    if (count > 0) memcpy(w->bytes + w->size, data, count);
    w->size += count;
}

static void put_u32(writer *w, uint32_t value) { put(w, &value, sizeof value); }
static void put_u64(writer *w, uint64_t value) { put(w, &value, sizeof value); }

static void put_string(writer *w, const char *text) {
    put_u64(w, strlen(text));
    put(w, text, strlen(text));
}

static void align(writer *w) {
    static const unsigned char zeros[ALIGNMENT];
    put(w, zeros, (ALIGNMENT - w->size % ALIGNMENT) % ALIGNMENT);
}

static size_t bytes_of(const made_tensor *t) {
    size_t count = t->type == GGUF_TENSOR_I8 ? 1 : t->type == GGUF_TENSOR_I16 ? 2 : 4;
    for (int i = 0; i < t->dims; i++) count *= (size_t)t->shape[i];
    return count;
}

made_file make_file(const made_tensor *tensors, int count) {
    writer w = {0};
    put(&w, "GGUF", 4);
    put_u32(&w, 3);
    put_u64(&w, (uint64_t)count);
    put_u64(&w, 1); /* entries */
    put_string(&w, "tagger.crc32");
    put_u32(&w, GGUF_UINT32);
    put_u32(&w, 0);
    uint64_t offset = 0;
    for (int i = 0; i < count; i++) {
        put_string(&w, tensors[i].name);
        put_u32(&w, (uint32_t)tensors[i].dims);
        for (int d = tensors[i].dims; d-- > 0;) put_u64(&w, (uint64_t)tensors[i].shape[d]); /* the fastest first */
        put_u32(&w, tensors[i].type);
        put_u64(&w, offset);
        offset += (bytes_of(&tensors[i]) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    for (int i = 0; i < count; i++) {
        align(&w);
        put(&w, tensors[i].data, bytes_of(&tensors[i]));
    }
    mend_checksum(w.bytes, w.size);
    made_file made = {w.bytes, w.size, {0}};
    char why[TG_MESSAGE_SIZE] = "";
    if (gguf_open(&made.file, made.bytes, made.size, why)) fail_msg("%s", why);
    return made;
}

void free_made(made_file *made) {
    gguf_close(&made->file);
    free(made->bytes);
}
