/* One stream: blocks, hops, ends, short audio, silence, bad samples, features and options. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TAGS = 50, SEGMENT = 187, HOP = 256 };

static tagging tag_mono(const float *x, int count, int hop, int keep_tail) {
    tg_options options = tg_default_options(shared_model);
    options.hop_frames = hop;
    options.keep_tail = keep_tail;
    return tag(shared_model, &options, &x, count, count > 0 ? count : 1);
}

static void blocks_do_not_matter(void **state) {
    (void)state;
    enum { COUNT = 6 * 44100 };
    float *left = noise(COUNT), *right = sweep(COUNT);
    const float *planes[] = {left, right};
    tg_options options = tg_default_options(shared_model);
    options.sample_rate = 44100;
    options.channels = 2;
    options.hop_frames = 50;
    tagging whole = tag(shared_model, &options, planes, COUNT, COUNT);
    assert_int_equal(whole.count, (1 + COUNT * 16000LL / 44100 / HOP - SEGMENT) / 50 + 1);
    static const int blocks[] = {1, 128, 4097};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        tagging pieces = tag(shared_model, &options, planes, COUNT, blocks[b]);
        assert_int_equal(pieces.count, whole.count);
        assert_true(fabs(pieces.heard.seconds - 6) < 1e-9 && fabs(whole.heard.seconds - 6) < 1e-9);
        assert_memory_equal(pieces.scores, whole.scores, (size_t)whole.count * TAGS * sizeof(float));
        free_tagging(pieces);
    }
    free_tagging(whole);
    free(left);
    free(right);
}

static void channels_are_averaged(void **state) {
    (void)state;
    enum { COUNT = 48000, CHANNELS = 8 };
    float *x = noise(COUNT), *silent = silence(COUNT);
    for (int i = 0; i < COUNT; i++) x[i] *= 0.5f;
    tagging mono = tag_mono(x, COUNT, SEGMENT, 0);
    for (int i = 0; i < COUNT; i++) x[i] *= CHANNELS / 2;
    const float *planes[CHANNELS] = {x, silent, x, silent, silent, silent, silent, silent};
    tg_options options = tg_default_options(shared_model);
    options.channels = CHANNELS;
    tagging mixed = tag(shared_model, &options, planes, COUNT, COUNT);
    assert_int_equal(mixed.count, 1);
    assert_close("8 channels against mono", mixed.scores, mono.scores, TAGS, 1e-6);
    free_tagging(mono);
    free_tagging(mixed);
    free(x);
    free(silent);
}

static void assert_starts(tagging t, const int *frames, int count) {
    assert_int_equal(t.count, count);
    for (int i = 0; i < count; i++) {
        assert_true(fabs(t.segments[i].start - frames[i] * 0.016) < 1e-9);
        assert_true(fabs(t.segments[i].end - (frames[i] + SEGMENT) * 0.016) < 1e-9);
        assert_false(t.segments[i].padded);
    }
}

static void the_tail_is_dropped_or_kept(void **state) {
    (void)state;
    enum { FRAMES = 500, COUNT = (FRAMES - 1) * HOP };
    float *x = noise(COUNT);
    tagging dropped = tag_mono(x, COUNT, SEGMENT, 0), kept = tag_mono(x, COUNT, SEGMENT, 1);
    assert_starts(dropped, (const int[]){0, 187}, 2);
    assert_starts(kept, (const int[]){0, 187, FRAMES - SEGMENT}, 3);
    assert_memory_equal(dropped.scores, kept.scores, 2 * TAGS * sizeof(float));
    tagging alone = tag_mono(x, (2 * SEGMENT - 1) * HOP, SEGMENT, 1); /* fills two segments: there is no tail */
    assert_starts(alone, (const int[]){0, 187}, 2);
    tagging overlapping = tag_mono(x, COUNT, 100, 1);
    assert_starts(overlapping, (const int[]){0, 100, 200, 300, FRAMES - SEGMENT}, 5);
    free_tagging(dropped);
    free_tagging(kept);
    free_tagging(alone);
    free_tagging(overlapping);
    free(x);
}

/* The tail's segment is the same as if the audio had begun there, but for the rounding of what segments share. */
static void the_tail_holds_the_end(void **state) {
    (void)state;
    enum { FRAMES = 460, COUNT = (FRAMES - 1) * HOP };
    float *x = noise(COUNT);
    tagging every = tag_mono(x, COUNT, 1, 0);
    assert_int_equal(every.count, FRAMES - SEGMENT + 1);
    static const int hops[] = {SEGMENT, 100, 40};
    for (size_t i = 0; i < sizeof hops / sizeof *hops; i++) {
        tagging kept = tag_mono(x, COUNT, hops[i], 1);
        assert_close("tail", kept.scores + (kept.count - 1) * TAGS, every.scores + (every.count - 1) * TAGS, TAGS,
                     1e-6);
        free_tagging(kept);
    }
    free_tagging(every);
    free(x);
}

static void short_audio_is_repeated(void **state) {
    (void)state;
    enum { LONG = SEGMENT * HOP };
    static const int lengths[] = {1600, 1601, 10000, 47615};
    float *x = noise(LONG), *repeated = silence(LONG);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int hop = 1; hop <= SEGMENT; hop += 186) {
            for (int n = 0; n < LONG; n++) repeated[n] = x[n % lengths[i]];
            tagging once = tag_mono(x, lengths[i], hop, 1), filled = tag_mono(repeated, LONG, SEGMENT, 0);
            assert_int_equal(once.count, 1);
            assert_int_equal(filled.count, 1);
            assert_true(once.segments[0].padded);
            assert_false(filled.segments[0].padded);
            assert_close("repeated", once.scores, filled.scores, TAGS, hop == SEGMENT ? 0 : 1e-6);
            free_tagging(once);
            free_tagging(filled);
        }
    tagging full = tag_mono(x, 47616, SEGMENT, 0); /* 187 frames */
    assert_int_equal(full.count, 1);
    assert_false(full.segments[0].padded);
    free_tagging(full);
    free(x);
    free(repeated);
}

static void shorter_audio_is_an_error(void **state) {
    (void)state;
    static const int lengths[] = {0, 1, 2, 256, 257, 1599};
    float *x = noise(1600);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        tagging t = tag_mono(x, lengths[i], SEGMENT, 1);
        assert_int_equal(t.finish, TG_ESHORT);
        assert_int_equal(t.count, 0);
        free_tagging(t);
    }
    free(x);
}

/* Sound, digital silence, and sound of just under and just over -70 dBFS RMS: 187 frames each. */
static void silence_is_marked_and_does_not_count(void **state) {
    (void)state;
    enum { EACH = SEGMENT * HOP, COUNT = 4 * EACH };
    float *x = noise(COUNT);
    const double rms = sqrt(1. / 12); /* of noise that is uniform in -0.5 .. 0.5 */
    const float gains[] = {1, 0, (float)(0.98 * pow(10, -3.5) / rms), (float)(1.02 * pow(10, -3.5) / rms)};
    for (int i = 0; i < COUNT; i++) x[i] *= gains[i / EACH];
    tagging t = tag_mono(x, COUNT, SEGMENT, 0);
    assert_int_equal(t.count, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(t.segments[i].silent != 0, i == 1 || i == 2);
    assert_int_equal(t.sounding, 2);
    for (int i = 0; i < TAGS; i++) assert_true(fabs(t.means[i] - (t.scores[i] + t.scores[3 * TAGS + i]) / 2) < 1e-6);
    tagging nothing = tag_mono(x + EACH, EACH, SEGMENT, 0);
    assert_int_equal(nothing.sounding, 0);
    assert_true(nothing.means[0] == 0);
    free_tagging(t);
    free_tagging(nothing);
    free(x);
}

/* The last frame is centred on the very end: not one sample of it is there. */
static void a_segment_beyond_the_last_sample_is_silent(void **state) {
    (void)state;
    enum { FRAMES = 10, COUNT = FRAMES * HOP };
    float *x = silence(COUNT);
    const float *plane = x;
    tg_options options = tg_default_options(shared_model);
    options.segment_frames = options.hop_frames = 1;
    tagging t = tag(shared_model, &options, &plane, COUNT, COUNT);
    assert_int_equal(t.count, FRAMES + 1);
    for (int i = 0; i < t.count; i++) assert_true(t.segments[i].silent);
    assert_int_equal(t.sounding, 0);
    free_tagging(t);
    free(x);
}

static void bad_samples_count_as_zero(void **state) {
    (void)state;
    enum { COUNT = 2 * 48000 };
    float *left = noise(COUNT), *right = noise(COUNT), *clean = noise(COUNT);
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 300; i++) {
        left[i * 300] = bad[i % 3];
        clean[i * 300] = 0;
    }
    tg_options options = tg_default_options(shared_model);
    options.sample_rate = 22050;
    options.channels = 2;
    const float *dirty_planes[] = {left, right}, *clean_planes[] = {clean, right};
    tagging dirty = tag(shared_model, &options, dirty_planes, COUNT, 1000),
            zeroed = tag(shared_model, &options, clean_planes, COUNT, 1000);
    assert_int_equal((int)dirty.heard.non_finite, 300);
    assert_int_equal((int)zeroed.heard.non_finite, 0);
    assert_true(fabs(dirty.heard.seconds - COUNT / 22050.) < 1e-9);
    assert_memory_equal(dirty.scores, zeroed.scores, (size_t)dirty.count * TAGS * sizeof(float));
    free_tagging(dirty);
    free_tagging(zeroed);
    free(left);
    free(right);
    free(clean);
}

/* Denormal numbers are as good as nothing, and must cost no more. */
static void inaudible_samples_count_as_zero(void **state) {
    (void)state;
    float *x = noise(50000), *nothing = silence(50000);
    for (int i = 0; i < 50000; i++) x[i] *= 1e-40f;
    tagging faint = tag_mono(x, 50000, SEGMENT, 0), none = tag_mono(nothing, 50000, SEGMENT, 0);
    assert_true(faint.segments[0].silent);
    assert_memory_equal(faint.scores, none.scores, TAGS * sizeof(float));
    assert_int_equal((int)faint.heard.non_finite, 0);
    free_tagging(faint);
    free_tagging(none);
    free(x);
    free(nothing);
}

static void loud_audio_gives_scores(void **state) {
    (void)state;
    static const float gains[] = {10, 1e4f, 1e30f, 3e38f};
    for (size_t g = 0; g < sizeof gains / sizeof *gains; g++) {
        float *x = noise(140000);
        for (int i = 0; i < 140000; i++) x[i] *= gains[g];
        tg_options options = tg_default_options(shared_model);
        options.sample_rate = 44100;
        const float *planes[] = {x};
        tagging t = tag(shared_model, &options, planes, 140000, 5000);
        assert_int_equal(t.count, 1);
        assert_false(t.segments[0].silent);
        for (int i = 0; i < TAGS; i++) assert_true(t.scores[i] >= 0 && t.scores[i] <= 1);
        free_tagging(t);
        free(x);
    }
}

static void impossible_options_are_refused(void **state) {
    (void)state;
    const tg_options good = tg_default_options(shared_model);
    assert_int_equal(good.sample_rate, 16000);
    assert_int_equal(good.channels, 1);
    assert_int_equal(good.hop_frames, 187);
    assert_int_equal(good.segment_frames, 187);
    static const tg_options bad[] = {{3999, 1, 187, 187, 0},  {768001, 1, 187, 187, 0}, {-1, 1, 187, 187, 0},
                                     {16000, 0, 187, 187, 0}, {16000, 65, 187, 187, 0}, {16000, 1, 187, 0, 0},
                                     {16000, 1, 187, -5, 0},  {16000, 1, 187, 188, 0},  {16000, 1, 0, 1, 0},
                                     {16000, 1, 37501, 1, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tg_tagger *tagger;
        char why[TG_MESSAGE_SIZE] = "";
        assert_int_equal(tg_tagger_create(&tagger, shared_model, &bad[i], why), TG_EINVAL);
        assert_null(tagger);
        assert_true(strlen(why) > 20);
    }
}

/* From one frame to more than the audio has: then it is repeated. */
static void segments_may_be_of_any_length(void **state) {
    (void)state;
    static const struct { int frames, segments; } cases[] = {{1, 188}, {2, 94}, {7, 26}, {100, 1}, {188, 1}, {1000, 1}};
    float *x = noise(48000); /* 188 frames */
    const float *planes[] = {x};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tg_options options = tg_default_options(shared_model);
        options.segment_frames = options.hop_frames = cases[i].frames;
        tagging t = tag(shared_model, &options, planes, 48000, 5000);
        assert_int_equal(t.count, cases[i].segments);
        assert_true(fabs(t.segments[0].end - cases[i].frames * TG_FRAME_SECONDS) < 1e-9);
        assert_int_equal(t.segments[0].padded, cases[i].frames > 188);
        for (int s = 0; s < t.count * TAGS; s++) assert_true(t.scores[s] >= 0 && t.scores[s] <= 1);
        free_tagging(t);
    }
    free(x);
}

static void vgg_has_one_length(void **state) {
    (void)state;
    tg_model *vgg = load_model("MTT_vgg");
    tg_options options = tg_default_options(vgg);
    tg_tagger *tagger;
    char why[TG_MESSAGE_SIZE] = "";
    assert_int_equal(tg_tagger_create(&tagger, vgg, &options, why), TG_OK);
    tg_tagger_free(tagger);
    options.segment_frames = options.hop_frames = 186;
    assert_int_equal(tg_tagger_create(&tagger, vgg, &options, why), TG_EINVAL);
    assert_non_null(strstr(why, "187 frames"));
    tg_model_free(vgg);
}

static void the_end_stays_told(void **state) {
    (void)state;
    tg_tagger *tagger;
    tg_options options = tg_default_options(shared_model);
    assert_int_equal(tg_tagger_create(&tagger, shared_model, &options, NULL), TG_OK);
    assert_int_equal(tg_tagger_finish(tagger), TG_ESHORT);
    assert_int_equal(tg_tagger_finish(tagger), TG_ESHORT);
    tg_tagger_free(tagger);
}

static void calls_out_of_turn_are_refused(void **state) {
    (void)state;
    tg_tagger *tagger;
    tg_options options = tg_default_options(shared_model);
    assert_int_equal(tg_tagger_create(&tagger, shared_model, &options, NULL), TG_OK);
    float x[2000] = {0};
    const float *planes[] = {x};
    tg_feature f;
    assert_int_equal(tg_tagger_feature(tagger, "logits", &f), TG_ESTATE);
    assert_int_equal(tg_tagger_push(tagger, planes, -1), TG_EINVAL);
    assert_int_equal(tg_tagger_push(tagger, planes, 2000), 2000);
    assert_int_equal(tg_tagger_finish(tagger), TG_OK);
    assert_int_equal(tg_tagger_finish(tagger), TG_OK);
    assert_int_equal(tg_tagger_push(tagger, planes, 1), TG_ESTATE);
    tg_segment segment;
    float scores[TAGS];
    assert_int_equal(tg_tagger_pull(tagger, &segment, scores), 1);
    assert_int_equal(tg_tagger_feature(tagger, "logmel", &f), TG_OK);
    assert_int_equal(f.dims, 2);
    assert_int_equal(f.shape[0], 187);
    assert_int_equal(f.shape[1], 96);
    assert_int_equal(tg_tagger_feature(tagger, "logits", &f), TG_OK);
    assert_true(fabsf(1 / (1 + expf(-f.values[0])) - scores[0]) < 1e-6f);
    assert_int_equal(tg_tagger_feature(tagger, "chroma", &f), TG_ENAME);
    assert_int_equal(tg_tagger_pull(tagger, &segment, scores), 0);
    assert_int_equal(tg_tagger_feature(tagger, "logits", &f), TG_ESTATE);
    tg_tagger_free(tagger);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_do_not_matter),
                                       cmocka_unit_test(channels_are_averaged),
                                       cmocka_unit_test(the_tail_is_dropped_or_kept),
                                       cmocka_unit_test(the_tail_holds_the_end),
                                       cmocka_unit_test(short_audio_is_repeated),
                                       cmocka_unit_test(shorter_audio_is_an_error),
                                       cmocka_unit_test(silence_is_marked_and_does_not_count),
                                       cmocka_unit_test(a_segment_beyond_the_last_sample_is_silent),
                                       cmocka_unit_test(bad_samples_count_as_zero),
                                       cmocka_unit_test(inaudible_samples_count_as_zero),
                                       cmocka_unit_test(loud_audio_gives_scores),
                                       cmocka_unit_test(impossible_options_are_refused),
                                       cmocka_unit_test(segments_may_be_of_any_length),
                                       cmocka_unit_test(vgg_has_one_length),
                                       cmocka_unit_test(the_end_stays_told),
                                       cmocka_unit_test(calls_out_of_turn_are_refused)};
    return cmocka_run_group_tests_name("tagger", tests, load_shared_model, free_shared_model);
}
