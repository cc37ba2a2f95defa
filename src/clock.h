/*
 * What the time goes to, for the benchmark: builds with TG_CLOCK count it by kind of work; in others nothing is left of
 * this. One thread at a time.
 */
#ifndef TG_CLOCK_H
#define TG_CLOCK_H

enum tg_work {
    TG_OTHER_WORK, /* mixing channels, moving data */
    TG_RESAMPLING,
    TG_LOGMEL,
    TG_TIMBRAL,
    TG_TEMPORAL,
    TG_MID_END,
    TG_CONVOLUTIONS, /* vgg's layers */
    TG_POOLING,      /* over time */
    TG_DENSE,
    TG_WORK_KINDS
};

#ifdef TG_CLOCK
/* From now on the time counts to this. */
void tg_turn_to(enum tg_work work);

/* Seconds spent on a kind of work since the last tg_clock_reset; its name, NULL when `work` is out of range. */
double tg_clock_seconds(int work);
const char *tg_clock_name(int work);
void tg_clock_reset(void);
#else
#define tg_turn_to(work) ((void)0)
#endif

#endif
