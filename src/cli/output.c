#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_NAME ".taggram.XXXXXX"

static char *volatile file_to_remove; /* read by the signal handler */

static void remove_and_die(int signal_number) {
    if (file_to_remove) unlink(file_to_remove);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void remove_on_signals(void) {
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    struct sigaction before, action = {.sa_handler = remove_and_die, .sa_flags = SA_NODEFER};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
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

static int open_temporary(output *to, message *why) {
    to->temporary = temporary_beside(to->path);
    int file = to->temporary ? mkostemp(to->temporary, O_CLOEXEC) : -1;
    if (file < 0) {
        message_set(why, "It cannot be written: %s.", strerror(errno));
        free(to->temporary);
        to->temporary = NULL;
        return -1;
    }
    file_to_remove = to->temporary;
    remove_on_signals();
    fchmod(file, rights_for(to->path));
    to->stream = fdopen(file, "w");
    return to->stream ? 0 : message_set(why, "It cannot be written: %s.", strerror(errno));
}

int output_open(output *to, const char *path, message *why) {
    *to = (output){.stream = path ? NULL : stdout};
    if (!path) return 0;
    struct stat facts;
    bool exists = stat(path, &facts) == 0;
    if (exists && S_ISDIR(facts.st_mode)) return message_set(why, "It cannot be written: this is a directory.");
    if (exists && !S_ISREG(facts.st_mode)) {
        to->stream = fopen(path, "we");
        return to->stream ? 0 : message_set(why, "It cannot be written: %s.", strerror(errno));
    }
    to->path = exists ? realpath(path, NULL) : strdup(path); /* of a link, the file it leads to is replaced */
    return to->path ? open_temporary(to, why) : message_set(why, "It cannot be written: %s.", strerror(errno));
}

int output_flush(output *to, message *why) {
    if (!ferror(to->stream)) errno = 0; /* else it tells of the write that failed */
    if (fflush(to->stream) == 0 && !ferror(to->stream)) return 0;
    return message_set(why, "It cannot be written: %s.", strerror(errno ? errno : EIO));
}

int output_finish(output *to, message *why) {
    if (output_flush(to, why)) return -1;
    FILE *stream = to->stream;
    to->stream = NULL;
    if (fclose(stream) || (to->temporary && rename(to->temporary, to->path)))
        return message_set(why, "It cannot be written: %s.", strerror(errno));
    file_to_remove = NULL;
    free(to->temporary);
    to->temporary = NULL;
    return 0;
}

void output_close(output *to) {
    if (to->stream && to->stream != stdout) fclose(to->stream);
    if (to->temporary) unlink(to->temporary);
    file_to_remove = NULL;
    free(to->temporary);
    free(to->path);
    *to = (output){0};
}
