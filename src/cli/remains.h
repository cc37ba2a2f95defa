/* What a run that a signal ends must not leave behind: files begun, a folder made for nothing, the line of progress. */
#ifndef TAGGRAM_CLI_REMAINS_H
#define TAGGRAM_CLI_REMAINS_H

#include <signal.h>

enum remains { BEGUN_OUTPUT, EMPTY_SAVE, NEW_FOLDER };

/* Once, at the start. Signals that are ignored stay so. */
void remains_handle_signals(void);

/*
 * Those signals wait, for this thread and those that it starts, until the mask `before` is put back: between
 * something's making and its note, and in threads that have no part in this.
 */
void remains_hold_signals(sigset_t *before);
void remains_heed_signals(const sigset_t *before);

/* Of each kind there is one at a time. `path` is kept until the next call; NULL: there is none, or it is to stay. */
void remains_note(enum remains kind, const char *path);

#endif
