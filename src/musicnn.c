/*
 * musicnn (Pons and Serra, 2019): the spectrogram front-end of timbral and temporal filters, a mid-end of three
 * convolutions along time with residuals, and pooled features under a dense layer. Everywhere: convolution and bias,
 * ReLU, then normalisation, whose scale may be negative.
 */
#include "musicnn.h"

#include <kiss_fftr.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "architecture.h"
#include "clock.h"
#include "conv7.h"
#include "pooling.h"
#include "sliding.h"
#include "temporal.h"
#include "timbral_layer.h"

enum {
    MARGIN = TG_CONV7_MARGIN, /* zero frames around what timbral and mid-end filters read */
    LONGEST = 128,            /* taps of the longest temporal filter */
    LEAD = (LONGEST - 1) / 2  /* zero frames before what it reads: 'same' padding has one more behind */
};

_Static_assert((int)TG_TIMBRAL_ROWS == (int)TG_TILE_ROWS && (int)TG_LINE_SIDE == (int)TG_TILE_ROWS,
               "rows are counted in tiles of all");

typedef struct scratch {
    int frames;
    int rows; /* frames in whole tiles: what the kernels compute */
    float *block;
    float *spectra; /* [rows + 10][49][2], zero frames around */
    float *tiles;   /* the same as timbral filters read it: the factors of four frames each, [tile_count][49][10][2] */
    int tile_count;
    int resume;     /* the first tile is of the rows from 0 on, the others of those from here on */
    float *columns; /* the input again: blocks of 8 bands, [column_rows][8], zero frames around */
    int column_rows;
    float *places; /* its factors, as temporal filters that don't slide read them: blocks of 8 bands,
                      [63][place_count][8] */
    int place_count;
    float *responses; /* [rows][responses_stride], of one layer's live filters */
    int responses_stride;
    float *stages[TG_MUSICNN_STAGES]; /* [rows][width], in full width: the front-end, and each mid-end layer with
                                         residual */
    float *read[TG_MID_LAYERS]; /* [rows + 6][kept columns], zero frames around: what each mid-end layer reads, in whole
                                   lanes */
    tg_lines_room lines;        /* for the mid-end layers */
    float *max_pool, *mean_pool; /* [pooled], in full width */
    float *pooled;               /* [2 * kept]: max 0, mean 0, max 1, ... */
    float *penultimate;          /* [dense] */
    float *block_sums;           /* of a stage's columns, while they are pooled */
    kiss_fftr_cfg fft;           /* real transform along frequency */
    tg_sliding *sliding;         /* for segments that overlap by far; NULL for others */
} scratch;

/* ---- Scratch ----------------------------------------------------------------------------------------------------- */

static void free_scratch(void *made) {
    scratch *s = made;
    kiss_fftr_free(s->fft);
    tg_sliding_free(s->sliding);
    free(s->block);
    free(s);
}

typedef struct part {
    float **buffer;
    size_t values;
} part;

/* Everything in one block, all zero: the margins stay so. */
static int allocate(scratch *s, const part *parts, size_t count) {
    uint64_t total = 0; /* of the widest model and the longest segment they are more than 32 bits hold */
    for (size_t i = 0; i < count; i++) total += parts[i].values;
    s->block = total <= SIZE_MAX ? calloc((size_t)total, sizeof *s->block) : NULL;
    if (!s->block) return 0;
    float *next = s->block;
    for (size_t i = 0; i < count; next += parts[i++].values) *parts[i].buffer = next;
    return 1;
}

/* The column that stands for all that are left out is 1 in every frame. */
static void set_ones(const tg_musicnn_weights *w, scratch *s) {
    for (int i = 0; i < TG_MID_LAYERS; i++) {
        const int width = tg_columns_read(&w->kept[i]);
        if (width == w->kept[i].kept) continue;
        for (int t = 0; t < s->frames; t++) s->read[i][(t + MARGIN) * width + width - 1] = 1;
    }
}

static int widest(const tg_musicnn_weights *w) {
    int most = 0;
    for (int i = 0; i < TG_FRONT_LAYERS; i++)
        if (w->front[i].layer.live > most) most = w->front[i].layer.live;
    for (int i = 0; i < TG_MID_LAYERS; i++)
        if (w->mid[i].live > most) most = w->mid[i].live;
    return TG_ROUND_UP(most, TG_TILE_COLUMNS);
}

/* Columns that a mid-end layer reads, at most. */
static int widest_read(const tg_musicnn_weights *w) {
    int most = 0;
    for (int i = 0; i < TG_MID_LAYERS; i++)
        if (tg_columns_read(&w->kept[i]) > most) most = tg_columns_read(&w->kept[i]);
    return most;
}

/* Groups of four temporal filters in all layers before this one. */
static int groups_before(const tg_musicnn_weights *w, int layer) {
    int groups = 0;
    for (int i = 0; i < layer; i++)
        if (w->front[i].taps) groups += TG_ROUND_UP(w->front[i].layer.live, TG_LANES) / TG_LANES;
    return groups;
}

static void *make_scratch(const void *loaded, int frames, int hop) {
    const tg_musicnn_weights *w = loaded;
    const tg_musicnn_widths *width = &w->width;
    scratch *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->frames = frames;
    s->rows = TG_ROUND_UP(frames, TG_TILE_ROWS);
    s->place_count = (TG_ROUND_UP(frames, TG_TEMPORAL_ROWS) + LONGEST) / TG_TEMPORAL_ROWS - 1;
    s->column_rows = (s->place_count - 1) * TG_TEMPORAL_ROWS + TG_TEMPORAL_SPAN;
    s->responses_stride = widest(w);
    const int slides = hop <= TG_SLIDING_HOP && hop < frames && frames <= TG_SLIDING_FRAMES;
    const size_t place_values = (size_t)s->place_count * TG_TEMPORAL_FACTORS * TG_BANDS;
    const size_t rows = (size_t)s->rows, padded = rows + 2 * MARGIN, behind = TG_LANES, mid = rows * (size_t)width->mid;
    const part parts[] = {{&s->spectra, (padded + TG_TIMBRAL_ROWS) * TG_BINS * 2},
                          {&s->tiles, rows / TG_TIMBRAL_ROWS * TG_TIMBRAL_TILE},
                          {&s->columns, (size_t)s->column_rows * TG_BANDS},
                          {&s->places, slides ? 0 : place_values},
                          {&s->responses, rows * (size_t)s->responses_stride},
                          {&s->stages[0], rows * (size_t)width->front},
                          {&s->stages[1], mid},
                          {&s->stages[2], mid},
                          {&s->stages[3], mid},
                          {&s->read[0], padded * (size_t)tg_columns_read(&w->kept[0]) + behind},
                          {&s->read[1], padded * (size_t)tg_columns_read(&w->kept[1]) + behind},
                          {&s->read[2], padded * (size_t)tg_columns_read(&w->kept[2]) + behind},
                          {&s->lines.factors, tg_conv7_factors(s->rows, widest_read(w), TG_LINE_SIDE)},
                          {&s->lines.products, tg_conv7_products(s->rows, TG_LINE_SIDE)},
                          {&s->max_pool, (size_t)width->pooled},
                          {&s->mean_pool, (size_t)width->pooled},
                          {&s->pooled, 2 * (size_t)w->pooled},
                          {&s->penultimate, (size_t)width->dense},
                          {&s->block_sums, (size_t)(width->front > width->mid ? width->front : width->mid)}};
    if (slides) s->sliding = tg_sliding_create(frames, groups_before(w, TG_FRONT_LAYERS));
    s->fft = kiss_fftr_alloc(TG_BANDS, 0, NULL, NULL);
    if (!s->fft || (slides && !s->sliding) || !allocate(s, parts, sizeof parts / sizeof *parts)) {
        free_scratch(s);
        return NULL;
    }
    set_ones(w, s);
    return s;
}

/* ---- The forward pass -------------------------------------------------------------------------------------------- */

/* Block `block` of 8 bands as the factors that temporal filters meet. */
static void prepare_places(scratch *s, int block) {
    const float *in = s->columns + block * s->column_rows * TG_TEMPORAL_SIGNALS;
    float *out = s->places + block * TG_TEMPORAL_FACTORS * s->place_count * TG_TEMPORAL_SIGNALS;
    for (int i = 0; i < s->place_count; i++)
        tg_temporal_input(in + i * TG_TEMPORAL_ROWS * TG_TEMPORAL_SIGNALS, out + i * TG_TEMPORAL_SIGNALS,
                          s->place_count * TG_TEMPORAL_SIGNALS);
}

/*
 * Rows of the timbral layers that are not next to an end of the segment are those of the segment before, `advance` rows
 * on: they are taken from there, and with them the spectra. Which tiles that leaves to be answered: the first, and
 * those from `resume` on. Where temporal filters slide, their rows come along. Returns how many frames both have.
 */
static int reuse_rows(const tg_musicnn_weights *w, scratch *s, int advance) {
    const int width = w->width.front, resume = s->frames - MARGIN - advance;
    const int taken = s->sliding ? width : 2 * w->width.timbral;
    const int shared = advance > 0 && resume > TG_TIMBRAL_ROWS;
    s->resume = shared ? resume : TG_TIMBRAL_ROWS;
    s->tile_count =
        1 + TG_ROUND_UP(s->frames > s->resume ? s->frames - s->resume : 0, TG_TIMBRAL_ROWS) / TG_TIMBRAL_ROWS;
    if (!shared) return 0;
    for (int t = TG_TIMBRAL_ROWS; t < resume; t++)
        memcpy(s->stages[0] + t * width, s->stages[0] + (t + advance) * width, (size_t)taken * sizeof *s->stages[0]);
    memmove(s->spectra + MARGIN * TG_TIMBRAL_FRAME, s->spectra + (MARGIN + advance) * TG_TIMBRAL_FRAME,
            (size_t)(s->frames - advance) * TG_TIMBRAL_FRAME * sizeof *s->spectra);
    return s->frames - advance;
}

static int row_of_tile(const scratch *s, int tile) { return tile == 0 ? 0 : s->resume + (tile - 1) * TG_TIMBRAL_ROWS; }

/* The frames' spectra as the factors that timbral filters meet. */
static void prepare_tiles(scratch *s) {
    for (int tile = 0; tile < s->tile_count; tile++)
        tg_timbral_tile(s->spectra + row_of_tile(s, tile) * TG_TIMBRAL_FRAME, s->tiles + tile * TG_TIMBRAL_TILE);
}

/* The log-mel normalised, in the forms that the front-end reads; the spectra of the first `known` frames are there. */
static void prepare_input(const tg_musicnn_weights *w, scratch *s, const float *logmel, int known) {
    const int blocks = TG_BANDS / TG_TEMPORAL_SIGNALS;
    for (int t = 0; t < s->frames; t++) {
        float x[TG_BANDS];
        for (int b = 0; b < TG_BANDS; b++) x[b] = logmel[t * TG_BANDS + b] * w->input[0] + w->input[1];
        if (t >= known) kiss_fftr(s->fft, x, (kiss_fft_cpx *)(s->spectra + (t + MARGIN) * TG_TIMBRAL_FRAME));
        for (int block = 0; block < blocks; block++)
            memcpy(s->columns + (block * s->column_rows + t + LEAD) * TG_TEMPORAL_SIGNALS,
                   x + block * TG_TEMPORAL_SIGNALS, TG_TEMPORAL_SIGNALS * sizeof *x);
    }
    prepare_tiles(s);
    tg_turn_to(TG_TEMPORAL);
    for (int block = 0; block < blocks && !s->sliding; block++) prepare_places(s, block);
}

static void run_timbral(const tg_musicnn_weights *w, const tg_front_layer *f, scratch *s, float *out) {
    const tg_layer *l = &f->layer;
    tg_timbral_run(l, f->height, &w->circle, s->tiles, s->tile_count, s->responses, s->responses_stride);
    for (int i = 0; i < s->tile_count * TG_TIMBRAL_ROWS; i++) {
        const int t = row_of_tile(s, i / TG_TIMBRAL_ROWS) + i % TG_TIMBRAL_ROWS;
        if (t < s->frames) tg_layer_finish(l, s->responses + i * s->responses_stride, out + t * w->width.front);
    }
}

static tg_sliding_input sliding_input(const scratch *s) {
    return (tg_sliding_input){s->columns + LEAD * TG_TEMPORAL_SIGNALS, s->column_rows * TG_TEMPORAL_SIGNALS};
}

/* Layer `i` of the front-end, of rows that the segment's move changed. */
static void run_sliding(const tg_musicnn_weights *w, int i, scratch *s, float *out) {
    const tg_front_layer *f = &w->front[i];
    const tg_layer *l = &f->layer;
    int group = groups_before(w, i);
    for (int slot = 0; slot < l->live; slot += TG_LANES)
        tg_sliding_respond(s->sliding, group++, f->direct + slot * f->taps, f->taps, sliding_input(s),
                           s->responses + slot, s->responses_stride);
    for (int t = 0; t < s->frames; t++)
        if (tg_sliding_changed(s->sliding, f->taps, t))
            tg_layer_finish(l, s->responses + t * s->responses_stride, out + t * w->width.front);
}

static void run_temporal(const tg_musicnn_weights *w, const tg_front_layer *f, scratch *s, float *out) {
    const tg_layer *l = &f->layer;
    /* Places of LONGEST filters begin earlier; those before the segment's first frame and behind its last are silent.
     */
    const int skipped = (LEAD - (f->taps - 1) / 2) / TG_TEMPORAL_ROWS, places = f->taps / TG_TEMPORAL_ROWS;
    const int first = (LEAD + TG_TEMPORAL_ROWS - TG_TEMPORAL_SPAN) / TG_TEMPORAL_ROWS - skipped;
    const int end = TG_ROUND_UP(LEAD + s->frames, TG_TEMPORAL_ROWS) / TG_TEMPORAL_ROWS - skipped;
    const float *x = s->places + skipped * TG_TEMPORAL_SIGNALS;
    for (int slot = 0; slot < l->live; slot += TG_LANES)
        tg_kernels_active->temporal_max(x, s->place_count, first, end, l->kernels + slot * TG_TEMPORAL_FACTORS * places,
                                        places, s->rows, s->responses + slot, s->responses_stride);
    for (int t = 0; t < s->frames; t++)
        tg_layer_finish(l, s->responses + t * s->responses_stride, out + t * w->width.front);
}

/* The kept columns of a stage, as the next layer reads them. */
static void gather(const tg_columns *c, const scratch *s, const float *stage, float *read) {
    const int width = tg_columns_read(c);
    read += MARGIN * width;
    for (int t = 0; t < s->frames; t++, read += width, stage += c->width)
        for (int i = 0; i < c->kept; i++) read[i] = stage[c->index[i]];
}

/* Mid-end layer `i`: out[t] = norm(relu(conv(in) + bias)), and from the second on plus in[t]. */
static void run_mid_layer(const tg_musicnn_weights *w, scratch *s, int i) {
    const tg_layer *l = &w->mid[i];
    const float *in = s->stages[i];
    float *out = s->stages[i + 1];
    gather(&w->kept[i], s, in, s->read[i]);
    tg_conv7_run(l, tg_columns_read(&w->kept[i]), TG_LINE_SIDE, s->read[i], s->rows, s->lines, s->responses,
                 s->responses_stride);
    for (int t = 0; t < s->frames; t++)
        tg_layer_finish(l, s->responses + t * s->responses_stride, out + t * l->filters);
    for (int j = 0; i > 0 && j < s->frames * l->filters; j++) out[j] += in[j];
}

static void pool_features(const tg_musicnn_weights *w, scratch *s) {
    float *pooled = s->pooled;
    for (int i = 0, at = 0; i < TG_MUSICNN_STAGES; at += w->kept[i++].width) {
        const tg_columns *c = &w->kept[i];
        float *largest = s->max_pool + at, *mean = s->mean_pool + at;
        tg_pool(s->stages[i], s->frames, c->width, largest, mean, s->block_sums);
        for (int k = 0; k < c->kept; k++) {
            *pooled++ = largest[c->index[k]];
            *pooled++ = mean[c->index[k]];
        }
    }
}

static void forward(const void *loaded, void *made, const float *logmel, int advance, float *logits) {
    const tg_musicnn_weights *w = loaded;
    scratch *s = made;
    tg_turn_to(TG_TIMBRAL);
    const int known = reuse_rows(w, s, advance);
    if (s->sliding) tg_sliding_move(s->sliding, sliding_input(s), known ? advance : 0);
    prepare_input(w, s, logmel, known);
    float *front = s->stages[0];
    for (int i = 0; i < TG_FRONT_LAYERS; front += w->front[i++].layer.filters) {
        tg_turn_to(w->front[i].taps ? TG_TEMPORAL : TG_TIMBRAL);
        if (!w->front[i].taps)
            run_timbral(w, &w->front[i], s, front);
        else if (s->sliding)
            run_sliding(w, i, s, front);
        else
            run_temporal(w, &w->front[i], s, front);
    }
    tg_turn_to(TG_MID_END);
    for (int i = 0; i < TG_MID_LAYERS; i++) run_mid_layer(w, s, i);
    tg_turn_to(TG_POOLING);
    pool_features(w, s);
    tg_turn_to(TG_DENSE);
    tg_classify(&w->classifier, s->pooled, s->penultimate, logits);
}

/* ---- Features ---------------------------------------------------------------------------------------------------- */

static const char *const names[] = {"timbral",   "temporal", "cnn1",        "cnn2", "cnn3",
                                    "mean_pool", "max_pool", "penultimate", NULL};

static int feature(const void *loaded, void *made, const char *name, tg_feature *feature) {
    const tg_musicnn_widths *width = &((const tg_musicnn_weights *)loaded)->width;
    const scratch *s = made;
    const int timbral = 2 * width->timbral, temporal = 3 * width->temporal;
    const tg_feature features[] = {
        {s->stages[0], 2, {s->frames, timbral}, width->front},
        {s->stages[0] + timbral, 2, {s->frames, temporal}, width->front},
        {s->stages[1], 2, {s->frames, width->mid}, width->mid},
        {s->stages[2], 2, {s->frames, width->mid}, width->mid},
        {s->stages[3], 2, {s->frames, width->mid}, width->mid},
        {s->mean_pool, 1, {width->pooled}, width->pooled},
        {s->max_pool, 1, {width->pooled}, width->pooled},
        {s->penultimate, 1, {width->dense}, width->dense},
    };
    for (int i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0) {
            *feature = features[i];
            return TG_OK;
        }
    return TG_ENAME;
}

const tg_architecture tg_musicnn = {
    .name = "musicnn",
    .frame_width = TG_BANDS,
    .least_frames = 1,
    .any_length = 1,
    .features = names,
    .weights_size = sizeof(tg_musicnn_weights),
    .load = tg_musicnn_load,
    .unload = tg_musicnn_unload,
    .make_scratch = make_scratch,
    .free_scratch = free_scratch,
    .forward = forward,
    .feature = feature,
};
