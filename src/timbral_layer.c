#include "timbral_layer.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "taggram.h"

void tg_make_circle(tg_circle *circle) {
    for (int i = 0; i < TG_BANDS; i++) {
        circle->cosine[i] = (float)cos(2 * M_PI * i / TG_BANDS);
        circle->sine[i] = (float)sin(2 * M_PI * i / TG_BANDS);
    }
}

/* The conjugate spectra of one filter [frames][height], divided by TG_BANDS. */
static void transform_filter(kiss_fftr_cfg fft, const float *kernel, int frames, int height,
                             float spectra[TG_BINS][TG_TIMBRAL_FRAMES][2]) {
    memset(spectra, 0, TG_BINS * sizeof *spectra);
    for (int i = 0, frame = (TG_TIMBRAL_FRAMES - frames) / 2; i < frames; i++, frame++) {
        float padded[TG_BANDS] = {0};
        kiss_fft_cpx spectrum[TG_BINS];
        memcpy(padded, kernel + i * height, (size_t)height * sizeof *padded);
        kiss_fftr(fft, padded, spectrum);
        for (int bin = 0; bin < TG_BINS; bin++) {
            spectra[bin][frame][0] = spectrum[bin].r / TG_BANDS;
            spectra[bin][frame][1] = -spectrum[bin].i / TG_BANDS;
        }
    }
}

int tg_timbral_pack(tg_layer *l, const float *kernel, int frames, int height, char *why) {
    kiss_fftr_cfg fft = kiss_fftr_alloc(TG_BANDS, 0, NULL, NULL);
    l->kernels = calloc((size_t)TG_ROUND_UP(l->live, TG_LANES) * TG_TIMBRAL_TILE, sizeof *l->kernels);
    for (int slot = 0; fft && l->kernels && slot < l->live; slot++) {
        float spectra[TG_BINS][TG_TIMBRAL_FRAMES][2], factors[TG_TIMBRAL_FACTORS][2];
        float *out = l->kernels + slot / TG_LANES * TG_LANES * TG_TIMBRAL_TILE + slot % TG_LANES;
        transform_filter(fft, kernel + slot * frames * height, frames, height, spectra);
        for (int bin = 0; bin < TG_BINS; bin++) {
            tg_timbral_filter((const float(*)[2])spectra[bin], factors);
            for (int i = 0; i < TG_TIMBRAL_FACTORS * 2; i++, out += TG_LANES) *out = factors[i / 2][i % 2];
        }
    }
    kiss_fftr_free(fft);
    return fft && l->kernels ? TG_OK : tg_layer_no_memory(l, why);
}

void tg_timbral_tile(const float *spectra, float *tile) {
    for (int bin = 0; bin < TG_BINS; bin++, spectra += 2, tile += TG_TIMBRAL_FACTORS * 2)
        tg_timbral_input(spectra, TG_TIMBRAL_FRAME, (float(*)[2])tile);
}

void tg_timbral_run(const tg_layer *l, int height, const tg_circle *circle, const float *tiles, int tile_count,
                    float *responses, int stride) {
    for (int slot = 0; slot < l->live; slot += TG_LANES)
        tg_kernels_active->timbral_max(circle, tiles, l->kernels + slot * TG_TIMBRAL_TILE, TG_BANDS - height + 1,
                                       tile_count * TG_TIMBRAL_ROWS, responses + slot, stride);
}
