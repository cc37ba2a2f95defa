#include "resample.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "numbers.h"
#include "taggram.h"

/* The filter, as resampy 0.2.2 names its parts ("kaiser_best"). */
static const double rolloff = 0.9475937167399596;
static const double kaiser_beta = 14.769656459379492;
static const double i0_of_beta = 271903.64068145654; /* I0(kaiser_beta) */
enum {
    ZEROS = 64,           /* zero crossings on each side */
    TABLE = 512,          /* points of its table between two crossings, which it walks in whole steps */
    BLOCK = 4096,         /* input samples taken at a time */
    PERIODS = 4,          /* made at a time where every phase has a row of its own */
    WHOLE = 2 * TG_LANES, /* samples that a row meets at a time */
    EXACT_LIMIT = 1 << 18 /* coefficients kept when every phase has a row of its own: 1 MB */
};

/* Position of the next output between two input samples: `phase` of `phases`. */
struct tg_resampler {
    double ratio; /* 16000 / rate */
    int half;     /* input samples on the left that a filter reaches */
    int taps;     /* of a row: samples base - half .. base + half + 1 */
    int stride;   /* from row to row: zeros fill them up to whole steps */
    int phases;   /* 16000 / gcd: how many places between two input samples an output can have, a period's outputs */
    int advance;  /* rate / gcd: by which an output moves on, in phases; a period's input samples */
    int rows;     /* of the bank: phases, or fewer, between which is interpolated; then one more row ends it */
    int exact;    /* a row a phase */
    float *bank;  /* [rows (+ 1)][stride]; NULL: at 16 kHz there is nothing to convert */

    float *buffer; /* input not yet passed by */
    int capacity;  /* in samples */
    int filled;    /* samples in it */
    int base;      /* where in it the row of the next output begins that is not made yet */
    int phase;     /* of that output: 0 where periods are made */
    float *made;   /* output made and not yet given: from `next` on */
    int batch;     /* how many are made at a time */
    int next;
    int zeros;        /* of the silence behind the end: still to be appended */
    int64_t taken;    /* input samples so far */
    int64_t given;    /* output samples so far */
    int64_t computed; /* output samples in all that the filter gives, once the end is known; else INT64_MAX */
    int64_t promised; /* output samples in all; what is behind the computed ones is 0 */
};

static double bessel_i0(double x) {
    const double square = x * x / 4;
    double sum = 1, term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
        term *= square / (k * k);
        sum += term;
    }
    return sum;
}

/* The filter at a distance counted in zero crossings. */
static double windowed_sinc(double distance) {
    if (distance >= ZEROS) return 0;
    double x = M_PI * rolloff * distance;
    double sinc = x == 0 ? 1 : sin(x) / x;
    double u = distance / ZEROS;
    return rolloff * sinc * bessel_i0(kaiser_beta * sqrt(1 - u * u)) / i0_of_beta;
}

/*
 * One row: coefficients for an output that lies `fraction` behind input sample 0. resampy walks its table in whole
 * steps, so a crossing is `step` apart but starts at the exact place: its pass band is a hair off 0 dB. Kept.
 */
static void fill_row(float *row, int half, double scale, double step, double fraction) {
    for (int k = -half; k <= half + 1; k++) {
        double d = k <= 0 ? scale * fraction + step * -k : scale * (1 - fraction) + step * (k - 1);
        row[k + half] = (float)(scale * windowed_sinc(d));
    }
}

static int gcd(int a, int b) { return b ? gcd(b, a % b) : a; }

/* Rows so close that a straight line between them errs by less than -100 dB: (pi * scale / rows)^2 / 8. */
static int rows_to_interpolate(double scale) { return (int)ceil(TABLE * scale); }

/* The row for 1 - fraction is that for the fraction, backwards. */
static void fill_bank(tg_resampler *r, int rows, double scale, double step) {
    for (int i = 0; i < rows; i++) {
        float *row = r->bank + (size_t)i * r->stride;
        const float *mirror = r->bank + (size_t)(r->rows - i) * r->stride;
        if (2 * i <= r->rows)
            fill_row(row, r->half, scale, step, i / (double)r->rows);
        else
            for (int k = 0; k < r->taps; k++) row[k] = mirror[r->taps - 1 - k];
    }
}

static int make_bank(tg_resampler *r, int rate) {
    double scale = fmin(1, r->ratio);
    double step = (int)(scale * TABLE) / (double)TABLE;
    int divisor = gcd(TG_SAMPLE_RATE, rate);
    r->half = (int)ceil(ZEROS / step);
    r->taps = 2 * r->half + 2;
    r->phases = TG_SAMPLE_RATE / divisor;
    r->advance = rate / divisor;
    r->stride = TG_ROUND_UP(r->taps, WHOLE);
    r->exact = (int64_t)r->phases * r->taps <= EXACT_LIMIT;
    r->rows = r->exact ? r->phases : rows_to_interpolate(scale);
    int rows = r->exact ? r->rows : r->rows + 1;
    r->bank = calloc((size_t)rows * r->stride, sizeof *r->bank);
    if (!r->bank) return TG_ENOMEM;
    fill_bank(r, rows, scale, step);
    return TG_OK;
}

static int make_buffers(tg_resampler *r) {
    const int span = r->exact ? PERIODS * r->advance : 1; /* input samples that a batch moves on by */
    r->batch = r->next = r->exact ? PERIODS * r->phases : 1;
    r->capacity = span + r->stride + BLOCK;
    r->buffer = calloc((size_t)r->capacity, sizeof *r->buffer);
    r->made = malloc((size_t)r->batch * sizeof *r->made);
    r->filled = r->half; /* silence before the start */
    return r->buffer && r->made;
}

tg_resampler *tg_resampler_create(int rate) {
    tg_resampler *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->ratio = TG_SAMPLE_RATE / (double)rate;
    r->computed = r->promised = INT64_MAX;
    if ((rate == TG_SAMPLE_RATE || make_bank(r, rate) == TG_OK) && make_buffers(r)) return r;
    tg_resampler_free(r);
    return NULL;
}

void tg_resampler_free(tg_resampler *r) {
    if (!r) return;
    free(r->bank);
    free(r->buffer);
    free(r->made);
    free(r);
}

int tg_resampler_space(const tg_resampler *r) { return r->capacity - r->filled; }

void tg_resampler_push(tg_resampler *r, const float *samples, int count) {
    memcpy(r->buffer + r->filled, samples, (size_t)count * sizeof *samples);
    r->filled += count;
    r->taken += count;
}

void tg_resampler_finish(tg_resampler *r) {
    double length = (double)r->taken * r->ratio;
    r->computed = (int64_t)length;       /* as resampy rounds it */
    r->promised = (int64_t)ceil(length); /* as librosa does, which fills up with a zero */
    r->zeros = r->capacity - BLOCK;      /* enough for the last batch */
}

/* Drops what no later output reaches. A step is shorter than a row, so the next row begins among what is there. */
static void compact(tg_resampler *r) {
    if (r->base == 0) return;
    r->filled -= r->base;
    memmove(r->buffer, r->buffer + r->base, (size_t)r->filled * sizeof *r->buffer);
    r->base = 0;
}

static void append_zeros(tg_resampler *r) {
    int count = tg_smaller(r->zeros, tg_resampler_space(r));
    memset(r->buffer + r->filled, 0, (size_t)count * sizeof *r->buffer);
    r->filled += count;
    r->zeros -= count;
}

static void move_on(tg_resampler *r) {
    r->phase += r->advance % r->phases;
    r->base += r->advance / r->phases;
    if (r->phase >= r->phases) {
        r->phase -= r->phases;
        r->base++;
    }
}

/* Four periods at once, the same phase of all four together: a row of the bank is read but once for them. */
static void make_periods(tg_resampler *r) {
    for (int i = 0; i < r->phases; i++, move_on(r)) {
        const float *row = r->bank + (size_t)r->phase * r->stride, *windows[PERIODS];
        float out[PERIODS];
        for (int p = 0; p < PERIODS; p++) windows[p] = r->buffer + r->base + p * r->advance;
        tg_kernels_active->dot_4(row, windows, r->stride, out);
        for (int p = 0; p < PERIODS; p++) r->made[p * r->phases + i] = out[p];
    }
    r->base += (PERIODS - 1) * r->advance;
}

static void make_one(tg_resampler *r) {
    const float *x = r->buffer + r->base;
    const double place = (double)r->phase * r->rows / r->phases;
    const float *row = r->bank + (size_t)(int)place * r->stride;
    const float weight = (float)(place - (int)place);
    const float before = tg_kernels_active->dot(x, row, r->taps);
    const float after = tg_kernels_active->dot(x, row + r->stride, r->taps);
    r->made[0] = before + weight * (after - before);
    move_on(r);
}

/* Makes the next output; 0 when samples are missing. */
static int make_batch(tg_resampler *r) {
    if (r->base + r->capacity - BLOCK > r->filled) return 0;
    (r->exact ? make_periods : make_one)(r);
    r->next = 0;
    return 1;
}

static int pass_on(tg_resampler *r, float *out, int room) {
    const int count = tg_smaller(room, r->filled);
    memcpy(out, r->buffer, (size_t)count * sizeof *out);
    r->base = count;
    compact(r);
    return count;
}

/* Gives as much as there is room for of what is made and belongs to the audio. */
static int give(tg_resampler *r, float *out, int room) {
    int count = tg_smaller(r->batch - r->next, room);
    if (r->computed - r->given < count) count = (int)(r->computed - r->given);
    memcpy(out, r->made + r->next, (size_t)count * sizeof *out);
    r->next += count;
    r->given += count;
    return count;
}

int tg_resampler_pull(tg_resampler *r, float *out, int room) {
    if (!r->bank) return pass_on(r, out, room);
    int count = 0;
    while (count < room && r->given < r->promised) {
        if (r->given >= r->computed) {
            out[count++] = 0;
            r->given++;
        } else if (r->next < r->batch) {
            count += give(r, out + count, room - count);
        } else if (!make_batch(r)) {
            compact(r);
            if (r->zeros == 0) return count;
            append_zeros(r);
        }
    }
    return count;
}
