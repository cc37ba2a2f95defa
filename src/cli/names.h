/* File names are bytes: here they become text that a terminal, JSON and CSV can hold. The caller frees what is
 * returned; NULL means that memory ran out. */
#ifndef TAGGRAM_CLI_NAMES_H
#define TAGGRAM_CLI_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Decodes one code point into *code. Returns its length in bytes, 0 where `text` is not UTF-8 (RFC 3629). */
int utf8_next(const char *text, uint32_t *code);

/* How many bytes of `text`, at most `bytes`, end with a whole character. */
size_t utf8_cut(const char *text, size_t bytes);

/* `name` as valid UTF-8: every byte that is not becomes U+FFFD. */
char *name_as_utf8(const char *name);

/* Also with control characters as \n, \t or \x1b, so that a name takes one line and can't steer a terminal. */
char *name_for_terminal(const char *name);

/* "standard input" for "-", '' for an empty path, else the path itself. */
const char *shown_path(const char *path);

/* Columns that valid UTF-8 takes on a terminal. */
int terminal_width(const char *text);

/* Cuts valid UTF-8 off where it would take more columns. */
void terminal_cut(char *text, int columns);

#endif
