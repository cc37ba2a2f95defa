#include "logmel.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "float16.h"
#include "kernels.h"
#include "taggram.h"

/* librosa's front-end as musicnn calls it. */
enum {
    FFT = 512,
    HALF = FFT / 2,
    BINS = HALF + 1,
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
    kiss_fftr_cfg fft;
    float window[FFT];
    mel_band bands[TG_BANDS];
    float weights[2 * BINS]; /* every bin lies under at most two triangles */

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
        for (int k = 0; k < BINS; k++) {
            double weight = triangle(k * (double)TG_SAMPLE_RATE / FFT, low, centre, high);
            if (weight <= 0) continue;
            if (band->count++ == 0) band->first = k;
            *weights++ = (float)weight;
        }
    }
}

tg_logmel *tg_logmel_create(void) {
    tg_logmel *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->fft = kiss_fftr_alloc(FFT, 0, NULL, NULL);
    if (!m->fft) {
        free(m);
        return NULL;
    }
    for (int i = 0; i < FFT; i++) m->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * i / FFT)); /* Hann, periodic */
    make_bands(m);
    return m;
}

void tg_logmel_free(tg_logmel *m) {
    if (!m) return;
    kiss_fftr_free(m->fft);
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

static void window_frame(const tg_logmel *m, float *out) {
    int64_t start = m->centre - HALF;
    if (start >= 0 && start + FFT <= m->samples) {
        const float *x = m->buffer + (start - m->origin);
        for (int i = 0; i < FFT; i++) out[i] = x[i] * m->window[i];
    } else {
        for (int i = 0; i < FFT; i++) out[i] = mirrored(m, start + i) * m->window[i];
    }
}

static void log_mel(const tg_logmel *m, const float *power, float *frame) {
    for (int b = 0; b < TG_BANDS; b++) {
        const mel_band *band = &m->bands[b];
        float sum = 0;
        for (int i = 0; i < band->count; i++) sum += band->weights[i] * power[band->first + i];
        frame[b] = log10f(multiplier * tg_through_float16(sum) + 1);
    }
}

static tg_loudness loudness_at(const tg_logmel *m, int64_t centre) {
    const int64_t left = m->samples - centre;
    const int count = left < TG_FRAME_HOP ? (int)left : TG_FRAME_HOP;
    tg_loudness loudness = {.samples = count};
    const float *x = m->buffer + (centre - m->origin);
    for (int i = 0; i < count; i++) loudness.energy += (double)x[i] * x[i];
    return loudness;
}

/* Drops what no later frame reaches. */
static void compact(tg_logmel *m) {
    int64_t passed = m->centre - KEPT - m->origin;
    if (passed <= 0) return;
    m->filled -= (int)passed;
    memmove(m->buffer, m->buffer + passed, (size_t)m->filled * sizeof *m->buffer);
    m->origin += passed;
}

static int frame_ready(const tg_logmel *m) {
    int whole = m->samples > m->centre + HALF; /* one sample more than the frame: what mirrors the first one */
    int last = m->finished && m->centre <= m->samples;
    return whole || last;
}

static void make_frame(const tg_logmel *m, float *frame) {
    float samples[FFT], power[BINS];
    kiss_fft_cpx spectrum[BINS];
    window_frame(m, samples);
    kiss_fftr(m->fft, samples, spectrum);
    for (int k = 0; k < BINS; k++) power[k] = spectrum[k].r * spectrum[k].r + spectrum[k].i * spectrum[k].i;
    log_mel(m, power, frame);
}

int tg_logmel_pull(tg_logmel *m, float *rows, tg_loudness *loudness, int room) {
    int count = 0;
    for (; count < room && frame_ready(m); count++, m->centre += TG_FRAME_HOP) {
        make_frame(m, rows + count * TG_BANDS);
        loudness[count] = loudness_at(m, m->centre);
    }
    if (!frame_ready(m)) compact(m);
    return count;
}
