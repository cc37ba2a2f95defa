#include "batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "names.h"
#include "output.h"
#include "tag.h"

typedef enum outcome { TAGGED, NOT_TAGGED, OUTPUT_BROKEN } outcome;

static void complain_about_output(const cli_options *options, const char *text) {
    complain_about(options->output ? options->output : "standard output", "", text);
}

/* Frames of a hop in seconds; 0, with a complaint, when it is longer than the segment. */
static int hop_in_frames(const tg_model *model, double seconds) {
    int longest = tg_model_segment_frames(model);
    if (seconds == 0) return tg_default_options(model).hop_frames;
    double frames = fmax(1, round(seconds / TG_FRAME_SECONDS));
    if (frames <= longest) return (int)frames;
    complain(
        "--hop must not be longer than a segment of %s, %g s, but is %g s; leave it out for segments side by side.",
        tg_model_name(model), longest * TG_FRAME_SECONDS, seconds);
    return 0;
}

/* Writing results over a song would lose the song. */
static bool overwrites_a_song(const cli_options *options) {
    struct stat result, song;
    if (!options->output || stat(options->output, &result) || !S_ISREG(result.st_mode)) return false;
    for (int i = 0; i < options->file_count; i++)
        if (stat(options->files[i], &song) == 0 && song.st_dev == result.st_dev && song.st_ino == result.st_ino)
            return true;
    return false;
}

static int widest_name(const cli_options *options) {
    int widest = 0;
    for (int i = 0; i < options->file_count; i++) {
        char *name = name_for_terminal(options->files[i]);
        int width = name ? terminal_width(name) : 0;
        widest = width > widest ? width : widest;
        free(name);
    }
    return widest;
}

static outcome write_song(const cli_options *options, const report *to, output *results, const char *file,
                          const tagging *song) {
    message why;
    bool written = options->format->song(to, file, song);
    if (output_flush(results, &why) == 0) {
        if (written) return TAGGED;
        message_set(&why, "It cannot be written: out of memory, or the temporary file cannot be read.");
    }
    complain_about_output(options, why.text);
    return OUTPUT_BROKEN;
}

static outcome tag_and_write(const cli_options *options, const report *to, output *results, const char *file) {
    tagging song = {0};
    message why;
    outcome end = NOT_TAGGED;
    if (tag_file(&song, to->settings, file, &why)) {
        complain_about(shown_path(file), "", why.text);
    } else {
        for (size_t i = 0; i < song.remarks.count; i++)
            complain_about(shown_path(file), "warning: ", song.remarks.items[i].text);
        end = write_song(options, to, results, file, &song);
    }
    tagging_clear(&song);
    return end;
}

static enum exit_status tag_into(const cli_options *options, const report *to, output *results) {
    int tagged = 0;
    message why;
    if (options->format->begin) options->format->begin(to);
    for (int i = 0; i < options->file_count; i++) {
        outcome end = tag_and_write(options, to, results, options->files[i]);
        if (end == OUTPUT_BROKEN) return EXIT_FAILED;
        tagged += end == TAGGED;
    }
    if (tagged && output_finish(results, &why)) {
        complain_about_output(options, why.text);
        return EXIT_FAILED;
    }
    return tagged == options->file_count ? EXIT_TAGGED : EXIT_FAILED;
}

enum exit_status tag_files(const cli_options *options, const tg_model *model) {
    int hop = hop_in_frames(model, options->hop), tags = tg_model_tag_count(model);
    if (hop == 0) return EXIT_USAGE;
    if (overwrites_a_song(options)) {
        complain_about_output(options, "This is one of the files to tag; give --output another path.");
        return EXIT_USAGE;
    }
    output results;
    message why;
    if (output_open(&results, options->output, &why)) {
        complain_about_output(options, why.text);
        output_close(&results);
        return EXIT_FAILED;
    }
    tag_settings settings = {model, hop, options->keep_tail, options->format->wants_rows};
    report to = {.out = results.stream,
                 .settings = &settings,
                 .top = options->top < tags ? options->top : tags,
                 .several = options->file_count > 1,
                 .name_columns = widest_name(options)};
    enum exit_status status = tag_into(options, &to, &results);
    output_close(&results);
    return status;
}
