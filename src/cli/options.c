#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "models.h"
#include "workers.h"

/* What getopt_long returns for the long options; short ones are their letters. */
enum long_option {
    MODEL = 256,
    LIST,
    TOP,
    LENGTH,
    HOP,
    OVERLAP,
    TAIL,
    FEATURES,
    JOBS,
    FORMAT,
    OUTPUT,
    SAVE,
    FILES_FROM,
    HELP,
    VERSION
};

static const struct option long_options[] = {
    {"model", required_argument, NULL, MODEL},
    {"list", required_argument, NULL, LIST},
    {"top", required_argument, NULL, TOP},
    {"length", required_argument, NULL, LENGTH},
    {"hop", required_argument, NULL, HOP},
    {"overlap", required_argument, NULL, OVERLAP},
    {"tail", required_argument, NULL, TAIL},
    {"features", required_argument, NULL, FEATURES},
    {"jobs", required_argument, NULL, JOBS},
    {"format", required_argument, NULL, FORMAT},
    {"output", required_argument, NULL, OUTPUT},
    {"save", required_argument, NULL, SAVE},
    {"files-from", required_argument, NULL, FILES_FROM},
    {"help", no_argument, NULL, HELP},
    {"version", no_argument, NULL, VERSION},
    {NULL, 0, NULL, 0}, /* ends the list */
};

static parse_result misuse(const char *sentence, const char *value) {
    refuse(sentence, value);
    return PARSE_USAGE;
}

/* The whole text must be the number. */
static bool parse_count(const char *text, int *count) {
    size_t digits = strspn(text, "0123456789");
    errno = 0;
    long value = strtol(text, NULL, 10);
    if (digits == 0 || text[digits] || errno || value < 1 || value > INT_MAX) return false;
    *count = (int)value;
    return true;
}

static bool parse_seconds(const char *text, double *seconds) {
    if (!*text || text[strspn(text, "0123456789.eE+-")]) /* neither nan, inf, 0x10 nor spaces */
        return false;
    char *end;
    *seconds = strtod(text, &end);
    return !*end && isfinite(*seconds) && *seconds > 0;
}

static bool parse_tail(const char *text, bool *keep) {
    *keep = strcmp(text, "keep") == 0;
    return *keep || strcmp(text, "drop") == 0;
}

static parse_result set_path(const char **path, const char *value, const char *sentence) {
    *path = value;
    return *value ? PARSE_RUN : misuse(sentence, value);
}

static parse_result set_output(const char **path, const char *value) {
    parse_result result = set_path(path, value, "--output must be a path, or - for standard output, not '%s'.");
    if (strcmp(value, "-") == 0) *path = NULL;
    return result;
}

static parse_result set_seconds(double *seconds, const char *value, const char *sentence) {
    return parse_seconds(value, seconds) ? PARSE_RUN : misuse(sentence, value);
}

static parse_result set_format(const format **chosen, const char *name) {
    *chosen = format_find(name);
    return *chosen ? PARSE_RUN
                   : misuse("--format must be text, json, ndjson, csv, jams, labels, npz or npy, not '%s'.", name);
}

_Static_assert(MOST_JOBS == 64, "the sentence says it");

static parse_result set_jobs(int *jobs, const char *value) {
    if (parse_count(value, jobs) && *jobs <= MOST_JOBS) return PARSE_RUN;
    return misuse("--jobs must be a whole number from 1 to 64, not '%s'.", value);
}

static parse_result set_option(cli_options *options, int option, const char *value) {
    switch (option) {
    case MODEL:
        options->model = value;
        return PARSE_RUN;
    case LIST:
        options->list = value;
        return PARSE_RUN;
    case TOP:
        if (parse_count(value, &options->top)) return PARSE_RUN;
        return misuse("--top must be a whole number from 1 on, not '%s'.", value);
    case LENGTH:
        return set_seconds(&options->time.length, value, "--length must be a number of seconds above 0, not '%s'.");
    case HOP:
        return set_seconds(&options->time.hop, value, "--hop must be a number of seconds above 0, not '%s'.");
    case OVERLAP:
        return set_seconds(&options->time.overlap, value, "--overlap must be a number of seconds above 0, not '%s'.");
    case TAIL:
        if (parse_tail(value, &options->keep_tail)) return PARSE_RUN;
        return misuse("--tail must be drop or keep, not '%s'.", value);
    case FEATURES:
        options->features = value;
        return PARSE_RUN;
    case 'j':
    case JOBS:
        return set_jobs(&options->jobs, value);
    case FORMAT:
        return set_format(&options->format, value);
    case 'o':
    case OUTPUT:
        return set_output(&options->output, value);
    case SAVE:
        return set_path(&options->save, value, "--save must be a path, not '%s'.");
    case FILES_FROM:
        return set_path(&options->files_from, value, "--files-from must be a path, or - for standard input, not '%s'.");
    case VERSION:
        return PARSE_VERSION;
    default: /* HELP, 'h' */
        return PARSE_HELP;
    }
}

/* What each option allows by itself, but not together. */
static parse_result check_together(const cli_options *options) {
    if (options->time.hop && options->time.overlap)
        return misuse("--hop and --overlap both set the time from segment to segment; give one of them.%s", "");
    if (options->features && options->format->max_features == 0)
        return misuse("--format %s has no place for features; npz, npy, json and ndjson have.", options->format->name);
    if (options->file_count == 0 && !options->files_from) return misuse("No file was given.%s", "");
    return PARSE_RUN;
}

/* The argument that getopt_long found an unknown letter in: it goes on only when it is done with the letters of one. */
static const char *argument_of_letter(char **argv) {
    const char *last = argv[optind - 1];
    bool done = last[0] == '-' && last[1] == (char)optopt && !last[2];
    return done ? last : argv[optind];
}

/* A long option that is not there, or the beginning of more than one. */
static parse_result refuse_name(const char *argument) {
    char sentence[256] = "Option %s may be one of these:";
    size_t length = strcspn(argument + 2, "=");
    bool any = false;
    for (const struct option *option = long_options; option->name; option++) {
        if (strncmp(option->name, argument + 2, length) != 0) continue;
        strcat(strcat(sentence, " --"), option->name);
        any = true;
    }
    return misuse(any ? strcat(sentence, ".") : "There is no option %s.", argument);
}

/*
 * getopt_long found an option unknown, with a value it doesn't take ('?'), or without its value (':'). optopt is the
 * letter (a byte of it where it is not ASCII) or long option, 0 when that is unknown.
 */
static parse_result refuse_option(int answer, char **argv) {
    const char *argument = argv[optind - 1];
    if (answer == ':') return misuse("Option %s needs a value.", argument);
    if (optopt >= MODEL) return misuse("Option %s takes no value.", argument);
    return optopt ? misuse("There is no option %s.", argument_of_letter(argv)) : refuse_name(argument);
}

parse_result options_parse(cli_options *options, int argc, char **argv) {
    *options = (cli_options){.model = DEFAULT_MODEL, .top = 3, .jobs = workers_usual_count(), .format = &format_text};
    opterr = 0; /* the sentences are ours */
    int option;
    while ((option = getopt_long(argc, argv, ":hj:o:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':') return refuse_option(option, argv);
        parse_result result = set_option(options, option, optarg);
        if (result != PARSE_RUN) return result;
    }
    options->files = argv + optind;
    options->file_count = argc - optind;
    return check_together(options);
}
