/*
 * JSON: jansson writes the values, one small value at a time, so that a song of any length needs little memory.
 * One file is laid out over lines for reading; of several, each is one line.
 */
#include <jansson.h>
#include <stdlib.h>

#include "format.h"
#include "names.h"

/* Significant digits. Times are multiples of 16 ms, so that 15 digits print them as they are,
 * without 2.9920000000000004. */
enum { TIME_DIGITS = 15, SCORE_DIGITS = 7 };

typedef struct writer {
    const report *to;
    bool first; /* no member was written yet */
    bool ok;
} writer;

/* Writes and frees `value`; NULL counts as memory run out. */
static void put(writer *w, json_t *value, int digits) {
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits);
    w->ok = w->ok && value;
    if (w->ok && json_dumpf(value, w->to->out, flags) && !ferror(w->to->out)) w->ok = false;
    json_decref(value);
}

static void key(writer *w, const char *name) {
    const char *line = w->to->several ? "" : "\n  ";
    fprintf(w->to->out, "%s%s\"%s\":%s", w->first ? "{" : ",", line, name, w->to->several ? "" : " ");
    w->first = false;
}

static void member(writer *w, const char *name, json_t *value) {
    key(w, name);
    put(w, value, TIME_DIGITS);
}

/* jansson refuses what is not UTF-8. */
static json_t *text_value(const char *text) {
    char *clean = name_as_utf8(text);
    json_t *value = clean ? json_string(clean) : NULL;
    free(clean);
    return value;
}

static json_t *tag_names(const tg_model *model) {
    json_t *names = json_array();
    for (int tag = 0; tag < tg_model_tag_count(model); tag++)
        json_array_append_new(names, text_value(tg_model_tag(model, tag)));
    return names;
}

static json_t *segment_value(const tg_segment *segment) {
    return json_pack("{s:f,s:f,s:b,s:b}", "start", segment->start, "end", segment->end, "silent", segment->silent,
                     "padded", segment->padded);
}

static json_t *scores_value(const float *scores, int tags) {
    json_t *values = json_array();
    for (int tag = 0; tag < tags; tag++) json_array_append_new(values, json_real(scores[tag]));
    return values;
}

/* An array with one item a segment: its times, or its scores. */
static void put_rows(writer *w, const tagging *song, bool times, float *scores) {
    const char *line = w->to->several ? "" : "\n    ", *separator = "[";
    tg_segment segment;
    int written = 0;
    rows_rewind(&song->table);
    for (; w->ok && rows_next(&song->table, &segment, scores); written++, separator = ",") {
        fprintf(w->to->out, "%s%s", separator, line);
        if (times)
            put(w, segment_value(&segment), TIME_DIGITS);
        else
            put(w, scores_value(scores, song->table.columns), SCORE_DIGITS);
    }
    fprintf(w->to->out, "%s%s]", written ? "" : "[", w->to->several ? "" : "\n  ");
    w->ok = w->ok && written == song->segments;
}

static void put_top(writer *w, const tagging *song) {
    json_t *top = json_array();
    for (int i = 0; song->heard && i < w->to->top; i++) {
        int tag = song->ranking[i];
        json_array_append_new(top, json_pack("{s:o,s:f}", "tag", text_value(tg_model_tag(w->to->settings->model, tag)),
                                             "score", song->means[tag]));
    }
    key(w, "top");
    put(w, top, SCORE_DIGITS);
}

static json_t *warnings_value(const warnings *list) {
    json_t *texts = json_array();
    for (size_t i = 0; i < list->count; i++) json_array_append_new(texts, json_string(list->items[i].text));
    return texts;
}

static void put_song(writer *w, const char *file, const tagging *song, float *scores) {
    const tag_settings *settings = w->to->settings;
    const tg_model *model = settings->model;
    member(w, "file", text_value(file));
    member(w, "model", text_value(tg_model_name(model)));
    member(w, "version", json_string(tg_version()));
    member(w, "sample_rate", json_integer(song->sample_rate));
    member(w, "duration", json_real(song->duration));
    member(w, "hop", json_real(settings->hop_frames * TG_FRAME_SECONDS));
    member(w, "length", json_real(tg_model_segment_frames(model) * TG_FRAME_SECONDS));
    member(w, "tags", tag_names(model));
    key(w, "segments");
    put_rows(w, song, true, scores);
    key(w, "taggram");
    put_rows(w, song, false, scores);
    put_top(w, song);
    member(w, "warnings", warnings_value(&song->remarks));
    fputs(w->to->several ? "}\n" : "\n}\n", w->to->out);
}

static bool json_song(const report *to, const char *file, const tagging *song) {
    writer w = {.to = to, .first = true, .ok = true};
    float *scores = malloc((size_t)song->table.columns * sizeof *scores);
    if (scores) put_song(&w, file, song, scores);
    free(scores);
    return scores && w.ok;
}

const format format_json = {.name = "json", .wants_rows = true, .song = json_song};
