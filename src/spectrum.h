/* Power spectra of frames of 512 samples, four frames at a time: tg_kernels.power_spectra. */
#ifndef TG_SPECTRUM_H
#define TG_SPECTRUM_H

#include <kiss_fftr.h>

enum {
    TG_FFT = 512,
    TG_FFT_BINS = TG_FFT / 2 + 1,
    TG_FFT_FRAMES = 4 /* side by side */
};

typedef struct tg_spectrum {
    kiss_fftr_cfg fft;    /* for plain C */
    float window[TG_FFT]; /* Hann, periodic */
    float cosine[TG_FFT]; /* cosine[i] + i sine[i] = exp(-2 pi i / TG_FFT): clockwise, as the transform turns */
    float sine[TG_FFT];
} tg_spectrum;

/* 0 without memory. */
int tg_make_spectrum(tg_spectrum *s);
void tg_free_spectrum(tg_spectrum *s);

#endif
