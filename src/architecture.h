/* What a family of networks must offer to be run: one file each, found by the model file's general.architecture. */
#ifndef TG_ARCHITECTURE_H
#define TG_ARCHITECTURE_H

#include "gguf.h"
#include "taggram.h"

typedef struct tg_architecture {
    const char *name;
    int frame_width;             /* TG_BANDS: it hears log-mel; TG_FRAME_HOP: the samples themselves */
    int least_frames;            /* that a segment has */
    int any_length;              /* segments may be of any length, not only the model's own */
    const char *const *features; /* names, in order of computation, then NULL */

    /*
     * Weights in the form that the kernels want, put where weights_size zeros were; immutable afterwards. `frames` is
     * the segment's own length. unload frees what they hold, also after an error.
     */
    size_t weights_size;
    int (*load)(void *weights, const gguf_file *file, int tag_count, int frames, char *why);
    void (*unload)(void *weights);

    /* Room for the intermediates of one segment, the next of which begins `hop` frames later; NULL without memory. */
    void *(*make_scratch)(const void *weights, int frames, int hop);
    void (*free_scratch)(void *scratch);

    /*
     * input: [frames][frame_width] of one segment. logits: [tag_count], before the sigmoid. `advance`: the segment
     * begins so many frames, `hop` at most, after the one that was last in this scratch, so that what both hear alike
     * may be taken from there; 0 when it has nothing to do with that.
     */
    void (*forward)(const void *weights, void *scratch, const float *input, int advance, float *logits);

    /* An intermediate of the last forward pass, or TG_ENAME. */
    int (*feature)(const void *weights, void *scratch, const char *name, tg_feature *feature);
} tg_architecture;

extern const tg_architecture tg_musicnn;
extern const tg_architecture tg_spectrogram;
extern const tg_architecture tg_vgg;
extern const tg_architecture tg_waveform;

#endif
