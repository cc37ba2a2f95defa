/*
 * The paper's model of the spectrogram (Pons et al., 2018): timbral filters of seven, three and one frames by most and
 * by some of the mel bands, each with the maximum along frequency; temporal filters over the bands' mean; 'same'
 * padding in time; then the back-end. Everywhere: convolution and bias, ReLU, then normalisation.
 */
#include <kiss_fftr.h>
#include <stdlib.h>
#include <string.h>

#include "architecture.h"
#include "backend.h"
#include "clock.h"
#include "conv7.h"
#include "message.h"
#include "numbers.h"
#include "timbral_layer.h"

enum {
    TIMBRAL_LAYERS = 6,
    TEMPORAL_LAYERS = 4,
    TIMBRAL = 224, /* features of all timbral layers */
    TEMPORAL = 240,
    FEATURES = TIMBRAL + TEMPORAL,
    WIDEST = 128, /* filters of a layer */
    LONGEST = 165,
    LEAD = LONGEST / 2, /* zero frames around what temporal filters read */
    BLOCK = 96          /* frames answered together: their factors stay in the cache */
};

static const struct {
    const char *name;
    int bands, frames, filters;
} timbral_layers[TIMBRAL_LAYERS] = {{"timbral_86x7", 86, 7, 16}, {"timbral_86x3", 86, 3, 32},
                                    {"timbral_86x1", 86, 1, 64}, {"timbral_38x7", 38, 7, 16},
                                    {"timbral_38x3", 38, 3, 32}, {"timbral_38x1", 38, 1, 64}};
static const struct {
    const char *name;
    int frames, filters;
} temporal_layers[TEMPORAL_LAYERS] = {
    {"temporal_165", LONGEST, 16}, {"temporal_128", 128, 32}, {"temporal_64", 64, 64}, {"temporal_32", 32, WIDEST}};

typedef struct weights {
    float *input; /* scale and shift of the log-mel */
    tg_layer timbral[TIMBRAL_LAYERS];
    tg_layer temporal[TEMPORAL_LAYERS];
    tg_circle circle;
    tg_backend backend;
} weights;

typedef struct scratch {
    int frames;
    kiss_fftr_cfg fft; /* real transform along frequency */
    float *spectra;    /* [frames + 6][49][2], zero frames around */
    float *energy;     /* [frames + 2 LEAD]: the mean of the bands, zero frames around */
    float *tiles;      /* of a block, as timbral filters read it: the factors of four frames each */
    float *responses;  /* [BLOCK][WIDEST], of one layer */
    tg_backend_scratch *backend;
} scratch;

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

static int load_timbral(weights *w, int i, const gguf_file *file, char *why) {
    tg_layer *l = &w->timbral[i];
    const int bands = timbral_layers[i].bands, frames = timbral_layers[i].frames;
    float *kernel;
    int error = tg_layer_read_signed(l, &kernel, file, timbral_layers[i].name, timbral_layers[i].filters,
                                     (tg_shape){2, {frames, bands}}, why);
    if (!error) error = tg_timbral_pack(l, kernel, frames, bands, why);
    free(kernel);
    return error;
}

static int load_temporal(weights *w, int i, const gguf_file *file, char *why) {
    tg_layer *l = &w->temporal[i];
    const int taps = temporal_layers[i].frames;
    float *kernel = NULL;
    int error = tg_layer_read_whole(l, file, temporal_layers[i].name, temporal_layers[i].filters, why);
    if (!error) error = tg_layer_read_kernel(&kernel, l, file, (tg_shape){1, {taps}}, why);
    if (!error) error = tg_layer_pack(&l->kernels, l, kernel, taps, TG_TILE_COLUMNS, why);
    free(kernel);
    return error;
}

static void unload(void *loaded) {
    weights *w = loaded;
    free(w->input);
    for (int i = 0; i < TIMBRAL_LAYERS; i++) tg_layer_free(&w->timbral[i]);
    for (int i = 0; i < TEMPORAL_LAYERS; i++) tg_layer_free(&w->temporal[i]);
    tg_backend_free(&w->backend);
}

static int load(void *loaded, const gguf_file *file, int tag_count, int frames, char *why) {
    (void)frames; /* any length will do */
    weights *w = loaded;
    tg_make_circle(&w->circle);
    int error = tg_read_weights(&w->input, file, "input.norm", (tg_shape){1, {2}}, why);
    for (int i = 0; i < TIMBRAL_LAYERS && !error; i++) error = load_timbral(w, i, file, why);
    for (int i = 0; i < TEMPORAL_LAYERS && !error; i++) error = load_temporal(w, i, file, why);
    if (!error) error = tg_backend_load(&w->backend, file, FEATURES, TG_LONG_SIDE, tag_count, why);
    return error;
}

/* ---- Scratch ----------------------------------------------------------------------------------------------------- */

static void free_scratch(void *made) {
    scratch *s = made;
    kiss_fftr_free(s->fft);
    free(s->spectra);
    free(s->energy);
    free(s->tiles);
    free(s->responses);
    tg_backend_free_scratch(s->backend);
    free(s);
}

static void *make_scratch(const void *loaded, int frames, int hop) {
    (void)hop; /* segments share nothing: most of the time goes to the back-end, which pools over all of them */
    const weights *w = loaded;
    const size_t rows = (size_t)TG_ROUND_UP(frames, TG_TILE_ROWS);
    scratch *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->frames = frames;
    s->fft = kiss_fftr_alloc(TG_BANDS, 0, NULL, NULL);
    s->spectra = calloc((rows + 2 * TG_TIMBRAL_MARGIN) * TG_TIMBRAL_FRAME, sizeof *s->spectra);
    s->energy = calloc(rows + 2 * LEAD, sizeof *s->energy);
    s->tiles = calloc(BLOCK / TG_TIMBRAL_ROWS * TG_TIMBRAL_TILE, sizeof *s->tiles);
    s->responses = calloc(BLOCK * WIDEST, sizeof *s->responses);
    s->backend = tg_backend_make_scratch(&w->backend, frames);
    if (s->fft && s->spectra && s->energy && s->tiles && s->responses && s->backend) return s;
    free_scratch(s);
    return NULL;
}

/* ---- The forward pass -------------------------------------------------------------------------------------------- */

/* The log-mel normalised, in the forms that the filters read. */
static void prepare_input(const weights *w, scratch *s, const float *logmel) {
    for (int t = 0; t < s->frames; t++) {
        float x[TG_BANDS], sum = 0;
        for (int b = 0; b < TG_BANDS; b++) sum += x[b] = logmel[t * TG_BANDS + b] * w->input[0] + w->input[1];
        s->energy[LEAD + t] = sum / TG_BANDS;
        kiss_fftr(s->fft, x, (kiss_fft_cpx *)(s->spectra + (t + TG_TIMBRAL_MARGIN) * TG_TIMBRAL_FRAME));
    }
}

static void finish(const tg_layer *l, const scratch *s, int count, float *out) {
    for (int row = 0; row < count; row++) tg_layer_finish(l, s->responses + row * WIDEST, out + row * FEATURES);
}

/* The frames from `first` on, `count` of them: out[row * FEATURES] on. */
static void run_timbral(const weights *w, scratch *s, int first, int count, float *out) {
    const int tiles = TG_ROUND_UP(count, TG_TIMBRAL_ROWS) / TG_TIMBRAL_ROWS;
    for (int i = 0; i < tiles; i++)
        tg_timbral_tile(s->spectra + (first + i * TG_TIMBRAL_ROWS) * TG_TIMBRAL_FRAME, s->tiles + i * TG_TIMBRAL_TILE);
    for (int i = 0; i < TIMBRAL_LAYERS; out += w->timbral[i++].filters) {
        tg_timbral_run(&w->timbral[i], timbral_layers[i].bands, &w->circle, s->tiles, tiles, s->responses, WIDEST);
        finish(&w->timbral[i], s, count, out);
    }
}

static void run_temporal(const weights *w, scratch *s, int first, int count, float *out) {
    for (int i = 0; i < TEMPORAL_LAYERS; out += w->temporal[i++].filters) {
        const tg_layer *l = &w->temporal[i];
        const int taps = temporal_layers[i].frames, before = (taps - 1) / 2; /* 'same' has one more behind */
        for (int slot = 0; slot < l->filters; slot += TG_TILE_COLUMNS)
            tg_kernels_active->matmul_8(s->energy + LEAD + first - before, 1, 0, 1, l->kernels + slot * taps, taps,
                                        TG_ROUND_UP(count, TG_TILE_ROWS), s->responses + slot, WIDEST);
        finish(l, s, count, out);
    }
}

static void forward(const void *loaded, void *made, const float *logmel, int advance, float *logits) {
    (void)advance;
    const weights *w = loaded;
    scratch *s = made;
    tg_turn_to(TG_TIMBRAL);
    prepare_input(w, s, logmel);
    for (int first = 0; first < s->frames; first += BLOCK) {
        const int count = tg_smaller(BLOCK, s->frames - first);
        float *out = tg_backend_features(s->backend) + first * FEATURES;
        tg_turn_to(TG_TIMBRAL);
        run_timbral(w, s, first, count, out);
        tg_turn_to(TG_TEMPORAL);
        run_temporal(w, s, first, count, out + TIMBRAL);
    }
    tg_backend_forward(&w->backend, s->backend, logits);
}

/* ---- Features ---------------------------------------------------------------------------------------------------- */

static int feature(const void *loaded, void *made, const char *name, tg_feature *feature) {
    (void)loaded;
    const scratch *s = made;
    const float *features = tg_backend_features(s->backend);
    if (strcmp(name, "timbral") == 0)
        *feature = (tg_feature){features, 2, {s->frames, TIMBRAL}, FEATURES};
    else if (strcmp(name, "temporal") == 0)
        *feature = (tg_feature){features + TIMBRAL, 2, {s->frames, TEMPORAL}, FEATURES};
    else
        return tg_backend_feature(s->backend, name, feature);
    return TG_OK;
}

static const char *const names[] = {"timbral", "temporal", TG_BACKEND_NAMES};

const tg_architecture tg_spectrogram = {
    .name = "spectrogram",
    .frame_width = TG_BANDS,
    .least_frames = TG_BACKEND_LEAST,
    .any_length = 1,
    .features = names,
    .weights_size = sizeof(weights),
    .load = load,
    .unload = unload,
    .make_scratch = make_scratch,
    .free_scratch = free_scratch,
    .forward = forward,
    .feature = feature,
};
