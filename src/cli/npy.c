#include "npy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

#define MAGIC "\x93NUMPY\x01\x00" /* and the format's version */
enum {
    MAGIC_BYTES = sizeof MAGIC - 1,
    ALIGNMENT = 64, /* of the values in the file */
    CHARACTER_BYTES = 4,
    BLOCK = 4096 /* values copied at a time */
};

#define BYTE_ORDER_LETTER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>')

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* A literal of Python, padded so that the values begin at a multiple of ALIGNMENT. Returns its length. */
static int make_header(const npy_array *array, char *header, size_t room) {
    FILE *to = fmemopen(header, room, "w");
    if (!to) return 0;
    fprintf(to, "{'descr': '%c%c%d', 'fortran_order': False, 'shape': (", array->kind == 'b' ? '|' : BYTE_ORDER_LETTER,
            array->kind, array->item);
    for (int d = 0; d < array->dims; d++)
        fprintf(to, "%" PRId64 "%s", array->shape[d], d && d == array->dims - 1 ? "" : ",");
    fputs("), }", to);
    while ((MAGIC_BYTES + 2 + ftell(to) + 1) % ALIGNMENT) fputc(' ', to);
    fputc('\n', to);
    int length = (int)ftell(to);
    return fclose(to) ? 0 : length;
}

static int64_t value_bytes(const npy_array *array) {
    int64_t bytes = array->item * (array->kind == 'U' ? CHARACTER_BYTES : 1);
    for (int d = 0; d < array->dims; d++) bytes *= array->shape[d];
    return bytes;
}

int64_t npy_bytes(const npy_array *array) {
    char header[512];
    return MAGIC_BYTES + 2 + make_header(array, header, sizeof header) + value_bytes(array);
}

bool npy_write(const npy_array *array, FILE *out) {
    char header[512];
    int length = make_header(array, header, sizeof header);
    if (!length) return false;
    fwrite(MAGIC, 1, MAGIC_BYTES, out);
    fputc(length & 0xFF, out);
    fputc(length >> 8, out);
    fwrite(header, 1, (size_t)length, out);
    return array->put(array, out);
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static bool put_taggram(const npy_array *array, FILE *out) {
    const tagging *song = array->from.song;
    float *scores = malloc((size_t)song->table.tags * sizeof *scores);
    bool ok = scores;
    for (int row = 0; ok && row < song->segments; row++)
        if ((ok = rows_scores(&song->table, row, scores)))
            fwrite(scores, sizeof *scores, (size_t)song->table.tags, out);
    free(scores);
    return ok;
}

static bool put_feature(const npy_array *array, FILE *out) {
    const tagging *song = array->from.song;
    float values[BLOCK];
    for (int row = 0; row < song->segments; row++)
        for (size_t done = 0, count; done < array->feature->size; done += count) {
            count = array->feature->size - done < BLOCK ? array->feature->size - done : BLOCK;
            if (!rows_values(&song->table, row, array->feature->first + done, count, values)) return false;
            fwrite(values, sizeof *values, count, out);
        }
    return true;
}

static bool put_starts(const npy_array *array, FILE *out) {
    const tagging *song = array->from.song;
    tg_segment segment;
    for (int row = 0; row < song->segments; row++) {
        if (!rows_segment(&song->table, row, &segment)) return false;
        fwrite(&segment.start, sizeof segment.start, 1, out);
    }
    return true;
}

static bool put_silent(const npy_array *array, FILE *out) {
    const tagging *song = array->from.song;
    tg_segment segment;
    for (int row = 0; row < song->segments; row++) {
        if (!rows_segment(&song->table, row, &segment)) return false;
        fputc(segment.silent != 0, out);
    }
    return true;
}

static int count_characters(const char *text) {
    int count = 0;
    for (uint32_t code; *text; count++) text += utf8_next(text, &code);
    return count;
}

/* As UTF-32, with zeros up to the array's width. */
static void put_characters(const npy_array *array, const char *text, FILE *out) {
    for (int i = 0; i < array->item; i++) {
        uint32_t code = 0;
        if (*text) text += utf8_next(text, &code);
        fwrite(&code, sizeof code, 1, out);
    }
}

static bool put_tags(const npy_array *array, FILE *out) {
    for (int tag = 0; tag < array->shape[0]; tag++) {
        char *name = name_as_utf8(tg_model_tag(array->from.to->settings->model, tag));
        if (!name) return false;
        put_characters(array, name, out);
        free(name);
    }
    return true;
}

static bool put_text(const npy_array *array, FILE *out) {
    put_characters(array, array->text, out);
    return true;
}

static bool put_number(const npy_array *array, FILE *out) {
    fwrite(&array->number, sizeof array->number, 1, out);
    return true;
}

/* ---- Arrays ------------------------------------------------------------------------------------------------------ */

npy_array npy_taggram(npy_source from) {
    return (npy_array){.name = "taggram",
                       .from = from,
                       .kind = 'f',
                       .item = sizeof(float),
                       .dims = 2,
                       .shape = {from.song->segments, from.song->table.tags},
                       .put = put_taggram};
}

/* In the musicnn library's shape: the frames of one segment after the other, and no dimension of one band. */
npy_array npy_feature(npy_source from, const kept_feature *kept) {
    npy_array array = {.name = kept->name,
                       .from = from,
                       .feature = kept,
                       .kind = 'f',
                       .item = sizeof(float),
                       .dims = 1,
                       .shape = {from.song->segments},
                       .put = put_feature};
    const bool has_frames = kept->dims > 1;
    if (has_frames) array.shape[0] *= kept->shape[0];
    for (int d = has_frames; d < kept->dims; d++)
        if (kept->shape[d] > 1) array.shape[array.dims++] = kept->shape[d];
    return array;
}

/* In characters. */
static int widest_tag(const tg_model *model) {
    int widest = 1;
    for (int tag = 0; tag < tg_model_tag_count(model); tag++) {
        char *name = name_as_utf8(tg_model_tag(model, tag));
        int width = name ? count_characters(name) : 0;
        widest = width > widest ? width : widest;
        free(name);
    }
    return widest;
}

npy_array npy_tags(npy_source from) {
    return (npy_array){.name = "tags",
                       .from = from,
                       .kind = 'U',
                       .item = widest_tag(from.to->settings->model),
                       .dims = 1,
                       .shape = {from.song->table.tags},
                       .put = put_tags};
}

npy_array npy_starts(npy_source from) {
    return (npy_array){.name = "start",
                       .from = from,
                       .kind = 'f',
                       .item = sizeof(double),
                       .dims = 1,
                       .shape = {from.song->segments},
                       .put = put_starts};
}

npy_array npy_silent(npy_source from) {
    return (npy_array){.name = "silent",
                       .from = from,
                       .kind = 'b',
                       .item = 1,
                       .dims = 1,
                       .shape = {from.song->segments},
                       .put = put_silent};
}

npy_array npy_text(npy_source from, const char *name, const char *text) {
    int width = count_characters(text);
    return (npy_array){
        .name = name, .from = from, .text = text, .kind = 'U', .item = width ? width : 1, .put = put_text};
}

npy_array npy_number(npy_source from, const char *name, double number) {
    return (npy_array){
        .name = name, .from = from, .number = number, .kind = 'f', .item = sizeof number, .put = put_number};
}
