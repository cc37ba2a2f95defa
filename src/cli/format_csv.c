/* CSV (RFC 4180, lines ended by \n): a header, then one line a segment. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "names.h"

static void put_text(FILE *out, const char *text) {
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_begin(const report *to) {
    const tg_model *model = to->settings->model;
    fputs("file,start,end,silent,padded", to->out);
    for (int tag = 0; tag < tg_model_tag_count(model); tag++) {
        fputc(',', to->out);
        put_text(to->out, tg_model_tag(model, tag));
    }
    fputc('\n', to->out);
}

static bool csv_song(const report *to, const char *file, const tagging *song) {
    char *name = name_as_utf8(file);
    float *scores = malloc((size_t)song->table.columns * sizeof *scores);
    tg_segment segment;
    int written = 0;
    rows_rewind(&song->table);
    for (; name && scores && rows_next(&song->table, &segment, scores); written++) {
        put_text(to->out, name);
        fprintf(to->out, ",%.3f,%.3f,%d,%d", segment.start, segment.end, segment.silent != 0, segment.padded != 0);
        for (int tag = 0; tag < song->table.columns; tag++) fprintf(to->out, ",%.7g", scores[tag]);
        fputc('\n', to->out);
    }
    free(scores);
    free(name);
    return written == song->segments;
}

const format format_csv = {.name = "csv", .wants_rows = true, .begin = csv_begin, .song = csv_song};
