#include "json.h"

#include <stdlib.h>

#include "names.h"

json_t *json_text(const char *text) {
    char *clean = name_as_utf8(text);
    json_t *value = clean ? json_string(clean) : NULL;
    free(clean);
    return value;
}

bool json_put(FILE *out, json_t *value, enum json_digits digits) {
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits);
    bool written = value && (json_dumpf(value, out, flags) == 0 || ferror(out));
    json_decref(value);
    return written;
}
