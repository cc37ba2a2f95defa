#include "timbral.h"

#include <math.h>
#include <string.h>

enum { CIRCLE = 8 };

typedef struct number {
    float re, im;
} number;

static number plus(number a, number b) { return (number){a.re + b.re, a.im + b.im}; }
static number minus(number a, number b) { return (number){a.re - b.re, a.im - b.im}; }
static number by_minus_i(number a) { return (number){a.im, -a.re}; }

/* Transform of four. */
static void transform_4(number a, number b, number c, number d, number *out, int step) {
    number even = plus(a, c), even_rest = minus(a, c), odd = plus(b, d), odd_rest = by_minus_i(minus(b, d));
    out[0] = plus(even, odd);
    out[step] = plus(even_rest, odd_rest);
    out[2 * step] = minus(even, odd);
    out[3 * step] = minus(even_rest, odd_rest);
}

/* Transform of eight, divided by eight. */
static void transform_8(const number x[CIRCLE], number out[CIRCLE]) {
    const float root = (float)M_SQRT1_2;
    number rest[4];
    for (int i = 0; i < 4; i++) rest[i] = minus(x[i], x[i + 4]);
    rest[1] = (number){(rest[1].re + rest[1].im) * root, (rest[1].im - rest[1].re) * root};
    rest[2] = by_minus_i(rest[2]);
    rest[3] = (number){(rest[3].im - rest[3].re) * root, (-rest[3].re - rest[3].im) * root};
    transform_4(plus(x[0], x[4]), plus(x[1], x[5]), plus(x[2], x[6]), plus(x[3], x[7]), out, 2);
    transform_4(rest[0], rest[1], rest[2], rest[3], out + 1, 2);
    for (int p = 0; p < CIRCLE; p++) out[p] = (number){out[p].re / CIRCLE, out[p].im / CIRCLE};
}

void tg_timbral_input(const float *x, int stride, float factors[TG_TIMBRAL_FACTORS][2]) {
    number frames[TG_TIMBRAL_SPAN], circle[CIRCLE], out[TG_TIMBRAL_FACTORS];
    for (int j = 0; j < TG_TIMBRAL_SPAN; j++) frames[j] = (number){x[j * stride], x[j * stride + 1]};
    memcpy(circle, frames, sizeof circle);
    circle[0] = frames[8];
    transform_8(circle, out);
    out[8] = minus(frames[0], frames[8]);
    out[9] = minus(frames[9], frames[1]);
    memcpy(factors, out, sizeof out);
}

/* The circle in eighths: cosine, sine. */
static const double eighths[CIRCLE][2] = {{1, 0},  {M_SQRT1_2, M_SQRT1_2},   {0, 1},  {-M_SQRT1_2, M_SQRT1_2},
                                          {-1, 0}, {-M_SQRT1_2, -M_SQRT1_2}, {0, -1}, {M_SQRT1_2, -M_SQRT1_2}};

void tg_timbral_filter(const float taps[TG_TIMBRAL_FRAMES][2], float factors[TG_TIMBRAL_FACTORS][2]) {
    for (int p = 0; p < CIRCLE; p++) {
        double re = 0, im = 0;
        for (int i = 0; i < TG_TIMBRAL_FRAMES; i++) {
            const double cosine = eighths[p * i % CIRCLE][0], sine = eighths[p * i % CIRCLE][1];
            re += taps[i][0] * cosine - taps[i][1] * sine;
            im += taps[i][0] * sine + taps[i][1] * cosine;
        }
        factors[p][0] = (float)re;
        factors[p][1] = (float)im;
    }
    memcpy(factors[8], taps[0], sizeof *factors);
    memcpy(factors[9], taps[TG_TIMBRAL_FRAMES - 1], sizeof *factors);
}
