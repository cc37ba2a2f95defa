#include "spectrum.h"

#include <math.h>

int tg_make_spectrum(tg_spectrum *s) {
    s->fft = kiss_fftr_alloc(TG_FFT, 0, NULL, NULL);
    for (int i = 0; i < TG_FFT; i++) {
        const double turn = 2 * M_PI * i / TG_FFT;
        s->window[i] = (float)(0.5 - 0.5 * cos(turn));
        s->cosine[i] = (float)cos(turn);
        s->sine[i] = (float)-sin(turn);
    }
    return s->fft != NULL;
}

void tg_free_spectrum(tg_spectrum *s) { kiss_fftr_free(s->fft); }
