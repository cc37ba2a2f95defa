/* JSON: one song is laid out over lines for reading; of several, each is one line (NDJSON). */
#include <stdlib.h>

#include "format.h"
#include "json.h"

typedef struct writer {
    const report *to;
    const char *member, *item; /* what goes before each: line breaks and indents, or nothing */
    bool first;                /* no member was written yet */
    bool ok;
} writer;

static writer make_writer(const report *to, bool lines) {
    return (writer){.to = to, .member = lines ? "" : "\n  ", .item = lines ? "" : "\n    ", .first = true, .ok = true};
}

static void put(writer *w, json_t *value, enum json_digits digits) {
    if (!json_put(w->to->out, value, digits)) w->ok = false;
}

static void key(writer *w, const char *name) {
    fprintf(w->to->out, "%s%s\"%s\":%s", w->first ? "{" : ",", w->member, name, *w->member ? " " : "");
    w->first = false;
}

static void member(writer *w, const char *name, json_t *value) {
    key(w, name);
    put(w, value, TIME_DIGITS);
}

static void end(writer *w) { fputs(*w->member ? "\n}\n" : "}\n", w->to->out); }

static json_t *tag_names(const tg_model *model) {
    json_t *names = json_array();
    for (int tag = 0; tag < tg_model_tag_count(model); tag++)
        json_array_append_new(names, json_text(tg_model_tag(model, tag)));
    return names;
}

static json_t *list_values(const tg_model *model) {
    json_t *lists = json_array();
    const int count = tg_model_list_count(model);
    for (int list = 0; list < count; list++)
        json_array_append_new(lists, json_pack("{s:o,s:i}", "name", json_text(tg_model_list(model, list)), "tags",
                                               tg_model_tag_count(model) / count));
    return lists;
}

static json_t *segment_value(const tg_segment *segment) {
    return json_pack("{s:f,s:f,s:b,s:b}", "start", segment->start, "end", segment->end, "silent", segment->silent,
                     "padded", segment->padded);
}

static json_t *numbers_value(const float *values, int count) {
    json_t *array = json_array();
    for (int i = 0; i < count; i++) json_array_append_new(array, json_real(values[i]));
    return array;
}

/* ---- Arrays with one item a segment ------------------------------------------------------------------------------ */

typedef struct array_writer {
    writer *w;
    const tagging *song;
    const kept_feature *feature; /* for put_feature */
    float *values;               /* [tags], or a feature's last dimension */
} array_writer;

static bool put_times(const array_writer *a, int row) {
    tg_segment segment;
    if (!rows_segment(&a->song->table, row, &segment)) return false;
    put(a->w, segment_value(&segment), TIME_DIGITS);
    return true;
}

static bool put_scores(const array_writer *a, int row) {
    if (!rows_scores(&a->song->table, row, a->values)) return false;
    put(a->w, numbers_value(a->values, a->song->table.tags), SCORE_DIGITS);
    return true;
}

/* A bracket for each list, of all dimensions but the last, that begins or ends at `at` of the feature's `lines`. */
static void put_brackets(FILE *out, char bracket, const kept_feature *feature, int lines, int at) {
    for (int d = 0; d < feature->dims - 1; lines /= feature->shape[d++])
        if (at % lines == 0) fputc(bracket, out);
}

/* One segment's values in nested lists; a line is one along the last dimension. */
static bool put_feature(const array_writer *a, int row) {
    const kept_feature *feature = a->feature;
    FILE *out = a->w->to->out;
    int width = feature->shape[feature->dims - 1], lines = (int)(feature->size / (size_t)width);
    for (int i = 0; i < lines; i++) {
        size_t first = feature->first + (size_t)i * (size_t)width;
        if (!rows_values(&a->song->table, row, first, (size_t)width, a->values)) return false;
        if (i) fputc(',', out);
        put_brackets(out, '[', feature, lines, i);
        put(a->w, numbers_value(a->values, width), FLOAT_DIGITS);
        put_brackets(out, ']', feature, lines, i + 1);
    }
    return true;
}

static void put_rows(const array_writer *a, bool (*put_row)(const array_writer *, int)) {
    writer *w = a->w;
    for (int row = 0; w->ok && row < a->song->segments; row++) {
        fprintf(w->to->out, "%s%s", row ? "," : "[", w->item);
        w->ok = put_row(a, row) && w->ok;
    }
    fprintf(w->to->out, "%s]", w->member);
}

static void put_features(writer *w, const tagging *song) {
    key(w, "features");
    for (int i = 0; w->ok && i < w->to->settings->features.count; i++) {
        const kept_feature *feature = &song->features[i];
        float *values = malloc((size_t)feature->shape[feature->dims - 1] * sizeof *values);
        array_writer a = {w, song, feature, values};
        fprintf(w->to->out, "%s%s\"%s\":", i ? "," : "{", w->item, feature->name);
        w->ok = values != NULL;
        put_rows(&a, put_feature);
        free(values);
    }
    fprintf(w->to->out, "%s}", w->member);
}

/* ---- A song ------------------------------------------------------------------------------------------------------ */

static void put_top(writer *w, const tagging *song) {
    json_t *top = json_array();
    for (int i = 0; song->heard && i < w->to->top; i++) {
        int tag = song->ranking[i];
        json_array_append_new(top, json_pack("{s:o,s:f}", "tag", json_text(tg_model_tag(w->to->settings->model, tag)),
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
    array_writer a = {.w = w, .song = song, .values = scores};
    member(w, "file", json_text(file));
    member(w, "model", json_text(tg_model_name(model)));
    member(w, "version", json_string(tg_version()));
    member(w, "sample_rate", json_integer(song->sample_rate));
    member(w, "duration", json_real(song->duration));
    member(w, "hop", json_real(settings->hop_frames * TG_FRAME_SECONDS));
    member(w, "length", json_real(settings->segment_frames * TG_FRAME_SECONDS));
    member(w, "tags", tag_names(model));
    if (tg_model_list_count(model)) member(w, "lists", list_values(model));
    key(w, "segments");
    put_rows(&a, put_times);
    key(w, "taggram");
    put_rows(&a, put_scores);
    if (settings->features.count) put_features(w, song);
    put_top(w, song);
    member(w, "warnings", warnings_value(&song->remarks));
    end(w);
}

static bool write_song(writer w, const char *file, const tagging *song) {
    float *scores = malloc((size_t)song->table.tags * sizeof *scores);
    if (!scores) return false;
    put_song(&w, file, song, scores);
    free(scores);
    return w.ok;
}

static bool json_song(const report *to, const char *file, const tagging *song) {
    return write_song(make_writer(to, false), file, song);
}

static bool ndjson_song(const report *to, const char *file, const tagging *song) {
    return write_song(make_writer(to, true), file, song);
}

static bool ndjson_failure(const report *to, const char *file, const message *why) {
    writer w = make_writer(to, true);
    member(&w, "file", json_text(file));
    member(&w, "error", json_text(why->text));
    end(&w);
    return w.ok;
}

const format format_json = {
    .name = "json", .wants_rows = true, .max_features = -1, .for_several = &format_ndjson, .song = json_song};

const format format_ndjson = {
    .name = "ndjson", .wants_rows = true, .max_features = -1, .song = ndjson_song, .failure = ndjson_failure};
