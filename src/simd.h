/* 128-bit vectors of four floats: WebAssembly's intrinsics, which SIMDe turns into the native ones. */
#ifndef TG_SIMD_H
#define TG_SIMD_H

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>
#endif

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))

INLINE v128_t load(const float *p) { return wasm_v128_load(p); }
INLINE v128_t splat(const float *p) { return wasm_v128_load32_splat(p); }
INLINE v128_t add(v128_t a, v128_t b) { return wasm_f32x4_add(a, b); }
INLINE v128_t sub(v128_t a, v128_t b) { return wasm_f32x4_sub(a, b); }
INLINE v128_t mul(v128_t a, v128_t b) { return wasm_f32x4_mul(a, b); }
INLINE v128_t multiply_add(v128_t sum, v128_t a, v128_t b) { return add(sum, mul(a, b)); }
INLINE v128_t larger(v128_t a, v128_t b) { return wasm_f32x4_pmax(a, b); } /* one instruction; max is several */
INLINE v128_t times(float factor, v128_t a) { return mul(a, wasm_f32x4_splat(factor)); }
INLINE v128_t negative(v128_t a) { return wasm_f32x4_neg(a); }

/* Transposed: lane r of columns[c] is lane c of rows[r]. */
INLINE void turn_lanes(const v128_t rows[4], v128_t columns[4]) {
    v128_t low_01 = wasm_i32x4_shuffle(rows[0], rows[1], 0, 4, 1, 5),
           low_23 = wasm_i32x4_shuffle(rows[2], rows[3], 0, 4, 1, 5);
    v128_t high_01 = wasm_i32x4_shuffle(rows[0], rows[1], 2, 6, 3, 7),
           high_23 = wasm_i32x4_shuffle(rows[2], rows[3], 2, 6, 3, 7);
    columns[0] = wasm_i32x4_shuffle(low_01, low_23, 0, 1, 4, 5);
    columns[1] = wasm_i32x4_shuffle(low_01, low_23, 2, 3, 6, 7);
    columns[2] = wasm_i32x4_shuffle(high_01, high_23, 0, 1, 4, 5);
    columns[3] = wasm_i32x4_shuffle(high_01, high_23, 2, 3, 6, 7);
}

typedef struct complex4 {
    v128_t re, im;
} complex4;

INLINE complex4 add_complex(complex4 a, complex4 b) { return (complex4){add(a.re, b.re), add(a.im, b.im)}; }
INLINE complex4 sub_complex(complex4 a, complex4 b) { return (complex4){sub(a.re, b.re), sub(a.im, b.im)}; }
INLINE complex4 mul_complex(complex4 a, v128_t re, v128_t im) {
    return (complex4){sub(mul(a.re, re), mul(a.im, im)), multiply_add(mul(a.re, im), a.im, re)};
}

/* tg_kernels.power_spectra (spectrum_simd.c). */
void tg_simd_power_spectra(const struct tg_spectrum *spectrum, const float *const frames[4], float (*power)[4]);

/* tg_kernels.temporal_max (temporal_simd.c). */
void tg_simd_temporal_max(const float *x, int x_places, int silent_before, int silent_from, const float *kernels,
                          int filter_places, int rows, float *out, int out_stride);

/* tg_kernels.temporal_add (temporal_simd.c). */
void tg_simd_temporal_add(const float *x, int x_block, const float *taps, int count, float *row, float *maxima);

/* tg_kernels.timbral_max (timbral_simd.c). */
void tg_simd_timbral_max(const tg_circle *circle, const float *x, const float *kernels, int positions, int rows,
                         float *out, int out_stride);

#endif
