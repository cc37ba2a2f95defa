#include "messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "progress.h"

#define CUT "..."

static void set_text(message *out, const char *format, va_list arguments) {
    int length = vsnprintf(out->text, sizeof out->text, format, arguments);
    if (length >= (int)sizeof out->text) strcpy(out->text + utf8_cut(out->text, sizeof out->text - sizeof CUT), CUT);
}

int message_set(message *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    set_text(out, format, arguments);
    va_end(arguments);
    return -1;
}

void warnings_add(warnings *list, const char *format, ...) {
    message *items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items) return;
    list->items = items;
    va_list arguments;
    va_start(arguments, format);
    set_text(&items[list->count++], format, arguments);
    va_end(arguments);
}

void warnings_clear(warnings *list) {
    free(list->items);
    *list = (warnings){0};
}

/* Names and what models say may hold anything, so what is printed goes through name_for_terminal. */
static void complain_with(const char *format, va_list arguments) {
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) text = NULL;
    char *shown = text ? name_for_terminal(text) : NULL;
    progress_hide();
    fprintf(stderr, "taggram: %s\n", shown ? shown : "out of memory.");
    free(text);
    free(shown);
}

void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain_with(format, arguments);
    va_end(arguments);
}

enum exit_status refuse(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain_with(format, arguments);
    va_end(arguments);
    fputs("Try: taggram --help\n", stderr);
    return EXIT_USAGE;
}

void complain_about(const char *file, const char *kind, const char *text) { complain("%s: %s%s", file, kind, text); }
