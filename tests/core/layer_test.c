/* Layers whose dead filters are left out of the file. */
#include "layer.h"

#include <stdlib.h>
#include <string.h>

#include "made_file.h"
#include "support.h"

static const int32_t live[] = {1, 3};
static const float rest[] = {5, 7}, bias[] = {1, 2}, norm[] = {2, -1, 10, 20}, kernel[] = {1, 2, 3, 4, 5, 6};

/* Filters 1 and 3 of four; the others always answer 5 and 7. */
static const made_tensor some_live[] = {{"l.live", GGUF_TENSOR_I32, 1, {2}, live},
                                        {"l.rest", GGUF_TENSOR_F32, 1, {2}, rest},
                                        {"l.bias", GGUF_TENSOR_F32, 1, {2}, bias},
                                        {"l.norm", GGUF_TENSOR_F32, 2, {2, 2}, norm},
                                        {"l.kernel", GGUF_TENSOR_F32, 2, {2, 3}, kernel}};

static void knows_what_is_left_out(void **state) {
    (void)state;
    made_file made = make_file(some_live, 5);
    tg_layer l = {0};
    assert_int_equal(tg_layer_read(&l, &made.file, "l", 4, NULL), TG_OK);
    assert_int_equal(l.live, 2);
    assert_memory_equal(l.order, live, sizeof live);
    const float everywhere[] = {5, 0, 7, 0};
    assert_memory_equal(l.rest, everywhere, sizeof everywhere);
    assert_true(tg_layer_answer(&l, 0, 3) == (3 + 1) * 2 + 10);
    assert_true(tg_layer_answer(&l, 1, 3) == (3 + 2) * -1 + 20);
    assert_true(tg_layer_answer(&l, 1, -9) == 20); /* ReLU comes before the normalisation */
    tg_layer_free(&l);
    free_made(&made);
}

static void has_all_filters_without_a_list(void **state) {
    (void)state;
    made_file made = make_file(some_live + 2, 3);
    tg_layer l = {0};
    assert_int_equal(tg_layer_read(&l, &made.file, "l", 2, NULL), TG_OK);
    assert_int_equal(l.live, 2);
    assert_int_equal(l.order[1], 1);
    tg_layer_free(&l);
    free_made(&made);
}

static void packs_filters_side_by_side(void **state) {
    (void)state;
    made_file made = make_file(some_live, 5);
    tg_layer l = {0};
    float *read;
    assert_int_equal(tg_layer_read(&l, &made.file, "l", 4, NULL), TG_OK);
    assert_int_equal(tg_layer_read_kernel(&read, &l, &made.file, (tg_shape){1, {3}}, NULL), TG_OK);
    assert_memory_equal(read, kernel, sizeof kernel);
    assert_int_equal(tg_layer_pack(&l.kernels, &l, read, 3, 4, NULL), TG_OK);
    const float packed[] = {1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0};
    assert_memory_equal(l.kernels, packed, sizeof packed);
    free(read);
    tg_layer_free(&l);
    free_made(&made);
}

/* The file with one of its tensors missing or changed. */
static void assert_refused(int changed, const made_tensor *instead, const char *word) {
    made_tensor tensors[5];
    int count = 0;
    for (int i = 0; i < 5; i++)
        if (i != changed)
            tensors[count++] = some_live[i];
        else if (instead)
            tensors[count++] = *instead;
    made_file made = make_file(tensors, count);
    tg_layer l = {0};
    char why[TG_MESSAGE_SIZE] = "";
    assert_int_equal(tg_layer_read(&l, &made.file, "l", 4, why), TG_EMODEL);
    assert_non_null(strstr(why, word));
    tg_layer_free(&l);
    free_made(&made);
}

static void refuses_what_does_not_fit(void **state) {
    (void)state;
    static const int32_t beyond[] = {1, 4};
    static const float three[] = {5, 6, 7};
    const made_tensor bad_live = {"l.live", GGUF_TENSOR_I32, 1, {2}, beyond};
    const made_tensor bad_rest = {"l.rest", GGUF_TENSOR_F32, 1, {3}, three};
    const made_tensor bad_bias = {"l.bias", GGUF_TENSOR_F32, 1, {3}, three};
    assert_refused(0, &bad_live, "l.live");
    assert_refused(0, NULL, "l.bias"); /* then four filters are wanted */
    assert_refused(1, NULL, "l.rest");
    assert_refused(1, &bad_rest, "l.rest");
    assert_refused(2, &bad_bias, "l.bias");
    assert_refused(3, NULL, "l.norm");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_is_left_out), cmocka_unit_test(has_all_filters_without_a_list),
        cmocka_unit_test(packs_filters_side_by_side), cmocka_unit_test(refuses_what_does_not_fit)};
    return cmocka_run_group_tests_name("layer", tests, NULL, NULL);
}
