/* Facts of a model, error texts, and the example in taggram.h, which CMake cuts out of the header into example(). */
#include "support.h"

#include <stdlib.h>
#include <string.h>

int example(const void *bytes, size_t size);

static void tells_its_facts(void **state) {
    (void)state;
    tg_model *model = load_model();
    assert_string_equal(tg_model_name(model), "MTT_musicnn");
    assert_string_equal(tg_model_architecture(model), "musicnn");
    assert_int_equal(tg_model_tag_count(model), 50);
    assert_string_equal(tg_model_tag(model, 0), "guitar");
    assert_string_equal(tg_model_tag(model, 49), "choral");
    assert_null(tg_model_tag(model, -1));
    assert_null(tg_model_tag(model, 50));
    assert_int_equal(tg_model_segment_frames(model), 187);
    tg_model_free(model);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells_its_facts), cmocka_unit_test(has_a_text_for_every_error),
                                       cmocka_unit_test(the_headers_example_runs)};
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
