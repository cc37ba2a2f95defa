#include "winograd.h"

const float tg_patch_matrix[TG_PATCH_SIDE][TG_PATCH_SIDE] = {{4, 0, -5, 0, 1, 0},  {0, -4, -4, 1, 1, 0},
                                                             {0, 4, -4, -1, 1, 0}, {0, -2, -1, 2, 1, 0},
                                                             {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}};
const float tg_tile_matrix[TG_TILE_SIDE][TG_PATCH_SIDE] = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}};
static const double filter_matrix[TG_PATCH_SIDE][3] = {{1. / 4, 0, 0},
                                                       {-1. / 6, -1. / 6, -1. / 6},
                                                       {-1. / 6, 1. / 6, -1. / 6},
                                                       {1. / 24, 1. / 12, 1. / 6},
                                                       {1. / 24, -1. / 12, 1. / 6},
                                                       {0, 0, 1}};

void tg_winograd_filter(const float *kernel, int stride, float factors[TG_PRODUCTS]) {
    for (int k = 0; k < TG_PRODUCTS; k++) {
        const double *left = filter_matrix[k / TG_PATCH_SIDE], *right = filter_matrix[k % TG_PATCH_SIDE];
        double sum = 0;
        for (int i = 0; i < 9; i++) sum += left[i / 3] * right[i % 3] * kernel[i * stride];
        factors[k] = (float)sum;
    }
}

const float tg_line_input_matrix[TG_LINE_PRODUCTS][TG_LINE_SPAN] = {
    {36, 0, -253, 0, 525, 0, -372, 0, 64, 0},       {0, 36, 36, -217, -217, 308, 308, -64, -64, 0},
    {0, -36, 36, 217, -217, -308, 308, 64, -64, 0}, {0, -18, -9, 122, 61, -232, -116, 128, 64, 0},
    {0, 18, -9, -122, 61, 232, -116, -128, 64, 0},  {0, 36, 72, -109, -218, 89, 178, -16, -32, 0},
    {0, -36, 72, 109, -218, -89, 178, 16, -32, 0},  {0, -12, -16, 63, 84, -63, -84, 12, 16, 0},
    {0, 12, -16, -63, 84, 63, -84, -12, 16, 0},     {0, 36, 0, -253, 0, 525, 0, -372, 0, 64}};
const float tg_line_answer_matrix[TG_LINE_SIDE][TG_LINE_PRODUCTS] = {
    {1, 1, 1, 1, 1, 1, 1, 1, 1, 0},
    {0, 1, -1, 2, -2, 1. / 2, -1. / 2, 3. / 4, -3. / 4, 0},
    {0, 1, 1, 4, 4, 1. / 4, 1. / 4, 9. / 16, 9. / 16, 0},
    {0, 1, -1, 8, -8, 1. / 8, -1. / 8, 27. / 64, -27. / 64, 1}};

/* A finite point of a filter of seven taps, and what its powers are multiplied by: 1 / the rest of the points'
 * polynomial there. */
typedef struct point {
    double at, scale;
} point;

static double value_at(point p, const float *taps, int stride) {
    double sum = 0;
    for (int i = TG_LINE_TAPS; i-- > 0;) sum = sum * p.at + taps[i * stride];
    return sum * p.scale;
}

void tg_winograd_line_filter(const float *taps, int stride, float factors[TG_LINE_PRODUCTS]) {
    static const point points[TG_LINE_PRODUCTS - 1] = {
        {0, 1. / 36},        {1, 1. / 126},        {-1, 1. / 126},          {2, 1. / 19800},         {-2, 1. / 19800},
        {1. / 2, 16. / 225}, {-1. / 2, 16. / 225}, {3. / 4, 2048. / 17325}, {-3. / 4, 2048. / 17325}};
    for (int k = 0; k < TG_LINE_PRODUCTS - 1; k++) factors[k] = (float)value_at(points[k], taps, stride);
    factors[TG_LINE_PRODUCTS - 1] = taps[(TG_LINE_TAPS - 1) * stride] / 64;
}

const float tg_long_input_matrix[TG_LONG_PRODUCTS][TG_LONG_SPAN] = {
    {-256, 0, 3344, 0, -10648, 0, 12177, 0, -5346, 0, 729, 0},
    {0, 256, 256, -3088, -3088, 7560, 7560, -4617, -4617, 729, 729, 0},
    {0, -256, 256, 3088, -3088, -7560, 7560, 4617, -4617, -729, 729, 0},
    {0, 128, 64, -1640, -820, 4914, 2457, -4860, -2430, 1458, 729, 0},
    {0, -128, 64, 1640, -820, -4914, 2457, 4860, -2430, -1458, 729, 0},
    {0, 128, 192, -1384, -2076, 2210, 3315, -1116, -1674, 162, 243, 0},
    {0, -128, 192, 1384, -2076, -2210, 3315, 1116, -1674, -162, 243, 0},
    {0, 256, 768, -1040, -3120, 1288, 3864, -585, -1755, 81, 243, 0},
    {0, -256, 768, 1040, -3120, -1288, 3864, 585, -1755, -81, 243, 0},
    {0, 64, 48, -800, -600, 2212, 1659, -1800, -1350, 324, 243, 0},
    {0, -64, 48, 800, -600, -2212, 1659, 1800, -1350, -324, 243, 0},
    {0, -256, 0, 3344, 0, -10648, 0, 12177, 0, -5346, 0, 729}};
const float tg_long_answer_matrix[TG_LONG_SIDE][TG_LONG_PRODUCTS] = {
    {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0},
    {0, 1, -1, 2, -2, 2. / 3, -2. / 3, 1. / 3, -1. / 3, 4. / 3, -4. / 3, 0},
    {0, 1, 1, 4, 4, 4. / 9, 4. / 9, 1. / 9, 1. / 9, 16. / 9, 16. / 9, 0},
    {0, 1, -1, 8, -8, 8. / 27, -8. / 27, 1. / 27, -1. / 27, 64. / 27, -64. / 27, 0},
    {0, 1, 1, 16, 16, 16. / 81, 16. / 81, 1. / 81, 1. / 81, 256. / 81, 256. / 81, 0},
    {0, 1, -1, 32, -32, 32. / 243, -32. / 243, 1. / 243, -1. / 243, 1024. / 243, -1024. / 243, 1}};

void tg_winograd_long_filter(const float *taps, int stride, float factors[TG_LONG_PRODUCTS]) {
    static const point points[TG_LONG_PRODUCTS - 1] = {
        {0, -1. / 256},        {1, 1. / 1680},         {-1, 1. / 1680},        {2, 1. / 537600},
        {-2, 1. / 537600},     {2. / 3, -27. / 5120},  {-2. / 3, -27. / 5120}, {1. / 3, 27. / 2800},
        {-1. / 3, 27. / 2800}, {4. / 3, -27. / 89600}, {-4. / 3, -27. / 89600}};
    for (int k = 0; k < TG_LONG_PRODUCTS - 1; k++) factors[k] = (float)value_at(points[k], taps, stride);
    factors[TG_LONG_PRODUCTS - 1] = taps[(TG_LONG_TAPS - 1) * stride] / 729;
}

const float tg_short_input_matrix[TG_SHORT_PRODUCTS][TG_SHORT_SPAN] = {
    {1, 0, -21. / 4, 0, 21. / 4, 0, -1, 0},          {0, 1, 1, -17. / 4, -17. / 4, 1, 1, 0},
    {0, -1, 1, 17. / 4, -17. / 4, -1, 1, 0},         {0, 1. / 2, 1. / 4, -5. / 2, -5. / 4, 2, 1, 0},
    {0, -1. / 2, 1. / 4, 5. / 2, -5. / 4, -2, 1, 0}, {0, 2, 4, -5. / 2, -5, 1. / 2, 1, 0},
    {0, -2, 4, 5. / 2, -5, -1. / 2, 1, 0},           {0, -1, 0, 21. / 4, 0, -21. / 4, 0, 1}};
const float tg_short_answer_matrix[TG_SHORT_SIDE][TG_SHORT_PRODUCTS] = {{1, 1, 1, 1, 1, 1, 1, 0},
                                                                        {0, 1, -1, 2, -2, 1. / 2, -1. / 2, 0},
                                                                        {0, 1, 1, 4, 4, 1. / 4, 1. / 4, 0},
                                                                        {0, 1, -1, 8, -8, 1. / 8, -1. / 8, 0},
                                                                        {0, 1, 1, 16, 16, 1. / 16, 1. / 16, 0},
                                                                        {0, 1, -1, 32, -32, 1. / 32, -1. / 32, 1}};

void tg_winograd_short_filter(const float *taps, int stride, float factors[TG_SHORT_PRODUCTS]) {
    static const double matrix[TG_SHORT_PRODUCTS][TG_SHORT_TAPS] = {{1, 0, 0},
                                                                    {-2. / 9, -2. / 9, -2. / 9},
                                                                    {-2. / 9, 2. / 9, -2. / 9},
                                                                    {1. / 90, 1. / 45, 2. / 45},
                                                                    {1. / 90, -1. / 45, 2. / 45},
                                                                    {32. / 45, 16. / 45, 8. / 45},
                                                                    {32. / 45, -16. / 45, 8. / 45},
                                                                    {0, 0, 1}};
    for (int k = 0; k < TG_SHORT_PRODUCTS; k++) {
        double sum = 0;
        for (int i = 0; i < TG_SHORT_TAPS; i++) sum += matrix[k][i] * taps[i * stride];
        factors[k] = (float)sum;
    }
}
