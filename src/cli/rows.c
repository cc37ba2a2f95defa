#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int rows_open(rows *table, int columns, message *why) {
    const char *folder = getenv("TMPDIR");
    char *path;
    if (asprintf(&path, "%s/taggram.XXXXXX", folder && *folder ? folder : "/tmp") < 0)
        return message_set(why, "Out of memory.");
    int file = mkostemp(path, O_CLOEXEC);
    int error = errno;
    if (file >= 0) unlink(path);
    free(path);
    *table = (rows){.file = file < 0 ? NULL : fdopen(file, "w+b"), .columns = columns};
    return table->file
               ? 0
               : message_set(why, "No temporary file can be made (%s); set TMPDIR to another folder.", strerror(error));
}

static int say_full(message *why) {
    return message_set(why, "The temporary file cannot be written (%s); set TMPDIR to another folder.",
                       strerror(errno));
}

int rows_add(rows *table, const tg_segment *segment, const float *scores, message *why) {
    size_t columns = (size_t)table->columns;
    bool written = fwrite(segment, sizeof *segment, 1, table->file) == 1 &&
                   fwrite(scores, sizeof *scores, columns, table->file) == columns;
    return written ? 0 : say_full(why);
}

int rows_finish(rows *table, message *why) { return fflush(table->file) ? say_full(why) : 0; }

void rows_rewind(const rows *table) { rewind(table->file); }

bool rows_next(const rows *table, tg_segment *segment, float *scores) {
    size_t columns = (size_t)table->columns;
    return fread(segment, sizeof *segment, 1, table->file) == 1 &&
           fread(scores, sizeof *scores, columns, table->file) == columns;
}

void rows_close(rows *table) {
    if (table->file) fclose(table->file);
    table->file = NULL;
}
