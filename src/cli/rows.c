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
    *table = (rows){.file = file, .open = file >= 0, .tags = tags};
    return table->open
               ? 0
               : message_set(why, "No temporary file can be made (%s); set TMPDIR to another folder.", strerror(error));
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static off_t row_bytes(const rows *table) {
    return (off_t)(sizeof(tg_segment) + ((size_t)table->tags + table->extra) * sizeof(float));
}

static ssize_t write_bytes(void *writer, const char *bytes, size_t size) {
    row_writer *to = writer;
    ssize_t written;
    do written = pwrite(to->file, bytes, size, to->at);
    while (written < 0 && errno == EINTR);
    if (written < 0) return 0; /* a stream's error */
    to->at += written;
    return written;
}

int rows_begin(row_writer *to, const rows *table, int row, message *why) {
    to->file = table->file;
    to->at = row * row_bytes(table);
    to->stream = fopencookie(to, "w", (cookie_io_functions_t){.write = write_bytes});
    return to->stream ? 0 : message_set(why, "Out of memory.");
}

static int say_full(message *why) {
    return message_set(why, "The temporary file cannot be written (%s); set TMPDIR to another folder.",
                       strerror(errno));
}

int rows_add(row_writer *to, const rows *table, const tg_segment *segment, const float *scores, message *why) {
    if (fwrite(segment, sizeof *segment, 1, to->stream) != 1) return say_full(why);
    return rows_add_values(to, scores, (size_t)table->tags, why);
}

int rows_add_values(row_writer *to, const float *values, size_t count, message *why) {
    return fwrite(values, sizeof *values, count, to->stream) == count ? 0 : say_full(why);
}

int rows_flush(row_writer *to, message *why) { return to->stream && fflush(to->stream) ? say_full(why) : 0; }

void rows_end(row_writer *to) {
    if (to->stream) fclose(to->stream);
    to->stream = NULL;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Reads `size` bytes of a row, `offset` from its beginning. */
static bool read_part(const rows *table, int row, size_t offset, void *out, size_t size) {
    off_t at = row * row_bytes(table) + (off_t)offset;
    char *to = out;
    for (ssize_t got; size; at += got, to += got, size -= (size_t)got) {
        do got = pread(table->file, to, size, at);
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
    if (table->open) close(table->file);
    table->open = false;
}
