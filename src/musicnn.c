/*
 * musicnn (Pons and Serra, 2019): the spectrogram front-end of timbral and temporal filters, a mid-end of three
 * convolutions along time with residuals, and pooled features under a dense layer. Everywhere: convolution and bias,
 * ReLU, then normalisation, whose scale may be negative.
 */
#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "architecture.h"
#include "kernels.h"
#include "message.h"
#include "weights.h"

enum {
    TIMBRAL = 204, /* filters of each timbral layer */
    TEMPORAL = 51, /* filters of each temporal layer */
    MID = 64,      /* filters of each mid-end layer */
    FRONT = 2 * TIMBRAL + 3 * TEMPORAL,
    POOLED = FRONT + 3 * MID, /* features pooled over time, each by maximum and mean */
    DENSE = 200,
    MID_FRAMES = 7,           /* under a mid-end filter */
    MARGIN = MID_FRAMES / 2,  /* zero frames around what such a filter reads */
    LONGEST = 128,            /* taps of the longest temporal filter */
    LEAD = (LONGEST - 1) / 2, /* zero frames before what it reads: 'same' padding has one more behind */
    FRONT_LAYERS = 5,
    MID_LAYERS = 3,
    WIDEST = TG_ROUND_UP(TIMBRAL, TG_LANES)
};

/*
 * Training drove many filters to zero, down to 1e-30: what they answer is a constant, that of a response of 0. A filter
 * whose response times its normalisation can't pass this, for each 1 that its input has, is taken for one.
 */
static const float dead_response = 1e-6f;

/* Convolution, bias, ReLU, normalisation. Only live filters are computed, packed side by side. */
typedef struct layer {
    const char *name;
    int filters;
    int depth;      /* of a filter: values that it weighs */
    int taps;       /* of temporal filters, in frames */
    int positions;  /* of timbral filters, along frequency */
    int live;       /* filters that are computed */
    int *order;     /* [live]: which those are */
    float *kernels; /* of those, packed for the layer's kernel, already times `sign` where a maximum follows */
    float *bias, *sign, *scale, *shift; /* [filters]; sign is that of scale */
    float *constant;                    /* [filters]: the answer to a response of 0 */
} layer;

typedef struct weights {
    float *input; /* scale and shift of the log-mel */
    layer front[FRONT_LAYERS];
    layer mid[MID_LAYERS];
    float *dense; /* [DENSE][2 * POOLED], the normalisation before it folded in */
    float *dense_bias, *dense_scale, *dense_shift;
    float *output, *output_bias; /* [tags][DENSE] */
    int tags;
    tg_circle circle;
} weights;

typedef struct scratch {
    int frames;
    int rows; /* frames in whole tiles: what the kernels compute */
    float *block;
    float *input;           /* [frames][96], normalised */
    float *spectra;         /* [rows + 6][49][2], zero frames around */
    float *columns;         /* the input again: blocks of 8 bands, [rows + 127][8], zero frames around */
    float *responses;       /* [rows][WIDEST], of one layer's live filters */
    float *front;           /* [rows + 6][FRONT], zero frames around */
    float *mid[MID_LAYERS]; /* [rows + 6][MID], with the residual, zero frames around */
    float max_pool[POOLED], mean_pool[POOLED];
    float pooled[2 * POOLED]; /* max 0, mean 0, max 1, ... */
    float penultimate[DENSE];
    kiss_fftr_cfg fft; /* real transform along frequency */
} scratch;

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

static int read_part(float **values, const gguf_file *file, const layer *l, const char *part, tg_shape shape,
                     char *why) {
    char name[64];
    snprintf(name, sizeof name, "%s.%s", l->name, part);
    return tg_read_weights(values, file, name, shape, why);
}

static int no_memory(const layer *l, char *why) {
    return tg_fail(TG_ENOMEM, why, "There is no memory for the model's layer %s.", l->name);
}

static float relu(float x) { return x > 0 ? x : 0; }

/* What filter f answers to a response of its convolution. */
static float answer(const layer *l, int f, float response) {
    return relu(response + l->bias[f]) * l->scale[f] + l->shift[f];
}

/* Everything of a layer but its kernels, which each kind packs in its own way. */
static int read_layer(layer *l, const gguf_file *file, char *why) {
    float *norm;
    int error = read_part(&norm, file, l, "norm", (tg_shape){2, {2, l->filters}}, why);
    if (!error) error = read_part(&l->bias, file, l, "bias", (tg_shape){1, {l->filters}}, why);
    l->scale = norm;
    l->sign = malloc((size_t)l->filters * sizeof *l->sign);
    l->constant = malloc((size_t)l->filters * sizeof *l->constant);
    l->order = malloc((size_t)l->filters * sizeof *l->order);
    if (!error && !(l->sign && l->constant && l->order)) error = no_memory(l, why);
    if (error) return error;
    l->shift = norm + l->filters;
    for (int f = 0; f < l->filters; f++) {
        l->sign[f] = l->scale[f] < 0 ? -1 : 1;
        l->constant[f] = answer(l, f, 0);
    }
    return TG_OK;
}

static void find_live(layer *l, const float *kernel) {
    for (int f = 0; f < l->filters; f++) {
        float weight = 0;
        for (int i = 0; i < l->depth; i++) weight += fabsf(kernel[f * l->depth + i]);
        if (weight * fabsf(l->scale[f]) >= dead_response) l->order[l->live++] = f;
    }
}

/* Four filters side by side: [group][tap][lane]. */
static int pack_temporal(layer *l, const float *kernel) {
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_LANES) * (size_t)l->taps, sizeof *l->kernels);
    if (!l->kernels) return TG_ENOMEM;
    for (int slot = 0; slot < l->live; slot++) {
        const int f = l->order[slot];
        float *out = l->kernels + slot / TG_LANES * l->taps * TG_LANES + slot % TG_LANES;
        for (int i = 0; i < l->taps; i++) out[i * TG_LANES] = kernel[f * l->depth + i] * l->sign[f];
    }
    return TG_OK;
}

/* One row of a filter [7][height] as its conjugate spectrum, times `scale`; parts TG_LANES apart, bins `step` apart. */
static void pack_spectrum(kiss_fftr_cfg fft, const float *row, int height, float scale, float *out, int step) {
    float padded[TG_BANDS] = {0};
    kiss_fft_cpx spectrum[TG_BINS];
    memcpy(padded, row, (size_t)height * sizeof *padded);
    kiss_fftr(fft, padded, spectrum);
    for (int bin = 0; bin < TG_BINS; bin++, out += step) {
        out[0] = spectrum[bin].r * scale;
        out[TG_LANES] = -spectrum[bin].i * scale;
    }
}

/* Spectra of four filters side by side: [group][bin][frame][re, im][lane]. */
static int pack_timbral(layer *l, const float *kernel) {
    enum { STEP = TG_TIMBRAL_FRAMES * 2 * TG_LANES, GROUP = TG_BINS * STEP };
    const int height = TG_BANDS - l->positions + 1;
    kiss_fftr_cfg fft = kiss_fftr_alloc(TG_BANDS, 0, NULL, NULL);
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_LANES) / TG_LANES * GROUP, sizeof *l->kernels);
    for (int slot = 0; fft && l->kernels && slot < l->live; slot++)
        for (int frame = 0; frame < TG_TIMBRAL_FRAMES; frame++) {
            const int f = l->order[slot];
            float *out = l->kernels + slot / TG_LANES * GROUP + frame * 2 * TG_LANES + slot % TG_LANES;
            pack_spectrum(fft, kernel + f * l->depth + frame * height, height, l->sign[f] / TG_BANDS, out, STEP);
        }
    kiss_fftr_free(fft);
    return fft && l->kernels ? TG_OK : TG_ENOMEM;
}

/* Eight filters side by side: [group][depth][8]. */
static int pack_mid(layer *l, const float *kernel) {
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_TILE_COLUMNS) * (size_t)l->depth, sizeof *l->kernels);
    if (!l->kernels) return TG_ENOMEM;
    for (int slot = 0; slot < l->live; slot++) {
        const float *in = kernel + l->order[slot] * l->depth;
        float *out = l->kernels + slot / TG_TILE_COLUMNS * l->depth * TG_TILE_COLUMNS + slot % TG_TILE_COLUMNS;
        for (int i = 0; i < l->depth; i++) out[i * TG_TILE_COLUMNS] = in[i];
    }
    return TG_OK;
}

static tg_shape kernel_shape(const layer *l) {
    if (l->taps) return (tg_shape){2, {l->filters, l->taps}};
    return (tg_shape){3, {l->filters, MID_FRAMES, l->depth / MID_FRAMES}};
}

static int load_layer(layer *l, int (*pack)(layer *, const float *), const gguf_file *file, char *why) {
    int error = read_layer(l, file, why);
    if (error) return error;
    float *kernel;
    error = read_part(&kernel, file, l, "kernel", kernel_shape(l), why);
    if (error) return error;
    find_live(l, kernel);
    error = pack(l, kernel);
    free(kernel);
    return error ? no_memory(l, why) : TG_OK;
}

/* dense(norm(x)) = dense'(x): both are affine, and nothing stands between. */
static void fold_pool_norm(weights *w, const float *norm) {
    for (int o = 0; o < DENSE; o++) {
        float *row = w->dense + o * 2 * POOLED;
        double bias = w->dense_bias[o];
        for (int i = 0; i < 2 * POOLED; i++) {
            bias += (double)row[i] * norm[2 * POOLED + i];
            row[i] *= norm[i];
        }
        w->dense_bias[o] = (float)bias;
    }
}

static int load_dense(weights *w, const gguf_file *file, char *why) {
    float *pool_norm = NULL;
    int error = tg_read_weights(&pool_norm, file, "pool.norm", (tg_shape){2, {2, 2 * POOLED}}, why);
    if (!error) error = tg_read_weights(&w->dense, file, "dense.kernel", (tg_shape){2, {DENSE, 2 * POOLED}}, why);
    if (!error) error = tg_read_weights(&w->dense_bias, file, "dense.bias", (tg_shape){1, {DENSE}}, why);
    if (!error) error = tg_read_weights(&w->dense_scale, file, "dense.norm", (tg_shape){2, {2, DENSE}}, why);
    if (!error) error = tg_read_weights(&w->output, file, "output.kernel", (tg_shape){2, {w->tags, DENSE}}, why);
    if (!error) error = tg_read_weights(&w->output_bias, file, "output.bias", (tg_shape){1, {w->tags}}, why);
    if (!error) {
        w->dense_shift = w->dense_scale + DENSE;
        fold_pool_norm(w, pool_norm);
    }
    free(pool_norm);
    return error;
}

static void free_layer(layer *l) {
    free(l->order);
    free(l->kernels);
    free(l->bias);
    free(l->sign);
    free(l->scale);
    free(l->constant);
}

static void unload(void *loaded) {
    weights *w = loaded;
    free(w->input);
    for (int i = 0; i < FRONT_LAYERS; i++) free_layer(&w->front[i]);
    for (int i = 0; i < MID_LAYERS; i++) free_layer(&w->mid[i]);
    free(w->dense);
    free(w->dense_bias);
    free(w->dense_scale);
    free(w->output);
    free(w->output_bias);
    free(w);
}

static void name_layers(weights *w) {
    static const layer front[FRONT_LAYERS] = {
        {.name = "timbral_38", .filters = TIMBRAL, .positions = TG_BANDS - 38 + 1, .depth = TG_TIMBRAL_FRAMES * 38},
        {.name = "timbral_67", .filters = TIMBRAL, .positions = TG_BANDS - 67 + 1, .depth = TG_TIMBRAL_FRAMES * 67},
        {.name = "temporal_128", .filters = TEMPORAL, .taps = 128, .depth = 128},
        {.name = "temporal_64", .filters = TEMPORAL, .taps = 64, .depth = 64},
        {.name = "temporal_32", .filters = TEMPORAL, .taps = 32, .depth = 32},
    };
    static const layer mid[MID_LAYERS] = {{.name = "mid_1", .filters = MID, .depth = MID_FRAMES * FRONT},
                                          {.name = "mid_2", .filters = MID, .depth = MID_FRAMES * MID},
                                          {.name = "mid_3", .filters = MID, .depth = MID_FRAMES * MID}};
    memcpy(w->front, front, sizeof front);
    memcpy(w->mid, mid, sizeof mid);
}

static int load(void **loaded, const gguf_file *file, int tag_count, char *why) {
    weights *w = calloc(1, sizeof *w);
    if (!w) return tg_fail(TG_ENOMEM, why, "There is no memory for the model.");
    w->tags = tag_count;
    name_layers(w);
    for (int i = 0; i < TG_BANDS; i++) {
        w->circle.cosine[i] = (float)cos(2 * M_PI * i / TG_BANDS);
        w->circle.sine[i] = (float)sin(2 * M_PI * i / TG_BANDS);
    }
    int error = tg_read_weights(&w->input, file, "input.norm", (tg_shape){1, {2}}, why);
    for (int i = 0; i < FRONT_LAYERS && !error; i++)
        error = load_layer(&w->front[i], w->front[i].taps ? pack_temporal : pack_timbral, file, why);
    for (int i = 0; i < MID_LAYERS && !error; i++) error = load_layer(&w->mid[i], pack_mid, file, why);
    if (!error) error = load_dense(w, file, why);
    if (error)
        unload(w);
    else
        *loaded = w;
    return error;
}

/* ---- Scratch ----------------------------------------------------------------------------------------------------- */

static void free_scratch(void *made) {
    scratch *s = made;
    kiss_fftr_free(s->fft);
    free(s->block);
    free(s);
}

/* Everything in one block, all zero: the margins stay so. */
static void *make_scratch(const void *loaded, int frames) {
    (void)loaded;
    scratch *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->frames = frames;
    s->rows = TG_ROUND_UP(frames, TG_TILE_ROWS);
    const size_t rows = (size_t)s->rows, padded = rows + 2 * MARGIN;
    struct {
        float **buffer;
        size_t values;
    } parts[] = {{&s->input, rows * TG_BANDS},
                 {&s->spectra, padded * TG_BINS * 2},
                 {&s->columns, (rows + LONGEST - 1) * TG_BANDS},
                 {&s->responses, rows * WIDEST},
                 {&s->front, padded * FRONT},
                 {&s->mid[0], padded * MID},
                 {&s->mid[1], padded * MID},
                 {&s->mid[2], padded * MID}};
    const size_t count = sizeof parts / sizeof *parts;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += parts[i].values;
    s->block = calloc(total, sizeof *s->block);
    s->fft = kiss_fftr_alloc(TG_BANDS, 0, NULL, NULL);
    if (!s->block || !s->fft) {
        free_scratch(s);
        return NULL;
    }
    float *next = s->block;
    for (size_t i = 0; i < count; next += parts[i++].values) *parts[i].buffer = next;
    return s;
}

/* ---- The forward pass -------------------------------------------------------------------------------------------- */

/* The log-mel normalised, in the three forms that the front-end reads. */
static void prepare_input(const weights *w, scratch *s, const float *logmel) {
    const int x_rows = s->rows + LONGEST - 1;
    for (int t = 0; t < s->frames; t++) {
        float *x = s->input + t * TG_BANDS;
        for (int b = 0; b < TG_BANDS; b++) x[b] = logmel[t * TG_BANDS + b] * w->input[0] + w->input[1];
        kiss_fftr(s->fft, x, (kiss_fft_cpx *)(s->spectra + (t + MARGIN) * TG_BINS * 2));
        for (int b = 0; b < TG_BANDS; b += TG_TILE_COLUMNS)
            memcpy(s->columns + (b / TG_TILE_COLUMNS * x_rows + t + LEAD) * TG_TILE_COLUMNS, x + b,
                   TG_TILE_COLUMNS * sizeof *x);
    }
}

/*
 * out[t][0 .. filters - 1] from the responses of the live filters. The sign undoes what kernels were multiplied by:
 * max over frequency of norm(relu(conv)) is norm(relu(max conv)) where norm rises, norm(relu(min conv)) where it
 * falls; with the sign in the kernels both are one maximum.
 */
static void finish_layer(const layer *l, const scratch *s, int has_maximum, float *out, int out_stride) {
    for (int t = 0; t < s->frames; t++, out += out_stride) {
        const float *responses = s->responses + t * WIDEST;
        memcpy(out, l->constant, (size_t)l->filters * sizeof *out);
        for (int slot = 0; slot < l->live; slot++) {
            const int f = l->order[slot];
            out[f] = answer(l, f, has_maximum ? responses[slot] * l->sign[f] : responses[slot]);
        }
    }
}

static void front_layer(const weights *w, const layer *l, scratch *s, float *out) {
    const int x_rows = s->rows + LONGEST - 1;
    const float *x = s->columns + (LEAD - (l->taps - 1) / 2) * TG_TILE_COLUMNS;
    for (int slot = 0; slot < l->live; slot += TG_LANES) {
        if (l->taps)
            tg_kernels_active->temporal_max(x, x_rows, l->kernels + slot * l->taps, l->taps, s->rows,
                                            s->responses + slot, WIDEST);
        else
            tg_kernels_active->timbral_max(&w->circle, s->spectra, l->kernels + slot * TG_BINS * TG_TIMBRAL_FRAMES * 2,
                                           l->positions, s->rows, s->responses + slot, WIDEST);
    }
    finish_layer(l, s, 1, out, FRONT);
}

/* out[t] = norm(relu(conv(in) + bias)) + residual[t]; in, residual and out have margins of zero frames. */
static void mid_layer(const layer *l, scratch *s, const float *in, const float *residual, float *out) {
    const int width = l->depth / MID_FRAMES;
    for (int slot = 0; slot < l->live; slot += TG_TILE_COLUMNS)
        tg_kernels_active->matmul_8(in, width, l->kernels + slot * l->depth, l->depth, s->rows, s->responses + slot,
                                    WIDEST);
    out += MARGIN * MID;
    finish_layer(l, s, 0, out, MID);
    if (!residual) return;
    for (int i = 0; i < s->frames * MID; i++) out[i] += residual[MARGIN * MID + i];
}

static void pool(const float *rows, int frames, int width, float *largest, float *mean) {
    for (int c = 0; c < width; c++) {
        largest[c] = rows[c];
        mean[c] = 0;
    }
    for (int t = 0; t < frames; t++)
        for (int c = 0; c < width; c++) {
            float x = rows[t * width + c];
            if (x > largest[c]) largest[c] = x;
            mean[c] += x;
        }
    for (int c = 0; c < width; c++) mean[c] /= (float)frames;
}

static void pool_features(scratch *s) {
    pool(s->front + MARGIN * FRONT, s->frames, FRONT, s->max_pool, s->mean_pool);
    for (int i = 0; i < MID_LAYERS; i++) {
        int at = FRONT + i * MID;
        pool(s->mid[i] + MARGIN * MID, s->frames, MID, s->max_pool + at, s->mean_pool + at);
    }
    for (int i = 0; i < POOLED; i++) {
        s->pooled[2 * i] = s->max_pool[i];
        s->pooled[2 * i + 1] = s->mean_pool[i];
    }
}

static void classify(const weights *w, scratch *s, float *logits) {
    for (int o = 0; o < DENSE; o++) {
        float sum = tg_kernels_active->dot(s->pooled, w->dense + o * 2 * POOLED, 2 * POOLED) + w->dense_bias[o];
        s->penultimate[o] = relu(sum) * w->dense_scale[o] + w->dense_shift[o];
    }
    for (int o = 0; o < w->tags; o++)
        logits[o] = tg_kernels_active->dot(s->penultimate, w->output + o * DENSE, DENSE) + w->output_bias[o];
}

static void forward(const void *loaded, void *made, const float *logmel, float *logits) {
    const weights *w = loaded;
    scratch *s = made;
    prepare_input(w, s, logmel);
    float *front = s->front + MARGIN * FRONT;
    for (int i = 0; i < FRONT_LAYERS; front += w->front[i++].filters) front_layer(w, &w->front[i], s, front);
    mid_layer(&w->mid[0], s, s->front, NULL, s->mid[0]);
    mid_layer(&w->mid[1], s, s->mid[0], s->mid[0], s->mid[1]);
    mid_layer(&w->mid[2], s, s->mid[1], s->mid[1], s->mid[2]);
    pool_features(s);
    classify(w, s, logits);
}

static int feature(const void *made, const char *name, tg_feature *feature) {
    const scratch *s = made;
    const float *front = s->front + MARGIN * FRONT;
    const struct {
        const char *name;
        tg_feature feature;
    } features[] = {
        {"timbral", {front, s->frames, 2 * TIMBRAL, FRONT}},
        {"temporal", {front + 2 * TIMBRAL, s->frames, 3 * TEMPORAL, FRONT}},
        {"cnn1", {s->mid[0] + MARGIN * MID, s->frames, MID, MID}},
        {"cnn2", {s->mid[1] + MARGIN * MID, s->frames, MID, MID}},
        {"cnn3", {s->mid[2] + MARGIN * MID, s->frames, MID, MID}},
        {"max_pool", {s->max_pool, 1, POOLED, POOLED}},
        {"mean_pool", {s->mean_pool, 1, POOLED, POOLED}},
        {"penultimate", {s->penultimate, 1, DENSE, DENSE}},
    };
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        if (strcmp(name, features[i].name) == 0) {
            *feature = features[i].feature;
            return TG_OK;
        }
    return TG_ENAME;
}

const tg_architecture tg_musicnn = {
    .name = "musicnn",
    .load = load,
    .unload = unload,
    .make_scratch = make_scratch,
    .free_scratch = free_scratch,
    .forward = forward,
    .feature = feature,
};
