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
#include "names.h"

/* What getopt_long returns for the long options; short ones are their letters. */
enum long_option { MODEL = 256, TOP, HOP, TAIL, FORMAT, OUTPUT, HELP, VERSION };

static const struct option long_options[] = {
    {"model", required_argument, NULL, MODEL},
    {"top", required_argument, NULL, TOP},
    {"hop", required_argument, NULL, HOP},
    {"tail", required_argument, NULL, TAIL},
    {"format", required_argument, NULL, FORMAT},
    {"output", required_argument, NULL, OUTPUT},
    {"help", no_argument, NULL, HELP},
    {"version", no_argument, NULL, VERSION},
    {NULL, 0, NULL, 0}, /* ends the list */
};

static const char manual[] =
    "Usage: taggram [options] FILE...\n"
    "\n"
    "Names the music tags of each FILE: genre, instruments, mood, voice. FILE is any sound or video file\n"
    "that FFmpeg's libraries read (wav, flac, mp3, m4a, ogg, opus, ...); - is standard input.\n"
    "\n"
    "Options\n"
    "  --model NAME|PATH     the model to use (default: " DEFAULT_MODEL ")\n"
    "  --top N               name the N highest tags (default: 3)\n"
    "  --hop SECONDS         time from one segment's start to the next, at most a segment's length\n"
    "                        (default: one segment, 2.992 s for " DEFAULT_MODEL "); rounded to frames of 0.016 s\n"
    "  --tail drop|keep      what to do with the end that does not fill a segment: drop it (default), or\n"
    "                        keep it in one more segment that ends where the audio ends\n"
    "  --format text|json|csv\n"
    "                        how results are written (default: text)\n"
    "  -o, --output PATH     write to PATH instead of standard output; PATH is replaced when all is done\n"
    "  -h, --help            show this manual\n"
    "  --version             show the version\n"
    "  --                    what follows are files, even if they begin with -\n"
    "\n"
    "Formats\n"
    "  text   One file: its length and its top tags with their scores. Several files: a line each.\n"
    "  json   One file: an object. Several files: an object a line (NDJSON), each written when it is done.\n"
    "           file, model, version   what was tagged, with what\n"
    "           sample_rate, duration  of the file, in Hz and in seconds decoded\n"
    "           hop, length            of the segments, in seconds\n"
    "           tags                   the names of all tags, in the model's order\n"
    "           segments               for each: start, end (seconds), silent, padded (true or false)\n"
    "           taggram                for each segment: a score from 0 to 1 for each tag\n"
    "           top                    the top tags: tag, score\n"
    "           warnings               sentences, as on standard error\n"
    "         Bytes of a file name that are not UTF-8 become U+FFFD.\n"
    "  csv    A header, then a line for each segment: file,start,end,silent,padded and the score of each tag;\n"
    "         silent and padded are 0 or 1.\n"
    "\n"
    "What the numbers are\n"
    "  Each segment gets a score for each tag. The top tags are those with the highest mean over all segments\n"
    "  that are not silent. Silent means below -70 dBFS RMS. Padded means that the audio was shorter than a\n"
    "  segment and was repeated to fill it. Audio shorter than 0.1 s cannot be tagged.\n"
    "\n"
    "Models\n"
    "  A text with a slash, or ending in .gguf, is the path of a model file. A name is looked for as NAME.gguf in\n"
    "  the folder $TAGGRAM_MODELS, in ../share/taggram/models beside this program, and in the source tree.\n"
    "\n"
    "Exit status\n"
    "  0  every file was tagged; one that is cut short or damaged is tagged as far as it goes, with a warning\n"
    "  1  something failed: a file (the others are tagged all the same), the model, or the output\n"
    "  2  the command line was not understood\n"
    "\n"
    "Examples\n"
    "  taggram song.mp3\n"
    "  taggram --format json --hop 0.5 song.flac > song.json\n"
    "  taggram --format csv --output album.csv album/*.ogg\n";

void print_help(void) { fputs(manual, stdout); }

static parse_result refuse(const char *sentence, const char *value) {
    char *shown = name_for_terminal(value);
    complain(sentence, shown ? shown : "");
    fputs("Try: taggram --help\n", stderr);
    free(shown);
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

static parse_result set_option(cli_options *options, int option, const char *value) {
    switch (option) {
    case MODEL:
        options->model = value;
        return PARSE_RUN;
    case 'o':
    case OUTPUT:
        options->output = value;
        return *value ? PARSE_RUN : refuse("--output must be a path, not '%s'.", value);
    case TOP:
        if (parse_count(value, &options->top)) return PARSE_RUN;
        return refuse("--top must be a whole number from 1 on, not '%s'.", value);
    case HOP:
        if (parse_seconds(value, &options->hop)) return PARSE_RUN;
        return refuse("--hop must be a number of seconds above 0, not '%s'.", value);
    case TAIL:
        if (parse_tail(value, &options->keep_tail)) return PARSE_RUN;
        return refuse("--tail must be drop or keep, not '%s'.", value);
    case FORMAT:
        options->format = format_find(value);
        return options->format ? PARSE_RUN : refuse("--format must be text, json or csv, not '%s'.", value);
    case VERSION:
        return PARSE_VERSION;
    default: /* HELP, 'h' */
        return PARSE_HELP;
    }
}

/*
 * getopt_long found an option unknown, with a value it doesn't take ('?'), or without its value (':'). optopt is the
 * letter or long option, 0 when that is unknown.
 */
static parse_result refuse_option(int answer, char **argv) {
    if (optopt > 0 && optopt < MODEL && answer == '?') {
        char letter[] = {'-', (char)optopt, '\0'};
        return refuse("There is no option %s.", letter);
    }
    const char *argument = argv[optind - 1];
    if (answer == ':') return refuse("Option %s needs a value.", argument);
    return optopt ? refuse("Option %s takes no value.", argument) : refuse("There is no option %s.", argument);
}

parse_result options_parse(cli_options *options, int argc, char **argv) {
    *options = (cli_options){.model = DEFAULT_MODEL, .top = 3, .format = &format_text};
    opterr = 0; /* the sentences are ours */
    int option;
    while ((option = getopt_long(argc, argv, ":ho:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':') return refuse_option(option, argv);
        parse_result result = set_option(options, option, optarg);
        if (result != PARSE_RUN) return result;
    }
    options->files = argv + optind;
    options->file_count = argc - optind;
    return options->file_count ? PARSE_RUN : refuse("No file was given.%s", "");
}
