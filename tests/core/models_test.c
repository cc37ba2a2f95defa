/*
 * Every released model against the goldens: scores, logits and every intermediate, with the SIMD kernels and with the
 * plain ones.
 *
 * With TAGGRAM_EXACT_MODELS, a folder of the same models in float32 with all filters, only those are run, to narrower
 * tolerances. TAGGRAM_GOLDENS_EXTRA is one more folder of goldens, with its audio in pcm.npy.
 */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "model.h"

enum { SAMPLES = 64000, MAX_TAGS = 64 };

typedef struct tolerances {
    double score, logit;
    double feature;          /* of a feature's largest value, */
    double feature_absolute; /* or plainly, where this is less */
} tolerances;

/*
 * The goldens are of the published weights. Model files hold kernels as int16 and leave dead filters out, which moves
 * intermediates by a part of their largest; from exact models only the core's own arithmetic is left.
 */
static const tolerances shipped = {2e-4, 2e-3, 2e-3, 1}, exact = {2e-5, 2e-4, 1, 1e-3};
static const tolerances *allowed = &shipped;

typedef struct run {
    tg_model *model;
    const char *name; /* of the model, and of the folder of its goldens */
    const char *folder;
    array pcm; /* 16 kHz, mono */
} run;

/* All segments that the goldens of this kind ("hop187") have, tagged with these options. */
static void check_scores(const run *r, const char *kind, tg_options options) {
    array tags = read_npy("%s/%s/tags_%s.npy", r->folder, r->name, kind);
    array logits = read_npy("%s/%s/logits_%s.npy", r->folder, r->name, kind);
    const int columns = tg_model_tag_count(r->model);
    assert_int_equal(tags.columns, columns);
    assert_in_range(columns, 1, MAX_TAGS);
    float *scores = malloc((size_t)tags.rows * (size_t)columns * sizeof *scores);
    float *raw = malloc((size_t)tags.rows * (size_t)columns * sizeof *raw);
    tg_tagger *tagger;
    assert_int_equal(tg_tagger_create(&tagger, r->model, &options, NULL), TG_OK);
    int count = 0;
    for (int done = 0, ended = 0; !ended;) {
        const float *planes[] = {r->pcm.values + done};
        done += tg_tagger_push(tagger, planes, r->pcm.rows - done);
        if (done == r->pcm.rows) ended = tg_tagger_finish(tagger) == TG_OK;
        tg_segment segment;
        float row[MAX_TAGS];
        while (tg_tagger_pull(tagger, &segment, row) == 1) {
            assert_true(count < tags.rows);
            assert_true(fabs(segment.start - count * options.hop_frames * TG_FRAME_SECONDS) < 1e-9);
            memcpy(scores + count * columns, row, (size_t)columns * sizeof *row);
            memcpy(raw + count++ * columns, feature(tagger, "logits").values, (size_t)columns * sizeof *row);
        }
    }
    assert_int_equal(count, tags.rows);
    char what[80];
    snprintf(what, sizeof what, "%s scores, %s, %d segments", r->name, kind, count);
    assert_close(what, scores, tags.values, count * columns, allowed->score);
    snprintf(what, sizeof what, "%s logits, %s", r->name, kind);
    assert_close(what, raw, logits.values, count * columns, allowed->logit);
    tg_tagger_free(tagger);
    free(scores);
    free(raw);
    free_array(tags);
    free_array(logits);
}

static void check_hop(const run *r, int hop) {
    char kind[16];
    snprintf(kind, sizeof kind, "hop%d", hop);
    tg_options options = tg_default_options(r->model);
    options.hop_frames = hop;
    check_scores(r, kind, options);
}

static float largest_of(array a) {
    float largest = 0;
    for (int i = 0; i < a.rows * a.columns; i++) largest = fmaxf(largest, fabsf(a.values[i]));
    return largest;
}

/* Of a large feature the goldens have only every `every`th frame, in a file that says so. */
static void check_feature(const run *r, void *scratch, const char *name, int every) {
    char what[80];
    snprintf(what, sizeof what, every > 1 ? "%s_every%d" : "%s", name, every);
    array golden = read_npy("%s/%s/segment0/%s.npy", r->folder, r->name, what);
    tg_feature f;
    assert_int_equal(r->model->architecture->feature(r->model->weights, scratch, name, &f), TG_OK);
    const int columns = f.shape[f.dims - 1], count = golden.rows * golden.columns;
    int rows = 1;
    for (int i = 0; i < f.dims - 1; i++) rows *= f.shape[i];
    const int frame = f.dims == 3 ? f.shape[1] : 1; /* rows of one frame */
    assert_int_equal(count, (rows / frame + every - 1) / every * frame * columns);
    float *values = malloc((size_t)count * sizeof *values), *next = values;
    for (int row = 0; row < rows; row++) {
        if (row / frame % every) continue;
        memcpy(next, f.values + row * f.stride, (size_t)columns * sizeof *values);
        next += columns;
    }
    snprintf(what, sizeof what, "%s %s", r->name, name);
    assert_close(what, values, golden.values, count,
                 fmin(allowed->feature * largest_of(golden), allowed->feature_absolute));
    free(values);
    free_array(golden);
}

/* From the golden's log-mel: one float16 step of another log-mel alone can move a temporal feature by 2e-3. */
static void check_features(const run *r) {
    array logmel = read_npy("%s/logmel.npy", r->folder);
    const tg_architecture *a = r->model->architecture;
    const int frames = tg_model_segment_frames(r->model);
    assert_true(logmel.rows >= frames);
    void *scratch = a->make_scratch(r->model->weights, frames, frames);
    float logits[MAX_TAGS];
    a->forward(r->model->weights, scratch, logmel.values, 0, logits);
    for (int i = 0; a->features[i]; i++)
        check_feature(r, scratch, a->features[i], strcmp(a->features[i], "pool1") == 0 ? 8 : 1);
    a->free_scratch(scratch);
    free_array(logmel);
}

static int has_features(const run *r) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s/segment0", r->folder, r->name);
    return is_folder(path);
}

static void check_folder(run r) {
    print_message("  %s\n", r.folder);
    check_hop(&r, 187);
    check_hop(&r, 92);
    if (has_features(&r)) check_features(&r);
}

static void check_synthetic(run r, const char *name, float *(*signal)(int)) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%s", goldens(), name);
    r.folder = folder;
    r.pcm = (array){signal(SAMPLES), SAMPLES, 1};
    check_folder(r);
    free_array(r.pcm);
}

static run start(const char *name) { return (run){.model = load_model(name), .name = name}; }

/* A model and the audio of a folder of goldens that has it. */
static run start_clip(tg_model *model, const char *name, const char *folder) {
    return (run){.model = model, .name = name, .folder = folder, .pcm = read_npy("%s/pcm.npy", folder)};
}

static void finish_clip(run r) {
    free_array(r.pcm);
    tg_model_free(r.model);
}

static const char example[] = TAGGRAM_SOURCE "/tests/goldens/example";

/* The example clip and the noise again. */
static void exact_models(void **state) {
    const char *folder = getenv("TAGGRAM_EXACT_MODELS");
    if (!folder) skip();
    allowed = &exact;
    run r = start_clip(load_model_from(folder, *state), *state, example);
    check_folder(r);
    check_synthetic(r, "noise", noise);
    finish_clip(r);
    allowed = &shipped;
}

static void synthetic_inputs(void **state) {
    run r = start(*state);
    check_synthetic(r, "silence", silence);
    check_synthetic(r, "sine440", sine440);
    check_synthetic(r, "chirp", chirp);
    check_synthetic(r, "noise", noise);
    tg_model_free(r.model);
}

static void plain_kernels(void **state) {
    run r = start(*state);
    const tg_kernels *best = tg_kernels_active;
    tg_kernels_active = &tg_kernels_plain;
    check_synthetic(r, "noise", noise);
    tg_kernels_active = best;
    tg_model_free(r.model);
}

static void music(void **state) {
    run r = start_clip(load_model(*state), *state, example);
    check_folder(r);
    finish_clip(r);
}

/* 282 overlapping segments. */
static void small_hop(void **state) {
    (void)state;
    run r = start_clip(load_model("MTT_musicnn"), "MTT_musicnn", example);
    check_hop(&r, 6);
    finish_clip(r);
}

/* Ten seconds are 625 frames by the library's rule, floor((16000 s - 256) / 256) + 1. */
static void long_segments(void **state) {
    (void)state;
    run r = start_clip(load_model("MSD_musicnn"), "MSD_musicnn", example);
    tg_options options = tg_default_options(r.model);
    options.segment_frames = options.hop_frames = 625;
    check_scores(&r, "length10", options);
    finish_clip(r);
}

/* How far the rows of two features are apart at most. */
static float apart(const tg_feature *a, const tg_feature *b) {
    float most = 0;
    for (int row = 0; row < a->shape[0]; row++)
        for (int i = 0; i < a->shape[1]; i++)
            most = fmaxf(most, fabsf(a->values[row * a->stride + i] - b->values[row * b->stride + i]));
    return most;
}

static void assert_same_rows(const tg_architecture *a, const tg_model *model, void *shared, void *alone,
                             const char *name, float tolerance) {
    tg_feature found, wanted;
    assert_int_equal(a->feature(model->weights, shared, name, &found), TG_OK);
    assert_int_equal(a->feature(model->weights, alone, name, &wanted), TG_OK);
    if (!(apart(&found, &wanted) <= tolerance)) fail_msg("%s: %g apart", name, (double)apart(&found, &wanted));
}

/* Segments that begin `advance` frames after one another, in one scratch; the last three against each alone. */
static void check_shared(const tg_model *model, const float *track, int frames, int advance, int segments) {
    const tg_architecture *a = model->architecture;
    void *shared = a->make_scratch(model->weights, frames, advance);
    for (int segment = 0; segment < segments; segment++) {
        const float *logmel = track + segment * advance * TG_BANDS;
        float logits[MAX_TAGS], expected[MAX_TAGS];
        char what[40];
        a->forward(model->weights, shared, logmel, segment ? advance : 0, logits);
        if (segment < segments - 3) continue;
        void *alone = a->make_scratch(model->weights, frames, frames);
        a->forward(model->weights, alone, logmel, 0, expected);
        snprintf(what, sizeof what, "%d frames, %d on", frames, advance);
        assert_close(what, logits, expected, model->tags.count, 4e-5); /* 1e-5 of a score, whose slope is 1/4 at most */
        assert_same_rows(a, model, shared, alone, "timbral", 2e-5f);
        assert_same_rows(a, model, shared, alone, "temporal", 4e-4f);
        a->free_scratch(alone);
    }
    a->free_scratch(shared);
}

static void segments_share_rows(void **state) {
    tg_model *model = load_model(*state);
    static const int lengths[] = {1, 2, 4, 7, 8, 12, 30, 100, 187};
    array track = read_npy("%s/logmel.npy", example);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int advance = 1; advance <= lengths[i]; advance += lengths[i] < 100 ? 1 : 31)
            check_shared(model, track.values, lengths[i], advance, 3);
    for (int advance = 47; advance <= 49; advance++) /* where filters slide no more */
        check_shared(model, track.values, 187, advance, 4);
    check_shared(model, track.values, 187, 6, 250); /* rounding doesn't add up */
    check_shared(model, track.values, 187, 33, 40);
    free_array(track);
    tg_model_free(model);
}

static void extra_goldens(void **state) {
    const char *folder = getenv("TAGGRAM_GOLDENS_EXTRA");
    if (!folder) skip();
    run r = start_clip(load_model(*state), *state, folder);
    check_folder(r);
    finish_clip(r);
}

#define OF_EACH_MODEL(test)                                                                                            \
    cmocka_unit_test_prestate(test, "MTT_musicnn"), cmocka_unit_test_prestate(test, "MSD_musicnn"),                    \
        cmocka_unit_test_prestate(test, "MTT_vgg"), cmocka_unit_test_prestate(test, "MSD_vgg")

int main(void) {
    const struct CMUnitTest tests[] = {OF_EACH_MODEL(synthetic_inputs),
                                       OF_EACH_MODEL(plain_kernels),
                                       OF_EACH_MODEL(music),
                                       OF_EACH_MODEL(extra_goldens),
                                       OF_EACH_MODEL(exact_models),
                                       cmocka_unit_test(small_hop),
                                       cmocka_unit_test(long_segments),
                                       cmocka_unit_test_prestate(segments_share_rows, "MTT_musicnn"),
                                       cmocka_unit_test_prestate(segments_share_rows, "MSD_musicnn")};
    if (getenv("TAGGRAM_EXACT_MODELS")) cmocka_set_test_filter("exact_models");
    return cmocka_run_group_tests_name("models", tests, NULL, NULL);
}
