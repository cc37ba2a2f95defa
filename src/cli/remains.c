#include "remains.h"

#include <stddef.h>
#include <unistd.h>

#include "progress.h"

static const char *volatile paths[NEW_FOLDER + 1]; /* read by the signal handler */

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};

static void remove_and_die(int signal_number) {
    if (paths[BEGUN_OUTPUT]) unlink(paths[BEGUN_OUTPUT]);
    if (paths[EMPTY_SAVE]) unlink(paths[EMPTY_SAVE]);
    if (paths[NEW_FOLDER]) rmdir(paths[NEW_FOLDER]); /* stays if anything is in it */
    progress_hide();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void remains_handle_signals(void) {
    struct sigaction before, action = {.sa_handler = remove_and_die, .sa_flags = SA_NODEFER};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

void remains_hold_signals(sigset_t *before) {
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&held, signals[i]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

void remains_heed_signals(const sigset_t *before) { pthread_sigmask(SIG_SETMASK, before, NULL); }

void remains_note(enum remains kind, const char *path) { paths[kind] = path; }
