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
#include "options.h"
#include "output.h"

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

static enum exit_status load_model(tg_model **model, const char *name) {
    message why;
    char *path = model_find(name, &why);
    if (!path) {
        complain("--model: %s", why.text);
        return EXIT_USAGE;
    }
    int status = model_load_file(model, path, &why);
    if (status) complain_about(path, "", why.text);
    free(path);
    return status ? EXIT_FAILED : EXIT_TAGGED;
}

static enum exit_status run(const cli_options *options) {
    tg_model *model = NULL;
    song_list songs = {0};
    message why;
    enum exit_status status = load_model(&model, options->model);
    if (status == EXIT_TAGGED &&
        songs_collect(&songs, options->files, options->file_count, options->files_from, &why)) {
        complain("%s", why.text);
        status = EXIT_USAGE;
    }
    if (status == EXIT_TAGGED) status = tag_files(options, &songs, model);
    songs_clear(&songs);
    tg_model_free(model);
    return status;
}

static enum exit_status tag_as_told(int argc, char **argv) {
    cli_options options;
    switch (options_parse(&options, argc, argv)) {
    case PARSE_HELP:
        print_manual();
        return end_of_standard_output(EXIT_TAGGED);
    case PARSE_VERSION:
        printf("taggram %s\n", tg_version());
        return end_of_standard_output(EXIT_TAGGED);
    case PARSE_RUN:
        return run(&options);
    default:
        return EXIT_USAGE;
    }
}

int main(int argc, char **argv) {
    occupy_closed_streams();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error of writing, told like any other */
    setlocale(LC_CTYPE, "");  /* for the width of characters; numbers keep their point */
    if (argc > 1 && strcmp(argv[1], "models") == 0) return end_of_standard_output(list_models(argc - 2, argv + 2));
    if (argc > 1 && strcmp(argv[1], "inspect") == 0) return end_of_standard_output(inspect_models(argc - 2, argv + 2));
    return tag_as_told(argc, argv);
}
