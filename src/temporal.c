#include "temporal.h"

enum { STEPS = TG_TEMPORAL_ROWS / TG_STEP, INPUT_STEPS = 2 * STEPS - 1, SIGNALS = TG_TEMPORAL_SIGNALS };

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

/* Right factors of F(2, 2) for two taps. */
static void pair_taps(double first, double second, double out[3]) {
    out[0] = first;
    out[1] = first + second;
    out[2] = second;
}

void tg_temporal_filter(const float *taps, int stride, float factors[TG_TEMPORAL_FACTORS]) {
    for (int p = 0; p < TG_POINTS; p++) {
        double steps[STEPS] = {0}, pairs[2][3], pairings[3];
        for (int i = 0; i < TG_TEMPORAL_ROWS; i++) steps[i / TG_STEP] += taps_matrix[p][i % TG_STEP] * taps[i * stride];
        for (int i = 0; i < 2; i++) pair_taps(steps[2 * i], steps[2 * i + 1], pairs[i]);
        for (int i = 0; i < 3; i++) {
            pair_taps(pairs[0][i], pairs[1][i], pairings);
            for (int j = 0; j < 3; j++) factors[p * TG_PAIRINGS + i * 3 + j] = (float)pairings[j];
        }
    }
}

/* One point of F(4, 4) for seven frames of each signal. */
static void step_input(const float *in, int point, float out[SIGNALS]) {
    for (int s = 0; s < SIGNALS; s++) out[s] = 0;
    for (int i = 0; i < TG_POINTS; i++)
        for (int s = 0; s < SIGNALS; s++) out[s] += input_matrix[point][i] * in[SIGNALS * i + s];
}

/* Left factor `which` of F(2, 2) for each signal of three steps. */
static void pair_input(const float *first, const float *second, const float *third, int which, float out[SIGNALS]) {
    for (int s = 0; s < SIGNALS; s++)
        out[s] = which == 0 ? first[s] - second[s] : which == 1 ? second[s] : second[s] - third[s];
}

void tg_temporal_input(const float *in, float *out, int step) {
    for (int p = 0; p < TG_POINTS; p++) {
        float steps[INPUT_STEPS][SIGNALS], pairs[3][SIGNALS];
        for (int i = 0; i < INPUT_STEPS; i++) step_input(in + i * TG_STEP * SIGNALS, p, steps[i]);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) pair_input(steps[2 * j], steps[2 * j + 1], steps[2 * j + 2], i, pairs[j]);
            for (int j = 0; j < 3; j++, out += step) pair_input(pairs[0], pairs[1], pairs[2], j, out);
        }
    }
}
