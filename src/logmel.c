#include "logmel.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "float16.h"
#include "kernels.h"
#include "loudness.h"
#include "spectrum.h"
#include "taggram.h"

/* librosa's front-end as musicnn calls it. */
enum {
    HALF = TG_FFT / 2,
    KEPT = HALF + 1,      /* samples before a frame's centre that it, or its mirror image at the end, reaches */
    BUFFER = KEPT + 4096, /* samples held */
};
static const double max_hz = 8000; /* the filter bank reaches from 0 Hz to here */
static const float multiplier = 10000;

/* One triangle of the filter bank: the bins it covers. */
typedef struct mel_band {
    int first;
    int count;
    const float *weights;
} mel_band;

struct tg_logmel {
    tg_spectrum spectrum;
    mel_band bands[TG_BANDS];
    float weights[2 * TG_FFT_BINS]; /* every bin lies under at most two triangles */
    float logs[TG_FLOAT16_COUNT];   /* log10(10000 x + 1) of each float16 */

    float buffer[BUFFER];
    int filled;      /* samples in it */
    int64_t origin;  /* place of its first sample in the audio */
    int64_t centre;  /* of the next frame */
    int64_t samples; /* taken so far */
    int finished;
};

/* Slaney's mel scale: linear below 1 kHz, logarithmic above. */
static double mel_to_hz(double mel) {
    const double linear_hz = 200. / 3, break_hz = 1000, break_mel = break_hz / linear_hz;
    return mel < break_mel ? linear_hz * mel : break_hz * exp(log(6.4) / 27 * (mel - break_mel));
}

static double hz_to_mel(double hz) { return 15 + log(hz / 1000) / (log(6.4) / 27); /* above 1 kHz */ }

static double triangle(double hz, double low, double centre, double high) {
    double up = (hz - low) / (centre - low), down = (high - hz) / (high - centre);
    double height = up < down ? up : down;
    return height > 0 ? height * 2 / (high - low) : 0; /* of equal area: norm "slaney" */
}

static void make_bands(tg_logmel *m) {
    float *weights = m->weights;
    double top = hz_to_mel(max_hz);
    for (int b = 0; b < TG_BANDS; b++) {
        double low = mel_to_hz(top * b / (TG_BANDS + 1));
        double centre = mel_to_hz(top * (b + 1) / (TG_BANDS + 1));
        double high = mel_to_hz(top * (b + 2) / (TG_BANDS + 1));
        mel_band *band = &m->bands[b];
        *band = (mel_band){0, 0, weights};
        for (int k = 0; k < TG_FFT_BINS; k++) {
            double weight = triangle(k * (double)TG_SAMPLE_RATE / TG_FFT, low, centre, high);
            if (weight <= 0) continue;
            if (band->count++ == 0) band->first = k;
            *weights++ = (float)weight;
        }
    }
}

tg_logmel *tg_logmel_create(void) {
    tg_logmel *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    if (!tg_make_spectrum(&m->spectrum)) {
        free(m);
        return NULL;
    }
    make_bands(m);
    for (int i = 0; i < TG_FLOAT16_COUNT; i++) m->logs[i] = log10f(multiplier * tg_from_float16(i) + 1);
    return m;
}

void tg_logmel_free(tg_logmel *m) {
    if (!m) return;
    tg_free_spectrum(&m->spectrum);
    free(m);
}

int tg_logmel_space(const tg_logmel *m) { return BUFFER - m->filled; }

void tg_logmel_push(tg_logmel *m, const float *samples, int count) {
    memcpy(m->buffer + m->filled, samples, (size_t)count * sizeof *samples);
    m->filled += count;
    m->samples += count;
}

void tg_logmel_finish(tg_logmel *m) { m->finished = 1; }

/* The sample at a place of the audio; beyond its ends it is mirrored, the end samples not repeated. */
static float mirrored(const tg_logmel *m, int64_t place) {
    if (place < 0) place = -place;
    if (place >= m->samples) place = 2 * (m->samples - 1) - place;
    return m->buffer[place - m->origin];
}

/* The 512 samples of the frame centred at a place: where they are, or at the audio's ends gathered in `edge`. */
static const float *samples_of(const tg_logmel *m, int64_t centre, float edge[TG_FFT]) {
    const int64_t start = centre - HALF;
    if (start >= 0 && start + TG_FFT <= m->samples) return m->buffer + (start - m->origin);
    for (int i = 0; i < TG_FFT; i++) edge[i] = mirrored(m, start + i);
    return edge;
}

/* Of four frames side by side; the first `count` are wanted. */
static void log_mel(const tg_logmel *m, float (*power)[TG_FFT_FRAMES], float *rows, int count) {
    for (int b = 0; b < TG_BANDS; b++) {
        const mel_band *band = &m->bands[b];
        float sums[TG_FFT_FRAMES] = {0};
        for (int i = 0; i < band->count; i++)
            for (int f = 0; f < TG_FFT_FRAMES; f++) sums[f] += band->weights[i] * power[band->first + i][f];
        for (int f = 0; f < count; f++) rows[f * TG_BANDS + b] = m->logs[tg_to_float16(sums[f])];
    }
}

static tg_loudness loudness_at(const tg_logmel *m, int64_t centre) {
    const int64_t left = m->samples - centre;
    const int count = left < TG_FRAME_HOP ? (int)left : TG_FRAME_HOP;
    return tg_loudness_of(m->buffer + (centre - m->origin), count);
}

/* Drops what no later frame reaches. */
static void compact(tg_logmel *m) {
    int64_t passed = m->centre - KEPT - m->origin;
    if (passed <= 0) return;
    m->filled -= (int)passed;
    memmove(m->buffer, m->buffer + passed, (size_t)m->filled * sizeof *m->buffer);
    m->origin += passed;
}

static int frame_ready(const tg_logmel *m, int64_t centre) {
    int whole = m->samples > centre + HALF; /* one sample more than the frame: what mirrors the first one */
    int last = m->finished && centre <= m->samples;
    return whole || last;
}

/* Makes up to four frames at once; returns how many. */
static int make_frames(tg_logmel *m, float *rows, tg_loudness *loudness, int room) {
    const float *frames[TG_FFT_FRAMES];
    float edges[TG_FFT_FRAMES][TG_FFT], power[TG_FFT_BINS][TG_FFT_FRAMES];
    int count = 0;
    for (; count < TG_FFT_FRAMES && count < room && frame_ready(m, m->centre); count++, m->centre += TG_FRAME_HOP) {
        frames[count] = samples_of(m, m->centre, edges[count]);
        loudness[count] = loudness_at(m, m->centre);
    }
    if (count == 0) return 0;
    for (int f = count; f < TG_FFT_FRAMES; f++) frames[f] = frames[0];
    tg_kernels_active->power_spectra(&m->spectrum, frames, power);
    log_mel(m, power, rows, count);
    return count;
}

int tg_logmel_pull(tg_logmel *m, float *rows, tg_loudness *loudness, int room) {
    int count = 0, made;
    while ((made = make_frames(m, rows + count * TG_BANDS, loudness + count, room - count)) > 0) count += made;
    if (!frame_ready(m, m->centre)) compact(m);
    return count;
}
