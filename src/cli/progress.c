#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "names.h"

#define REDRAW_SECONDS (PROGRESS_NANOSECONDS * 1e-9)
#define USUAL_COLUMNS 80
#define CLEAR_LINE "\r\033[K"

/* There is one terminal, and so one line. */
static struct {
    bool possible;
    volatile bool visible; /* read by a signal's handler, too */
    int songs, song;       /* of so many the so-maniest, from 1 on */
    const char *name;
    double drawn; /* seconds of the monotonic clock */
} line;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int terminal_columns(void) {
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : USUAL_COLUMNS;
}

void progress_begin(int songs) {
    const char *kind = getenv("TERM");
    line.possible = isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0;
    line.songs = songs;
}

/* [3/12] 45 % song.mp3 */
static void draw(const char *part) {
    char *name = name_for_terminal(line.name);
    if (!name) return;
    char counts[64];
    int width = snprintf(counts, sizeof counts, "[%d/%d] %s", line.song, line.songs, part);
    terminal_cut(name, terminal_columns() - width - 1);
    line.visible = true; /* before it is: a signal may come between */
    fprintf(stderr, CLEAR_LINE "%s%s", counts, name);
    fflush(stderr);
    free(name);
    line.drawn = now();
}

void progress_song(const char *name) {
    line.song++;
    line.name = name;
    if (line.possible && (!line.drawn || now() - line.drawn >= REDRAW_SECONDS)) draw("");
}

void progress_heard(double seconds, double stated) {
    if (!line.possible || now() - line.drawn < REDRAW_SECONDS) return;
    char part[32];
    if (stated > 0)
        snprintf(part, sizeof part, "%3.0f %% ", seconds < stated ? 100 * seconds / stated : 100);
    else
        snprintf(part, sizeof part, "%.0f s ", seconds);
    draw(part);
}

void progress_hide(void) {
    if (line.visible) line.visible = write(STDERR_FILENO, CLEAR_LINE, strlen(CLEAR_LINE)) < 0;
}
