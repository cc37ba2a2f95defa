/* From a model file to musicnn's weights: what filters are multiplied by is worked out once, here. */
#include <stdlib.h>

#include "conv7.h"
#include "message.h"
#include "musicnn.h"
#include "temporal.h"
#include "timbral_layer.h"

enum { MAX_WIDTH = 4096 };

/* ---- The front-end -------------------------------------------------------------------------------------- */

static int read_width(int *width, const gguf_file *file, const char *key, char *why) {
    uint32_t value = 0;
    gguf_get_uint32(file, key, &value);
    if (value < 1 || value > MAX_WIDTH)
        return tg_fail(TG_EMODEL, why, "The model's %s isn't between 1 and %d.", key, MAX_WIDTH);
    *width = (int)value;
    return TG_OK;
}

static int read_widths(tg_musicnn_widths *w, const gguf_file *file, char *why) {
    int error = read_width(&w->timbral, file, "musicnn.timbral_filters", why);
    if (!error) error = read_width(&w->temporal, file, "musicnn.temporal_filters", why);
    if (!error) error = read_width(&w->mid, file, "musicnn.mid_filters", why);
    if (!error) error = read_width(&w->dense, file, "musicnn.dense_units", why);
    w->front = 2 * w->timbral + 3 * w->temporal;
    w->pooled = w->front + TG_MID_LAYERS * w->mid;
    return error;
}

/* Factors of four filters side by side: [group][factor][place][lane]. */
static int pack_temporal(tg_front_layer *f, const float *kernel, char *why) {
    tg_layer *l = &f->layer;
    const int places = f->taps / TG_TEMPORAL_ROWS, group = TG_TEMPORAL_FACTORS * places * TG_LANES;
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_LANES) / TG_LANES * (size_t)group, sizeof *l->kernels);
    if (!l->kernels) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++)
        for (int place = 0; place < places; place++) {
            float factors[TG_TEMPORAL_FACTORS];
            tg_temporal_filter(kernel + slot * f->taps + place * TG_TEMPORAL_ROWS, 1, factors);
            float *out = l->kernels + slot / TG_LANES * group + place * TG_LANES + slot % TG_LANES;
            for (int i = 0; i < TG_TEMPORAL_FACTORS; i++) out[i * places * TG_LANES] = factors[i];
        }
    return TG_OK;
}

static int load_front_layer(tg_front_layer *f, const gguf_file *file, const char *name, int filters, char *why) {
    tg_layer *l = &f->layer;
    const tg_shape timbral = {2, {TG_TIMBRAL_FRAMES, f->height}}, temporal = {1, {f->taps}};
    float *kernel;
    int error = tg_layer_read_signed(l, &kernel, file, name, filters, f->taps ? temporal : timbral, why);
    if (error) return error;
    error = f->taps ? pack_temporal(f, kernel, why) : tg_timbral_pack(l, kernel, TG_TIMBRAL_FRAMES, f->height, why);
    if (!error && f->taps) error = tg_layer_pack(&f->direct, l, kernel, f->taps, TG_LANES, why);
    free(kernel);
    return error;
}

static int load_front(tg_musicnn_weights *w, const gguf_file *file, char *why) {
    static const struct {
        const char *name;
        int height, taps;
    } layers[TG_FRONT_LAYERS] = {{"timbral_38", 38, 0},
                                 {"timbral_67", 67, 0},
                                 {"temporal_128", 0, 128},
                                 {"temporal_64", 0, 64},
                                 {"temporal_32", 0, 32}};
    int error = TG_OK;
    for (int i = 0; i < TG_FRONT_LAYERS && !error; i++) {
        w->front[i].height = layers[i].height;
        w->front[i].taps = layers[i].taps;
        error = load_front_layer(&w->front[i], file, layers[i].name,
                                 layers[i].taps ? w->width.temporal : w->width.timbral, why);
    }
    return error;
}

/* ---- The mid-end and the dense layers ------------------------------------------------------------------- */

static int make_columns(tg_columns *c, int width, char *why) {
    c->width = width;
    c->index = malloc((size_t)width * sizeof *c->index);
    return c->index ? TG_OK : tg_fail(TG_ENOMEM, why, "There is no memory for the model.");
}

/* The front-end's layers side by side. */
static int keep_front(tg_musicnn_weights *w, char *why) {
    tg_columns *c = &w->kept[0];
    int error = make_columns(c, w->width.front, why);
    for (int i = 0, start = 0; i < TG_FRONT_LAYERS && !error; start += w->front[i++].layer.filters)
        for (int slot = 0; slot < w->front[i].layer.live; slot++)
            c->index[c->kept++] = start + w->front[i].layer.order[slot];
    return error;
}

/* A mid-end layer's live filters, and the columns of the residual that is added to them. */
static int keep_mid(tg_columns *c, const tg_layer *l, const tg_columns *residual, char *why) {
    int error = make_columns(c, l->filters, why);
    for (int f = 0, slot = 0, other = 0; f < l->filters && !error; f++) {
        const int is_live = slot < l->live && l->order[slot] == f;
        const int is_added = residual && other < residual->kept && residual->index[other] == f;
        slot += is_live;
        other += is_added;
        if (is_live || is_added) c->index[c->kept++] = f;
    }
    return error;
}

static int load_mid(tg_musicnn_weights *w, const gguf_file *file, char *why) {
    static const char *const names[TG_MID_LAYERS] = {"mid_1", "mid_2", "mid_3"};
    int error = keep_front(w, why);
    for (int i = 0; i < TG_MID_LAYERS && !error; i++) {
        tg_layer *l = &w->mid[i];
        error = tg_layer_read(l, file, names[i], w->width.mid, why);
        if (!error) error = tg_conv7_load(l, file, tg_columns_read(&w->kept[i]), TG_LINE_SIDE, why);
        if (!error) error = keep_mid(&w->kept[i + 1], l, i > 0 ? &w->kept[i] : NULL, why);
    }
    return error;
}

/* dense(norm(x)) = dense'(x): both are affine, and nothing stands between. */
static void fold_pool_norm(tg_classifier *c, const float *norm) {
    for (int o = 0; o < c->units; o++) {
        float *row = c->dense + o * c->inputs;
        double bias = c->bias[o];
        for (int i = 0; i < c->inputs; i++) {
            bias += (double)row[i] * norm[c->inputs + i];
            row[i] *= norm[i];
        }
        c->bias[o] = (float)bias;
    }
}

static int load_dense(tg_musicnn_weights *w, const gguf_file *file, int tags, char *why) {
    for (int i = 0; i < TG_MUSICNN_STAGES; i++) w->pooled += w->kept[i].kept;
    const int inputs = 2 * w->pooled;
    float *pool_norm = NULL;
    int error = tg_read_weights(&pool_norm, file, "pool.norm", (tg_shape){2, {2, inputs}}, why);
    if (!error) error = tg_classifier_read(&w->classifier, file, inputs, w->width.dense, tags, why);
    if (!error) fold_pool_norm(&w->classifier, pool_norm);
    free(pool_norm);
    return error;
}

void tg_musicnn_unload(void *loaded) {
    tg_musicnn_weights *w = loaded;
    free(w->input);
    for (int i = 0; i < TG_FRONT_LAYERS; i++) {
        tg_layer_free(&w->front[i].layer);
        free(w->front[i].direct);
    }
    for (int i = 0; i < TG_MID_LAYERS; i++) tg_layer_free(&w->mid[i]);
    for (int i = 0; i < TG_MUSICNN_STAGES; i++) free(w->kept[i].index);
    tg_classifier_free(&w->classifier);
}

int tg_musicnn_load(void *loaded, const gguf_file *file, int tag_count, int frames, char *why) {
    (void)frames; /* any length will do */
    tg_musicnn_weights *w = loaded;
    tg_make_circle(&w->circle);
    int error = read_widths(&w->width, file, why);
    if (!error) error = tg_read_weights(&w->input, file, "input.norm", (tg_shape){1, {2}}, why);
    if (!error) error = load_front(w, file, why);
    if (!error) error = load_mid(w, file, why);
    if (!error) error = load_dense(w, file, tag_count, why);
    return error;
}
