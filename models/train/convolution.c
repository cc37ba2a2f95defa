// Convolutions of 3 places, 'valid', and their gradients, for convolution.py: four results take six products for
// twelve.
//
// Maps are [images][places][channels] of float, kernels [3][inputs][outputs]; channels are multiples of 16. With the
// matrices of Winograd's F(4, 3), results are A' ((G kernel) * (B' values)), so the kernel's gradient is
// G' ((B' values) * (A gradient)). Products of a block of tiles are matrix products for each of the six points.

#include <stdlib.h>
#include <string.h>

enum { TAPS = 3, TILE = 4, POINTS = 6, BLOCK = 48, LANES = 8, ROWS = 6 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

static inline lanes load(const float *at) { return *(const lanes *)at; }
static inline void store(float *at, lanes value) { *(lanes *)at = value; }

// ---- Products of matrices -----------------------------------------------------------------------------------------

// c[rows][16] (+)= a[rows][depth] b[depth][16]; element (i, k) of a lies at i * row + k * step.
static inline __attribute__((always_inline)) void multiply_rows(int rows, int depth, const float *restrict a, long row,
                                                                long step, const float *restrict b, long b_row,
                                                                float *restrict c, long c_row, int add) {
    lanes sums[ROWS][2];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < 2; j++) sums[i][j] = add ? load(c + i * c_row + j * LANES) : (lanes){0};
    for (int k = 0; k < depth; k++) {
        lanes left = load(b + k * b_row), right = load(b + k * b_row + LANES);
        for (int i = 0; i < rows; i++) {
            float factor = a[i * row + k * step];
            sums[i][0] += factor * left;
            sums[i][1] += factor * right;
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < 2; j++) store(c + i * c_row + j * LANES, sums[i][j]);
}

static void multiply(int rows, int columns, int depth, const float *a, long row, long step, const float *b, float *c,
                     int add) {
    for (int j = 0; j < columns; j += 2 * LANES) {
        int i = 0;
        for (; i + ROWS <= rows; i += ROWS)
            multiply_rows(ROWS, depth, a + i * row, row, step, b + j, columns, c + (long)i * columns + j, columns, add);
        for (; i + 4 <= rows; i += 4)
            multiply_rows(4, depth, a + i * row, row, step, b + j, columns, c + (long)i * columns + j, columns, add);
        for (; i < rows; i++)
            multiply_rows(1, depth, a + i * row, row, step, b + j, columns, c + (long)i * columns + j, columns, add);
    }
}

// ---- Transforms ---------------------------------------------------------------------------------------------------

// A map as it is read: zeros before and after it.
typedef struct {
    const float *rows;
    long places;
    int channels;
} Map;

static const float zeros[4096];

static inline const float *row_of(const Map *map, long place) {
    return place >= 0 && place < map->places ? map->rows + place * map->channels : zeros;
}

// B' of `tiles` times six places, from `place` on: [POINTS][tiles][channels]
static void transform_values(const Map *map, long place, int tiles, float *restrict out) {
    int channels = map->channels;
    long apart = (long)tiles * channels;
    for (int t = 0; t < tiles; t++) {
        const float *rows[POINTS];
        for (int i = 0; i < POINTS; i++) rows[i] = row_of(map, place + TILE * t + i);
        float *to = out + (long)t * channels;
        for (int c = 0; c < channels; c += LANES, to += LANES) {
            lanes x0 = load(rows[0] + c), x1 = load(rows[1] + c), x2 = load(rows[2] + c);
            lanes x3 = load(rows[3] + c), x4 = load(rows[4] + c), x5 = load(rows[5] + c);
            lanes even = x4 - 4 * x2, odd = x3 - 4 * x1, near = x4 - x2, far = 2 * (x3 - x1);
            store(to, 4 * x0 - 5 * x2 + x4);
            store(to + apart, even + odd);
            store(to + 2 * apart, even - odd);
            store(to + 3 * apart, near + far);
            store(to + 4 * apart, near - far);
            store(to + 5 * apart, 4 * x1 - 5 * x3 + x5);
        }
    }
}

// A' of [POINTS][tiles][channels], with the bias: `count` places
static void transform_results(const float *products, int tiles, int channels, const float *bias, long count,
                              float *restrict out) {
    long apart = (long)tiles * channels;
    for (int t = 0; t < tiles; t++) {
        long left = count - TILE * t;
        const float *from = products + (long)t * channels;
        float *to = out + (long)TILE * t * channels;
        for (int c = 0; c < channels; c += LANES, from += LANES, to += LANES) {
            lanes first = load(bias + c);
            lanes p1 = load(from + apart), p2 = load(from + 2 * apart);
            lanes p3 = load(from + 3 * apart), p4 = load(from + 4 * apart);
            lanes near = p1 + p2, far = p3 + p4, across = p1 - p2, beyond = p3 - p4;
            store(to, first + load(from) + near + far);
            if (left > 1) store(to + channels, first + across + 2 * beyond);
            if (left > 2) store(to + 2 * channels, first + near + 4 * far);
            if (left > 3) store(to + 3 * channels, first + across + 8 * beyond + load(from + 5 * apart));
        }
    }
}

// A of `tiles` times four gradients, from `place` on: [POINTS][tiles][channels]
static void transform_gradients(const Map *map, long place, int tiles, float *restrict out) {
    int channels = map->channels;
    long apart = (long)tiles * channels;
    for (int t = 0; t < tiles; t++) {
        const float *rows[TILE];
        for (int i = 0; i < TILE; i++) rows[i] = row_of(map, place + TILE * t + i);
        float *to = out + (long)t * channels;
        for (int c = 0; c < channels; c += LANES, to += LANES) {
            lanes g0 = load(rows[0] + c), g1 = load(rows[1] + c), g2 = load(rows[2] + c), g3 = load(rows[3] + c);
            lanes even = g0 + g2, odd = g1 + g3, wide = g0 + 4 * g2, high = 2 * g1 + 8 * g3;
            store(to, g0);
            store(to + apart, even + odd);
            store(to + 2 * apart, even - odd);
            store(to + 3 * apart, wide + high);
            store(to + 4 * apart, wide - high);
            store(to + 5 * apart, g3);
        }
    }
}

// G of a kernel of `size` filters: [TAPS][size] -> [POINTS][size]
static void transform_kernel(const float *kernel, long size, float *restrict out) {
    for (long i = 0; i < size; i++) {
        float a = kernel[i], b = kernel[size + i], c = kernel[2 * size + i];
        out[i] = a / 4;
        out[size + i] = -(a + b + c) / 6;
        out[2 * size + i] = -(a - b + c) / 6;
        out[3 * size + i] = a / 24 + b / 12 + c / 6;
        out[4 * size + i] = a / 24 - b / 12 + c / 6;
        out[5 * size + i] = c;
    }
}

// G' of the sums of products: [POINTS][size] -> [TAPS][size]
static void transform_sums(const float *sums, long size, float *restrict out) {
    for (long i = 0; i < size; i++) {
        float p0 = sums[i], p1 = sums[size + i], p2 = sums[2 * size + i];
        float p3 = sums[3 * size + i], p4 = sums[4 * size + i], p5 = sums[5 * size + i];
        out[i] = p0 / 4 - (p1 + p2) / 6 + (p3 + p4) / 24;
        out[size + i] = (p2 - p1) / 6 + (p3 - p4) / 12;
        out[2 * size + i] = (p3 + p4 - p1 - p2) / 6 + p5;
    }
}

// ---- Convolutions -------------------------------------------------------------------------------------------------

static float *room(long floats) {
    long bytes = (floats * (long)sizeof(float) + 63) / 64 * 64;
    return aligned_alloc(64, (size_t)bytes);
}

static float *cleared(long floats) {
    float *found = room(floats);
    memset(found, 0, sizeof(float) * (size_t)floats);
    return found;
}

static int tiles_from(long place, long results) {
    long left = (results - place + TILE - 1) / TILE;
    return left < BLOCK ? (int)left : BLOCK;
}

static void convolve_image(const Map *map, long padding, int outputs, const float *transformed, const float *bias,
                           float *result) {
    long results = map->places + 2 * padding - (TAPS - 1);
    float *values = room((long)POINTS * BLOCK * map->channels), *products = room((long)POINTS * BLOCK * outputs);
    for (long place = 0; place < results; place += TILE * BLOCK) {
        int tiles = tiles_from(place, results);
        transform_values(map, place - padding, tiles, values);
        for (int p = 0; p < POINTS; p++)
            multiply(tiles, outputs, map->channels, values + (long)p * tiles * map->channels, map->channels, 1,
                     transformed + (long)p * map->channels * outputs, products + (long)p * tiles * outputs, 0);
        transform_results(products, tiles, outputs, bias, results - place, result + place * outputs);
    }
    free(values);
    free(products);
}

// `result` is [images][places + 2 padding - 2][outputs]; the map is padded with zeros on both sides.
void convolve(long images, long places, long padding, int inputs, int outputs, const float *map, const float *kernel,
              const float *bias, float *result) {
    long size = (long)inputs * outputs, results = places + 2 * padding - (TAPS - 1);
    float *transformed = room(POINTS * size);
    transform_kernel(kernel, size, transformed);
#pragma omp parallel for
    for (long i = 0; i < images; i++) {
        Map image = {map + i * places * inputs, places, inputs};
        convolve_image(&image, padding, outputs, transformed, bias, result + i * results * outputs);
    }
    free(transformed);
}

// The products of all tiles of an image, and of the bias the gradient [outputs]: at the second point gradients are
// summed.
static void add_image(const Map *map, const Map *gradient, float *sums, float *of_bias) {
    long size = (long)map->channels * gradient->channels;
    float *values = room((long)POINTS * BLOCK * map->channels),
          *slopes = room((long)POINTS * BLOCK * gradient->channels);
    for (long place = 0; place < gradient->places; place += TILE * BLOCK) {
        int tiles = tiles_from(place, gradient->places);
        transform_values(map, place, tiles, values);
        transform_gradients(gradient, place, tiles, slopes);
        for (int t = tiles; t < 2 * tiles; t++)
            for (int c = 0; c < gradient->channels; c++) of_bias[c] += slopes[(long)t * gradient->channels + c];
        for (int p = 0; p < POINTS; p++)
            multiply(map->channels, gradient->channels, tiles, values + (long)p * tiles * map->channels, 1,
                     map->channels, slopes + (long)p * tiles * gradient->channels, sums + p * size, 1);
    }
    free(values);
    free(slopes);
}

// Gradients of the kernel [3][inputs][outputs] and of the bias, from that of the results [images][places - 2][outputs].
void gradients_of_filters(long images, long places, int inputs, int outputs, const float *map, const float *gradient,
                          float *of_kernel, float *of_bias) {
    long size = (long)inputs * outputs, all = POINTS * size + outputs;
    float *sums = cleared(all);
#pragma omp parallel
    {
        float *own = cleared(all);
#pragma omp for
        for (long i = 0; i < images; i++) {
            Map image = {map + i * places * inputs, places, inputs};
            Map slopes = {gradient + i * (places - (TAPS - 1)) * outputs, places - (TAPS - 1), outputs};
            add_image(&image, &slopes, own, own + POINTS * size);
        }
#pragma omp critical
        for (long i = 0; i < all; i++) sums[i] += own[i];
        free(own);
    }
    transform_sums(sums, size, of_kernel);
    memcpy(of_bias, sums + POINTS * size, sizeof(float) * (size_t)outputs);
    free(sums);
}

// ---- The first convolution: 3 samples, stride 3 -------------------------------------------------------------------

enum { HALF = 4 * LANES, FEW = 1024 };

// Sums over `places`, of some of the filters: [TAPS + 1][HALF], the last row for the bias
static void add_samples(const float *samples, long places, const float *restrict gradient, int outputs, double *sums,
                        int of_all) {
    lanes found[TAPS + 1][HALF / LANES] = {{{0}}};
    for (long i = 0; i < places; i++)
        for (int j = 0; j < HALF / LANES; j++) {
            lanes slope = load(gradient + i * outputs + j * LANES);
            for (int k = 0; k < TAPS; k++) found[k][j] += samples[TAPS * i + k] * slope;
            found[TAPS][j] += slope;
        }
    for (int k = 0; k <= TAPS; k++)
        for (int c = 0; c < HALF; c++) sums[k * of_all + c] += found[k][c / LANES][c % LANES];
}

// Gradients of the kernel [3][outputs] and of the bias, from that of the results [images][samples / 3][outputs].
void gradients_of_first(long images, long samples, int outputs, const float *sound, const float *gradient,
                        float *of_kernel, float *of_bias) {
    long places = samples / TAPS;
    double *sums = calloc((size_t)images * (TAPS + 1) * (size_t)outputs, sizeof(double));
#pragma omp parallel for
    for (long i = 0; i < images; i++)
        for (long first = 0; first < places; first += FEW) {
            long count = places - first < FEW ? places - first : FEW;
            for (int c = 0; c < outputs; c += HALF)
                add_samples(sound + i * samples + first * TAPS, count, gradient + (i * places + first) * outputs + c,
                            outputs, sums + i * (TAPS + 1) * outputs + c, outputs);
        }
    for (long j = 0; j < (TAPS + 1) * outputs; j++) {
        double sum = 0;
        for (long i = 0; i < images; i++) sum += sums[i * (TAPS + 1) * outputs + j];
        if (j < TAPS * outputs)
            of_kernel[j] = (float)sum;
        else
            of_bias[j - TAPS * outputs] = (float)sum;
    }
    free(sums);
}

// ---- Timbral filters: convolutions along time of maps of time by shifts, 'same' -------------------------------------

enum { NEAR = 128 }; // rows that stay in the first cache

// Of one frame of the kernel [inputs][outputs], over an image: values lie `ahead` frames after the gradients.
static void add_frame(const float *map, const float *gradient, long times, long shifts, int inputs, int outputs,
                      long ahead, float *sums) {
    long first = ahead < 0 ? -ahead : 0, last = ahead > 0 ? times - ahead : times;
    for (long row = first * shifts; row < last * shifts; row += NEAR) {
        long count = last * shifts - row < NEAR ? last * shifts - row : NEAR;
        multiply(inputs, outputs, (int)count, map + (row + ahead * shifts) * inputs, 1, inputs,
                 gradient + row * outputs, sums, 1);
    }
}

// The kernel's gradient [frames][inputs][outputs], from that of the results [images][times][shifts][outputs]; the map
// is [images][times][shifts][inputs], inputs are any number.
void gradient_over_shifts(long images, long times, long shifts, int inputs, int outputs, int frames, const float *map,
                          const float *gradient, float *of_kernel) {
    long size = (long)inputs * outputs, rows = times * shifts;
    memset(of_kernel, 0, sizeof(float) * (size_t)(frames * size));
#pragma omp parallel for
    for (int f = 0; f < frames; f++)
        for (long i = 0; i < images; i++)
            add_frame(map + i * rows * inputs, gradient + i * rows * outputs, times, shifts, inputs, outputs,
                      f - frames / 2, of_kernel + f * size);
}
