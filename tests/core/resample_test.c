/* The resampler against the numpy oracle, and its memory and length at any rate. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resample.h"

static const int rates[] = {4000, 8000, 11025, 22050, 32000, 44099, 44100, 48000, 96000, 192000, 767999, 768000};
enum { RATES = sizeof rates / sizeof *rates };

static int smaller(int a, int b) { return a < b ? a : b; }

/* Everything through the resampler, in blocks; returns how many samples came. */
static int resample(int rate, const float *in, int count, float *out, int capacity, int block) {
    tg_resampler *r = tg_resampler_create(rate);
    assert_non_null(r);
    int given = 0;
    for (int done = 0; done < count;) {
        int n = smaller(smaller(block, count - done), tg_resampler_space(r));
        assert_true(n > 0);
        tg_resampler_push(r, in + done, n);
        done += n;
        int pulled;
        while ((pulled = tg_resampler_pull(r, out + given, smaller(block, capacity - given))) > 0) given += pulled;
    }
    tg_resampler_finish(r);
    int pulled;
    while ((pulled = tg_resampler_pull(r, out + given, capacity - given)) > 0) given += pulled;
    tg_resampler_free(r);
    return given;
}

static void check_rate(int rate, const char *name, float *(*signal)(int), double least_db) {
    array golden = read_npy("%s/resample/%d_%s.npy", goldens(), rate, name);
    int count = rate / 4;
    float *in = signal(count), *out = malloc(((size_t)golden.rows + 16) * sizeof *out);
    assert_int_equal(resample(rate, in, count, out, golden.rows + 16, 1000), golden.rows);
    double db = signal_to_noise(out, golden.values, golden.rows);
    print_message("    %6d Hz %-6s %6.1f dB\n", rate, name, db);
    if (!(db >= least_db)) fail_msg("%d Hz %s: %.1f dB is less than %.0f dB", rate, name, db, least_db);
    free(in);
    free(out);
    free_array(golden);
}

static void agrees_with_the_oracle(void **state) {
    (void)state;
    for (int i = 0; i < RATES; i++) {
        check_rate(rates[i], "chirp", sweep, 80);
        check_rate(rates[i], "noise", noise, 80);
    }
}

static void blocks_do_not_matter(void **state) {
    (void)state;
    float *in = noise(20000), whole[8000], pieces[8000];
    int n = resample(44100, in, 20000, whole, 8000, 20000);
    assert_int_equal(resample(44100, in, 20000, pieces, 8000, 7), n);
    assert_memory_equal(whole, pieces, (size_t)n * sizeof *whole);
    free(in);
}

static void gives_16_khz_back_unchanged(void **state) {
    (void)state;
    float *in = noise(5000), out[5001];
    assert_int_equal(resample(16000, in, 5000, out, 5001, 300), 5000);
    assert_memory_equal(in, out, 5000 * sizeof *in);
    free(in);
}

/* One sample of every rate that needs a bank of its own kind: sizes, ends, the shortest input. */
static void any_rate_and_length(void **state) {
    (void)state;
    static const int odd[] = {4000, 4001, 7919, 15999, 16001, 44101, 88200, 176400, 352799, 767999, 768000};
    float *in = sine440(50000), *out = malloc(200016 * sizeof *out);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (int count = 0; count <= 50000; count = count * 7 + 1) {
            int given = resample(odd[i], in, count, out, 200016, 4096);
            assert_int_equal(given, (int)ceil((double)count * (16000. / odd[i])));
            for (int k = 0; k < given; k++) assert_true(fabsf(out[k]) < 1);
        }
    free(in);
    free(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_the_oracle), cmocka_unit_test(blocks_do_not_matter),
                                       cmocka_unit_test(gives_16_khz_back_unchanged),
                                       cmocka_unit_test(any_rate_and_length)};
    return cmocka_run_group_tests_name("resample", tests, NULL, NULL);
}
