/*
 * vgg (Pons and Serra, 2019): five layers of 3x3 filters over log-mel as over a picture, each followed by pooling, and
 * one dense layer. Convolution and bias, ReLU, normalisation, then the pooling's maximum.
 *
 * A layer's input is kept with zeros around it. Strips of four rows of places are convolved, the first layer directly,
 * the others in tiles of 4 x 4 by Winograd's F(4x4, 3x3), and folded into the maxima of the pooled rows that they
 * belong to, so that no layer is ever held in full before its pooling.
 */
#include <stdlib.h>
#include <string.h>

#include "architecture.h"
#include "clock.h"
#include "kernels.h"
#include "layer.h"
#include "message.h"
#include "numbers.h"
#include "winograd.h"

enum {
    LAYERS = 5,
    SIDE = 3, /* of a filter */
    MARGIN = SIDE / 2,
    MAX_FILTERS = 1024, /* with MAX_FRAMES: all sizes fit 31 bits */
    MAX_FRAMES = 4096,
    BATCH = 24 /* tiles multiplied together: the factors of filters are read once for all of them */
};

/* In frames and in mel bands. */
typedef struct extent {
    int frames, bands;
} extent;

typedef struct conv_layer {
    tg_layer layer;
    int inputs;  /* channels that it reads */
    extent in;   /* places of its input */
    extent size; /* of the pooling's window */
    extent stride;
    extent out;    /* places after pooling */
    int band_step; /* of the first layer: bands between those that are computed, for the pooling may skip some */
    int tiles;     /* of a strip of the other layers */
    int strips;    /* multiplied together */
} conv_layer;

typedef struct weights {
    float *input; /* scale and shift of the log-mel */
    conv_layer conv[LAYERS];
    int filters;
    int values;    /* that the last layer leaves */
    float *output; /* [tags][values] */
    float *output_bias;
    int tags;
} weights;

typedef struct scratch {
    float
        *maps[LAYERS]; /* [frames + 2][bands + 2][inputs], both rounded up to tiles: each layer's input, zeros around */
    float *last;       /* [places][live]: what the last layer leaves */
    float *patches;    /* [36][tiles][inputs]: left factors of a batch */
    float *products;   /* [36][tiles][row_stride] */
    float *rows;       /* [TG_TILE_SIDE][bands][row_stride]: answers of a strip */
    int row_stride;    /* filters in whole groups */
    float *feature;    /* one layer's pooled answers in full width, when asked for */
} scratch;

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

static int tiles_along(int places) { return (places + TG_TILE_SIDE - 1) / TG_TILE_SIDE; }

/* A pooling one band wide leaves bands out; the multiplication takes them in whole tiles, which must fit the line. */
static int band_step(const conv_layer *c) {
    const int step = c->size.bands == 1 ? c->stride.bands : 1;
    const int computed = TG_ROUND_UP((c->in.bands + step - 1) / step, TG_TILE_ROWS);
    return computed * step <= c->tiles * TG_TILE_SIDE ? step : 1;
}

/* Pooling of layer `i` (from 0 on), whose input is `in`: size and stride in frames and bands. */
static int lay_out_layer(conv_layer *c, int i, extent in, const int32_t size[2], const int32_t stride[2], char *why) {
    if (size[0] < 1 || size[1] < 1 || stride[0] < 1 || stride[1] < 1 || stride[0] > in.frames || stride[1] > in.bands)
        return tg_fail(TG_EMODEL, why, "The model's pooling of layer %d, %d x %d every %d x %d, can't be.", i + 1,
                       (int)size[0], (int)size[1], (int)stride[0], (int)stride[1]);
    if (size[0] > in.frames || size[1] > in.bands)
        return tg_fail(TG_EMODEL, why, "The model's pooling leaves nothing of a segment after layer %d.", i + 1);
    c->in = in;
    c->size = (extent){size[0], size[1]};
    c->stride = (extent){stride[0], stride[1]};
    c->out = (extent){(in.frames - size[0]) / stride[0] + 1, (in.bands - size[1]) / stride[1] + 1};
    c->tiles = tiles_along(in.bands);
    c->strips = BATCH / c->tiles < 1 ? 1 : BATCH / c->tiles;
    c->band_step = i == 0 ? band_step(c) : 1;
    return TG_OK;
}

static int lay_out(weights *w, const gguf_file *file, int frames, char *why) {
    int32_t size[LAYERS][2], stride[LAYERS][2];
    if (!gguf_get_int32s(file, "vgg.pool_size", &size[0][0], 2 * LAYERS) ||
        !gguf_get_int32s(file, "vgg.pool_stride", &stride[0][0], 2 * LAYERS))
        return tg_fail(TG_EMODEL, why, "The model file doesn't say how it pools (vgg.pool_size, vgg.pool_stride).");
    if (frames > MAX_FRAMES)
        return tg_fail(TG_EMODEL, why, "A vgg model's segment has at most %d frames, not %d.", MAX_FRAMES, frames);
    extent in = {frames, TG_BANDS};
    int error = TG_OK;
    for (int i = 0; i < LAYERS && !error; in = w->conv[i++].out)
        error = lay_out_layer(&w->conv[i], i, in, size[i], stride[i], why);
    return error;
}

/* The right factors of the filters, eight side by side: [36][group][inputs][8]. */
static int pack_factors(conv_layer *c, const float *kernel, char *why) {
    tg_layer *l = &c->layer;
    const int groups = TG_ROUND_UP(l->live, TG_TILE_COLUMNS) / TG_TILE_COLUMNS, step = c->inputs * TG_TILE_COLUMNS;
    l->kernels = calloc((size_t)TG_PRODUCTS * (size_t)groups * (size_t)step, sizeof *l->kernels);
    if (!l->kernels) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++)
        for (int i = 0; i < c->inputs; i++) {
            float factors[TG_PRODUCTS];
            tg_winograd_filter(kernel + slot * SIDE * SIDE * c->inputs + i, c->inputs, factors);
            float *out = l->kernels + slot / TG_TILE_COLUMNS * step + i * TG_TILE_COLUMNS + slot % TG_TILE_COLUMNS;
            for (int k = 0; k < TG_PRODUCTS; k++) out[k * groups * step] = factors[k];
        }
    return TG_OK;
}

static int load_conv(weights *w, int i, const gguf_file *file, char *why) {
    static const char *const names[LAYERS] = {"conv_1", "conv_2", "conv_3", "conv_4", "conv_5"};
    conv_layer *c = &w->conv[i];
    tg_layer *l = &c->layer;
    const tg_layer *before = i > 0 ? &w->conv[i - 1].layer : NULL;
    c->inputs = before ? before->live + (before->live < before->filters) : 1;
    float *kernel = NULL;
    int error = tg_layer_read(l, file, names[i], w->filters, why);
    if (!error) error = tg_layer_read_kernel(&kernel, l, file, (tg_shape){3, {SIDE, SIDE, c->inputs}}, why);
    if (!error)
        error = i > 0 ? pack_factors(c, kernel, why)
                      : tg_layer_pack(&l->kernels, l, kernel, SIDE * SIDE, TG_TILE_COLUMNS, why);
    free(kernel);
    return error;
}

static int load_output(weights *w, const gguf_file *file, char *why) {
    const conv_layer *last = &w->conv[LAYERS - 1];
    const int places = last->out.frames * last->out.bands;
    w->values = places * last->layer.live;
    const tg_shape shape = {3, {w->tags, places, last->layer.live}};
    int error = tg_read_weights(&w->output, file, "output.kernel", shape, why);
    if (!error) error = tg_read_weights(&w->output_bias, file, "output.bias", (tg_shape){1, {w->tags}}, why);
    return error;
}

static int read_filters(weights *w, const gguf_file *file, char *why) {
    uint32_t filters = 0;
    gguf_get_uint32(file, "vgg.filters", &filters);
    if (filters < 1 || filters > MAX_FILTERS)
        return tg_fail(TG_EMODEL, why, "The model's vgg.filters isn't between 1 and %d.", MAX_FILTERS);
    w->filters = (int)filters;
    return TG_OK;
}

static void unload(void *loaded) {
    weights *w = loaded;
    free(w->input);
    for (int i = 0; i < LAYERS; i++) tg_layer_free(&w->conv[i].layer);
    free(w->output);
    free(w->output_bias);
}

static int load(void *loaded, const gguf_file *file, int tag_count, int frames, char *why) {
    weights *w = loaded;
    w->tags = tag_count;
    int error = read_filters(w, file, why);
    if (!error) error = lay_out(w, file, frames, why);
    if (!error) error = tg_read_weights(&w->input, file, "input.norm", (tg_shape){1, {2}}, why);
    for (int i = 0; i < LAYERS && !error; i++) error = load_conv(w, i, file, why);
    if (!error) error = load_output(w, file, why);
    return error;
}

/* ---- Scratch ----------------------------------------------------------------------------------------------------- */

static void free_scratch(void *made) {
    scratch *s = made;
    for (int i = 0; i < LAYERS; i++) free(s->maps[i]);
    free(s->last);
    free(s->patches);
    free(s->products);
    free(s->rows);
    free(s->feature);
    free(s);
}

/* Values from one row of a layer's input to the next. */
static int line_of(const conv_layer *c) { return (c->tiles * TG_TILE_SIDE + 2 * MARGIN) * c->inputs; }

/* Values of a layer's input, with what a last group of channels reads beyond. */
static size_t map_values(const conv_layer *c) {
    const size_t lines = (size_t)(tiles_along(c->in.frames) * TG_TILE_SIDE + 2 * MARGIN);
    return lines * (size_t)line_of(c) + TG_LANES;
}

static float *at(const conv_layer *c, float *map, int frame, int band) {
    return map + (frame + MARGIN) * line_of(c) + (band + MARGIN) * c->inputs;
}

/* Tiles of a batch, in whole tiles of the multiplication. */
static int batch_rows(const conv_layer *c) { return TG_ROUND_UP(c->strips * c->tiles, TG_TILE_ROWS); }

/* The channel that stands for all that the layer before leaves out is 1 at every place. */
static void set_ones(const conv_layer *c, float *map) {
    for (int frame = 0; frame < c->in.frames; frame++)
        for (int band = 0; band < c->in.bands; band++) at(c, map, frame, band)[c->inputs - 1] = 1;
}

static void keep_larger(size_t *largest, size_t value) {
    if (value > *largest) *largest = value;
}

static int allocate(scratch *s, const weights *w) {
    size_t rows = 0, patches = 0, products = 0, feature = 0;
    s->row_stride = TG_ROUND_UP(w->filters, TG_TILE_COLUMNS);
    int complete = 1;
    for (int i = 0; i < LAYERS; i++) {
        const conv_layer *c = &w->conv[i];
        const size_t batch = (size_t)TG_PRODUCTS * (size_t)batch_rows(c), width = (size_t)s->row_stride;
        keep_larger(&rows, (size_t)(TG_TILE_SIDE * c->tiles * TG_TILE_SIDE) * width);
        keep_larger(&patches, batch * (size_t)TG_ROUND_UP(c->inputs, TG_LANES));
        keep_larger(&products, batch * width);
        keep_larger(&feature, (size_t)c->out.frames * (size_t)c->out.bands * (size_t)w->filters);
        s->maps[i] = calloc(map_values(c), sizeof(float));
        complete = complete && s->maps[i];
    }
    s->last = calloc((size_t)w->values, sizeof *s->last);
    s->patches = calloc(patches, sizeof *s->patches);
    s->products = calloc(products, sizeof *s->products);
    s->rows = calloc(rows, sizeof *s->rows);
    s->feature = calloc(feature, sizeof *s->feature);
    return complete && s->last && s->patches && s->products && s->rows && s->feature;
}

static void *make_scratch(const void *loaded, int frames, int hop) {
    (void)frames; /* always the model's own */
    (void)hop;    /* segments share nothing */
    const weights *w = loaded;
    scratch *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    if (!allocate(s, w)) {
        free_scratch(s);
        return NULL;
    }
    for (int i = 1; i < LAYERS; i++)
        if (w->conv[i].inputs > w->conv[i - 1].layer.live) set_ones(&w->conv[i], s->maps[i]);
    return s;
}

/* ---- The forward pass -------------------------------------------------------------------------------------------- */

/* Values from one row of a strip's answers to the next. */
static int row_values(const conv_layer *c, const scratch *s) { return c->tiles * TG_TILE_SIDE * s->row_stride; }

/* Responses of one strip of the first layer, of each band that its pooling looks at: s->rows. */
static void convolve_directly(const conv_layer *c, scratch *s, const float *map, int strip) {
    const tg_layer *l = &c->layer;
    const int line = line_of(c), depth = SIDE * c->inputs;
    const int bands = TG_ROUND_UP((c->in.bands + c->band_step - 1) / c->band_step, TG_TILE_ROWS);
    for (int row = 0; row < TG_TILE_SIDE; row++)
        for (int slot = 0; slot < l->live; slot += TG_TILE_COLUMNS)
            tg_kernels_active->matmul_8(map + (strip * TG_TILE_SIDE + row) * line, c->band_step * c->inputs, line, SIDE,
                                        l->kernels + slot * SIDE * depth, depth, bands,
                                        s->rows + row * row_values(c, s) + slot, s->row_stride);
}

/* The products of `strips` strips from this one on. */
static void multiply_batch(const conv_layer *c, scratch *s, const float *map, int strip, int strips) {
    const tg_layer *l = &c->layer;
    const int line = line_of(c), width = TG_ROUND_UP(c->inputs, TG_LANES);
    const int tiles = strips * c->tiles, rows = TG_ROUND_UP(tiles, TG_TILE_ROWS), whole = batch_rows(c);
    const int groups = TG_ROUND_UP(l->live, TG_TILE_COLUMNS) / TG_TILE_COLUMNS;
    for (int tile = 0; tile < tiles; tile++) {
        const int y = (strip + tile / c->tiles) * TG_TILE_SIDE, x = tile % c->tiles * TG_TILE_SIDE;
        tg_kernels_active->winograd_patch(map + y * line + x * c->inputs, line, c->inputs, s->patches + tile * width,
                                          whole * width);
    }
    for (int k = 0; k < TG_PRODUCTS; k++)
        for (int g = 0; g < groups; g++)
            tg_kernels_active->matmul_8(s->patches + k * whole * width, width, 0, 1,
                                        l->kernels + (k * groups + g) * c->inputs * TG_TILE_COLUMNS, c->inputs, rows,
                                        s->products + k * whole * s->row_stride + g * TG_TILE_COLUMNS, s->row_stride);
}

/* Responses of strip `index` of the batch that was multiplied: s->rows. */
static void finish_tiles(const conv_layer *c, scratch *s, int index) {
    for (int tile = 0; tile < c->tiles; tile++)
        tg_kernels_active->winograd_tile(
            s->products + (index * c->tiles + tile) * s->row_stride, batch_rows(c) * s->row_stride, c->layer.live,
            s->rows + tile * TG_TILE_SIDE * s->row_stride, row_values(c, s), s->row_stride);
}

static void raise(float *restrict largest, const float *restrict values, int count) {
    for (int i = 0; i < count; i++) largest[i] = values[i] > largest[i] ? values[i] : largest[i];
}

/* Folds one row into a pooled row: its first begins the maxima, the others raise them. `step` apart in `out`. */
static void pool_row(const conv_layer *c, const scratch *s, const float *row, int is_first, float *out, int step) {
    const int stride = c->stride.bands / c->band_step, live = c->layer.live;
    for (int band = 0; band < c->out.bands; band++, out += step) {
        const float *answers = row + band * stride * s->row_stride;
        if (is_first) memcpy(out, answers, (size_t)live * sizeof *out);
        for (int i = is_first; i < c->size.bands; i++) raise(out, answers + i * s->row_stride, live);
    }
}

/* Row `frame` of layer `i` into all pooled rows that it belongs to: in the next layer's input or, at last, s->last. */
static void fold_row(const weights *w, scratch *s, int i, int frame, float *row) {
    const conv_layer *c = &w->conv[i], *next = i + 1 < LAYERS ? c + 1 : NULL;
    const int step = next ? next->inputs : c->layer.live;
    const int bands = (c->in.bands + c->band_step - 1) / c->band_step;
    const int ended = frame - c->size.frames; /* windows that begin here or before have ended */
    const int first = ended < 0 ? 0 : ended / c->stride.frames + 1;
    for (int band = 0; band < bands; band++) tg_layer_answers(&c->layer, row + band * s->row_stride);
    for (int t = first; t < c->out.frames && t * c->stride.frames <= frame; t++) {
        float *out = next ? at(next, s->maps[i + 1], t, 0) : s->last + t * c->out.bands * step;
        pool_row(c, s, row, frame == t * c->stride.frames, out, step);
    }
}

static void run_layer(const weights *w, scratch *s, int i) {
    const conv_layer *c = &w->conv[i];
    const int frames = (c->out.frames - 1) * c->stride.frames + c->size.frames; /* that the pooling looks at */
    const int strips = tiles_along(frames);
    for (int strip = 0; strip < strips; strip++) {
        if (i == 0)
            convolve_directly(c, s, s->maps[i], strip);
        else if (strip % c->strips == 0)
            multiply_batch(c, s, s->maps[i], strip, tg_smaller(c->strips, strips - strip));
        if (i > 0) finish_tiles(c, s, strip % c->strips);
        for (int row = 0, frame = strip * TG_TILE_SIDE; row < TG_TILE_SIDE && frame < frames; row++, frame++)
            fold_row(w, s, i, frame, s->rows + row * row_values(c, s));
    }
}

static void forward(const void *loaded, void *made, const float *logmel, int advance, float *logits) {
    (void)advance; /* pooling steps over frames: segments would share answers only at hops that the steps divide */
    const weights *w = loaded;
    scratch *s = made;
    const conv_layer *first = &w->conv[0];
    for (int t = 0; t < first->in.frames; t++) {
        float *line = at(first, s->maps[0], t, 0);
        for (int b = 0; b < TG_BANDS; b++) line[b] = logmel[t * TG_BANDS + b] * w->input[0] + w->input[1];
    }
    tg_turn_to(TG_CONVOLUTIONS);
    for (int i = 0; i < LAYERS; i++) run_layer(w, s, i);
    tg_turn_to(TG_DENSE);
    for (int o = 0; o < w->tags; o++)
        logits[o] = tg_kernels_active->dot(s->last, w->output + o * w->values, w->values) + w->output_bias[o];
}

/* ---- Features ---------------------------------------------------------------------------------------------------- */

static const char *const names[] = {"pool1", "pool2", "pool3", "pool4", "pool5", NULL};

/* Layer `i`'s pooled answers in full width. */
static void widen(const weights *w, scratch *s, int i) {
    const conv_layer *c = &w->conv[i], *next = i + 1 < LAYERS ? c + 1 : NULL;
    const tg_layer *l = &c->layer;
    float *out = s->feature;
    for (int t = 0; t < c->out.frames; t++)
        for (int b = 0; b < c->out.bands; b++, out += l->filters) {
            const float *answers = next ? at(next, s->maps[i + 1], t, b) : s->last + (t * c->out.bands + b) * l->live;
            memcpy(out, l->rest, (size_t)l->filters * sizeof *out);
            for (int slot = 0; slot < l->live; slot++) out[l->order[slot]] = answers[slot];
        }
}

static int feature(const void *loaded, void *made, const char *name, tg_feature *feature) {
    const weights *w = loaded;
    scratch *s = made;
    for (int i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0) {
            const extent out = w->conv[i].out;
            widen(w, s, i);
            *feature = (tg_feature){s->feature, 3, {out.frames, out.bands, w->filters}, w->filters};
            return TG_OK;
        }
    return TG_ENAME;
}

const tg_architecture tg_vgg = {
    .name = "vgg",
    .frame_width = TG_BANDS,
    .least_frames = 1,
    .features = names,
    .weights_size = sizeof(weights),
    .load = load,
    .unload = unload,
    .make_scratch = make_scratch,
    .free_scratch = free_scratch,
    .forward = forward,
    .feature = feature,
};
