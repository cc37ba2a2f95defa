/*
 * Audacity's label track: start, end (seconds) and a text for each segment, with tabs between them; before them a label
 * at 0 that says how they were made.
 */
#include <math.h>
#include <stdlib.h>

#include "format.h"
#include "names.h"

/* guitar 0.62, slow 0.31, piano 0.30 */
static bool put_tags(const report *to, const float *scores, int *order) {
    const tg_model *model = to->settings->model;
    rank_tags(scores, tg_model_tag_count(model), order);
    for (int i = 0; i < to->top; i++) {
        char *name = name_for_terminal(tg_model_tag(model, order[i])); /* a tab would end the field */
        if (!name) return false;
        fprintf(to->out, "%s%s %.2f", i ? ", " : "", name, scores[order[i]]);
        free(name);
    }
    return true;
}

static bool put_label(const report *to, const tagging *song, int row, float *scores, int *order) {
    tg_segment segment;
    if (!rows_segment(&song->table, row, &segment) || !rows_scores(&song->table, row, scores)) return false;
    /* Repeated audio goes on beyond the song. */
    fprintf(to->out, "%.3f\t%.3f\t", segment.start, fmin(segment.end, song->duration));
    bool ok = segment.silent ? fputs("silent", to->out) >= 0 || ferror(to->out) : put_tags(to, scores, order);
    fputc('\n', to->out);
    return ok;
}

static bool put_origin(const report *to) {
    char *name = name_for_terminal(tg_model_name(to->settings->model));
    if (name)
        fprintf(to->out, "0.000\t0.000\tTaggram %s, %s, hop %.3f s, length %.3f s\n", tg_version(), name,
                to->settings->hop_frames * TG_FRAME_SECONDS, to->settings->segment_frames * TG_FRAME_SECONDS);
    free(name);
    return name != NULL;
}

static bool labels_song(const report *to, const char *file, const tagging *song) {
    (void)file; /* a label track doesn't name its song */
    size_t tags = (size_t)song->table.tags;
    float *scores = malloc(tags * sizeof *scores);
    int *order = malloc(tags * sizeof *order);
    bool ok = scores && order && put_origin(to);
    for (int row = 0; ok && row < song->segments; row++) ok = put_label(to, song, row, scores, order);
    free(order);
    free(scores);
    return ok;
}

const format format_labels = {.name = "labels", .ending = ".txt", .wants_rows = true, .song = labels_song};
