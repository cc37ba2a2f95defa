/* Facts of a model, error texts, and the example in taggram.h, which CMake cuts out of the header into example(). */
#include "support.h"

#include <stdlib.h>
#include <string.h>

int example(const void *bytes, size_t size);

static void tells_its_facts(void **state) {
    (void)state;
    tg_model *model = load_model("MTT_musicnn");
    assert_string_equal(tg_model_name(model), "MTT_musicnn");
    assert_string_equal(tg_model_architecture(model), "musicnn");
    assert_int_equal(tg_model_tag_count(model), 50);
    assert_string_equal(tg_model_tag(model, 0), "guitar");
    assert_string_equal(tg_model_tag(model, 49), "choral");
    assert_null(tg_model_tag(model, -1));
    assert_null(tg_model_tag(model, 50));
    assert_int_equal(tg_model_segment_frames(model), 187);
    assert_int_equal(tg_model_any_length(model), 1);
    assert_int_equal(tg_model_list_count(model), 0);
    assert_null(tg_model_list(model, 0));
    assert_int_equal(tg_model_choose_list(model, "MTT"), TG_ENAME);
    assert_int_equal(tg_model_choose_list(model, NULL), TG_OK);
    assert_int_equal(tg_model_tag_count(model), 50);
    tg_model_free(model);
}

static const char *fact(const tg_model *model, const char *wanted) {
    const char *key, *value;
    for (int i = 0; tg_model_fact(model, i, &key, &value); i++)
        if (strcmp(key, wanted) == 0) return value;
    return NULL;
}

static void tells_what_its_file_says(void **state) {
    (void)state;
    tg_model *model = load_model("MTT_vgg");
    assert_string_equal(fact(model, "general.license"), "ISC");
    assert_string_equal(fact(model, "logmel.bands"), "96");
    assert_string_equal(fact(model, "logmel.max_hz"), "8000");
    assert_string_equal(fact(model, "vgg.pool_size"), "4 1 2 2 2 2 2 2 4 4");
    assert_null(fact(model, "tagger.tags")); /* a list of strings */
    assert_int_equal(tg_model_any_length(model), 0);
    const char *key, *value;
    assert_int_equal(tg_model_fact(model, -1, &key, &value), 0);
    tg_model_free(model);
}

static void names_its_features(void **state) {
    (void)state;
    static const char *const musicnn[] = {"logmel",    "timbral",  "temporal",    "cnn1",   "cnn2", "cnn3",
                                          "mean_pool", "max_pool", "penultimate", "logits", NULL};
    static const char *const vgg[] = {"logmel", "pool1", "pool2", "pool3", "pool4", "pool5", "logits", NULL};
    const struct {
        const char *model;
        const char *const *names;
    } expected[] = {{"MTT_musicnn", musicnn}, {"MTT_vgg", vgg}};
    for (int m = 0; m < 2; m++) {
        tg_model *model = load_model(expected[m].model);
        for (int i = 0; expected[m].names[i]; i++)
            assert_string_equal(tg_model_feature_name(model, i), expected[m].names[i]);
        for (int i = m ? 7 : 10; i < 20; i++) assert_null(tg_model_feature_name(model, i));
        assert_null(tg_model_feature_name(model, -1));
        tg_model_free(model);
    }
}

static void has_a_text_for_every_error(void **state) {
    (void)state;
    for (int code = TG_ENAME; code <= TG_OK; code++) assert_string_not_equal(tg_strerror(code), tg_strerror(1));
    assert_string_equal(tg_strerror(1), "unknown error");
    assert_string_equal(tg_version(), TG_VERSION);
}

static void the_headers_example_runs(void **state) {
    (void)state;
    size_t size;
    unsigned char *bytes = read_bytes(TAGGRAM_SOURCE "/models/MTT_musicnn.gguf", &size);
    assert_int_equal(example(bytes, size), 10); /* segments in 30 s */
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells_its_facts), cmocka_unit_test(tells_what_its_file_says),
                                       cmocka_unit_test(names_its_features),
                                       cmocka_unit_test(has_a_text_for_every_error),
                                       cmocka_unit_test(the_headers_example_runs)};
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
