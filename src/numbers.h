/* The smaller and the larger of two counts. */
#ifndef TG_NUMBERS_H
#define TG_NUMBERS_H

static inline int tg_smaller(int a, int b) { return a < b ? a : b; }
static inline int tg_larger(int a, int b) { return a > b ? a : b; }

#endif
