/* The command line that tags files. */
#ifndef TAGGRAM_CLI_OPTIONS_H
#define TAGGRAM_CLI_OPTIONS_H

#include <stdbool.h>

#include "format.h"

typedef struct cli_options {
    const char *model;
    const char *list; /* of the model's tags; NULL: all */
    int top;
    spoken_time time;
    bool keep_tail;
    const char *features; /* a list of names; NULL: none */
    int jobs;             /* threads, at most MOST_JOBS */
    const format *format;
    const char *output;     /* NULL: standard output */
    const char *save;       /* NULL: nothing is added to a file of tags */
    const char *files_from; /* a file that names more files; NULL: there is none */
    char **files;
    int file_count;
} cli_options;

/* What to do after reading the command line: go on, or end with an exit status. */
typedef enum parse_result { PARSE_RUN, PARSE_HELP, PARSE_VERSION, PARSE_USAGE } parse_result;

/* Complains about what can't be understood. */
parse_result options_parse(cli_options *options, int argc, char **argv);

#endif
