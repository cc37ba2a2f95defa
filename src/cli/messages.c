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

void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    progress_hide();
    fputs("taggram: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void complain_about(const char *file, const char *kind, const char *text) {
    char *name = name_for_terminal(file);
    complain("%s: %s%s", name ? name : "", kind, text);
    free(name);
}
