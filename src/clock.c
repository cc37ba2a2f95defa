#include "clock.h"

#include <stddef.h>
#include <time.h>

static const char *const names[TG_WORK_KINDS] = {"other",   "resampling",   "log-mel", "timbral", "temporal",
                                                 "mid-end", "convolutions", "pooling", "dense"};
static double seconds[TG_WORK_KINDS], since;
static enum tg_work current;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void tg_turn_to(enum tg_work work) {
    const double time = now();
    seconds[current] += time - since;
    since = time;
    current = work;
}

double tg_clock_seconds(int work) { return seconds[work]; }

const char *tg_clock_name(int work) { return work >= 0 && work < TG_WORK_KINDS ? names[work] : NULL; }

void tg_clock_reset(void) {
    for (int i = 0; i < TG_WORK_KINDS; i++) seconds[i] = 0;
    current = TG_OTHER_WORK;
    since = now();
}
