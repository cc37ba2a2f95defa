/* Where encoded bytes come from: a file or standard input, as FFmpeg's libraries want to read them. */
#ifndef TAGGRAM_CLI_SOURCE_H
#define TAGGRAM_CLI_SOURCE_H

#include <libavformat/avio.h>
#include <stdbool.h>

#include "messages.h"

typedef struct source {
    int file;
    int error;       /* errno of the last read that failed, or 0 */
    bool touched;    /* any byte was read */
    AVIOContext *io; /* reads and seeks `file`; opens nothing else */
} source;

/* `path` may be "-" for standard input. Returns 0, or -1 with the sentence. Directories and devices are refused. */
int source_open(source *from, const char *path, message *why);

/* Also after a failed source_open. */
void source_close(source *from);

#endif
