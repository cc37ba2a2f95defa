/* For people: one file is a small table, several are one line each, below a line on their segments where asked for. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "names.h"

#define WIDEST_NAME 40 /* a longer name pushes its own line's tags to the right, not everyone's */

static int widest_tag(const tg_model *model) {
    int widest = 0;
    for (int tag = 0; tag < tg_model_tag_count(model); tag++) {
        int width = terminal_width(tg_model_tag(model, tag));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void pad(FILE *out, int columns) { fprintf(out, "%*s", columns > 0 ? columns : 0, ""); }

/* song.mp3  guitar 0.62, slow 0.31, piano 0.30 */
static void one_line(const report *to, const char *name, const tagging *song) {
    int width = to->name_columns < WIDEST_NAME ? to->name_columns : WIDEST_NAME;
    fputs(name, to->out);
    pad(to->out, width - terminal_width(name));
    for (int i = 0; song->heard && i < to->top; i++) {
        int tag = song->ranking[i];
        fprintf(to->out, "%s%s %.2f", i ? ", " : "  ", tg_model_tag(to->settings->model, tag), song->means[tag]);
    }
    fputs(song->heard ? "\n" : "  (silent)\n", to->out);
}

/* 3:07 or 1:02:03 */
static void put_duration(FILE *out, double duration) {
    long long seconds = (long long)(duration + .5), minutes = seconds / 60, hours = minutes / 60;
    if (hours)
        fprintf(out, "%lld:%02lld:%02lld", hours, minutes % 60, seconds % 60);
    else
        fprintf(out, "%lld:%02lld", minutes, seconds % 60);
}

/* What the seconds that were asked for became; nothing where none were. */
static void put_segments(const report *to, const char *before, const char *after) {
    if (!time_was_said(to->time)) return;
    fprintf(to->out, "%ssegments of %.15g s, one every %.15g s%s", before,
            to->settings->segment_frames * TG_FRAME_SECONDS, to->settings->hop_frames * TG_FRAME_SECONDS, after);
}

static void text_begin(const report *to) {
    if (to->several) put_segments(to, "(", ")\n");
}

static void table(const report *to, const char *name, const tagging *song) {
    const tg_model *model = to->settings->model;
    int widest = widest_tag(model);
    fprintf(to->out, "%s (", name);
    put_duration(to->out, song->duration);
    put_segments(to, "; ", "");
    fputs(")\n", to->out);
    if (!song->heard) fputs("  silent: there is nothing to tag\n", to->out);
    for (int i = 0; song->heard && i < to->top; i++) {
        const char *tag = tg_model_tag(model, song->ranking[i]);
        fprintf(to->out, "  %s", tag);
        pad(to->out, widest - terminal_width(tag));
        fprintf(to->out, "  %.2f\n", song->means[song->ranking[i]]);
    }
}

static bool text_song(const report *to, const char *file, const tagging *song) {
    char *name = name_for_terminal(shown_path(file));
    if (!name) return false;
    (to->several ? one_line : table)(to, name, song);
    free(name);
    return true;
}

const format format_text = {.name = "text", .begin = text_begin, .song = text_song};
