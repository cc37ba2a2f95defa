#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frames.h"
#include "names.h"
#include "output.h"
#include "remains.h"

static int say_unwritable(message *why) { return message_set(why, "It cannot be written: %s.", strerror(errno)); }

int save_open(save_file *to, const char *path, message *why) {
    *to = (save_file){.path = path};
    to->file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (to->file >= 0) return 0;
    if (errno != ENOENT) return say_unwritable(why);
    sigset_t before;
    remains_hold_signals(&before);
    to->file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_CREAT | O_EXCL, 0666);
    to->created = to->file >= 0;
    if (to->created) remains_note(EMPTY_SAVE, path);
    remains_heed_signals(&before);
    if (to->created) return 0;
    return errno == EEXIST ? say_leads_nowhere(why) : say_unwritable(why);
}

bool save_is(const save_file *to, const char *path) {
    struct stat saved, facts;
    return fstat(to->file, &saved) == 0 && S_ISREG(saved.st_mode) && stat(path, &facts) == 0 &&
           saved.st_dev == facts.st_dev && saved.st_ino == facts.st_ino;
}

/*
 * As Python writes a float: the fewest digits that give the same number, and 3.0 for 3. Lengths are at most 600 s: with
 * three digits and more, %g writes none of them as 6e+02.
 */
static void put_python_float(FILE *out, double number) {
    char digits[32];
    for (int precision = 3; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number) break;
    }
    fprintf(out, "%s%s", digits, strpbrk(digits, ".e") ? "" : ".0");
}

static void put_time(FILE *out, const tag_settings *settings, const spoken_time *time) {
    fputs(",input_length=", out);
    put_python_float(out, time->length ? time->length : library_length(settings->segment_frames));
    fputs(",input_overlap=", out);
    if (time->overlap)
        put_python_float(out, time->overlap);
    else if (settings->hop_frames < settings->segment_frames)
        put_python_float(out, library_overlap(settings->hop_frames));
    else
        fputs("False", out);
}

static void put_line(FILE *out, const report *about, const char *name, const tagging *song) {
    const tg_model *model = about->settings->model;
    fprintf(out, "%s,%s", name, tg_model_name(model));
    put_time(out, about->settings, about->time);
    for (int i = 0; song->heard && i < about->top; i++) fprintf(out, ",%s", tg_model_tag(model, song->ranking[i]));
    fputc('\n', out);
}

/* All of it, or nothing: a line begun is taken back. */
static int append(save_file *to, const char *line, size_t size, message *why) {
    off_t end = lseek(to->file, 0, SEEK_END);
    remains_note(EMPTY_SAVE, NULL);
    ssize_t written = write(to->file, line, size);
    if (written == (ssize_t)size) {
        to->created = false;
        return 0;
    }
    if (written >= 0) errno = ENOSPC;
    say_unwritable(why);
    if (end >= 0 && written > 0 && ftruncate(to->file, end)) to->created = false; /* it can't be taken back: it stays */
    return -1;
}

int save_song(save_file *to, const report *about, const char *file, const tagging *song, message *why) {
    char *line = NULL, *name = name_as_utf8(file);
    size_t size = 0;
    FILE *memory = name ? open_memstream(&line, &size) : NULL;
    if (memory) put_line(memory, about, name, song);
    int status = memory && fclose(memory) == 0 ? append(to, line, size, why)
                                               : message_set(why, "It cannot be written: out of memory.");
    free(line);
    free(name);
    return status;
}

void save_close(save_file *to) {
    if (to->file >= 0) close(to->file);
    if (to->created) unlink(to->path);
    remains_note(EMPTY_SAVE, NULL);
    *to = (save_file){.file = -1};
}
