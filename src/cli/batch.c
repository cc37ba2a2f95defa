#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decode.h"
#include "frames.h"
#include "inputs.h"
#include "names.h"
#include "output.h"
#include "places.h"
#include "progress.h"
#include "save.h"
#include "workers.h"

typedef enum outcome { TAGGED, NOT_TAGGED, OUTPUT_BROKEN } outcome;

typedef struct batch {
    const cli_options *options;
    const song_list *songs;
    const format *format;
    tag_settings settings;
    report to;
    output results; /* of all songs, or of the one that is being written */
    bool apart;     /* each song has a file of its own, in one of the places */
    places places;
    inputs inputs;
    save_file saved;
    int written; /* records and songs that are in the results */
} batch;

static const char *output_name(const batch *b) { return b->options->output ? b->options->output : "standard output"; }

/* ---- Before the first song --------------------------------------------------------------------------------------- */

static enum exit_status choose_frames(batch *b, const tg_model *model) {
    const spoken_time *time = &b->options->time;
    tag_settings *settings = &b->settings;
    message why;
    settings->segment_frames =
        time->length ? frames_of_length(model, time->length, &why) : tg_model_segment_frames(model);
    if (!settings->segment_frames) return refuse("%s", why.text);
    if (time->hop)
        settings->hop_frames = frames_of_hop(settings->segment_frames, time->hop, &why);
    else if (time->overlap)
        settings->hop_frames = frames_of_overlap(settings->segment_frames, time->overlap, &why);
    else
        settings->hop_frames = time->length ? settings->segment_frames : tg_default_options(model).hop_frames;
    return settings->hop_frames ? EXIT_TAGGED : refuse("%s", why.text);
}

static enum exit_status choose_features(batch *b, const tg_model *model) {
    message why;
    if (!b->options->features) return EXIT_TAGGED;
    if (features_choose(&b->settings.features, model, b->options->features, &why)) return refuse("%s", why.text);
    int most = b->format->max_features;
    if (most < 0 || b->settings.features.count <= most) return EXIT_TAGGED;
    return refuse("--format %s holds one array; name one feature, or choose --format npz.", b->format->name);
}

static bool names_folder(const char *path) {
    struct stat facts;
    size_t length = strlen(path);
    return path[length - 1] == '/' || (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode));
}

static enum exit_status choose_places(batch *b) {
    const char *folder = b->options->output;
    message why;
    b->apart = b->format->ending && (b->songs->several || (folder && names_folder(folder)));
    if (b->format->binary && !folder && isatty(STDOUT_FILENO))
        return refuse("--format %s is not for terminals; name a file with --output.", b->format->name);
    if (!b->apart) return EXIT_TAGGED;
    if (!folder)
        return refuse("--format %s makes a file for each song; name a folder for them with --output.", b->format->name);
    return places_choose(&b->places, b->songs, folder, b->format->ending, &why) ? refuse("%s", why.text) : EXIT_TAGGED;
}

/* Writing over a file that is read would lose it. */
static enum exit_status protect_input(const batch *b, const char *path, const char *option) {
    const char *role = inputs_role(&b->inputs, path);
    return role ? refuse("%s: This is %s; give %s another path.", path, role, option) : EXIT_TAGGED;
}

/* Writing results over what is saved would lose the tags. */
static enum exit_status protect_from(const batch *b, const char *result) {
    if (b->options->save && save_is(&b->saved, result)) return refuse("--output and --save must not be the same file.");
    return protect_input(b, result, "--output");
}

/* Once what is saved is open, so that it is known by whatever name. */
static enum exit_status protect_files(const batch *b) {
    const char *path = b->options->output, *save = b->options->save;
    enum exit_status status = save ? protect_input(b, save, "--save") : EXIT_TAGGED;
    if (!b->apart) return status == EXIT_TAGGED && path ? protect_from(b, path) : status;
    for (int i = 0; i < b->places.count && status == EXIT_TAGGED; i++) status = protect_from(b, b->places.paths[i]);
    return status;
}

static enum exit_status open_folder_and_save(batch *b) {
    message why;
    if (b->apart && places_make_folder(&b->places, &why)) {
        complain_about(output_name(b), "", why.text);
        return EXIT_FAILED;
    }
    if (b->options->save && save_open(&b->saved, b->options->save, &why)) {
        complain_about(b->options->save, "", why.text);
        return EXIT_FAILED;
    }
    return EXIT_TAGGED;
}

static enum exit_status open_results(batch *b) {
    message why;
    if (b->apart || output_open(&b->results, b->options->output, &why) == 0) return EXIT_TAGGED;
    complain_about(output_name(b), "", why.text);
    return EXIT_FAILED;
}

static int widest_name(const song_list *songs) {
    int widest = 0;
    for (int i = 0; i < songs->count; i++) {
        char *name = name_for_terminal(songs->names[i]);
        int width = name ? terminal_width(name) : 0;
        widest = width > widest ? width : widest;
        free(name);
    }
    return widest;
}

static enum exit_status prepare(batch *b, const tg_model *model) {
    int tags = tg_model_tag_count(model);
    enum exit_status status = choose_frames(b, model);
    if (status == EXIT_TAGGED) status = choose_features(b, model);
    if (status == EXIT_TAGGED) status = choose_places(b);
    if (status == EXIT_TAGGED) status = open_folder_and_save(b);
    if (status == EXIT_TAGGED) status = protect_files(b);
    if (status == EXIT_TAGGED) status = open_results(b);
    b->to = (report){.out = b->results.stream,
                     .settings = &b->settings,
                     .time = &b->options->time,
                     .top = b->options->top < tags ? b->options->top : tags,
                     .several = b->songs->several,
                     .name_columns = b->format == &format_text ? widest_name(b->songs) : 0};
    return status;
}

/* ---- Songs ------------------------------------------------------------------------------------------------------- */

/* `written`: what a format's function returned. */
static outcome sent(batch *b, bool written, const char *path) {
    message why;
    if (output_flush(&b->results, &why) == 0) {
        b->written += written;
        if (written) return TAGGED;
        message_set(&why, "It cannot be written: out of memory, or the temporary file cannot be read.");
    }
    complain_about(path, "", why.text);
    return OUTPUT_BROKEN;
}

static bool disk_is_full(const output *results) { return results->error == ENOSPC || results->error == EDQUOT; }

/* What stops a song's own file need not stop the others'. */
static outcome write_apart(batch *b, const char *path, const char *file, const tagging *song) {
    message why;
    outcome end = OUTPUT_BROKEN;
    if (output_open(&b->results, path, &why)) {
        complain_about(path, "", why.text);
    } else {
        b->to.out = b->results.stream;
        end = sent(b, b->format->song(&b->to, file, song), path);
        if (end == TAGGED && output_finish(&b->results, &why)) {
            complain_about(path, "", why.text);
            end = OUTPUT_BROKEN;
        }
    }
    if (end == OUTPUT_BROKEN && !disk_is_full(&b->results)) end = NOT_TAGGED;
    output_close(&b->results);
    return end;
}

static outcome write_song(batch *b, int index, const tagging *song) {
    const char *file = b->songs->names[index];
    message why;
    for (size_t i = 0; i < song->remarks.count; i++)
        complain_about(shown_path(file), "warning: ", song->remarks.items[i].text);
    outcome end = b->apart ? write_apart(b, b->places.paths[index], file, song)
                           : sent(b, b->format->song(&b->to, file, song), output_name(b));
    if (end == TAGGED && b->options->save && save_song(&b->saved, &b->to, file, song, &why)) {
        complain_about(b->options->save, "", why.text);
        return OUTPUT_BROKEN;
    }
    return end;
}

static outcome write_failure(batch *b, const char *file, const message *why) {
    complain_about(shown_path(file), "", why->text);
    if (!b->format->failure) return NOT_TAGGED;
    outcome end = sent(b, b->format->failure(&b->to, file, why), output_name(b));
    return end == TAGGED ? NOT_TAGGED : end;
}

static outcome write_outcome(batch *b, int index, const job *work) {
    progress_hide();
    return work->failed_at < INT_MAX ? write_failure(b, b->songs->names[index], &work->why)
                                     : write_song(b, index, &work->song);
}

/* Returns how many were tagged, or -1 after OUTPUT_BROKEN. */
static int write_all(batch *b, workers *team) {
    int tagged = 0;
    for (int i = 0; i < b->songs->count; i++) {
        progress_song(shown_path(b->songs->names[i]));
        outcome end = write_outcome(b, i, workers_await(team));
        if (end == OUTPUT_BROKEN) return -1;
        workers_next(team);
        tagged += end == TAGGED;
    }
    return tagged;
}

static enum exit_status tag_all(batch *b) {
    workers *team;
    message why;
    if (workers_start(&team, &b->settings, b->songs, b->options->jobs, &why)) {
        complain("%s", why.text);
        return EXIT_FAILED;
    }
    progress_begin(b->songs->count);
    if (b->format->begin) b->format->begin(&b->to);
    int tagged = write_all(b, team);
    workers_end(team);
    if (tagged < 0) return EXIT_FAILED;
    bool all = tagged == b->songs->count;
    if (!b->apart && (b->written || all) && output_finish(&b->results, &why)) {
        complain_about(output_name(b), "", why.text);
        return EXIT_FAILED;
    }
    return all ? EXIT_TAGGED : EXIT_FAILED;
}

enum exit_status tag_files(const cli_options *options, const song_list *songs, const tg_model *model,
                           const char *model_path) {
    const format *single = options->format;
    batch b = {.options = options,
               .songs = songs,
               .format = songs->several && single->for_several ? single->for_several : single,
               .saved = {.file = -1}};
    b.settings = (tag_settings){.model = model, .keep_tail = options->keep_tail, .keep_rows = b.format->wants_rows};
    message why;
    enum exit_status status = EXIT_TAGGED;
    decoder_be_quiet();
    if (inputs_collect(&b.inputs, songs, options->files_from, model_path, &why)) status = refuse("%s", why.text);
    if (status == EXIT_TAGGED) status = prepare(&b, model);
    if (status == EXIT_TAGGED) status = tag_all(&b);
    progress_hide();
    if (!b.apart) output_close(&b.results);
    save_close(&b.saved);
    places_clear(&b.places);
    inputs_clear(&b.inputs);
    features_clear(&b.settings.features);
    return status;
}
