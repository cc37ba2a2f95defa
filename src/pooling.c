#include "pooling.h"

#include <string.h>

/* Sums are taken of blocks of frames first: one float sum of thousands would lose its last digits. */
void tg_pool(const float *rows, int frames, int width, float *largest, float *mean, float *block_sums) {
    enum { BLOCK = 256 };
    memcpy(largest, rows, (size_t)width * sizeof *largest);
    memset(mean, 0, (size_t)width * sizeof *mean);
    for (int start = 0; start < frames; start += BLOCK) {
        memset(block_sums, 0, (size_t)width * sizeof *block_sums);
        for (int t = start; t < frames && t < start + BLOCK; t++)
            for (int c = 0; c < width; c++) {
                float x = rows[t * width + c];
                if (x > largest[c]) largest[c] = x;
                block_sums[c] += x;
            }
        for (int c = 0; c < width; c++) mean[c] += block_sums[c];
    }
    for (int c = 0; c < width; c++) mean[c] /= (float)frames;
}
