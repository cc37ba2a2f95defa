#include "helpers.h"

#include <time.h>

/* Times to wait until are told on the clock that nobody sets. */
static int make_condition(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    int error = pthread_condattr_init(&attributes);
    if (error) return error;
    error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (!error) error = pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return error;
}

int helpers_make(helpers *help) {
    *help = (helpers){.first = NULL};
    help->end = &help->first;
    int error = pthread_mutex_init(&help->lock, NULL);
    if (error) return error;
    error = make_condition(&help->changed);
    if (error) pthread_mutex_destroy(&help->lock);
    return error;
}

void helpers_unmake(helpers *help) {
    pthread_cond_destroy(&help->changed);
    pthread_mutex_destroy(&help->lock);
}

/* With the lock. */
static void put_last(helpers *help, range *r) {
    r->work->given++;
    *help->end = r;
    help->end = &r->next;
    help->waiting++;
    pthread_cond_broadcast(&help->changed);
}

/* With the lock. */
static range *take_first(helpers *help) {
    range *r = help->first;
    help->first = r->next;
    if (!help->first) help->end = &help->first;
    help->waiting--;
    return r;
}

void helpers_take(helpers *help, range *r) {
    pthread_mutex_lock(&help->lock);
    bool given = help->waiting < help->free;
    if (given) put_last(help, r);
    pthread_mutex_unlock(&help->lock);
    if (!given) range_run(r);
}

bool helpers_help(helpers *help) {
    if (!help->first) return false;
    range *r = take_first(help);
    job *work = r->work;
    pthread_mutex_unlock(&help->lock);
    range_run(r);
    pthread_mutex_lock(&help->lock);
    work->given--;
    pthread_cond_broadcast(&help->changed);
    return true;
}
