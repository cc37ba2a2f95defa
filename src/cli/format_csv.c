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
    fputs("file,model,version,hop,length,start,end,silent,padded", to->out);
    for (int tag = 0; tag < tg_model_tag_count(model); tag++) {
        fputc(',', to->out);
        put_text(to->out, tg_model_tag(model, tag));
    }
    fputc('\n', to->out);
}

/* What every line begins with: the file, and how it was tagged. */
static void put_origin(const report *to, const char *name) {
    put_text(to->out, name);
    fputc(',', to->out);
    put_text(to->out, tg_model_name(to->settings->model));
    fprintf(to->out, ",%s,%.3f,%.3f", tg_version(), to->settings->hop_frames * TG_FRAME_SECONDS,
            to->settings->segment_frames * TG_FRAME_SECONDS);
}

static void put_segment(FILE *out, const tg_segment *segment, const float *scores, int tags) {
    fprintf(out, ",%.3f,%.3f,%d,%d", segment->start, segment->end, segment->silent != 0, segment->padded != 0);
    for (int tag = 0; tag < tags; tag++) fprintf(out, ",%.7g", scores[tag]);
    fputc('\n', out);
}

static bool csv_song(const report *to, const char *file, const tagging *song) {
    char *name = name_as_utf8(file);
    float *scores = malloc((size_t)song->table.tags * sizeof *scores);
    tg_segment segment;
    bool ok = name && scores;
    for (int row = 0; ok && row < song->segments; row++) {
        ok = rows_segment(&song->table, row, &segment) && rows_scores(&song->table, row, scores);
        if (!ok) break;
        put_origin(to, name);
        put_segment(to->out, &segment, scores, song->table.tags);
    }
    free(scores);
    free(name);
    return ok;
}

const format format_csv = {.name = "csv", .wants_rows = true, .begin = csv_begin, .song = csv_song};
