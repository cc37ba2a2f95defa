/*
 * JAMS, the JSON of music research (Humphrey et al., ISMIR 2014), of one song: the whole song's tags and every
 * segment's, as two annotations of the namespace tag_open. Silent segments have no tags.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "json.h"
#include "names.h"

#define JAMS_VERSION "0.3.5" /* of the schema that this follows */

typedef struct writer {
    const report *to;
    const tagging *song;
    bool ok;
    bool any; /* the annotation has an observation already */
} writer;

static void put(writer *w, const char *before, json_t *value, enum json_digits digits) {
    fputs(before, w->to->out);
    if (!json_put(w->to->out, value, digits)) w->ok = false;
}

static void put_observation(writer *w, double time, double duration, int tag, float score) {
    FILE *out = w->to->out;
    put(w, w->any ? ",\n    {\"time\":" : "\n    {\"time\":", json_real(time), TIME_DIGITS);
    put(w, ",\"duration\":", json_real(duration), TIME_DIGITS);
    put(w, ",\"value\":", json_text(tg_model_tag(w->to->settings->model, tag)), TIME_DIGITS);
    put(w, ",\"confidence\":", json_real(score), SCORE_DIGITS);
    fputc('}', out);
    w->any = true;
}

/* All but the observations. `rule` says what they are. */
static void begin_annotation(writer *w, const char *rule) {
    const tag_settings *settings = w->to->settings;
    const char *model = tg_model_name(settings->model);
    double hop = settings->hop_frames * TG_FRAME_SECONDS, length = settings->segment_frames * TG_FRAME_SECONDS;
    char tool[256];
    snprintf(tool, sizeof tool, "taggram %s, model %s, segments of %.15g s, one every %.15g s", tg_version(), model,
             length, hop);
    put(w, "{\n   \"namespace\": \"tag_open\",\n   \"annotation_metadata\": ",
        json_pack("{s:{s:s,s:s},s:{},s:s,s:s,s:o,s:s,s:s,s:s}", "curator", "name", "", "email", "", "annotator",
                  "version", tg_version(), "corpus", "", "annotation_tools", json_text(tool), "annotation_rules", rule,
                  "validation", "", "data_source", "program"),
        TIME_DIGITS);
    put(w, ",\n   \"sandbox\": ",
        json_pack("{s:o,s:s,s:f,s:f}", "model", json_text(model), "version", tg_version(), "hop", hop, "length",
                  length),
        TIME_DIGITS);
    put(w, ",\n   \"time\": 0.0,\n   \"duration\": ", json_real(w->song->duration), TIME_DIGITS);
    fputs(",\n   \"data\": [", w->to->out);
    w->any = false;
}

static void end_annotation(writer *w) { fputs("\n   ]\n  }", w->to->out); }

static void put_whole_song(writer *w) {
    begin_annotation(w, "Tags of the whole song; confidence is the mean score of the segments that are not silent.");
    for (int i = 0; w->song->heard && i < w->song->table.tags; i++) {
        int tag = w->song->ranking[i];
        put_observation(w, 0, w->song->duration, tag, w->song->means[tag]);
    }
    end_annotation(w);
}

static void put_segments(writer *w, float *scores) {
    begin_annotation(w, "Tags of each segment that is not silent; confidence is the score.");
    for (int row = 0; w->ok && row < w->song->segments; row++) {
        tg_segment segment;
        w->ok = rows_segment(&w->song->table, row, &segment) && rows_scores(&w->song->table, row, scores);
        double end = fmin(segment.end, w->song->duration); /* repeated audio goes on beyond the song */
        for (int tag = 0; w->ok && !segment.silent && tag < w->song->table.tags; tag++)
            put_observation(w, segment.start, end - segment.start, tag, scores[tag]);
    }
    end_annotation(w);
}

static json_t *file_value(const char *file, double duration) {
    const char *slash = strrchr(file, '/');
    return json_pack("{s:o,s:s,s:s,s:f,s:{s:o},s:s}", "title", json_text(slash ? slash + 1 : file), "artist", "",
                     "release", "", "duration", duration, "identifiers", "file", json_text(file), "jams_version",
                     JAMS_VERSION);
}

static bool jams_song(const report *to, const char *file, const tagging *song) {
    writer w = {.to = to, .song = song, .ok = true};
    float *scores = malloc((size_t)song->table.tags * sizeof *scores);
    if (!scores) return false;
    put(&w, "{\n \"file_metadata\": ", file_value(file, song->duration), TIME_DIGITS);
    put(&w, ",\n \"sandbox\": ", json_object(), TIME_DIGITS);
    fputs(",\n \"annotations\": [\n  ", to->out);
    put_whole_song(&w);
    fputs(",\n  ", to->out);
    put_segments(&w, scores);
    fputs("\n ]\n}\n", to->out);
    free(scores);
    return w.ok;
}

const format format_jams = {.name = "jams", .ending = ".jams", .wants_rows = true, .song = jams_song};
