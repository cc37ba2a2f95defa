/* The command line. */
#ifndef TAGGRAM_CLI_OPTIONS_H
#define TAGGRAM_CLI_OPTIONS_H

#include <stdbool.h>

#include "format.h"

enum exit_status { EXIT_TAGGED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct cli_options {
    const char *model;
    int top;
    double hop; /* seconds; 0: the model's own */
    bool keep_tail;
    const format *format;
    const char *output; /* NULL: standard output */
    char **files;
    int file_count;
} cli_options;

/* What to do after reading the command line: go on, or end with an exit status. */
typedef enum parse_result { PARSE_RUN, PARSE_HELP, PARSE_VERSION, PARSE_USAGE } parse_result;

/* Complains about what can't be understood. */
parse_result options_parse(cli_options *options, int argc, char **argv);

/* The manual, to standard output. */
void print_help(void);

#endif
