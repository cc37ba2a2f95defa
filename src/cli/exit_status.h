#ifndef TAGGRAM_CLI_EXIT_STATUS_H
#define TAGGRAM_CLI_EXIT_STATUS_H

/* How the program ends; the manual says what each tells. */
enum exit_status { EXIT_TAGGED = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

#endif
