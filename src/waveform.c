/*
 * The paper's model of the waveform (Pons et al., 2018; the front-end is Lee et al.'s of 2017): a convolution of three
 * samples with a stride of three, then six of three places, each under a maximum over three; then the back-end.
 * Everywhere: convolution and bias, ReLU, then normalisation, then the maximum.
 *
 * Layers take turns on a few frames at a time, so that what lies between them stays in the cache: a layer runs as soon
 * as it has heard enough, and hands on what it answers.
 */
#include <stdlib.h>
#include <string.h>

#include "architecture.h"
#include "backend.h"
#include "clock.h"
#include "conv3.h"
#include "kernels.h"
#include "message.h"
#include "numbers.h"

enum {
    LAYERS = 6, /* of the stack behind the first convolution */
    TAPS = 3,   /* of all filters, and samples from one answer of the first convolution to the next */
    FIRST = 64, /* filters of the first convolution */
    FEATURES = 256,
    LINES = 24,                                        /* that a layer answers at a time */
    HEARD = LINES * TG_SHORT_SIDE + TG_SHORT_TAPS - 1, /* frames that those depend on */
    BLOCK = 96,                                        /* frames that the first convolution makes at a time */
    ROOM = HEARD + BLOCK,                              /* more than any layer hands on */
    LEAST = 77 /* frames of samples: the front-end leaves TG_BACKEND_LEAST of them */
};

_Static_assert(BLOCK >= LINES * TG_CONV3_POOLED, "the first convolution hands on most");

static const char *const layer_names[LAYERS] = {"conv_1", "conv_2", "conv_3", "conv_4", "conv_5", "conv_6"};
static const int widths[LAYERS + 1] = {FIRST, 64, 64, 128, 128, 128, FEATURES};

typedef struct weights {
    tg_layer first;
    tg_layer stack[LAYERS];
    tg_backend backend;
} weights;

/* What a layer of the stack has heard and not answered yet. */
typedef struct inbox {
    float *frames; /* [ROOM][widths[i]] */
    int held;
    int wanted; /* frames that the layer still hands on in this segment */
} inbox;

typedef struct scratch {
    int samples;
    int features; /* frames of them */
    inbox inboxes[LAYERS];
    tg_lines_room room;
    tg_backend_scratch *backend;
} scratch;

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

static int load_first(tg_layer *l, const gguf_file *file, char *why) {
    float *kernel = NULL;
    int error = tg_layer_read_whole(l, file, "conv_0", FIRST, why);
    if (!error) error = tg_layer_read_kernel(&kernel, l, file, (tg_shape){1, {TAPS}}, why);
    if (!error) error = tg_layer_pack(&l->kernels, l, kernel, TAPS, TG_TILE_COLUMNS, why);
    free(kernel);
    return error;
}

static int load_stack(weights *w, const gguf_file *file, char *why) {
    int error = TG_OK;
    for (int i = 0; i < LAYERS && !error; i++) {
        error = tg_layer_read_whole(&w->stack[i], file, layer_names[i], widths[i + 1], why);
        if (!error) error = tg_conv3_load(&w->stack[i], file, widths[i], why);
    }
    return error;
}

static void unload(void *loaded) {
    weights *w = loaded;
    tg_layer_free(&w->first);
    for (int i = 0; i < LAYERS; i++) tg_layer_free(&w->stack[i]);
    tg_backend_free(&w->backend);
}

static int load(void *loaded, const gguf_file *file, int tag_count, int frames, char *why) {
    (void)frames; /* any length will do */
    weights *w = loaded;
    int error = load_first(&w->first, file, why);
    if (!error) error = load_stack(w, file, why);
    if (!error) error = tg_backend_load(&w->backend, file, FEATURES, TG_LINE_SIDE, tag_count, why);
    return error;
}

/* ---- Scratch ----------------------------------------------------------------------------------------------------- */

static void free_scratch(void *made) {
    scratch *s = made;
    for (int i = 0; i < LAYERS; i++) free(s->inboxes[i].frames);
    free(s->room.factors);
    free(s->room.products);
    tg_backend_free_scratch(s->backend);
    free(s);
}

/* Frames that a layer of the stack hands on of `frames` that it hears. */
static int handed_on(int frames) { return (frames - (TAPS - 1)) / TG_CONV3_POOL; }

static void *make_scratch(const void *loaded, int frames, int hop) {
    (void)hop; /* pooling steps over samples: segments would share answers only at hops that the steps divide */
    const weights *w = loaded;
    scratch *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->samples = frames * TG_FRAME_HOP;
    s->features = s->samples / TAPS;
    int complete = 1;
    for (int i = 0; i < LAYERS; i++) {
        s->inboxes[i].frames = calloc((size_t)(ROOM * widths[i]), sizeof(float));
        complete = complete && s->inboxes[i].frames;
        s->features = handed_on(s->features);
    }
    s->room.factors = calloc(tg_conv3_factors(LINES, widths[LAYERS - 1]), sizeof(float));
    s->room.products = calloc(tg_conv3_products(LINES), sizeof(float));
    s->backend = tg_backend_make_scratch(&w->backend, s->features);
    if (complete && s->room.factors && s->room.products && s->backend) return s;
    free_scratch(s);
    return NULL;
}

/* ---- The forward pass -------------------------------------------------------------------------------------------- */

static void run_full(const weights *w, scratch *s, int i);

/* Layer `i` of the stack answers `lines` of what it has heard. */
static void run_layer(const weights *w, scratch *s, int i, int lines) {
    inbox *in = &s->inboxes[i], *next = i + 1 < LAYERS ? in + 1 : NULL;
    const int width = widths[i], count = tg_smaller(lines * TG_CONV3_POOLED, in->wanted);
    const int taken = count * TG_CONV3_POOL;
    float *out = next ? next->frames + next->held * widths[i + 1]
                      : tg_backend_features(s->backend) + (s->features - in->wanted) * FEATURES;
    tg_conv3_run(&w->stack[i], width, in->frames, lines, s->room, out);
    in->wanted -= count;
    in->held -= taken;
    memmove(in->frames, in->frames + taken * width, (size_t)(in->held * width) * sizeof *in->frames);
    if (!next) return;
    next->held += count;
    run_full(w, s, i + 1);
}

static void run_full(const weights *w, scratch *s, int i) {
    while (s->inboxes[i].held >= HEARD) run_layer(w, s, i, LINES);
}

/* `count` answers of the first convolution, to the stack. */
static void run_first(const weights *w, scratch *s, const float *samples, int count) {
    const tg_layer *l = &w->first;
    inbox *next = &s->inboxes[0];
    float *out = next->frames + next->held * FIRST;
    for (int slot = 0; slot < FIRST; slot += TG_TILE_COLUMNS) {
        const tg_norm norm = {l->bias + slot, l->scale + slot, l->shift + slot};
        tg_kernels_active->filter_samples(samples, l->kernels + slot * TAPS, &norm, count, out + slot, FIRST);
    }
    next->held += count;
    run_full(w, s, 0);
}

static void forward(const void *loaded, void *made, const float *samples, int advance, float *logits) {
    (void)advance;
    const weights *w = loaded;
    scratch *s = made;
    const int count = s->samples / TAPS;
    for (int i = 0, heard = count; i < LAYERS; i++) {
        s->inboxes[i].held = 0;
        s->inboxes[i].wanted = heard = handed_on(heard);
    }
    tg_turn_to(TG_CONVOLUTIONS);
    for (int done = 0; done < count; done += BLOCK)
        run_first(w, s, samples + done * TAPS, tg_smaller(BLOCK, count - done));
    for (int i = 0; i < LAYERS; i++) {
        const int lines = (s->inboxes[i].wanted + TG_CONV3_POOLED - 1) / TG_CONV3_POOLED;
        if (lines > 0) run_layer(w, s, i, lines);
    }
    tg_backend_forward(&w->backend, s->backend, logits);
}

/* ---- Features ---------------------------------------------------------------------------------------------------- */

static int feature(const void *loaded, void *made, const char *name, tg_feature *feature) {
    (void)loaded;
    const scratch *s = made;
    if (strcmp(name, "front_end") != 0) return tg_backend_feature(s->backend, name, feature);
    *feature = (tg_feature){tg_backend_features(s->backend), 2, {s->features, FEATURES}, FEATURES};
    return TG_OK;
}

static const char *const names[] = {"front_end", TG_BACKEND_NAMES};

const tg_architecture tg_waveform = {
    .name = "waveform",
    .frame_width = TG_FRAME_HOP,
    .least_frames = LEAST,
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
