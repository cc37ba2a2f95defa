/* Sentences for people: what stopped a file, and what is worth knowing about one that was tagged all the same. */
#ifndef TAGGRAM_CLI_MESSAGES_H
#define TAGGRAM_CLI_MESSAGES_H

#include <stddef.h>

#include "exit_status.h"

/* One sentence; one that is too long ends in "...". */
typedef struct message {
    char text[512];
} message;

/* Writes a sentence as printf does. Returns -1, so that `return message_set(...)` reads as failing. */
int message_set(message *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

typedef struct warnings {
    message *items;
    size_t count;
} warnings;

/* A warning that no memory can be had for is dropped. */
void warnings_add(warnings *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

void warnings_clear(warnings *list);

/* "taggram: " and a sentence to stderr, as one line. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* complain about how the program was called, and where that is told. Returns EXIT_USAGE. */
enum exit_status refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "taggram: FILE: ", `kind` ("" or "warning: ") and a sentence, as one line whatever the name holds. */
void complain_about(const char *file, const char *kind, const char *text);

#endif
