// ReLU, batch normalisation and max-pool in as few passes over memory as there can be, for pooling.py.
//
// Maps are [images][places][channels], of bfloat16, or with -DFLOAT32 of float. A maximum over normalised values is the
// normalised maximum where the scale is positive, else the normalised minimum; so it is taken first, and fewer values
// are normalised. Places are pooled by groups of three (time of the waveform model), or of any other size (shifts of the
// spectrogram model's timbral filters).

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { MAX_CHANNELS = 512, CHUNK = 256 };

#ifdef FLOAT32

typedef float number;

static inline float widened(number value) { return value; }
static inline number narrowed(float value) { return value; }

#else

typedef uint16_t number; // bfloat16

static inline float widened(number bits) {
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

// To the nearest, ties to even.
static inline number narrowed(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (number)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif

static inline float relu(number stored) {
    float value = widened(stored);
    return value > 0 ? value : 0;
}

static inline float larger(float a, float b) { return a > b ? a : b; }

// The largest of each channel after ReLU, or the smallest where `sign` is -1.
static void find_extremes(const number *restrict rows, int group, int channels, const float *restrict sign,
                          float *restrict extremes) {
    for (int c = 0; c < channels; c++) extremes[c] = relu(rows[c]);
    for (int i = 1; i < group; i++)
        for (int c = 0; c < channels; c++) {
            float value = relu(rows[i * channels + c]);
            extremes[c] = sign[c] * larger(sign[c] * extremes[c], sign[c] * value);
        }
}

static void add_place(const number *restrict row, int channels, float *restrict sum, float *restrict square) {
    for (int c = 0; c < channels; c++) {
        float value = relu(row[c]);
        sum[c] += value;
        square[c] += value * value;
    }
}

static void pool_three(const number *restrict row, int channels, const float *restrict sign, float *restrict sum,
                       float *restrict square, number *restrict pooled) {
    for (int c = 0; c < channels; c++) {
        float a = relu(row[c]), b = relu(row[channels + c]), d = relu(row[2 * channels + c]);
        sum[c] += a + b + d;
        square[c] += a * a + b * b + d * d;
        pooled[c] = narrowed(sign[c] * larger(sign[c] * a, larger(sign[c] * b, sign[c] * d)));
    }
}

static void pool_many(const number *restrict rows, int group, int channels, const float *restrict sign,
                      float *restrict sum, float *restrict square, number *restrict pooled) {
    float best[MAX_CHANNELS];
    find_extremes(rows, group, channels, sign, best);
    for (int c = 0; c < channels; c++) pooled[c] = narrowed(best[c]);
    for (int i = 0; i < group; i++) add_place(rows + i * channels, channels, sum, square);
}

static void pool_image(int group, long places, int channels, const number *map, const float *sign, double *sums,
                       double *squares, number *pooled) {
    for (long first = 0; first < places; first += CHUNK * group) {
        float sum[MAX_CHANNELS] = {0}, square[MAX_CHANNELS] = {0};
        long end = first + CHUNK * group < places ? first + CHUNK * group : places;
        long place = first;
        for (; group == 3 && place + 3 <= end; place += 3)
            pool_three(map + place * channels, channels, sign, sum, square, pooled + place / 3 * channels);
        for (; group > 3 && place + group <= end; place += group)
            pool_many(map + place * channels, group, channels, sign, sum, square, pooled + place / group * channels);
        for (; place < end; place++) add_place(map + place * channels, channels, sum, square);
        for (int c = 0; c < channels; c++) {
            sums[c] += sum[c];
            squares[c] += square[c];
        }
    }
}

// Of values after ReLU: sums and sums of squares [images][channels], zeros before, and where `group` is 3 or
// more the largest of so many places, or the smallest where `sign` is -1 and not 1.
void pool(int group, long images, long places, int channels, const number *map, const float *sign, double *sums,
          double *squares, number *pooled) {
#pragma omp parallel for
    for (long i = 0; i < images; i++)
        pool_image(group, places, channels, map + i * places * channels, sign, sums + i * channels,
                   squares + i * channels, pooled + i * (places / group) * channels);
}

// output = ReLU(map) * scale + shift
void normalise(long rows, int channels, const number *map, const float *scale, const float *shift, number *output) {
#pragma omp parallel for
    for (long i = 0; i < rows; i++) {
        const number *restrict row = map + i * channels;
        number *restrict out = output + i * channels;
        for (int c = 0; c < channels; c++) out[c] = narrowed(relu(row[c]) * scale[c] + shift[c]);
    }
}

static void add_products(const number *restrict gradient, const number *restrict values, int channels,
                         float *restrict sum, float *restrict product) {
    for (int c = 0; c < channels; c++) {
        float slope = widened(gradient[c]);
        sum[c] += slope;
        product[c] += slope * relu(values[c]);
    }
}

// Of gradients, and of their products with values after ReLU: sums [images][channels], zeros before.
void sum_gradients(long images, long places, int channels, const number *gradients, const number *values, double *sums,
                   double *products) {
#pragma omp parallel for
    for (long i = 0; i < images; i++)
        for (long first = 0; first < places; first += CHUNK) {
            float sum[MAX_CHANNELS] = {0}, product[MAX_CHANNELS] = {0};
            long end = first + CHUNK < places ? first + CHUNK : places;
            for (long place = first; place < end; place++) {
                long at = (i * places + place) * channels;
                add_products(gradients + at, values + at, channels, sum, product);
            }
            for (int c = 0; c < channels; c++) {
                sums[i * channels + c] += sum[c];
                products[i * channels + c] += product[c];
            }
        }
}

// How a gradient goes back through the normalisation: what comes from its own place, and from the statistics.
typedef struct {
    const float *slope, *linear, *constant;
} Terms;

static void spread_three(const number *restrict row, const number *restrict gradient, int channels,
                         const float *restrict sign, const Terms *terms, number *restrict result) {
    const float *restrict slope = terms->slope, *restrict linear = terms->linear;
    const float *restrict constant = terms->constant;
    for (int c = 0; c < channels; c++) {
        float a = relu(row[c]), b = relu(row[channels + c]), d = relu(row[2 * channels + c]);
        float extreme = sign[c] * larger(sign[c] * a, larger(sign[c] * b, sign[c] * d));
        float own = slope[c] * widened(gradient[c]), none = 0;
        float of_a = a == extreme ? own : none;
        float rest = a == extreme ? none : own;
        float of_b = b == extreme ? rest : none;
        float of_d = b == extreme ? none : rest;
        float back_a = linear[c] * a + constant[c] + of_a;
        float back_b = linear[c] * b + constant[c] + of_b;
        float back_d = linear[c] * d + constant[c] + of_d;
        result[c] = narrowed(a > 0 ? back_a : none);
        result[channels + c] = narrowed(b > 0 ? back_b : none);
        result[2 * channels + c] = narrowed(d > 0 ? back_d : none);
    }
}

static void spread_many(const number *restrict rows, const number *restrict gradient, int group, int channels,
                        const float *restrict sign, const Terms *terms, number *restrict result) {
    const float *restrict slope = terms->slope, *restrict linear = terms->linear;
    const float *restrict constant = terms->constant;
    float extremes[MAX_CHANNELS], left[MAX_CHANNELS]; // what no place has taken yet
    find_extremes(rows, group, channels, sign, extremes);
    for (int c = 0; c < channels; c++) left[c] = slope[c] * widened(gradient[c]);
    for (int i = 0; i < group; i++, rows += channels, result += channels)
        for (int c = 0; c < channels; c++) {
            float value = relu(rows[c]), none = 0;
            bool takes = value == extremes[c];
            float back = linear[c] * value + constant[c] + (takes ? left[c] : none);
            left[c] = takes ? none : left[c];
            result[c] = narrowed(value > 0 ? back : none);
        }
}

// `gradient` is that of the row, or null where it has none.
static void spread_place(const number *restrict row, const number *restrict gradient, int channels, const Terms *terms,
                         number *restrict result) {
    const float *restrict slope = terms->slope, *restrict linear = terms->linear;
    const float *restrict constant = terms->constant;
    for (int c = 0; c < channels; c++) {
        float value = relu(row[c]), none = 0;
        float back = linear[c] * value + constant[c] + (gradient ? slope[c] * widened(gradient[c]) : none);
        result[c] = narrowed(value > 0 ? back : none);
    }
}

// The gradient of `map`: slope * its own + linear * its value + constant, and nothing where ReLU let nothing through.
void spread(int group, long images, long places, int channels, const number *map, const number *gradients,
            const float *sign, const float *slope, const float *linear, const float *constant, number *result) {
    Terms terms = {slope, linear, constant};
#pragma omp parallel for
    for (long i = 0; i < images; i++) {
        const number *image = map + i * places * channels;
        const number *gradient = gradients + i * (places / group) * channels;
        number *output = result + i * places * channels;
        long place = 0;
        for (; group == 3 && place + 3 <= places; place += 3, gradient += channels)
            spread_three(image + place * channels, gradient, channels, sign, &terms, output + place * channels);
        for (; group > 3 && place + group <= places; place += group, gradient += channels)
            spread_many(image + place * channels, gradient, group, channels, sign, &terms, output + place * channels);
        for (; place < places; place++, gradient += channels)
            spread_place(image + place * channels, group == 1 ? gradient : NULL, channels, &terms,
                         output + place * channels);
    }
}
