#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "remains.h"

#define TEMPORARY_NAME ".taggram.XXXXXX"

static int say_unwritable(output *to, int error, message *why) {
    to->error = error;
    return message_set(why, "It cannot be written: %s.", strerror(error));
}

static bool leads_nowhere(const char *path) {
    struct stat facts;
    return lstat(path, &facts) == 0 && S_ISLNK(facts.st_mode) && stat(path, &facts) != 0;
}

int say_leads_nowhere(message *why) {
    return message_set(why, "It cannot be written: this is a link to a file that is not there.");
}

/* ".taggram.XXXXXX" in the folder of `path`. */
static char *temporary_beside(const char *path) {
    const char *slash = strrchr(path, '/');
    char *name;
    int folder = slash ? (int)(slash - path) + 1 : 0;
    return asprintf(&name, "%.*s" TEMPORARY_NAME, folder, path) < 0 ? NULL : name;
}

/* The rights of the file that will be replaced, or those that a new file gets here. */
static mode_t rights_for(const char *path) {
    struct stat facts;
    if (stat(path, &facts) == 0) return facts.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A file can be sound while its folder takes no other beside it, so that the folder is named. */
static int say_no_place(output *to, message *why) {
    const char *slash = strrchr(to->path, '/');
    to->error = errno;
    if (!slash)
        return message_set(why, "It cannot be written: no file can be made in this folder (%s).", strerror(errno));
    return message_set(why, "It cannot be written: no file can be made in %.*s (%s).",
                       (int)utf8_cut(to->path, (size_t)(slash - to->path) + 1), to->path, strerror(errno));
}

static int open_temporary(output *to, message *why) {
    sigset_t before;
    to->temporary = temporary_beside(to->path);
    remains_hold_signals(&before);
    int file = to->temporary ? mkostemp(to->temporary, O_CLOEXEC) : -1;
    if (file >= 0) remains_note(BEGUN_OUTPUT, to->temporary);
    remains_heed_signals(&before);
    if (file < 0) {
        say_no_place(to, why);
        free(to->temporary);
        to->temporary = NULL;
        return -1;
    }
    fchmod(file, rights_for(to->path));
    to->stream = fdopen(file, "w");
    return to->stream ? 0 : say_unwritable(to, errno, why);
}

/* The standard stream that leads to a file already, so that replacing the file would lose what is there; else -1. */
static int stream_into(const struct stat *file) {
    struct stat facts;
    for (int stream = STDOUT_FILENO; stream <= STDERR_FILENO; stream++)
        if (fstat(stream, &facts) == 0 && facts.st_dev == file->st_dev && facts.st_ino == file->st_ino) return stream;
    return -1;
}

/* Pipes, devices, and the file of a standard stream. */
static int open_directly(output *to, const char *path, int stream, message *why) {
    to->stream = stream < 0 ? fopen(path, "we") : fdopen(dup(stream), "w");
    return to->stream ? 0 : say_unwritable(to, errno, why);
}

int output_open(output *to, const char *path, message *why) {
    *to = (output){.stream = path ? NULL : stdout};
    if (!path) return 0;
    struct stat facts;
    bool exists = stat(path, &facts) == 0;
    if (exists && S_ISDIR(facts.st_mode)) return message_set(why, "It cannot be written: this is a directory.");
    if (!exists && leads_nowhere(path)) return say_leads_nowhere(why);
    int stream = exists && S_ISREG(facts.st_mode) ? stream_into(&facts) : -1;
    if (stream >= 0 || (exists && !S_ISREG(facts.st_mode))) return open_directly(to, path, stream, why);
    to->path = exists ? realpath(path, NULL) : strdup(path); /* of a link, the file it leads to is replaced */
    return to->path ? open_temporary(to, why) : say_unwritable(to, errno, why);
}

int output_flush(output *to, message *why) {
    if (!ferror(to->stream)) errno = 0; /* else it tells of the write that failed */
    if (fflush(to->stream) == 0 && !ferror(to->stream)) return 0;
    return say_unwritable(to, errno ? errno : EIO, why);
}

int output_finish(output *to, message *why) {
    if (output_flush(to, why)) return -1;
    FILE *stream = to->stream;
    to->stream = NULL;
    if (fclose(stream) || (to->temporary && rename(to->temporary, to->path))) return say_unwritable(to, errno, why);
    remains_note(BEGUN_OUTPUT, NULL);
    free(to->temporary);
    to->temporary = NULL;
    return 0;
}

void output_close(output *to) {
    if (to->stream && to->stream != stdout) fclose(to->stream);
    if (to->temporary) unlink(to->temporary);
    remains_note(BEGUN_OUTPUT, NULL);
    free(to->temporary);
    free(to->path);
    *to = (output){0};
}
