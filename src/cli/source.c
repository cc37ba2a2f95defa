#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)

static int read_bytes(void *opaque, uint8_t *buffer, int size) {
    source *from = opaque;
    ssize_t got;
    do got = read(from->file, buffer, (size_t)size);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        from->error = errno;
        return AVERROR(errno);
    }
    from->touched = from->touched || got > 0;
    return got ? (int)got : AVERROR_EOF;
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence) {
    source *from = opaque;
    struct stat facts;
    if (whence & AVSEEK_SIZE) return fstat(from->file, &facts) ? AVERROR(errno) : facts.st_size;
    int64_t position = lseek(from->file, offset, whence & ~AVSEEK_FORCE);
    return position < 0 ? AVERROR(errno) : position;
}

static int check_kind(const struct stat *facts, bool standard_input, message *why) {
    if (S_ISDIR(facts->st_mode))
        return message_set(why, "This is a directory, not a music file; name the files in it.");
    if (standard_input && S_ISCHR(facts->st_mode))
        return message_set(why, "This is a terminal or a device; pipe a music file into it.");
    if (S_ISCHR(facts->st_mode) || S_ISBLK(facts->st_mode))
        return message_set(why, "This is a device, not a music file.");
    if (S_ISREG(facts->st_mode) && facts->st_size == 0) return message_set(why, "The file is empty (0 bytes).");
    return 0;
}

/* Looks before it opens: opening a device can wait for it, or set it in motion. */
static int open_file(const char *path, message *why) {
    struct stat facts;
    bool standard_input = strcmp(path, "-") == 0;
    if (standard_input ? fstat(STDIN_FILENO, &facts) : stat(path, &facts))
        return message_set(why, "It cannot be opened: %s.", strerror(errno));
    if (check_kind(&facts, standard_input, why)) return -1;
    int file = standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) return message_set(why, "It cannot be opened: %s.", strerror(errno));
    return file;
}

int source_open(source *from, const char *path, message *why) {
    *from = (source){.file = open_file(path, why)};
    if (from->file < 0) return -1;
    bool seekable = lseek(from->file, 0, SEEK_CUR) >= 0;
    unsigned char *buffer = av_malloc(BUFFER_BYTES);
    from->io = buffer
                   ? avio_alloc_context(buffer, BUFFER_BYTES, 0, from, read_bytes, NULL, seekable ? seek_bytes : NULL)
                   : NULL;
    if (!from->io) {
        av_free(buffer);
        return message_set(why, "It cannot be opened: out of memory.");
    }
    return 0;
}

void source_close(source *from) {
    if (from->io) av_freep(&from->io->buffer);
    avio_context_free(&from->io);
    if (from->file >= 0) close(from->file);
    from->file = -1;
}
