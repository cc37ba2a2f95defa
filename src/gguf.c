#include "gguf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as the file has them");

/* Far above what a model has, far below what could exhaust memory. */
enum { MAX_ENTRIES = 4096, MAX_TENSORS = 4096, MAX_ALIGNMENT = 1 << 16 };

/* The checksum's key: CRC-32 (as in PNG and zip) of the whole file with these four bytes taken as zero. */
static const char checksum_key[] = "tagger.crc32";

/* A reading position. Once `failed` is set every further read gives 0, so that callers check once, at the end. */
typedef struct cursor {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
    int failed;
} cursor;

static const uint8_t *take(cursor *c, uint64_t size) {
    if (c->failed || size > (uint64_t)(c->end - c->at)) {
        c->failed = 1;
        return NULL;
    }
    const uint8_t *at = c->at;
    c->at += size;
    return at;
}

static uint32_t load_u32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t load_u64(const uint8_t *p) { return load_u32(p) | (uint64_t)load_u32(p + 4) << 32; }

static uint32_t take_u32(cursor *c) {
    const uint8_t *p = take(c, 4);
    return p ? load_u32(p) : 0;
}

static uint64_t take_u64(cursor *c) {
    const uint8_t *p = take(c, 8);
    return p ? load_u64(p) : 0;
}

static gguf_string take_string(cursor *c) {
    uint64_t length = take_u64(c);
    const uint8_t *text = take(c, length);
    return (gguf_string){(const char *)text, text ? (size_t)length : 0};
}

/* Bytes of one value of a type of fixed size; 0 for strings, arrays and unknown types. */
static uint64_t scalar_size(uint32_t type) {
    static const uint8_t sizes[GGUF_TYPES] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return type < GGUF_TYPES ? sizes[type] : 0;
}

static void take_values(cursor *c, uint32_t type, uint64_t count) {
    if (type == GGUF_STRING) {
        for (uint64_t i = 0; i < count && !c->failed; i++) take_string(c);
    } else if (!scalar_size(type) || count > UINT64_MAX / 8) {
        c->failed = 1; /* arrays of arrays have no use here */
    } else {
        take(c, count * scalar_size(type));
    }
}

static void take_entry(cursor *c, gguf_entry *e) {
    e->key = take_string(c);
    e->type = take_u32(c);
    e->item_type = e->type;
    e->count = 1;
    if (e->type == GGUF_ARRAY) {
        e->item_type = take_u32(c);
        e->count = take_u64(c);
    }
    e->value = c->at;
    take_values(c, e->item_type, e->count);
}

static void take_tensor(cursor *c, gguf_tensor *t) {
    t->name = take_string(c);
    t->dims = take_u32(c);
    if (t->dims < 1 || t->dims > GGUF_MAX_DIMS) {
        c->failed = 1;
        return;
    }
    for (uint32_t i = t->dims; i-- > 0;) t->shape[i] = take_u64(c); /* the format has the fastest index first */
    t->type = take_u32(c);
    t->offset = take_u64(c);
}

/* Bytes of one value; 0 if the type is unknown. */
static uint64_t value_size(uint32_t tensor_type) {
    switch (tensor_type) {
    case GGUF_TENSOR_F32:
    case GGUF_TENSOR_I32:
        return 4;
    case GGUF_TENSOR_I16:
        return 2;
    case GGUF_TENSOR_I8:
        return 1;
    default:
        return 0;
    }
}

/* Bytes of a tensor; 0 if its type is unknown or its shape is empty or absurd. */
static uint64_t tensor_size(const gguf_tensor *t) {
    uint64_t size = value_size(t->type);
    for (uint32_t i = 0; i < t->dims; i++) {
        if (t->shape[i] == 0 || t->shape[i] > UINT32_MAX || size > UINT64_MAX / UINT32_MAX) return 0;
        size *= t->shape[i];
    }
    return size;
}

/* Binds every tensor to its bytes behind the header, which start at the next aligned place. */
static int place_tensors(gguf_file *file, const cursor *c, char *why) {
    uint32_t alignment = 32;
    gguf_get_uint32(file, "general.alignment", &alignment);
    if (alignment == 0 || alignment > MAX_ALIGNMENT)
        return tg_fail(TG_EFORMAT, why, "The model file is damaged: its alignment is %u.", (unsigned)alignment);
    uint64_t header = (uint64_t)(c->at - c->start);
    uint64_t base = (header + alignment - 1) / alignment * alignment;
    uint64_t total = (uint64_t)(c->end - c->start);
    for (uint64_t i = 0; i < file->tensor_count; i++) {
        gguf_tensor *t = &file->tensors[i];
        uint64_t size = tensor_size(t);
        if (size == 0)
            return tg_fail(TG_EFORMAT, why,
                           "The model file is damaged: tensor %d of %d has a type or shape that can't be.", (int)i + 1,
                           (int)file->tensor_count);
        if (base > total || t->offset > total - base || size > total - base - t->offset)
            return tg_fail(TG_EFORMAT, why,
                           "The model file is cut short: tensor %d of %d lies behind its end. Get the file again.",
                           (int)i + 1, (int)file->tensor_count);
        t->data = c->start + base + t->offset;
    }
    return TG_OK;
}

static void make_crc32_table(uint32_t table[256]) {
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
    }
}

static uint32_t crc32_step(const uint32_t table[256], uint32_t crc, const uint8_t *data, size_t size) {
    for (size_t i = 0; i < size; i++) crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
    return crc;
}

static int check_sum(const gguf_file *file, const cursor *c, char *why) {
    const gguf_entry *sum = gguf_find(file, checksum_key);
    if (!sum || sum->type != GGUF_UINT32)
        return tg_fail(TG_EFORMAT, why,
                       "The GGUF file has no %s, so it isn't a Taggram model. Make one with models/convert.",
                       checksum_key);
    static const uint8_t zeros[4] = {0};
    uint32_t table[256], crc = UINT32_MAX;
    make_crc32_table(table);
    crc = crc32_step(table, crc, c->start, (size_t)(sum->value - c->start));
    crc = crc32_step(table, crc, zeros, sizeof zeros);
    crc = crc32_step(table, crc, sum->value + 4, (size_t)(c->end - sum->value - 4));
    if ((crc ^ UINT32_MAX) != load_u32(sum->value))
        return tg_fail(TG_EFORMAT, why, "The model file is damaged: its checksum differs. Get the file again.");
    return TG_OK;
}

static int read_counts(gguf_file *file, cursor *c, char *why) {
    const uint8_t *magic = take(c, 4);
    if (!magic || memcmp(magic, "GGUF", 4) != 0)
        return tg_fail(TG_EFORMAT, why, "This isn't a GGUF file, so it can't be a model.");
    uint32_t version = take_u32(c);
    file->tensor_count = take_u64(c);
    file->entry_count = take_u64(c);
    if (c->failed) return tg_fail(TG_EFORMAT, why, "The model file is cut short in its header. Get the file again.");
    if (version != 3)
        return tg_fail(TG_EFORMAT, why, "The model file is GGUF version %u; version 3 is read.", (unsigned)version);
    if (file->tensor_count > MAX_TENSORS || file->entry_count > MAX_ENTRIES)
        return tg_fail(TG_EFORMAT, why, "The model file is damaged: it claims more than %d tensors or entries.",
                       MAX_TENSORS);
    return TG_OK;
}

static int read_header(gguf_file *file, cursor *c, char *why) {
    int error = read_counts(file, c, why);
    if (error) return error;
    file->entries = calloc(file->entry_count + 1, sizeof *file->entries);
    file->tensors = calloc(file->tensor_count + 1, sizeof *file->tensors);
    if (!file->entries || !file->tensors) return tg_fail(TG_ENOMEM, why, "There is no memory for the model's index.");
    for (uint64_t i = 0; i < file->entry_count && !c->failed; i++) take_entry(c, &file->entries[i]);
    for (uint64_t i = 0; i < file->tensor_count && !c->failed; i++) take_tensor(c, &file->tensors[i]);
    if (c->failed)
        return tg_fail(TG_EFORMAT, why, "The model file is cut short or damaged in its header. Get the file again.");
    return TG_OK;
}

int gguf_open(gguf_file *file, const void *bytes, size_t size, char *why) {
    memset(file, 0, sizeof *file);
    cursor c = {bytes, bytes, (const uint8_t *)bytes + size, 0};
    int error = read_header(file, &c, why);
    if (!error) error = place_tensors(file, &c, why);
    if (!error) error = check_sum(file, &c, why);
    if (error) gguf_close(file);
    return error;
}

void gguf_close(gguf_file *file) {
    free(file->entries);
    free(file->tensors);
    memset(file, 0, sizeof *file);
}

int gguf_string_is(gguf_string string, const char *text) {
    return string.length == strlen(text) && memcmp(string.text, text, string.length) == 0;
}

const gguf_entry *gguf_find(const gguf_file *file, const char *key) {
    for (uint64_t i = 0; i < file->entry_count; i++)
        if (gguf_string_is(file->entries[i].key, key)) return &file->entries[i];
    return NULL;
}

static const gguf_entry *find_typed(const gguf_file *file, const char *key, uint32_t type) {
    const gguf_entry *e = gguf_find(file, key);
    return e && e->type == type ? e : NULL;
}

int gguf_get_uint32(const gguf_file *file, const char *key, uint32_t *value) {
    const gguf_entry *e = find_typed(file, key, GGUF_UINT32);
    if (e) *value = load_u32(e->value);
    return e != NULL;
}

int gguf_get_float32(const gguf_file *file, const char *key, float *value) {
    const gguf_entry *e = find_typed(file, key, GGUF_FLOAT32);
    if (e) memcpy(value, e->value, sizeof *value);
    return e != NULL;
}

int gguf_get_string(const gguf_file *file, const char *key, gguf_string *value) {
    const gguf_entry *e = find_typed(file, key, GGUF_STRING);
    if (e) *value = (gguf_string){(const char *)e->value + 8, (size_t)load_u64(e->value)};
    return e != NULL;
}

int gguf_get_int32s(const gguf_file *file, const char *key, int32_t *values, uint64_t count) {
    const gguf_entry *e = find_typed(file, key, GGUF_ARRAY);
    if (!e || e->item_type != GGUF_INT32 || e->count != count) return 0;
    memcpy(values, e->value, count * sizeof *values);
    return 1;
}

/* One number as text; returns its length. */
static int show_number(char *text, size_t size, uint32_t type, const uint8_t *p) {
    uint64_t bits = 0;
    float single;
    double number;
    memcpy(&bits, p, scalar_size(type));
    memcpy(&single, &bits, sizeof single);
    memcpy(&number, &bits, sizeof number);
    switch (type) {
    case GGUF_FLOAT32:
        return snprintf(text, size, "%.9g", single);
    case GGUF_FLOAT64:
        return snprintf(text, size, "%.17g", number);
    case GGUF_BOOL:
        return snprintf(text, size, "%s", bits ? "true" : "false");
    case GGUF_INT8:
        return snprintf(text, size, "%d", (int8_t)bits);
    case GGUF_INT16:
        return snprintf(text, size, "%d", (int16_t)bits);
    case GGUF_INT32:
        return snprintf(text, size, "%d", (int)(int32_t)bits);
    case GGUF_INT64:
        return snprintf(text, size, "%lld", (long long)bits);
    default:
        return snprintf(text, size, "%llu", (unsigned long long)bits);
    }
}

char *gguf_show(const gguf_entry *entry) {
    enum { LONGEST = 26 /* of a number, with the space before it */ };
    if (entry->type == GGUF_STRING)
        return gguf_copy_string((gguf_string){(const char *)entry->value + 8, (size_t)load_u64(entry->value)});
    if (entry->item_type == GGUF_STRING) return NULL;
    const size_t room = (size_t)entry->count * LONGEST + 1;
    char *text = malloc(room), *at = text;
    if (!text) return NULL;
    *at = 0;
    for (uint64_t i = 0; i < entry->count; i++) {
        if (i > 0) *at++ = ' ';
        at += show_number(at, room - (size_t)(at - text), entry->item_type,
                          entry->value + i * scalar_size(entry->item_type));
    }
    return text;
}

char *gguf_copy_string(gguf_string string) {
    char *copy = malloc(string.length + 1);
    if (!copy) return NULL;
    memcpy(copy, string.text, string.length);
    copy[string.length] = 0;
    return copy;
}

char *gguf_copy_item(const gguf_entry *array, uint64_t index) {
    const uint8_t *p = array->value; /* strings of an array stand one behind the other, each with its length */
    for (; index > 0; index--) p += 8 + load_u64(p);
    return gguf_copy_string((gguf_string){(const char *)p + 8, (size_t)load_u64(p)});
}

const gguf_tensor *gguf_find_tensor(const gguf_file *file, const char *name) {
    for (uint64_t i = 0; i < file->tensor_count; i++)
        if (gguf_string_is(file->tensors[i].name, name)) return &file->tensors[i];
    return NULL;
}
