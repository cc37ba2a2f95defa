#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int rows_open(rows *table, int tags, message *why) {
    const char *folder = getenv("TMPDIR");
    char *path;
    if (asprintf(&path, "%s/taggram.XXXXXX", folder && *folder ? folder : "/tmp") < 0)
        return message_set(why, "Out of memory.");
    int file = mkostemp(path, O_CLOEXEC);
    int error = errno;
    if (file >= 0) unlink(path);
    free(path);
    *table = (rows){.file = file < 0 ? NULL : fdopen(file, "w+b"), .tags = tags};
    return table->file
               ? 0
               : message_set(why, "No temporary file can be made (%s); set TMPDIR to another folder.", strerror(error));
}

static int say_full(message *why) {
    return message_set(why, "The temporary file cannot be written (%s); set TMPDIR to another folder.",
                       strerror(errno));
}

int rows_add(rows *table, const tg_segment *segment, const float *scores, message *why) {
    if (fwrite(segment, sizeof *segment, 1, table->file) != 1) return say_full(why);
    return rows_add_values(table, scores, (size_t)table->tags, why);
}

int rows_add_values(rows *table, const float *values, size_t count, message *why) {
    return fwrite(values, sizeof *values, count, table->file) == count ? 0 : say_full(why);
}

int rows_finish(rows *table, message *why) { return fflush(table->file) ? say_full(why) : 0; }

/* Reads `size` bytes of a row, `offset` from its beginning. */
static bool read_part(const rows *table, int row, size_t offset, void *out, size_t size) {
    size_t row_bytes = sizeof(tg_segment) + ((size_t)table->tags + table->extra) * sizeof(float);
    off_t at = (off_t)row * (off_t)row_bytes + (off_t)offset;
    char *to = out;
    for (ssize_t got; size; at += got, to += got, size -= (size_t)got) {
        do got = pread(fileno(table->file), to, size, at);
        while (got < 0 && errno == EINTR);
        if (got <= 0) return false;
    }
    return true;
}

bool rows_segment(const rows *table, int row, tg_segment *segment) {
    return read_part(table, row, 0, segment, sizeof *segment);
}

bool rows_scores(const rows *table, int row, float *scores) {
    return read_part(table, row, sizeof(tg_segment), scores, (size_t)table->tags * sizeof *scores);
}

bool rows_values(const rows *table, int row, size_t first, size_t count, float *values) {
    size_t offset = sizeof(tg_segment) + ((size_t)table->tags + first) * sizeof *values;
    return read_part(table, row, offset, values, count * sizeof *values);
}

void rows_close(rows *table) {
    if (table->file) fclose(table->file);
    table->file = NULL;
}
