/* Tensors as float32: int16 kernels with their scales, shapes, types. The model file is made here, byte by byte. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "weights.h"

static unsigned char bytes[1024];
static size_t size;

static void put(const void *data, size_t count) {
    memcpy(bytes + size, data, count);
    size += count;
}
static void put_u32(uint32_t value) { put(&value, sizeof value); }
static void put_u64(uint64_t value) { put(&value, sizeof value); }
static void put_string(const char *text) {
    put_u64(strlen(text));
    put(text, strlen(text));
}

static void put_tensor(const char *name, int rows, int columns, uint32_t type, uint64_t offset) {
    put_string(name);
    put_u32(rows ? 2 : 1);
    put_u64((uint64_t)columns); /* the fastest index first */
    if (rows) put_u64((uint64_t)rows);
    put_u32(type);
    put_u64(offset);
}

static void align(void) {
    while (size % 32) bytes[size++] = 0;
}

/* a.kernel is int16 [2][3] with scales, b float32 [3], c.kernel and d int16 without scales. */
static gguf_file make_file(float second_scale, float last) {
    const int16_t kernel[] = {1, -2, 32767, 4, -32768, 6};
    const float scales[] = {0.5f, second_scale}, b[] = {1.5f, -2.5f, last};
    size = 0;
    put("GGUF", 4);
    put_u32(3);
    put_u64(5); /* tensors */
    put_u64(1); /* entries */
    put_string("tagger.crc32");
    put_u32(GGUF_UINT32);
    put_u32(0);
    put_tensor("a.kernel", 2, 3, GGUF_TENSOR_I16, 0);
    put_tensor("a.kernel_scale", 0, 2, GGUF_TENSOR_F32, 32);
    put_tensor("b", 0, 3, GGUF_TENSOR_F32, 64);
    put_tensor("c.kernel", 2, 3, GGUF_TENSOR_I16, 0);
    put_tensor("d", 0, 2, GGUF_TENSOR_I16, 0);
    align();
    put(kernel, sizeof kernel);
    align();
    put(scales, sizeof scales);
    align();
    put(b, sizeof b);
    mend_checksum(bytes, size);
    gguf_file file;
    char why[TG_MESSAGE_SIZE] = "";
    if (gguf_open(&file, bytes, size, why)) fail_msg("%s", why);
    return file;
}

static void int16_kernels_are_scaled_row_by_row(void **state) {
    (void)state;
    gguf_file file = make_file(2, 0);
    float *values;
    assert_int_equal(tg_read_weights(&values, &file, "a.kernel", (tg_shape){2, {2, 3}}, NULL), TG_OK);
    const float expected[] = {0.5f, -1, 16383.5f, 8, -65536, 12};
    assert_memory_equal(values, expected, sizeof expected);
    free(values);
    assert_int_equal(tg_read_weights(&values, &file, "b", (tg_shape){1, {3}}, NULL), TG_OK);
    assert_true(values[0] == 1.5f && values[1] == -2.5f && values[2] == 0);
    free(values);
    gguf_close(&file);
}

static void assert_refused(const gguf_file *file, const char *name, tg_shape shape, const char *word) {
    char why[TG_MESSAGE_SIZE] = "";
    float *values = (float *)bytes;
    assert_int_equal(tg_read_weights(&values, file, name, shape, why), TG_EMODEL);
    assert_null(values);
    assert_non_null(strstr(why, word));
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    gguf_file file = make_file(2, 0);
    assert_refused(&file, "a.kernel", (tg_shape){2, {3, 2}}, "shape");
    assert_refused(&file, "a.kernel", (tg_shape){2, {2, 4}}, "shape");
    assert_refused(&file, "a.kernel", (tg_shape){2, {3, 3}}, "shape");
    assert_refused(&file, "a.kernel", (tg_shape){1, {6}}, "shape");
    assert_refused(&file, "b", (tg_shape){2, {3, 1}}, "shape");
    assert_refused(&file, "b", (tg_shape){1, {2}}, "shape");
    assert_refused(&file, "c.kernel", (tg_shape){2, {2, 3}}, "c.kernel_scale");
    assert_refused(&file, "d", (tg_shape){1, {2}}, "number type"); /* int16 in one dimension has no scales */
    assert_refused(&file, "e", (tg_shape){2, {2, 3}}, "no tensor e");
    gguf_close(&file);
}

/* A tensor whose last byte lies behind the end, though the checksum is right. */
static void a_tensor_must_end_within_the_file(void **state) {
    (void)state;
    gguf_file file = make_file(2, 0);
    gguf_close(&file);
    unsigned char *cut = malloc(size - 1);
    memcpy(cut, bytes, size - 1);
    mend_checksum(cut, size - 1);
    char why[TG_MESSAGE_SIZE] = "";
    assert_int_equal(gguf_open(&file, cut, size - 1, why), TG_EFORMAT);
    assert_non_null(strstr(why, "tensor 3 of 5"));
    free(cut);
}

static void values_that_are_not_finite_are_refused(void **state) {
    (void)state;
    gguf_file file = make_file(INFINITY, NAN);
    assert_refused(&file, "a.kernel", (tg_shape){2, {2, 3}}, "finite");
    assert_refused(&file, "b", (tg_shape){1, {3}}, "finite");
    gguf_close(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int16_kernels_are_scaled_row_by_row), cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_tensor_must_end_within_the_file), cmocka_unit_test(values_that_are_not_finite_are_refused)};
    return cmocka_run_group_tests_name("weights", tests, NULL, NULL);
}
