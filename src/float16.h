/* The step of storing a value as float16, which musicnn's training data went through. */
#ifndef TG_FLOAT16_H
#define TG_FLOAT16_H

#include <stdint.h>
#include <string.h>

enum { TG_FLOAT16_COUNT = 0x7c00 /* finite values of at least 0, which are numbered in order */ };

static inline uint32_t tg_bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/*
 * The number of the float16 nearest to x >= 0, ties to even: 11 significant bits, steps of 2^-24 below 2^-14. Beyond
 * 65504, the last, it would be infinite; that is where it stops here, and where NaN goes.
 */
static inline int tg_to_float16(float x) {
    const float smallest_normal = 0x1p-14f, half = 0.5f; /* half + x has a last bit of 2^-24 */
    if (!(x < 65504)) return TG_FLOAT16_COUNT - 1;
    if (x < smallest_normal) return (int)(tg_bits_of(half + x) - tg_bits_of(half));
    const uint32_t bits = tg_bits_of(x);
    return (int)((bits + 0xfff + (bits >> 13 & 1)) >> 13) - (112 << 10); /* the exponents' biases are 112 apart */
}

/* The value of a number below TG_FLOAT16_COUNT. */
static inline float tg_from_float16(int number) {
    if (number < 1 << 10) return (float)number * 0x1p-24f;
    const uint32_t bits = (uint32_t)(number + (112 << 10)) << 13;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
