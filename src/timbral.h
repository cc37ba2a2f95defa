/*
 * Timbral filters along time, bin by bin of the spectra: four answers of a filter of seven frames from ten products
 * instead of 28. Frames 1 .. 8 of the ten that the answers depend on are correlated as if they were a circle, by their
 * transform of eight, with frame 8 in the place of frame 0; only two products have then met the wrong frame, and are
 * put right: filter frame 0 wants frame 0, not frame 8, and filter frame 6 wants frame 9, not frame 1.
 *
 * With f the filter's and x the input's factors, answer i is the sum over p < 8 of f[p] x[p] exp(2 pi i p / 8), plus
 * f[8] x[8] for answer 0 and f[9] x[9] for answer 3. All values are complex: real part, imaginary part.
 */
#ifndef TG_TIMBRAL_H
#define TG_TIMBRAL_H

enum {
    TG_TIMBRAL_FRAMES = 7,  /* under a timbral filter */
    TG_TIMBRAL_ROWS = 4,    /* answered together */
    TG_TIMBRAL_SPAN = 10,   /* frames that those depend on */
    TG_TIMBRAL_FACTORS = 10 /* products for them */
};

/* Factors of the input at one bin: frame j is at x[j * stride]. */
void tg_timbral_input(const float *x, int stride, float factors[TG_TIMBRAL_FACTORS][2]);

/* Factors of one filter at one bin. */
void tg_timbral_filter(const float taps[TG_TIMBRAL_FRAMES][2], float factors[TG_TIMBRAL_FACTORS][2]);

#endif
