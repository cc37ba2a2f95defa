#include "workers.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hear.h"
#include "progress.h"
#include "remains.h"

struct workers {
    const tag_settings *settings;
    const song_list *songs;
    pthread_t threads[MOST_JOBS];
    int count;
    helpers help; /* with its lock: what follows, but not the jobs */
    int begun;    /* songs */
    int ended;    /* of those, whatever their order */
    int taken;    /* of those, by the main thread */
    struct place {
        job work;
        bool ended;
    } places[2 * MOST_JOBS - 1]; /* song i has place i modulo room */
    int room;
};

int workers_usual_count(void) {
    cpu_set_t mask;
    long count = sched_getaffinity(0, sizeof mask, &mask) ? sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&mask);
    return count < 1 ? 1 : count > MOST_JOBS ? MOST_JOBS : (int)count;
}

/* ---- What a thread does ------------------------------------------------------------------------------------------ */

static struct place *place_of(workers *team, int song) { return &team->places[song % team->room]; }

/* Pipes may have one writer that fills them one after the other, or be the same one: they are read in their turn. */
static bool is_pipe(const char *path) {
    struct stat facts;
    return strcmp(path, "-") == 0 || (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode));
}

static bool may_begin(const workers *team) {
    int next = team->begun;
    if (next == team->songs->count || next - team->taken == team->room) return false;
    return next == team->taken || !is_pipe(team->songs->names[next]);
}

/* With the lock, which is let go meanwhile. */
static void tag_next(workers *team) {
    helpers *help = &team->help;
    struct place *at = place_of(team, team->begun);
    job_begin(&at->work, team->settings, team->songs->names[team->begun++]);
    help->free--;
    pthread_mutex_unlock(&help->lock);
    hear_file(&at->work, help);
    pthread_mutex_lock(&help->lock);
    help->free++;
    while (at->work.given)
        if (!helpers_help(help)) pthread_cond_wait(&help->changed, &help->lock);
    job_conclude(&at->work);
    at->ended = true;
    team->ended++;
    pthread_cond_broadcast(&help->changed);
}

static void *run(void *given) {
    workers *team = given;
    helpers *help = &team->help;
    pthread_mutex_lock(&help->lock);
    help->free++;
    while (team->ended < team->songs->count && !help->stopped) {
        if (helpers_help(help)) continue;
        if (may_begin(team))
            tag_next(team);
        else
            pthread_cond_wait(&help->changed, &help->lock);
    }
    pthread_mutex_unlock(&help->lock);
    return NULL;
}

/* ---- What the main thread does ----------------------------------------------------------------------------------- */

static void unmake(workers *team) {
    while (team->room) {
        job *work = &team->places[--team->room].work;
        job_clear(work);
        job_unmake(work);
    }
    helpers_unmake(&team->help);
    free(team);
}

static int make_places(workers *team, int jobs) {
    int error = 0;
    for (; !error && team->room < 2 * jobs - 1; team->room += !error) error = job_make(&team->places[team->room].work);
    return error;
}

/* Signals are the main thread's: what their handler removes must not change meanwhile. */
static int start_threads(workers *team, int jobs) {
    sigset_t before;
    int error = 0;
    remains_hold_signals(&before);
    for (; team->count < jobs && !error; team->count += !error)
        error = pthread_create(&team->threads[team->count], NULL, run, team);
    remains_heed_signals(&before);
    return error;
}

static int say_no_threads(int error, message *why) {
    return message_set(why, "The threads that tag cannot be started: %s.", strerror(error));
}

int workers_start(workers **out, const tag_settings *settings, const song_list *songs, int jobs, message *why) {
    workers *team = *out = calloc(1, sizeof *team);
    if (!team) return say_no_threads(ENOMEM, why);
    team->settings = settings;
    team->songs = songs;
    int error = helpers_make(&team->help);
    if (error) {
        free(team);
        return say_no_threads(error, why);
    }
    error = make_places(team, jobs);
    if (!error) error = start_threads(team, jobs);
    if (team->count) return 0;
    unmake(team);
    return say_no_threads(error, why);
}

/* Waits for a change, but not longer than the line of progress stays true. */
static void wait_a_while(workers *team) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PROGRESS_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&team->help.changed, &team->help.lock, &until);
}

const job *workers_await(workers *team) {
    const struct place *at = place_of(team, team->taken);
    pthread_mutex_lock(&team->help.lock);
    while (!at->ended) {
        wait_a_while(team);
        pthread_mutex_unlock(&team->help.lock);
        if (at->work.seconds > 0) progress_heard(at->work.seconds, at->work.stated_duration);
        pthread_mutex_lock(&team->help.lock);
    }
    pthread_mutex_unlock(&team->help.lock);
    return &at->work;
}

void workers_next(workers *team) {
    struct place *at = place_of(team, team->taken);
    pthread_mutex_lock(&team->help.lock);
    job_clear(&at->work);
    at->ended = false;
    team->taken++;
    pthread_cond_broadcast(&team->help.changed);
    pthread_mutex_unlock(&team->help.lock);
}

void workers_end(workers *team) {
    pthread_mutex_lock(&team->help.lock);
    team->help.stopped = true;
    pthread_cond_broadcast(&team->help.changed);
    pthread_mutex_unlock(&team->help.lock);
    for (int i = 0; i < team->count; i++) pthread_join(team->threads[i], NULL);
    unmake(team);
}
