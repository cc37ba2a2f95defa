#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

int utf8_next(const char *text, uint32_t *code) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000}; /* of each length: shorter forms are refused */
    const unsigned char *byte = (const unsigned char *)text;
    int length = byte[0] < 0x80             ? 1
                 : (byte[0] & 0xE0) == 0xC0 ? 2
                 : (byte[0] & 0xF0) == 0xE0 ? 3
                 : (byte[0] & 0xF8) == 0xF0 ? 4
                                            : 0;
    if (length == 0) return 0;
    uint32_t value = length == 1 ? byte[0] : byte[0] & (0x7Fu >> length);
    for (int i = 1; i < length; i++) {
        if ((byte[i] & 0xC0) != 0x80) /* the final zero stops here too */
            return 0;
        value = value << 6 | (byte[i] & 0x3F);
    }
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return 0;
    *code = value;
    return length;
}

size_t utf8_cut(const char *text, size_t bytes) {
    size_t length = strnlen(text, bytes);
    while (length > 0 && (text[length] & 0xC0) == 0x80) length--;
    return length;
}

char *name_as_utf8(const char *name) {
    char *text = malloc(3 * strlen(name) + 1);
    if (!text) return NULL;
    char *end = text;
    while (*name) {
        uint32_t code;
        int length = utf8_next(name, &code);
        end = mempcpy(end, length ? name : REPLACEMENT, length ? (size_t)length : strlen(REPLACEMENT));
        name += length ? length : 1;
    }
    *end = '\0';
    return text;
}

/* C0, DEL and C1 controls, and the marks that turn the direction of writing. */
static int is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

static char *escape(char *end, uint32_t code) {
    if (code == '\n' || code == '\t' || code == '\r')
        return end + sprintf(end, "\\%c", code == '\n' ? 'n' : code == '\t' ? 't' : 'r');
    return end + sprintf(end, code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
}

char *name_for_terminal(const char *name) {
    char *text = name_as_utf8(name);
    char *shown = text ? malloc(4 * strlen(text) + 1) : NULL; /* a one-byte control becomes four: \x1b */
    if (!shown) {
        free(text);
        return NULL;
    }
    char *end = shown;
    uint32_t code;
    for (const char *at = text; *at; at += utf8_next(at, &code)) {
        int length = utf8_next(at, &code);
        end = is_control(code) ? escape(end, code) : mempcpy(end, at, (size_t)length);
    }
    *end = '\0';
    free(text);
    return shown;
}

const char *shown_path(const char *path) { return strcmp(path, "-") == 0 ? "standard input" : *path ? path : "''"; }

/* Columns of the character at `text`, whose bytes `length` tells. */
static int character_width(const char *text, int *length) {
    uint32_t code;
    *length = utf8_next(text, &code);
    int columns = wcwidth((wchar_t)code);
    return columns < 0 ? 1 : columns; /* unknown to the locale: most characters take one */
}

int terminal_width(const char *text) {
    int width = 0, length;
    for (; *text; text += length) width += character_width(text, &length);
    return width;
}

void terminal_cut(char *text, int columns) {
    int length;
    for (; *text; text += length) {
        columns -= character_width(text, &length);
        if (columns < 0) *text = '\0', length = 0;
    }
}
