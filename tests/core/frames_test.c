/* A song shared out: its frames made once, its segments tagged by several taggers. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TAGS = 50, SEGMENT = 187, WIDTH = 96, HOP = 50, RATE = 44100, COUNT = 20 * RATE };

typedef struct heard_frames {
    float *rows;
    tg_loudness *loudness;
    int count;
} heard_frames;

/* Pushed in blocks of `block`, pulled `room` at a time. */
static heard_frames hear(const tg_options *options, const float *x, int samples, int block, int room) {
    const int most = 2 + SEGMENT + (int)((int64_t)samples * 16000 / options->sample_rate / TG_FRAME_HOP);
    heard_frames h = {malloc((size_t)(most + room) * WIDTH * sizeof(float)),
                      malloc((size_t)(most + room) * sizeof(tg_loudness)), 0};
    tg_frames *frames;
    assert_int_equal(tg_frames_create(&frames, shared_model, options, NULL), TG_OK);
    int done = 0, pulled;
    do {
        const float *planes[] = {x + done};
        const int taken = tg_frames_push(frames, planes, samples - done < block ? samples - done : block);
        assert_true(taken >= 0);
        done += taken;
        if (taken == 0) assert_int_equal(tg_frames_finish(frames), TG_OK);
        do {
            pulled = tg_frames_pull(frames, h.rows + h.count * WIDTH, h.loudness + h.count, room);
            h.count += pulled;
            assert_true(h.count <= most);
        } while (pulled);
        if (taken == 0) break;
    } while (1);
    const tg_heard heard = tg_frames_heard(frames);
    assert_true(fabs(heard.seconds - samples / (double)options->sample_rate) < 1e-9);
    assert_int_equal(heard.repeated != 0, h.count == SEGMENT);
    tg_frames_free(frames);
    return h;
}

static void free_frames(heard_frames h) {
    free(h.rows);
    free(h.loudness);
}

static tg_options options_of(int sample_rate) {
    tg_options options = tg_default_options(shared_model);
    options.sample_rate = sample_rate;
    options.hop_frames = HOP;
    options.keep_tail = 1;
    return options;
}

static void blocks_and_room_do_not_matter(void **state) {
    (void)state;
    float *x = sweep(COUNT);
    const tg_options options = options_of(RATE);
    heard_frames whole = hear(&options, x, COUNT, COUNT, 5000);
    assert_int_equal(whole.count, 1 + COUNT * 16000LL / RATE / TG_FRAME_HOP);
    static const int blocks[] = {1000, 20000}, rooms[] = {1, 7};
    for (int i = 0; i < 2; i++) {
        heard_frames pieces = hear(&options, x, COUNT, blocks[i], rooms[i]);
        assert_int_equal(pieces.count, whole.count);
        assert_memory_equal(pieces.rows, whole.rows, (size_t)whole.count * WIDTH * sizeof(float));
        assert_memory_equal(pieces.loudness, whole.loudness, (size_t)whole.count * sizeof(tg_loudness));
        free_frames(pieces);
    }
    free_frames(whole);
    free(x);
}

/* Segments first .. first + count - 1 of the frames, and what is behind them when `tail`. */
static int tag_range(heard_frames h, int first, int count, int tail, tg_segment *segments, float *scores) {
    const int start = first * HOP, end = tail ? h.count : start + (count - 1) * HOP + SEGMENT;
    tg_options options = options_of(0);
    options.keep_tail = tail;
    tg_tagger *tagger;
    assert_int_equal(tg_tagger_create(&tagger, shared_model, &options, NULL), TG_OK);
    int told = 0;
    for (int at = start, finished = 0;;) {
        const int taken = finished ? 0 : tg_tagger_push_frames(tagger, h.rows + at * WIDTH, h.loudness + at, end - at);
        assert_true(taken >= 0);
        at += taken;
        if (at == end && !finished++) assert_int_equal(tg_tagger_finish(tagger), TG_OK);
        const int pulled = tg_tagger_pull(tagger, &segments[told], scores + told * TAGS);
        assert_true(pulled >= 0);
        if (!pulled) break;
        segments[told].start += start * TG_FRAME_SECONDS;
        told++;
    }
    assert_true(tg_tagger_heard(tagger).seconds == 0);
    tg_tagger_free(tagger);
    return told;
}

static void ranges_stand_as_in_the_whole(void **state) {
    (void)state;
    float *x = sweep(COUNT);
    /* Segment 7 is silent; where it ends a tagger drops old frames, and takes what it was given in two parts. */
    memset(x + 55 * RATE / 10, 0, 4 * RATE * sizeof *x);
    const tg_options options = options_of(RATE);
    const float *planes[] = {x};
    tagging whole = tag(shared_model, &options, planes, COUNT, COUNT);
    heard_frames h = hear(&options, x, COUNT, 4096, 64);
    tg_segment segments[64];
    float scores[64 * TAGS];
    const int half = whole.count / 2;
    assert_int_equal(tag_range(h, 0, half, 0, segments, scores), half);
    assert_int_equal(tag_range(h, half, 0, 1, segments + half, scores + half * TAGS), whole.count - half);
    assert_int_equal(tag_range(h, 3, 1, 0, segments + 3, scores + 3 * TAGS), 1); /* frames that fill just one */
    int silent = 0;
    for (int i = 0; i < whole.count; i++) {
        assert_true(fabs(segments[i].start - whole.segments[i].start) < 1e-9);
        assert_int_equal(segments[i].silent, whole.segments[i].silent);
        silent += segments[i].silent;
    }
    assert_in_range(silent, 1, whole.count - 1);
    assert_close("ranges against the whole", scores, whole.scores, whole.count * TAGS, 1e-5);
    free_frames(h);
    free_tagging(whole);
    free(x);
}

static void short_audio_is_repeated(void **state) {
    (void)state;
    enum { SHORT = 20000 };
    float *once = noise(48000), *again = malloc(48000 * sizeof *again);
    for (int i = 0; i < 48000; i++) again[i] = once[i % SHORT];
    const tg_options options = options_of(16000);
    heard_frames repeated = hear(&options, once, SHORT, 3000, 10), expected = hear(&options, again, 48000, 48000, 200);
    assert_int_equal(repeated.count, SEGMENT);
    assert_memory_equal(repeated.rows, expected.rows, (SEGMENT - 1) * WIDTH * sizeof(float));
    free_frames(repeated);
    free_frames(expected);
    free(once);
    free(again);
}

static void calls_out_of_turn_are_refused(void **state) {
    (void)state;
    tg_options options = options_of(0);
    tg_frames *frames;
    char why[TG_MESSAGE_SIZE] = "";
    assert_int_equal(tg_frames_create(&frames, shared_model, &options, why), TG_EINVAL);
    assert_null(frames);
    assert_non_null(strstr(why, "0 Hz"));

    float x[2000] = {0}, rows[2 * WIDTH] = {0};
    tg_loudness loudness[2] = {{0, 256}, {0, 256}};
    const float *planes[] = {x};
    tg_tagger *of_frames, *of_pcm;
    assert_int_equal(tg_tagger_create(&of_frames, shared_model, &options, NULL), TG_OK);
    assert_int_equal(tg_tagger_push(of_frames, planes, 2000), TG_ESTATE);
    assert_int_equal(tg_tagger_push_frames(of_frames, rows, loudness, -1), TG_EINVAL);
    assert_int_equal(tg_tagger_push_frames(of_frames, rows, loudness, 2), 2);
    assert_int_equal(tg_tagger_finish(of_frames), TG_ESHORT);
    assert_int_equal(tg_tagger_push_frames(of_frames, rows, loudness, 1), TG_ESTATE);
    tg_segment segment;
    float scores[TAGS];
    assert_int_equal(tg_tagger_pull(of_frames, &segment, scores), 0);
    tg_tagger_free(of_frames);

    options.sample_rate = 16000;
    assert_int_equal(tg_tagger_create(&of_pcm, shared_model, &options, NULL), TG_OK);
    assert_int_equal(tg_tagger_push_frames(of_pcm, rows, loudness, 2), TG_ESTATE);
    tg_tagger_free(of_pcm);

    assert_int_equal(tg_frames_create(&frames, shared_model, &options, NULL), TG_OK);
    assert_int_equal(tg_frames_push(frames, planes, -1), TG_EINVAL);
    assert_int_equal(tg_frames_push(frames, NULL, 0), 0);
    assert_int_equal(tg_frames_push(frames, planes, 1000), 1000);
    assert_int_equal(tg_frames_finish(frames), TG_ESHORT);
    assert_int_equal(tg_frames_finish(frames), TG_ESHORT);
    assert_int_equal(tg_frames_push(frames, planes, 1), TG_ESTATE);
    assert_int_equal(tg_frames_pull(frames, rows, loudness, 2), 0);
    tg_frames_free(frames);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_and_room_do_not_matter), cmocka_unit_test(ranges_stand_as_in_the_whole),
        cmocka_unit_test(short_audio_is_repeated), cmocka_unit_test(calls_out_of_turn_are_refused)};
    return cmocka_run_group_tests_name("frames", tests, load_shared_model, free_shared_model);
}
