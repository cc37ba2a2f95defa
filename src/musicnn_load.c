/* From a model file to musicnn's weights: what filters are multiplied by is worked out once, here. */
#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv7.h"
#include "message.h"
#include "musicnn.h"
#include "temporal.h"

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

static int find_signs(tg_front_layer *f, char *why) {
    const tg_layer *l = &f->layer;
    f->signs = malloc((size_t)l->live * sizeof *f->signs);
    if (!f->signs) return tg_layer_no_memory(l, why);
    for (int slot = 0; slot < l->live; slot++) f->signs[slot] = l->scale[slot] < 0 ? -1 : 1;
    return TG_OK;
}

/* The conjugate spectra of one filter [7][height], divided by TG_BANDS. */
static void transform_filter(kiss_fftr_cfg fft, const float *kernel, int height,
                             float spectra[TG_BINS][TG_TIMBRAL_FRAMES][2]) {
    for (int frame = 0; frame < TG_TIMBRAL_FRAMES; frame++) {
        float padded[TG_BANDS] = {0};
        kiss_fft_cpx spectrum[TG_BINS];
        memcpy(padded, kernel + frame * height, (size_t)height * sizeof *padded);
        kiss_fftr(fft, padded, spectrum);
        for (int bin = 0; bin < TG_BINS; bin++) {
            spectra[bin][frame][0] = spectrum[bin].r / TG_BANDS;
            spectra[bin][frame][1] = -spectrum[bin].i / TG_BANDS;
        }
    }
}

/* Factors of four filters side by side: [group][bin][factor][re, im][lane]. */
static int pack_timbral(tg_front_layer *f, const float *kernel, char *why) {
    tg_layer *l = &f->layer;
    kiss_fftr_cfg fft = kiss_fftr_alloc(TG_BANDS, 0, NULL, NULL);
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_LANES) * TG_TIMBRAL_FILTER, sizeof *l->kernels);
    for (int slot = 0; fft && l->kernels && slot < l->live; slot++) {
        float spectra[TG_BINS][TG_TIMBRAL_FRAMES][2], factors[TG_TIMBRAL_FACTORS][2];
        float *out = l->kernels + slot / TG_LANES * TG_LANES * TG_TIMBRAL_FILTER + slot % TG_LANES;
        transform_filter(fft, kernel + slot * TG_TIMBRAL_FRAMES * f->height, f->height, spectra);
        for (int bin = 0; bin < TG_BINS; bin++) {
            tg_timbral_filter((const float(*)[2])spectra[bin], factors);
            for (int i = 0; i < TG_TIMBRAL_FACTORS * 2; i++, out += TG_LANES) *out = factors[i / 2][i % 2];
        }
    }
    kiss_fftr_free(fft);
    return fft && l->kernels ? TG_OK : tg_layer_no_memory(l, why);
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
    const int depth = f->taps ? f->taps : TG_TIMBRAL_FRAMES * f->height;
    tg_shape timbral = {2, {TG_TIMBRAL_FRAMES, f->height}}, temporal = {1, {f->taps}};
    float *kernel = NULL;
    int error = tg_layer_read(l, file, name, filters, why);
    if (!error) error = find_signs(f, why);
    if (!error) error = tg_layer_read_kernel(&kernel, l, file, f->taps ? temporal : timbral, why);
    if (error) return error;
    for (int i = 0; i < l->live * depth; i++) kernel[i] *= f->signs[i / depth];
    error = f->taps ? pack_temporal(f, kernel, why) : pack_timbral(f, kernel, why);
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
        const int inputs = tg_columns_read(&w->kept[i]);
        float *kernel = NULL;
        error = tg_layer_read(l, file, names[i], w->width.mid, why);
        if (!error) error = tg_layer_read_kernel(&kernel, l, file, (tg_shape){2, {TG_LINE_TAPS, inputs}}, why);
        if (!error) error = tg_conv7_pack(l, kernel, inputs, why);
        if (!error) error = keep_mid(&w->kept[i + 1], l, i > 0 ? &w->kept[i] : NULL, why);
        free(kernel);
    }
    return error;
}

/* dense(norm(x)) = dense'(x): both are affine, and nothing stands between. */
static void fold_pool_norm(tg_musicnn_weights *w, const float *norm) {
    const int inputs = 2 * w->pooled;
    for (int o = 0; o < w->width.dense; o++) {
        float *row = w->dense + o * inputs;
        double bias = w->dense_bias[o];
        for (int i = 0; i < inputs; i++) {
            bias += (double)row[i] * norm[inputs + i];
            row[i] *= norm[i];
        }
        w->dense_bias[o] = (float)bias;
    }
}

static int load_dense(tg_musicnn_weights *w, const gguf_file *file, char *why) {
    for (int i = 0; i < TG_MUSICNN_STAGES; i++) w->pooled += w->kept[i].kept;
    const int inputs = 2 * w->pooled, dense = w->width.dense;
    float *pool_norm = NULL;
    int error = tg_read_weights(&pool_norm, file, "pool.norm", (tg_shape){2, {2, inputs}}, why);
    if (!error) error = tg_read_weights(&w->dense, file, "dense.kernel", (tg_shape){2, {dense, inputs}}, why);
    if (!error) error = tg_read_weights(&w->dense_bias, file, "dense.bias", (tg_shape){1, {dense}}, why);
    if (!error) error = tg_read_weights(&w->dense_scale, file, "dense.norm", (tg_shape){2, {2, dense}}, why);
    if (!error) error = tg_read_weights(&w->output, file, "output.kernel", (tg_shape){2, {w->tags, dense}}, why);
    if (!error) error = tg_read_weights(&w->output_bias, file, "output.bias", (tg_shape){1, {w->tags}}, why);
    if (!error) {
        w->dense_shift = w->dense_scale + dense;
        fold_pool_norm(w, pool_norm);
    }
    free(pool_norm);
    return error;
}

void tg_musicnn_unload(void *loaded) {
    tg_musicnn_weights *w = loaded;
    free(w->input);
    for (int i = 0; i < TG_FRONT_LAYERS; i++) {
        tg_layer_free(&w->front[i].layer);
        free(w->front[i].direct);
        free(w->front[i].signs);
    }
    for (int i = 0; i < TG_MID_LAYERS; i++) tg_layer_free(&w->mid[i]);
    for (int i = 0; i < TG_MUSICNN_STAGES; i++) free(w->kept[i].index);
    free(w->dense);
    free(w->dense_bias);
    free(w->dense_scale);
    free(w->output);
    free(w->output_bias);
    free(w);
}

int tg_musicnn_load(void **loaded, const gguf_file *file, int tag_count, int frames, char *why) {
    (void)frames; /* any length will do */
    tg_musicnn_weights *w = calloc(1, sizeof *w);
    if (!w) return tg_fail(TG_ENOMEM, why, "There is no memory for the model.");
    w->tags = tag_count;
    for (int i = 0; i < TG_BANDS; i++) {
        w->circle.cosine[i] = (float)cos(2 * M_PI * i / TG_BANDS);
        w->circle.sine[i] = (float)sin(2 * M_PI * i / TG_BANDS);
    }
    int error = read_widths(&w->width, file, why);
    if (!error) error = tg_read_weights(&w->input, file, "input.norm", (tg_shape){1, {2}}, why);
    if (!error) error = load_front(w, file, why);
    if (!error) error = load_mid(w, file, why);
    if (!error) error = load_dense(w, file, why);
    if (error)
        tg_musicnn_unload(w);
    else
        *loaded = w;
    return error;
}
