/* Features over time become one by their largest and their mean value. */
#ifndef TG_POOLING_H
#define TG_POOLING_H

/* rows[frames][width] -> largest[width], mean[width]; block_sums has room for as many. */
void tg_pool(const float *rows, int frames, int width, float *largest, float *mean, float *block_sums);

#endif
