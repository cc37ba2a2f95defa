/*
 * MTT_musicnn against the goldens: scores, logits and every intermediate, with the SIMD kernels and with the plain
 * ones. TAGGRAM_GOLDENS_EXTRA may name one more folder of goldens, which has its audio in pcm.npy.
 */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "model.h"

enum { TAGS = 50, SAMPLES = 64000 };

/* Scores and logits of every segment of 16 kHz audio at a hop. */
static void check_hop(const char *folder, array pcm, int hop) {
    array tags = read_npy("%s/MTT_musicnn/tags_hop%d.npy", folder, hop);
    array logits = read_npy("%s/MTT_musicnn/logits_hop%d.npy", folder, hop);
    assert_int_equal(tags.columns, TAGS);
    float *scores = malloc((size_t)tags.rows * TAGS * sizeof *scores);
    float *raw = malloc((size_t)tags.rows * TAGS * sizeof *raw);
    tg_options options = tg_default_options(shared_model);
    options.hop_frames = hop;
    tg_tagger *tagger;
    assert_int_equal(tg_tagger_create(&tagger, shared_model, &options, NULL), TG_OK);
    int count = 0;
    for (int done = 0, ended = 0; !ended;) {
        const float *planes[] = {pcm.values + done};
        done += tg_tagger_push(tagger, planes, pcm.rows - done);
        if (done == pcm.rows) ended = tg_tagger_finish(tagger) == TG_OK;
        tg_segment segment;
        float row[TAGS];
        while (tg_tagger_pull(tagger, &segment, row) == 1) {
            assert_true(count < tags.rows);
            assert_true(fabs(segment.start - count * hop * TG_FRAME_SECONDS) < 1e-9);
            memcpy(scores + count * TAGS, row, sizeof row);
            memcpy(raw + count++ * TAGS, feature(tagger, "logits").values, sizeof row);
        }
    }
    assert_int_equal(count, tags.rows);
    char what[80];
    snprintf(what, sizeof what, "scores, hop %d, %d segments", hop, count);
    assert_close(what, scores, tags.values, count * TAGS, 2e-4);
    snprintf(what, sizeof what, "logits, hop %d", hop);
    assert_close(what, raw, logits.values, count * TAGS, 2e-3);
    tg_tagger_free(tagger);
    free(scores);
    free(raw);
    free_array(tags);
    free_array(logits);
}

static void check_feature(const void *scratch, const char *folder, const char *name, double tolerance) {
    array golden = read_npy("%s/MTT_musicnn/segment0/%s.npy", folder, name);
    tg_feature f;
    assert_int_equal(shared_model->architecture->feature(scratch, name, &f), TG_OK);
    assert_int_equal(f.rows, golden.rows);
    assert_int_equal(f.columns, golden.columns);
    float *dense = malloc((size_t)f.rows * (size_t)f.columns * sizeof *dense);
    for (int r = 0; r < f.rows; r++)
        memcpy(dense + r * f.columns, f.values + r * f.stride, (size_t)f.columns * sizeof *dense);
    assert_close(name, dense, golden.values, f.rows * f.columns, tolerance);
    free(dense);
    free_array(golden);
}

/* From the golden's log-mel: one float16 step of another log-mel alone can move a temporal feature by 2e-3. */
static void check_features(const char *folder) {
    /* The front-end's is tight enough to see a live filter taken for a dead one. */
    static const struct {
        const char *name;
        double tolerance;
    } features[] = {{"timbral", 1e-4}, {"temporal", 1e-4}, {"cnn1", 1e-3},      {"cnn2", 1e-3},
                    {"cnn3", 1e-3},    {"max_pool", 1e-3}, {"mean_pool", 1e-3}, {"penultimate", 1e-3}};
    array logmel = read_npy("%s/logmel.npy", folder);
    const int frames = tg_model_segment_frames(shared_model);
    assert_true(logmel.rows >= frames);
    void *scratch = shared_model->architecture->make_scratch(shared_model->weights, frames);
    float logits[TAGS];
    shared_model->architecture->forward(shared_model->weights, scratch, logmel.values, logits);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        check_feature(scratch, folder, features[i].name, features[i].tolerance);
    shared_model->architecture->free_scratch(scratch);
    free_array(logmel);
}

static void check_folder(const char *folder, array pcm, int has_features) {
    print_message("  %s\n", folder);
    check_hop(folder, pcm, 187);
    check_hop(folder, pcm, 92);
    if (has_features) check_features(folder);
}

static void check_synthetic(const char *name, float *(*signal)(int), int has_features) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%s", goldens(), name);
    array pcm = {signal(SAMPLES), SAMPLES, 1};
    check_folder(folder, pcm, has_features);
    free_array(pcm);
}

static void synthetic_inputs(void **state) {
    (void)state;
    check_synthetic("silence", silence, 0);
    check_synthetic("sine440", sine440, 0);
    check_synthetic("chirp", chirp, 0);
    check_synthetic("noise", noise, 1);
}

static void example_clip(void **state) {
    (void)state;
    char folder[512];
    snprintf(folder, sizeof folder, "%s/example", goldens());
    array pcm = read_npy("%s/pcm.npy", folder);
    check_folder(folder, pcm, 1);
    check_hop(folder, pcm, 6);
    free_array(pcm);
}

static void extra_goldens(void **state) {
    (void)state;
    const char *folder = getenv("TAGGRAM_GOLDENS_EXTRA");
    array pcm = read_npy("%s/pcm.npy", folder);
    check_folder(folder, pcm, 1);
    free_array(pcm);
}

static void plain_kernels(void **state) {
    (void)state;
    const tg_kernels *best = tg_kernels_active;
    tg_kernels_active = &tg_kernels_plain;
    check_synthetic("noise", noise, 1);
    tg_kernels_active = best;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(synthetic_inputs), cmocka_unit_test(plain_kernels),
                                       cmocka_unit_test(example_clip), cmocka_unit_test(extra_goldens)};
    const size_t count = sizeof tests / sizeof *tests - (getenv("TAGGRAM_GOLDENS_EXTRA") ? 0 : 1);
    return _cmocka_run_group_tests("musicnn", tests, count, load_shared_model, free_shared_model);
}
