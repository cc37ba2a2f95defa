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

void tg_winograd_line_filter(const float *taps, int stride, float factors[TG_LINE_PRODUCTS]) {
    /* The finite points, and what their powers are multiplied by: 1 / the rest of the points' polynomial there. */
    static const struct {
        double point, scale;
    } points[TG_LINE_PRODUCTS - 1] = {{0, 1. / 36},         {1, 1. / 126},           {-1, 1. / 126},
                                      {2, 1. / 19800},      {-2, 1. / 19800},        {1. / 2, 16. / 225},
                                      {-1. / 2, 16. / 225}, {3. / 4, 2048. / 17325}, {-3. / 4, 2048. / 17325}};
    for (int k = 0; k < TG_LINE_PRODUCTS - 1; k++) {
        double sum = 0;
        for (int i = TG_LINE_TAPS; i-- > 0;) sum = sum * points[k].point + taps[i * stride];
        factors[k] = (float)(sum * points[k].scale);
    }
    factors[TG_LINE_PRODUCTS - 1] = taps[(TG_LINE_TAPS - 1) * stride] / 64;
}
