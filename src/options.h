/* What options may say. Each returns TG_OK, or TG_EINVAL with a sentence. */
#ifndef TG_OPTIONS_H
#define TG_OPTIONS_H

#include "taggram.h"

/* Of the PCM that is pushed. */
int tg_check_pcm(const tg_options *options, char *why);

/* Of a model's segments. */
int tg_check_segments(const tg_model *model, const tg_options *options, char *why);

#endif
