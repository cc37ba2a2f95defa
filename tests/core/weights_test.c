/* Tensors as float32: int16 kernels with their scales, shapes, types; and lists of indices. */
#include "weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "made_file.h"
#include "support.h"

/* a.kernel is int16 [2][3] with scales, b float32 [3], c.kernel and d int16 without scales, e.kernel int8 with them. */
static made_file weights_file(float second_scale, float last) {
    const int16_t kernel[] = {1, -2, 32767, 4, -32768, 6};
    const int8_t small[] = {1, -2, 127, 4, -128, 6};
    const float scales[] = {0.5f, second_scale}, b[] = {1.5f, -2.5f, last};
    const made_tensor tensors[] = {{"a.kernel", GGUF_TENSOR_I16, 2, {2, 3}, kernel},
                                   {"a.kernel_scale", GGUF_TENSOR_F32, 1, {2}, scales},
                                   {"b", GGUF_TENSOR_F32, 1, {3}, b},
                                   {"c.kernel", GGUF_TENSOR_I16, 2, {2, 3}, kernel},
                                   {"d", GGUF_TENSOR_I16, 1, {2}, kernel},
                                   {"e.kernel", GGUF_TENSOR_I8, 2, {2, 3}, small},
                                   {"e.kernel_scale", GGUF_TENSOR_F32, 1, {2}, scales}};
    return make_file(tensors, sizeof tensors / sizeof *tensors);
}

static void int16_kernels_are_scaled_row_by_row(void **state) {
    (void)state;
    made_file made = weights_file(2, 0);
    float *values;
    assert_int_equal(tg_read_weights(&values, &made.file, "a.kernel", (tg_shape){2, {2, 3}}, NULL), TG_OK);
    const float expected[] = {0.5f, -1, 16383.5f, 8, -65536, 12};
    assert_memory_equal(values, expected, sizeof expected);
    free(values);
    assert_int_equal(tg_read_weights(&values, &made.file, "b", (tg_shape){1, {3}}, NULL), TG_OK);
    assert_true(values[0] == 1.5f && values[1] == -2.5f && values[2] == 0);
    free(values);
    free_made(&made);
}

static void int8_kernels_are_scaled_row_by_row(void **state) {
    (void)state;
    made_file made = weights_file(2, 0);
    float *values;
    assert_int_equal(tg_read_weights(&values, &made.file, "e.kernel", (tg_shape){2, {2, 3}}, NULL), TG_OK);
    const float expected[] = {0.5f, -1, 63.5f, 8, -256, 12};
    assert_memory_equal(values, expected, sizeof expected);
    free(values);
    free_made(&made);
}

static void assert_refused(const gguf_file *file, const char *name, tg_shape shape, const char *word) {
    char why[TG_MESSAGE_SIZE] = "";
    float *values = (float *)why; /* anything but NULL */
    assert_int_equal(tg_read_weights(&values, file, name, shape, why), TG_EMODEL);
    assert_null(values);
    assert_non_null(strstr(why, word));
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    made_file made = weights_file(2, 0);
    assert_refused(&made.file, "a.kernel", (tg_shape){2, {3, 2}}, "shape");
    assert_refused(&made.file, "a.kernel", (tg_shape){2, {2, 4}}, "shape");
    assert_refused(&made.file, "a.kernel", (tg_shape){2, {3, 3}}, "shape");
    assert_refused(&made.file, "a.kernel", (tg_shape){1, {6}}, "shape");
    assert_refused(&made.file, "b", (tg_shape){2, {3, 1}}, "shape");
    assert_refused(&made.file, "b", (tg_shape){1, {2}}, "shape");
    assert_refused(&made.file, "c.kernel", (tg_shape){2, {2, 3}}, "c.kernel_scale");
    assert_refused(&made.file, "d", (tg_shape){1, {2}}, "number type"); /* int16 in one dimension has no scales */
    assert_refused(&made.file, "f", (tg_shape){2, {2, 3}}, "no tensor f");
    free_made(&made);
}

/* A tensor whose last byte lies behind the end, though the checksum is right. */
static void a_tensor_must_end_within_the_file(void **state) {
    (void)state;
    made_file made = weights_file(2, 0);
    const size_t size = made.size - 1;
    unsigned char *cut = malloc(size);
    memcpy(cut, made.bytes, size);
    free_made(&made);
    mend_checksum(cut, size);
    char why[TG_MESSAGE_SIZE] = "";
    gguf_file file;
    assert_int_equal(gguf_open(&file, cut, size, why), TG_EFORMAT);
    assert_non_null(strstr(why, "tensor 7 of 7"));
    free(cut);
}

static void values_that_are_not_finite_are_refused(void **state) {
    (void)state;
    made_file made = weights_file(INFINITY, NAN);
    assert_refused(&made.file, "a.kernel", (tg_shape){2, {2, 3}}, "finite");
    assert_refused(&made.file, "b", (tg_shape){1, {3}}, "finite");
    free_made(&made);
}

static void indices_are_a_list_or_all(void **state) {
    (void)state;
    const int32_t some[] = {1, 4, 6};
    const made_tensor tensors[] = {{"some", GGUF_TENSOR_I32, 1, {3}, some}};
    made_file made = make_file(tensors, 1);
    int *indices, count;
    assert_int_equal(tg_read_indices(&indices, &count, &made.file, "some", 7, NULL), TG_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(indices, some, sizeof some);
    free(indices);
    assert_int_equal(tg_read_indices(&indices, &count, &made.file, "all", 2, NULL), TG_OK);
    assert_int_equal(count, 2);
    assert_int_equal(indices[0], 0);
    assert_int_equal(indices[1], 1);
    free(indices);
    free_made(&made);
}

static void lists_that_can_t_be_are_refused(void **state) {
    (void)state;
    static const struct {
        uint32_t type;
        int dims, shape[GGUF_MAX_DIMS];
        int32_t values[4];
    } bad[] = {{GGUF_TENSOR_I32, 1, {2}, {1, 1}},       {GGUF_TENSOR_I32, 1, {2}, {2, 1}},
               {GGUF_TENSOR_I32, 1, {2}, {0, 4}},       {GGUF_TENSOR_I32, 1, {2}, {-1, 2}},
               {GGUF_TENSOR_I32, 1, {4}, {0, 1, 2, 3}}, /* all of them need no list */
               {GGUF_TENSOR_I32, 2, {1, 2}, {0, 1}},    {GGUF_TENSOR_F32, 1, {2}, {0, 1}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made_tensor tensor = {"bad", bad[i].type, bad[i].dims, {0}, bad[i].values};
        memcpy(tensor.shape, bad[i].shape, sizeof tensor.shape);
        made_file made = make_file(&tensor, 1);
        char why[TG_MESSAGE_SIZE] = "";
        int *indices = NULL, count;
        assert_int_equal(tg_read_indices(&indices, &count, &made.file, "bad", 4, why), TG_EMODEL);
        assert_null(indices);
        assert_non_null(strstr(why, "tensor bad"));
        free_made(&made);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int16_kernels_are_scaled_row_by_row),    cmocka_unit_test(int8_kernels_are_scaled_row_by_row),
        cmocka_unit_test(what_does_not_fit_is_refused),           cmocka_unit_test(a_tensor_must_end_within_the_file),
        cmocka_unit_test(values_that_are_not_finite_are_refused), cmocka_unit_test(indices_are_a_list_or_all),
        cmocka_unit_test(lists_that_can_t_be_are_refused)};
    return cmocka_run_group_tests_name("weights", tests, NULL, NULL);
}
