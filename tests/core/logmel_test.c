/* The mel front-end against the goldens that librosa made for musicnn, and at its edges. */
#include "support.h"

#include <math.h>
#include <stdlib.h>

#include "float16.h"
#include "logmel.h"

enum { BANDS = 96, SAMPLES = 64000 };

/* All frames of `count` samples, pushed in blocks. */
static int all_frames(const float *x, int count, int block, float *frames) {
    tg_logmel *m = tg_logmel_create();
    tg_loudness loudness;
    int pulled = 0;
    for (int done = 0; done < count;) {
        int n = count - done < block ? count - done : block;
        if (n > tg_logmel_space(m)) n = tg_logmel_space(m);
        assert_true(n > 0);
        tg_logmel_push(m, x + done, n);
        done += n;
        while (tg_logmel_pull(m, frames + pulled * BANDS, &loudness, 1)) pulled++;
    }
    tg_logmel_finish(m);
    while (tg_logmel_pull(m, frames + pulled * BANDS, &loudness, 1)) pulled++;
    tg_logmel_free(m);
    return pulled;
}

static void check(const char *name, const float *x, int count) {
    array golden = read_npy("%s/%s/logmel.npy", goldens(), name);
    float *frames = malloc((size_t)(count / 256 + 2) * BANDS * sizeof *frames);
    assert_int_equal(all_frames(x, count, 1000, frames), golden.rows);
    assert_int_equal(golden.columns, BANDS);
    assert_close(name, frames, golden.values, golden.rows * BANDS, 1e-3);
    free(frames);
    free_array(golden);
}

static void agrees_with_the_goldens(void **state) {
    (void)state;
    static const struct {
        const char *name;
        float *(*signal)(int);
    } inputs[] = {{"silence", silence}, {"sine440", sine440}, {"chirp", chirp}, {"noise", noise}};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        float *x = inputs[i].signal(SAMPLES);
        check(inputs[i].name, x, SAMPLES);
        free(x);
    }
    array example = read_npy("%s/example/pcm.npy", goldens());
    check("example", example.values, example.rows);
    free_array(example);
}

static void blocks_do_not_matter(void **state) {
    (void)state;
    static float whole[80 * BANDS], pieces[80 * BANDS];
    for (int count = 257; count < 20000; count = count * 2 + 1) {
        float *x = noise(count);
        int frames = all_frames(x, count, count, whole);
        assert_int_equal(frames, 1 + count / 256);
        assert_int_equal(all_frames(x, count, 13, pieces), frames);
        assert_memory_equal(whole, pieces, (size_t)frames * BANDS * sizeof *whole);
        free(x);
    }
}

/* Expected values by IEEE 754's binary16: 11 bits, ties to even, steps of 2^-24 at the bottom. */
static void energies_are_rounded_to_float16(void **state) {
    (void)state;
    static const float cases[][2] = {{0, 0},
                                     {1, 1},
                                     {1 + 0x1p-11f, 1},                       /* a tie, down to even */
                                     {1 + 0x3p-11f, 1 + 0x1p-9f},             /* a tie, up to even */
                                     {1 + 0x1p-11f + 0x1p-23f, 1 + 0x1p-10f}, /* just above a tie */
                                     {1 + 0x3p-11f - 0x1p-23f, 1 + 0x1p-10f}, /* just below one */
                                     {0x1.ffffp0f, 2},                        /* carries into the exponent */
                                     {0x1p-14f - 0x1p-26f, 0x1p-14f},         /* to the smallest normal number */
                                     {0x1.8p-24f, 0x1p-23f},                  /* ties among subnormal ones */
                                     {0x1p-25f, 0},
                                     {0x1.000002p-25f, 0x1p-24f},
                                     {0x5p-26f, 0x1p-24f},
                                     {65503, 65504},
                                     {65504, 65504},
                                     {65520, 65504},
                                     {3e38f, 65504},
                                     {INFINITY, 65504},
                                     {NAN, 65504}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (tg_from_float16(tg_to_float16(cases[i][0])) != cases[i][1])
            fail_msg("%a became %a, not %a", cases[i][0], tg_from_float16(tg_to_float16(cases[i][0])), cases[i][1]);
}

static void loud_samples_never_give_nan(void **state) {
    (void)state;
    static float frames[8 * BANDS];
    static const float peaks[] = {100, 1e4f, 1e20f, 3e38f};
    for (size_t p = 0; p < sizeof peaks / sizeof *peaks; p++) {
        float *x = noise(1024);
        for (int i = 0; i < 1024; i++) x[i] *= peaks[p];
        int count = all_frames(x, 1024, 1024, frames);
        for (int i = 0; i < count * BANDS; i++) assert_true(frames[i] >= 0 && frames[i] <= log10f(65504e4f + 1));
        free(x);
    }
}

static void loudness_counts_the_samples_of_each_hop(void **state) {
    (void)state;
    tg_logmel *m = tg_logmel_create();
    float x[600], frame[BANDS];
    for (int i = 0; i < 600; i++) x[i] = 0.5f;
    tg_logmel_push(m, x, 600);
    tg_logmel_finish(m);
    static const int expected[] = {256, 256, 88};
    for (int f = 0; f < 3; f++) {
        tg_loudness loudness;
        assert_int_equal(tg_logmel_pull(m, frame, &loudness, 1), 1);
        assert_true(loudness.samples == expected[f]);
        assert_true(fabs(loudness.energy - 0.25 * expected[f]) < 1e-9);
    }
    tg_logmel_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_goldens), cmocka_unit_test(blocks_do_not_matter),
        cmocka_unit_test(energies_are_rounded_to_float16), cmocka_unit_test(loud_samples_never_give_nan),
        cmocka_unit_test(loudness_counts_the_samples_of_each_hop)};
    return cmocka_run_group_tests_name("logmel", tests, NULL, NULL);
}
