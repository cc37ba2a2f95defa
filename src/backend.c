#include "backend.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conv7.h"
#include "kernels.h"
#include "numbers.h"
#include "pooling.h"

enum {
    MARGIN = TG_CONV7_MARGIN,
    FILTERS = TG_BACKEND_FILTERS,
    BLOCK = 192 /* frames convolved together: their factors stay in the cache */
};

struct tg_backend_scratch {
    int frames;      /* of features */
    int rows;        /* that the first convolution leaves */
    int pooled_rows; /* that the maximum over two of them leaves */
    float *features; /* [rows + 6][inputs], with what whole lines read beyond */
    float *first;    /* [rows + 6][FILTERS], zero frames around */
    float *second;   /* [rows][FILTERS] */
    float *pooled;   /* [pooled_rows + 6][FILTERS], zero frames around */
    float *third;    /* [pooled_rows][FILTERS] */
    float *summary;  /* [2][FILTERS]: largest, mean */
    float *sums;     /* [FILTERS], while they are taken */
    float *penultimate;
    tg_lines_room room;
};

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

int tg_backend_load(tg_backend *b, const gguf_file *file, int inputs, int side, int tags, char *why) {
    static const char *const names[TG_BACKEND_LAYERS] = {"back_1", "back_2", "back_3"};
    b->inputs = inputs;
    b->side = side;
    int error = TG_OK;
    for (int i = 0; i < TG_BACKEND_LAYERS && !error; i++) {
        error = tg_layer_read_whole(&b->conv[i], file, names[i], FILTERS, why);
        if (!error) error = tg_conv7_load(&b->conv[i], file, i > 0 ? FILTERS : inputs, side, why);
    }
    if (!error) error = tg_classifier_read(&b->classifier, file, 2 * FILTERS, TG_BACKEND_UNITS, tags, why);
    return error;
}

void tg_backend_free(tg_backend *b) {
    for (int i = 0; i < TG_BACKEND_LAYERS; i++) tg_layer_free(&b->conv[i]);
    tg_classifier_free(&b->classifier);
}

/* ---- Scratch ----------------------------------------------------------------------------------------------------- */

/* Frames in whole lines: what a convolution computes. */
static int whole(const tg_backend *b, int rows) { return TG_ROUND_UP(rows, b->side); }

/* Room for the frames that whole lines depend on, and for lanes behind the last. */
static float *make_map(const tg_backend *b, int rows, int width) {
    return calloc((size_t)(whole(b, rows) + 2 * MARGIN) * (size_t)width + TG_LANES, sizeof(float));
}

tg_backend_scratch *tg_backend_make_scratch(const tg_backend *b, int frames) {
    tg_backend_scratch *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->frames = frames;
    s->rows = frames - 2 * MARGIN;
    s->pooled_rows = s->rows / 2;
    s->features = make_map(b, s->rows, b->inputs);
    s->first = make_map(b, s->rows, FILTERS);
    s->second = make_map(b, s->rows, FILTERS);
    s->pooled = make_map(b, s->pooled_rows, FILTERS);
    s->third = make_map(b, s->pooled_rows, FILTERS);
    s->summary = calloc(2 * FILTERS, sizeof *s->summary);
    s->sums = calloc(FILTERS, sizeof *s->sums);
    s->penultimate = calloc(TG_BACKEND_UNITS, sizeof *s->penultimate);
    s->room.factors = calloc(tg_conv7_factors(BLOCK, tg_larger(b->inputs, FILTERS), b->side), sizeof(float));
    s->room.products = calloc(tg_conv7_products(BLOCK, b->side), sizeof(float));
    if (s->features && s->first && s->second && s->pooled && s->third && s->summary && s->sums && s->penultimate &&
        s->room.factors && s->room.products)
        return s;
    tg_backend_free_scratch(s);
    return NULL;
}

void tg_backend_free_scratch(tg_backend_scratch *s) {
    if (!s) return;
    free(s->features);
    free(s->first);
    free(s->second);
    free(s->pooled);
    free(s->third);
    free(s->summary);
    free(s->sums);
    free(s->penultimate);
    free(s->room.factors);
    free(s->room.products);
    free(s);
}

float *tg_backend_features(tg_backend_scratch *s) { return s->features; }

/* ---- The forward pass -------------------------------------------------------------------------------------------- */

/* out[rows][FILTERS] = norm(relu(conv(in) + bias)); what follows the last row, up to a whole line, is of no use. */
static void convolve(const tg_backend *b, int layer, const float *in, int rows, tg_lines_room room, float *out) {
    const tg_layer *l = &b->conv[layer];
    const int inputs = layer > 0 ? FILTERS : b->inputs;
    for (int row = 0; row < rows; row += BLOCK)
        tg_conv7_run(l, inputs, b->side, in + row * inputs, tg_smaller(BLOCK, whole(b, rows - row)), room,
                     out + row * FILTERS, FILTERS);
    for (int row = 0; row < rows; row++) tg_layer_answers(l, out + row * FILTERS);
}

static void add_residual(float *restrict rows, const float *restrict in, int count) {
    for (int i = 0; i < count; i++) rows[i] += in[i];
}

/* out[row] = the larger of rows 2 row and 2 row + 1 */
static void pool_pairs(const float *in, int rows, float *restrict out) {
    for (int row = 0; row < rows; row++, in += 2 * FILTERS, out += FILTERS)
        for (int i = 0; i < FILTERS; i++) out[i] = in[i] < in[FILTERS + i] ? in[FILTERS + i] : in[i];
}

void tg_backend_forward(const tg_backend *b, tg_backend_scratch *s, float *logits) {
    float *first = s->first + MARGIN * FILTERS, *pooled = s->pooled + MARGIN * FILTERS;
    tg_turn_to(TG_MID_END);
    convolve(b, 0, s->features, s->rows, s->room, first);
    memset(first + s->rows * FILTERS, 0, (size_t)((whole(b, s->rows) - s->rows) * FILTERS) * sizeof *first);
    convolve(b, 1, s->first, s->rows, s->room, s->second);
    add_residual(s->second, first, s->rows * FILTERS);
    pool_pairs(s->second, s->pooled_rows, pooled);
    convolve(b, 2, s->pooled, s->pooled_rows, s->room, s->third);
    add_residual(s->third, pooled, s->pooled_rows * FILTERS);
    tg_turn_to(TG_POOLING);
    tg_pool(s->third, s->pooled_rows, FILTERS, s->summary, s->summary + FILTERS, s->sums);
    tg_turn_to(TG_DENSE);
    tg_classify(&b->classifier, s->summary, s->penultimate, logits);
}

int tg_backend_feature(const tg_backend_scratch *s, const char *name, tg_feature *feature) {
    static const char *const names[] = {TG_BACKEND_NAMES};
    const tg_feature features[] = {{s->first + MARGIN * FILTERS, 2, {s->rows, FILTERS}, FILTERS},
                                   {s->second, 2, {s->rows, FILTERS}, FILTERS},
                                   {s->third, 2, {s->pooled_rows, FILTERS}, FILTERS},
                                   {s->summary + FILTERS, 1, {FILTERS}, FILTERS},
                                   {s->summary, 1, {FILTERS}, FILTERS},
                                   {s->penultimate, 1, {TG_BACKEND_UNITS}, TG_BACKEND_UNITS}};
    for (int i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0) {
            *feature = features[i];
            return TG_OK;
        }
    return TG_ENAME;
}
