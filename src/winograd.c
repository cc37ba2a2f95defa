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

const float tg_answer_matrix[TG_STEP][TG_POINTS] = {{1, 1, 1, 1, 1, 1, 0},
                                                    {0, 1, -1, 1. / 2, -1. / 2, 2, 0},
                                                    {0, 1, 1, 1. / 4, 1. / 4, 4, 0},
                                                    {0, 1, -1, 1. / 8, -1. / 8, 8, 1}};
static const float input_matrix[TG_POINTS][TG_POINTS] = {
    {2, -1, -10, 5, 8, -4, 0}, {0, -2, -1, 9, 4, -4, 0}, {0, 2, -3, -7, 12, -4, 0}, {0, 2, 3, -4, -3, 2, 0},
    {0, -2, 5, 0, -5, 2, 0},   {0, 1, 0, -5, 0, 4, 0},   {0, -2, 1, 10, -5, -8, 4}};
static const double taps_matrix[TG_POINTS][TG_STEP] = {{1. / 2, 0, 0, 0},
                                                       {1. / 6, 1. / 6, 1. / 6, 1. / 6},
                                                       {1. / 18, -1. / 18, 1. / 18, -1. / 18},
                                                       {8. / 9, 4. / 9, 2. / 9, 1. / 9},
                                                       {8. / 15, -4. / 15, 2. / 15, -1. / 15},
                                                       {1. / 90, 1. / 45, 2. / 45, 4. / 45},
                                                       {0, 0, 0, 1. / 4}};

void tg_winograd_taps(const float *taps, int stride, float factors[TG_POINTS]) {
    for (int p = 0; p < TG_POINTS; p++) {
        double sum = 0;
        for (int i = 0; i < TG_STEP; i++) sum += taps_matrix[p][i] * taps[i * stride];
        factors[p] = (float)sum;
    }
}

void tg_winograd_input(const float *in, float *out, int out_step) {
    for (int p = 0; p < TG_POINTS; p++) {
        float sums[8] = {0};
        for (int i = 0; i < TG_POINTS; i++)
            for (int s = 0; s < 8; s++) sums[s] += input_matrix[p][i] * in[8 * i + s];
        for (int s = 0; s < 8; s++) out[p * out_step + s] = sums[s];
    }
}
