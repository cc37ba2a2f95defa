#include "kernels.h"

#ifdef TG_NO_SIMD
const tg_kernels *tg_kernels_active = &tg_kernels_plain;
#else
const tg_kernels *tg_kernels_active = &tg_kernels_simd;
#endif
