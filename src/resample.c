#include "resample.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "taggram.h"

/* The filter, as resampy 0.2.2 names its parts ("kaiser_best"). */
static const double rolloff = 0.9475937167399596;
static const double kaiser_beta = 14.769656459379492;
enum {
    ZEROS = 64,           /* zero crossings on each side */
    TABLE = 512,          /* points of its table between two crossings, which it walks in whole steps */
    BLOCK = 4096,         /* input samples taken at a time */
    GROUP = 4,            /* output samples made at a time */
    EXACT_LIMIT = 1 << 18 /* coefficients kept when every phase has a row of its own: 1 MB */
};

/* Position of the next output between two input samples: `phase` of `phases`. */
struct tg_resampler {
    double ratio; /* 16000 / rate */
    int half;     /* input samples on the left that a filter reaches */
    int taps;     /* of a row: samples base - half .. base + half + 1 */
    int reach;    /* input samples, at most, from the first output of a group to the last */
    int stride;   /* from row to row: each stands among zeros, so that all of a group can start at one sample */
    int phases;   /* 16000 / gcd: how many places between two input samples an output can have */
    int advance;  /* rate / gcd: by which an output moves on, in phases */
    int rows;     /* of the bank: phases, or fewer, between which is interpolated; then one more row ends it */
    int exact;    /* a row a phase */
    float *bank;  /* [rows (+ 1)][stride] */

    float *buffer; /* input not yet passed by */
    int filled;    /* samples in it */
    int base;      /* where in it the row of the next group's first output begins */
    int phase;
    float group[GROUP]; /* output made and not yet given: from `next` on */
    int next;
    int zeros;        /* of the silence behind the end: still to be appended */
    int64_t taken;    /* input samples so far */
    int64_t given;    /* output samples so far */
    int64_t computed; /* output samples in all that the filter gives, once the end is known; else INT64_MAX */
    int64_t promised; /* output samples in all; what is behind the computed ones is 0 */
};

static double bessel_i0(double x) {
    double sum = 1, term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
        term *= (x / (2 * k)) * (x / (2 * k));
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
    return rolloff * sinc * bessel_i0(kaiser_beta * sqrt(1 - u * u)) / bessel_i0(kaiser_beta);
}

static double smaller(double a, double b) { return a < b ? a : b; }

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

static int make_bank(tg_resampler *r, int rate) {
    double scale = smaller(1, r->ratio);
    double step = (int)(scale * TABLE) / (double)TABLE;
    int divisor = gcd(TG_SAMPLE_RATE, rate);
    r->half = (int)ceil(ZEROS / step);
    r->taps = 2 * r->half + 2;
    r->phases = TG_SAMPLE_RATE / divisor;
    r->advance = rate / divisor;
    r->reach = ((GROUP - 1) * r->advance + r->phases - 1) / r->phases;
    r->stride = r->reach + r->taps + r->reach + TG_LANES;
    r->exact = (int64_t)r->phases * r->taps <= EXACT_LIMIT;
    r->rows = r->exact ? r->phases : rows_to_interpolate(scale);
    int rows = r->exact ? r->rows : r->rows + 1;
    r->bank = calloc((size_t)rows * r->stride, sizeof *r->bank);
    if (!r->bank) return TG_ENOMEM;
    for (int i = 0; i < rows; i++)
        fill_row(r->bank + (size_t)i * r->stride + r->reach, r->half, scale, step, i / (double)r->rows);
    return TG_OK;
}

tg_resampler *tg_resampler_create(int rate) {
    tg_resampler *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->ratio = TG_SAMPLE_RATE / (double)rate;
    r->computed = r->promised = INT64_MAX;
    r->next = GROUP;
    const int converts = rate != TG_SAMPLE_RATE;
    if (!converts || make_bank(r, rate) == TG_OK)
        r->buffer = calloc((size_t)(r->taps + r->reach + BLOCK + TG_LANES), sizeof *r->buffer);
    r->filled = r->half; /* silence before the start */
    if (r->buffer) return r;
    tg_resampler_free(r);
    return NULL;
}

void tg_resampler_free(tg_resampler *r) {
    if (!r) return;
    free(r->bank);
    free(r->buffer);
    free(r);
}

int tg_resampler_space(const tg_resampler *r) { return r->taps + r->reach + BLOCK - r->filled; }

void tg_resampler_push(tg_resampler *r, const float *samples, int count) {
    memcpy(r->buffer + r->filled, samples, (size_t)count * sizeof *samples);
    r->filled += count;
    r->taken += count;
}

void tg_resampler_finish(tg_resampler *r) {
    double length = (double)r->taken * r->ratio;
    r->computed = (int64_t)length;       /* as resampy rounds it */
    r->promised = (int64_t)ceil(length); /* as librosa does, which fills up with a zero */
    r->zeros = r->half + 1 + r->reach + 1;
}

/* Drops what no later output reaches. A step is shorter than a row, so the next row begins among what is there. */
static void compact(tg_resampler *r) {
    if (r->base == 0) return;
    r->filled -= r->base;
    memmove(r->buffer, r->buffer + r->base, (size_t)r->filled * sizeof *r->buffer);
    r->base = 0;
}

static void append_zeros(tg_resampler *r) {
    int count = r->zeros < tg_resampler_space(r) ? r->zeros : tg_resampler_space(r);
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

/* Where a group's outputs lie. */
typedef struct places {
    const float *rows[GROUP]; /* each moved so far that it meets the samples from the group's first on */
    const float *behind[GROUP];
    float weights[GROUP]; /* of the rows behind; without interpolation 0 */
    int count;            /* samples that the rows meet, in whole lanes */
} places;

/* Where the next group's outputs lie; moves on behind it. */
static places place_group(tg_resampler *r) {
    const int first = r->base;
    places p;
    for (int i = 0; i < GROUP; i++, move_on(r)) {
        const double place = r->exact ? r->phase : (double)r->phase * r->rows / r->phases;
        p.rows[i] = r->bank + (size_t)(int)place * r->stride + r->reach - (r->base - first);
        p.behind[i] = p.rows[i] + r->stride;
        p.weights[i] = (float)(place - (int)place);
        p.count = TG_ROUND_UP(r->base - first + r->taps, TG_LANES);
    }
    return p;
}

/* Makes the next group; 0 when samples are missing. */
static int make_group(tg_resampler *r) {
    if (r->base + r->reach + r->taps > r->filled) return 0;
    const float *x = r->buffer + r->base;
    const places p = place_group(r);
    tg_kernels_active->dot_4(x, p.rows, p.count, r->group);
    if (!r->exact) {
        float behind[GROUP];
        tg_kernels_active->dot_4(x, p.behind, p.count, behind);
        for (int i = 0; i < GROUP; i++) r->group[i] += p.weights[i] * (behind[i] - r->group[i]);
    }
    r->next = 0;
    return 1;
}

/* At 16 kHz there is nothing to convert. */
static int pass_on(tg_resampler *r, float *out, int room) {
    const int count = room < r->filled ? room : r->filled;
    memcpy(out, r->buffer, (size_t)count * sizeof *out);
    r->base = count;
    compact(r);
    return count;
}

static int min_of(int64_t a, int b) { return a < b ? (int)a : b; }

int tg_resampler_pull(tg_resampler *r, float *out, int room) {
    if (!r->bank) return pass_on(r, out, room);
    int count = 0;
    while (count < room && r->given < r->promised) {
        if (r->given >= r->computed) {
            out[count++] = 0;
            r->given++;
        } else if (r->next < GROUP) {
            const int given = min_of(r->computed - r->given, min_of(room - count, GROUP - r->next));
            memcpy(out + count, r->group + r->next, (size_t)given * sizeof *out);
            count += given;
            r->next += given;
            r->given += given;
        } else if (!make_group(r)) {
            compact(r);
            if (r->zeros == 0) return count;
            append_zeros(r);
        }
    }
    return count;
}
