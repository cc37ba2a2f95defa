/*
 * One line on standard error that tells how far the work is, on a terminal only: in a pipe or a file there is none.
 */
#ifndef TAGGRAM_CLI_PROGRESS_H
#define TAGGRAM_CLI_PROGRESS_H

#define PROGRESS_NANOSECONDS 100000000 /* from one drawing of the line to the next, at least */

/* Before the first of these many songs; nothing is shown without it. */
void progress_begin(int songs);

/* The next song is at work. `name` is kept until the next call. */
void progress_song(const char *name);

/* Seconds of it that are done, of those that its header states (negative: unknown). */
void progress_heard(double seconds, double stated);

/* Clears the line, so that another text may take its place. It comes back by itself. A signal's handler may call it. */
void progress_hide(void);

#endif
