#include "format.h"

#include <string.h>

const format *format_find(const char *name) {
    static const format *const all[] = {&format_text, &format_json,   &format_ndjson, &format_csv,
                                        &format_jams, &format_labels, &format_npz,    &format_npy};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i]->name, name) == 0) return all[i];
    return NULL;
}
