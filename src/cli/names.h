/* File names are bytes: here they become text that a terminal, JSON and CSV can hold. The caller frees what is
 * returned; NULL means that memory ran out. */
#ifndef TAGGRAM_CLI_NAMES_H
#define TAGGRAM_CLI_NAMES_H

/* `name` as valid UTF-8: every byte that is not becomes U+FFFD. */
char *name_as_utf8(const char *name);

/* Also with control characters as \n, \t or \x1b, so that a name takes one line and can't steer a terminal. */
char *name_for_terminal(const char *name);

/* "standard input" for "-", else the path itself. */
const char *shown_path(const char *path);

/* Columns that valid UTF-8 takes on a terminal. */
int terminal_width(const char *text);

#endif
