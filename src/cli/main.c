/* taggram: names the music tags of files. The manual is in manual.c. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "commands.h"
#include "manual.h"
#include "models.h"
#include "names.h"
#include "options.h"
#include "output.h"
#include "remains.h"

/*
 * A program started without a standard stream would get that number for the next file it opens, and write its messages
 * into it. Such numbers are taken here, in the direction that fails.
 */
static void occupy_closed_streams(void) {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF && open("/dev/null", stream ? O_RDONLY : O_WRONLY) < 0)
            _exit(EXIT_FAILED);
}

/* After what is printed without an output, which must not claim success on a full disk. */
static enum exit_status end_of_standard_output(enum exit_status status) {
    output to = {.stream = stdout};
    message why;
    if (output_flush(&to, &why) == 0) return status;
    complain_about("standard output", "", why.text);
    return EXIT_FAILED;
}

/* The model was read from `path`. */
static enum exit_status tag_with(const tg_model *model, const char *path, const cli_options *options) {
    song_list songs = {0};
    message why;
    enum exit_status status = EXIT_TAGGED;
    if (songs_collect(&songs, options->files, options->file_count, options->files_from, &why))
        status = refuse("%s", why.text);
    if (status == EXIT_TAGGED) status = tag_files(options, &songs, model, path);
    if (status == EXIT_TAGGED && songs.count == 0)
        complain("%s: The list names no files.", shown_path(options->files_from));
    songs_clear(&songs);
    return status;
}

static enum exit_status run(const cli_options *options) {
    message why;
    tg_model *model = NULL;
    char *path = model_find(options->model, &why);
    if (!path) return refuse("--model: %s", why.text);
    enum exit_status status = EXIT_FAILED;
    if (model_load_file(&model, path, &why))
        complain_about(path, "", why.text);
    else if (options->list && model_choose_list(model, options->list, &why))
        status = refuse("--list: %s", why.text);
    else
        status = tag_with(model, path, options);
    tg_model_free(model);
    free(path);
    return status;
}

static enum exit_status tell_manual(void) {
    print_manual();
    return end_of_standard_output(EXIT_TAGGED);
}

static enum exit_status tag_as_told(int argc, char **argv) {
    cli_options options;
    switch (options_parse(&options, argc, argv)) {
    case PARSE_HELP:
        return tell_manual();
    case PARSE_VERSION:
        printf("taggram %s\n", tg_version());
        return end_of_standard_output(EXIT_TAGGED);
    case PARSE_RUN:
        return run(&options);
    default:
        return EXIT_USAGE;
    }
}

static bool asks_for_help(int count, char **arguments) {
    for (int i = 0; i < count; i++)
        if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0) return true;
    return false;
}

static enum exit_status run_command(enum exit_status (*command)(int, char **), int count, char **arguments) {
    return asks_for_help(count, arguments) ? tell_manual() : end_of_standard_output(command(count, arguments));
}

int main(int argc, char **argv) {
    occupy_closed_streams();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error of writing, told like any other */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    remains_handle_signals();
    setlocale(LC_CTYPE, ""); /* for the width of characters; numbers keep their point */
    if (argc > 1 && strcmp(argv[1], "models") == 0) return run_command(list_models, argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "inspect") == 0) return run_command(inspect_models, argc - 2, argv + 2);
    return tag_as_told(argc, argv);
}
