#include "messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "names.h"
#include "progress.h"

int message_set(message *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->text, sizeof out->text, format, arguments);
    va_end(arguments);
    return -1;
}

void warnings_add(warnings *list, const char *format, ...) {
    message *items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items) return;
    list->items = items;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(items[list->count++].text, sizeof items->text, format, arguments);
    va_end(arguments);
}

void warnings_clear(warnings *list) {
    free(list->items);
    *list = (warnings){0};
}

/* Names and what models say may hold anything, so what is printed goes through name_for_terminal. */
void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) text = NULL;
    va_end(arguments);
    char *shown = text ? name_for_terminal(text) : NULL;
    progress_hide();
    fprintf(stderr, "taggram: %s\n", shown ? shown : "out of memory.");
    free(text);
    free(shown);
}

void complain_about(const char *file, const char *kind, const char *text) { complain("%s: %s%s", file, kind, text); }
