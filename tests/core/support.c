#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *goldens(void) { return TAGGRAM_SOURCE "/tests/goldens"; }

unsigned char *read_bytes(const char *path, size_t *size) {
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s can't be opened", path);
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    unsigned char *bytes = malloc(*size + 1);
    assert_int_equal(fread(bytes, 1, *size, f), *size);
    bytes[*size] = 0;
    fclose(f);
    return bytes;
}

/* "(3, 4, 5)" -> 3 rows of 20. */
static void parse_shape(const char *header, array *a) {
    const char *p = strstr(header, "'shape': (");
    assert_non_null(p);
    p += strlen("'shape': (");
    a->rows = (int)strtol(p, (char **)&p, 10);
    a->columns = 1;
    while (*p == ',' && p[1] == ' ' && p[2] != ')') a->columns *= (int)strtol(p + 2, (char **)&p, 10);
}

array read_npy(const char *format, ...) {
    char path[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    if (size < 12 || memcmp(bytes, "\x93NUMPY\x01\x00", 8) != 0) fail_msg("%s is no .npy file of version 1", path);
    size_t start = 10 + bytes[8] + 256 * (size_t)bytes[9];
    char *header = (char *)bytes + 10;
    array a;
    parse_shape(header, &a);
    const int is_int16 = strstr(header, "'<i2'") != NULL, count = a.rows * a.columns;
    if (!is_int16 && !strstr(header, "'<f4'")) fail_msg("%s is neither float32 nor int16", path);
    assert_int_equal(size - start, (size_t)count * (is_int16 ? 2 : 4));
    a.values = malloc((size_t)count * sizeof *a.values + 1);
    for (int i = 0; i < count; i++) {
        int16_t q;
        if (is_int16) memcpy(&q, bytes + start + 2 * (size_t)i, sizeof q);
        if (is_int16)
            a.values[i] = q / 32768.f;
        else
            memcpy(&a.values[i], bytes + start + 4 * (size_t)i, sizeof a.values[i]);
    }
    free(bytes);
    return a;
}

void free_array(array a) { free(a.values); }

int is_folder(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

tg_model *load_model(const char *name) { return load_model_from(TAGGRAM_SOURCE "/models", name); }

tg_model *load_model_from(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s.gguf", folder, name);
    size_t size;
    unsigned char *bytes = read_bytes(path, &size);
    tg_model *model;
    char why[TG_MESSAGE_SIZE] = "";
    if (tg_model_load(&model, bytes, size, why) != TG_OK) fail_msg("%s", why);
    free(bytes);
    return model;
}

tg_model *shared_model;

int load_shared_model(void **state) {
    (void)state;
    shared_model = load_model("MTT_musicnn");
    return 0;
}

int free_shared_model(void **state) {
    (void)state;
    tg_model_free(shared_model);
    return 0;
}

/* ---- Model files ---------------------------------------------------------------------------------------------------
 */

static uint32_t crc32_of(const unsigned char *bytes, size_t size) {
    static uint32_t table[256];
    for (uint32_t i = 0; i < 256 && !table[255]; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
    }
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
    return crc ^ UINT32_MAX;
}

unsigned char *find_text(unsigned char *bytes, size_t size, const char *text) {
    for (size_t i = 0; i + strlen(text) <= size; i++)
        if (memcmp(bytes + i, text, strlen(text)) == 0) return bytes + i;
    return NULL;
}

void mend_checksum(unsigned char *bytes, size_t size) {
    static const char key[] = "tagger.crc32";
    unsigned char *at = find_text(bytes, size < 4096 ? size : 4096, key);
    if (!at || (size_t)(at - bytes) + sizeof key + 7 > size) return;
    unsigned char *value = at + strlen(key) + 4;
    memset(value, 0, 4);
    uint32_t crc = crc32_of(bytes, size);
    memcpy(value, &crc, 4);
}

/* ---- Signals ----------------------------------------------------------------------------------------------------- */

static float from_int16(double q) { return (float)(q / 32768); }

static float sine_at(int64_t numerator, int64_t denominator) {
    double phase = (double)numerator / (double)denominator;
    return from_int16(floor(16384 * sin(2 * M_PI * phase) + 0.5));
}

float *silence(int count) { return calloc((size_t)count, sizeof(float)); }

float *sine440(int count) {
    float *x = silence(count);
    for (int64_t n = 0; n < count; n++) x[n] = sine_at(440 * n % 16000, 16000);
    return x;
}

float *chirp(int count) {
    float *x = silence(count);
    for (int64_t n = 0; n < count; n++) x[n] = sine_at((64000 * n + 197 * n * n) % 51200000, 51200000);
    return x;
}

float *sweep(int count) {
    float *x = silence(count);
    for (int64_t n = 0; n < count; n++) x[n] = sine_at(9 * n * n % (40 * (int64_t)count), 40 * (int64_t)count);
    return x;
}

float *noise(int count) {
    float *x = silence(count);
    uint32_t state = 1;
    for (int n = 0; n < count; n++) {
        state = state * UINT32_C(1664525) + UINT32_C(1013904223);
        x[n] = from_int16((double)(state >> 17) - (state >> 31 ? 32768 : 0));
    }
    return x;
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

void assert_close(const char *what, const float *a, const float *b, int count, double tolerance) {
    double largest = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
        double difference = fabs((double)a[i] - b[i]);
        if (!(difference <= largest)) {
            largest = difference;
            at = i;
        }
        if (isnan(difference)) break;
    }
    print_message("    %-40s max |difference| %.2e of %.0e allowed\n", what, largest, tolerance);
    if (!(largest <= tolerance)) fail_msg("%s: %g is not %g (place %d)", what, a[at], b[at], at);
}

double signal_to_noise(const float *heard, const float *truth, int count) {
    double signal = 0, error = 0;
    for (int i = 0; i < count; i++) {
        signal += (double)truth[i] * truth[i];
        error += ((double)heard[i] - truth[i]) * ((double)heard[i] - truth[i]);
    }
    return 10 * log10(signal / error);
}

/* ---- Tagging ----------------------------------------------------------------------------------------------------- */

static void pull_all(tg_tagger *tagger, tagging *t, int tags) {
    for (;;) {
        t->segments = realloc(t->segments, ((size_t)t->count + 1) * sizeof *t->segments);
        t->scores = realloc(t->scores, ((size_t)t->count + 1) * (size_t)tags * sizeof *t->scores);
        int pulled = tg_tagger_pull(tagger, &t->segments[t->count], t->scores + (size_t)t->count * (size_t)tags);
        assert_in_range(pulled, 0, 1);
        if (!pulled) return;
        t->count++;
    }
}

tagging tag(const tg_model *model, const tg_options *options, const float *const *planes, int frames, int block) {
    tagging t = {0};
    tg_tagger *tagger;
    char why[TG_MESSAGE_SIZE] = "";
    if (tg_tagger_create(&tagger, model, options, why) != TG_OK) fail_msg("%s", why);
    const int tags = tg_model_tag_count(model);
    for (int done = 0; done < frames;) {
        const float *rest[TG_MAX_CHANNELS];
        for (int c = 0; c < options->channels; c++) rest[c] = planes[c] + done;
        int taken = tg_tagger_push(tagger, rest, frames - done < block ? frames - done : block);
        assert_true(taken >= 0);
        done += taken;
        pull_all(tagger, &t, tags);
    }
    t.finish = tg_tagger_finish(tagger);
    pull_all(tagger, &t, tags);
    t.means = malloc((size_t)tags * sizeof *t.means);
    t.sounding = tg_tagger_means(tagger, t.means);
    t.heard = tg_tagger_heard(tagger);
    tg_tagger_free(tagger);
    return t;
}

void free_tagging(tagging t) {
    free(t.segments);
    free(t.scores);
    free(t.means);
}

tg_feature feature(tg_tagger *tagger, const char *name) {
    tg_feature f;
    if (tg_tagger_feature(tagger, name, &f) != TG_OK) fail_msg("there is no feature %s", name);
    return f;
}
