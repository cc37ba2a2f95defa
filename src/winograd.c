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
