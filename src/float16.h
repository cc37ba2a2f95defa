/* The step of storing a value as float16, which musicnn's training data went through. */
#ifndef TG_FLOAT16_H
#define TG_FLOAT16_H

#include <stdint.h>
#include <string.h>

/*
 * x >= 0 to float16 and back, to nearest, ties to even: 11 significant bits, steps of 2^-24 below 2^-14. Beyond 65504
 * it would be infinite; that is where it stops here, and where NaN goes.
 */
static inline float tg_through_float16(float x) {
    const float largest = 65504, smallest_normal = 0x1p-14f, shift = 0x1p-1f; /* 2^-1 + x has a last bit of 2^-24 */
    if (!(x < largest)) return largest;
    if (x < smallest_normal) {
        volatile float sum = x + shift; /* volatile: the rounding is the point */
        return sum - shift;
    }
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits += 0xfff + (bits >> 13 & 1);
    bits &= ~UINT32_C(0x1fff);
    memcpy(&x, &bits, sizeof bits);
    return x;
}

#endif
