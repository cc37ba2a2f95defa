/* The model file's reader: damage of every kind is refused in a sentence, and never read out of bounds
 * (AddressSanitizer). */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gguf.h"

static const char path[] = TAGGRAM_SOURCE "/models/MTT_musicnn.gguf";
static const char vgg_path[] = TAGGRAM_SOURCE "/models/MTT_vgg.gguf";

/* A copy of exactly `size` bytes, so that AddressSanitizer sees a read behind it. */
static unsigned char *copy_of(const unsigned char *bytes, size_t size) {
    unsigned char *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    return copy;
}

static int load(const unsigned char *bytes, size_t size, char *why) {
    tg_model *model;
    int error = tg_model_load(&model, bytes, size, why);
    if (error) assert_null(model);
    tg_model_free(model);
    return error;
}

static void assert_refused(const unsigned char *bytes, size_t size) {
    char why[TG_MESSAGE_SIZE] = "";
    unsigned char *copy = copy_of(bytes, size);
    int error = load(copy, size, why);
    if (error != TG_EFORMAT && error != TG_EMODEL) fail_msg("a damaged model gave %d", error);
    assert_true(strlen(why) > 20 && why[strlen(why) - 1] == '.');
    free(copy);
}

/* The file's bytes, for the caller to free once it is closed. */
static unsigned char *open_model(const char *name, gguf_file *file) {
    size_t size;
    unsigned char *bytes = read_bytes(name, &size);
    char why[TG_MESSAGE_SIZE] = "";
    if (gguf_open(file, bytes, size, why)) fail_msg("%s", why);
    return bytes;
}

static void reads_metadata_and_tensors(void **state) {
    (void)state;
    gguf_file file;
    unsigned char *bytes = open_model(path, &file);
    gguf_string text;
    uint32_t number = 0;
    assert_true(gguf_get_string(&file, "general.architecture", &text));
    assert_true(gguf_string_is(text, "musicnn"));
    assert_false(gguf_string_is(text, "musicnn2"));
    assert_true(gguf_get_uint32(&file, "logmel.bands", &number));
    assert_int_equal(number, 96);
    assert_false(gguf_get_uint32(&file, "general.name", &number)); /* another type */
    assert_null(gguf_find(&file, "general.nam"));
    const gguf_tensor *t = gguf_find_tensor(&file, "mid_1.kernel");
    assert_non_null(t);
    assert_int_equal(t->dims, 3);
    assert_int_equal(t->shape[1], 7);
    assert_in_range(t->shape[0], 1, 64);
    assert_in_range(t->shape[2], 64, 562); /* live filters of the front-end, and one for the others */
    gguf_close(&file);
    free(bytes);
}

static void assert_shows(const gguf_file *file, const char *key, const char *wanted) {
    char *text = gguf_show(gguf_find(file, key));
    assert_string_equal(text, wanted);
    free(text);
}

static void reads_arrays_and_shows_values(void **state) {
    (void)state;
    gguf_file file;
    unsigned char *bytes = open_model(vgg_path, &file);
    static const int32_t wanted[] = {4, 1, 2, 2, 2, 2, 2, 2, 4, 4};
    int32_t found[10] = {0};
    assert_true(gguf_get_int32s(&file, "vgg.pool_size", found, 10));
    assert_memory_equal(found, wanted, sizeof wanted);
    assert_false(gguf_get_int32s(&file, "vgg.pool_size", found, 9));
    assert_false(gguf_get_int32s(&file, "tagger.tags", found, 10)); /* strings */
    assert_false(gguf_get_int32s(&file, "logmel.bands", found, 1)); /* no array */
    assert_false(gguf_get_int32s(&file, "vgg.pool", found, 10));
    assert_shows(&file, "vgg.pool_size", "4 1 2 2 2 2 2 2 4 4");
    assert_shows(&file, "logmel.bands", "96");
    assert_shows(&file, "logmel.max_hz", "8000");
    assert_shows(&file, "logmel.mel_scale", "slaney");
    assert_null(gguf_show(gguf_find(&file, "tagger.tags")));
    gguf_close(&file);
    free(bytes);
}

static void refuses_every_truncation(void **state) {
    (void)state;
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    for (size_t cut = 0; cut < 6000; cut++) assert_refused(bytes, cut);
    for (size_t cut = 6000; cut < size; cut += 99991) assert_refused(bytes, cut);
    assert_refused(bytes, size - 1);
    free(bytes);
}

static void notices_every_flipped_bit(void **state) {
    (void)state;
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    for (size_t bit = 0; bit < 8 * size; bit += bit < 256 ? 1 : size / 5 + 1) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_refused(bytes, size);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    free(bytes);
}

/*
 * Random bytes of the header changed, checksum mended: a text or a weight may change unseen, everything else is
 * refused, and nothing crashes. The header is what has lengths, types, shapes and offsets.
 */
static void survives_a_forged_header(void **state) {
    size_t size;
    unsigned char *bytes = read_bytes(*state, &size);
    unsigned char *weights = find_text(bytes, size, "output.bias");
    assert_non_null(weights); /* the last tensor's name: the header ends just behind it */
    const size_t header = (size_t)(weights - bytes) + 64, kept = size;
    uint32_t seed = 7;
    int refused = 0;
    for (int round = 0; round < 400; round++) {
        unsigned char *forged = copy_of(bytes, kept);
        for (int change = 0; change <= round % 3; change++) {
            seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
            forged[(seed >> 8) % header] = (unsigned char)(round % 2 ? 0xff : seed >> 24);
        }
        mend_checksum(forged, kept);
        char why[TG_MESSAGE_SIZE] = "";
        int error = load(forged, kept, why);
        assert_true(error == TG_OK || why[0]);
        refused += error != TG_OK;
        free(forged);
    }
    print_message("    %d of 400 forged headers refused\n", refused);
    assert_true(refused > 200);
    free(bytes);
}

static void refuses_foreign_files(void **state) {
    (void)state;
    static const char *const foreign[] = {"", "GGUF", "RIFF....WAVEfmt ", "<!doctype html><title>404</title>"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_refused((const unsigned char *)foreign[i], strlen(foreign[i]));
}

/* Changes a text of the header to another of its length and wants the model refused with a word in the message. */
static void assert_refuses_change(const char *from, const char *to, const char *word) {
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    unsigned char *at = find_text(bytes, size, from);
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    mend_checksum(bytes, size);
    char why[TG_MESSAGE_SIZE] = "";
    assert_int_equal(load(bytes, size, why), TG_EMODEL);
    print_message("    %s\n", why);
    assert_non_null(strstr(why, word));
    free(bytes);
}

static void refuses_other_models(void **state) {
    (void)state;
    assert_refuses_change("musicnn", "muz\ncnn", "\"muz?cnn\"");
    assert_refuses_change("slaney", "htk000", "\"htk000\"");
    assert_refuses_change("logmel.mel_scale", "logmel.mel_scala", "logmel.mel_scale");
    assert_refuses_change("tagger.tags", "tagger.tugs", "tagger.tags");
    assert_refuses_change("mid_2.kernel", "mid_2.kernal", "mid_2.kernel");
    assert_refuses_change("output.bias", "output.bios", "output.bias");
}

/* Replaces the value behind a key of the header and returns what loading then says. */
static int load_with(const char *model, const char *key, size_t behind, const void *value, size_t value_size,
                     char *why) {
    size_t size;
    unsigned char *bytes = read_bytes(model, &size);
    unsigned char *at = find_text(bytes, size, key);
    assert_non_null(at);
    memcpy(at + strlen(key) + behind, value, value_size);
    mend_checksum(bytes, size);
    int error = load(bytes, size, why);
    free(bytes);
    return error;
}

static void refuses_impossible_facts(void **state) {
    (void)state;
    char why[TG_MESSAGE_SIZE] = "";
    const uint32_t hops[] = {0, 188, UINT32_MAX}, fine = 1;
    for (int i = 0; i < 3; i++)
        assert_int_equal(load_with(path, "tagger.hop_frames", 4, &hops[i], sizeof hops[i], why), TG_EMODEL);
    assert_int_equal(load_with(path, "tagger.hop_frames", 4, &fine, sizeof fine, why), TG_OK);
    const uint64_t counts[] = {0, 49, UINT64_MAX, (UINT64_C(1) << 61) + 1}; /* of tags: four bytes of type before it */
    for (int i = 0; i < 4; i++) assert_int_not_equal(load_with(path, "tagger.tags", 8, &counts[i], 8, why), TG_OK);
    const struct {
        uint32_t type;
        uint64_t count;
    } __attribute__((packed)) wrapping = {GGUF_UINT64, (UINT64_C(1) << 61) + 1}; /* times 8 it would be 8 */
    assert_int_equal(load_with(path, "tagger.tags", 4, &wrapping, sizeof wrapping, why), TG_EFORMAT);
}

static void refuses_impossible_pooling(void **state) {
    (void)state;
    static const int32_t bad[] = {0, -4, 188, INT32_MAX};
    static const char *const keys[] = {"vgg.pool_size", "vgg.pool_stride"};
    char why[TG_MESSAGE_SIZE] = "";
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 2; k++) /* behind the key: types of the entry and of its items, and their count */
            assert_int_equal(load_with(vgg_path, keys[k], 16, &bad[i], sizeof bad[i], why), TG_EMODEL);
    const int32_t all_in_one = 187;
    assert_int_equal(load_with(vgg_path, keys[0], 16, &all_in_one, sizeof all_in_one, why), TG_EMODEL);
    assert_non_null(strstr(why, "layer 2"));
    const int32_t bands_apart = 97; /* of layer 1 */
    assert_int_equal(load_with(vgg_path, keys[1], 20, &bands_apart, sizeof bands_apart, why), TG_EMODEL);
    assert_non_null(strstr(why, "layer 1"));
    const uint64_t nine = 9;
    assert_int_not_equal(load_with(vgg_path, keys[0], 8, &nine, sizeof nine, why), TG_OK);
}

static void refuses_impossible_widths(void **state) {
    (void)state;
    static const uint32_t bad[] = {0, 63, 4097, UINT32_MAX};
    char why[TG_MESSAGE_SIZE] = "";
    for (int i = 0; i < 4; i++) {
        assert_int_equal(load_with(path, "musicnn.mid_filters", 4, &bad[i], sizeof bad[i], why), TG_EMODEL);
        assert_int_equal(load_with(vgg_path, "vgg.filters", 4, &bad[i], sizeof bad[i], why), TG_EMODEL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_metadata_and_tensors),
                                       cmocka_unit_test(reads_arrays_and_shows_values),
                                       cmocka_unit_test(refuses_every_truncation),
                                       cmocka_unit_test(notices_every_flipped_bit),
                                       cmocka_unit_test_prestate(survives_a_forged_header, (void *)path),
                                       cmocka_unit_test_prestate(survives_a_forged_header, (void *)vgg_path),
                                       cmocka_unit_test(refuses_foreign_files),
                                       cmocka_unit_test(refuses_other_models),
                                       cmocka_unit_test(refuses_impossible_facts),
                                       cmocka_unit_test(refuses_impossible_pooling),
                                       cmocka_unit_test(refuses_impossible_widths)};
    return cmocka_run_group_tests_name("gguf", tests, NULL, NULL);
}
