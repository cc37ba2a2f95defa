/* What the tests of the core share: goldens, signals by formula, and comparing with a tolerance. */
#ifndef TG_TEST_SUPPORT_H
#define TG_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taggram.h"

/* An array of an .npy file: float32, or int16 turned into float32 by 1 / 32768. */
typedef struct array {
    float *values;
    int rows;    /* first dimension */
    int columns; /* product of the others, 1 if there are none */
} array;

/* Fails the test with the path when the file is missing or of another kind. `path` is a printf format. */
array read_npy(const char *path, ...);
void free_array(array a);

/* Where the goldens are: tests/goldens of the source tree. */
const char *goldens(void);

/* Bytes of a file (malloc). */
unsigned char *read_bytes(const char *path, size_t *size);

int is_folder(const char *path);

/* FOLDER/NAME.gguf, loaded; and the one in models/. */
tg_model *load_model_from(const char *folder, const char *name);
tg_model *load_model(const char *name);

/* MTT_musicnn, the same for all tests of a group: cmocka's set-up and tear-down. */
extern tg_model *shared_model;
int load_shared_model(void **state);
int free_shared_model(void **state);

/* Where a text stands in the bytes of a file, or NULL. */
unsigned char *find_text(unsigned char *bytes, size_t size, const char *text);

/* Makes a model file's checksum right again, so that damage reaches what lies behind it. */
void mend_checksum(unsigned char *bytes, size_t size);

/* The synthetic inputs, int16 scaled to -1 .. 1 (malloc): tests/goldens/README.md has the formulas. */
float *silence(int count);
float *sine440(int count);
float *chirp(int count);
float *noise(int count);
float *sweep(int count);

/* Largest |a - b|; prints it, and fails where it is above `tolerance` or not a number. */
void assert_close(const char *what, const float *a, const float *b, int count, double tolerance);

/* Signal-to-noise ratio of `heard` against `truth`, in dB. */
double signal_to_noise(const float *heard, const float *truth, int count);

/* All scores of a stream pushed in blocks of `block` frames. */
typedef struct tagging {
    tg_segment *segments;
    float *scores; /* [count][tags] */
    int count;
    int finish; /* what tg_tagger_finish returned */
    tg_heard heard;
    float *means; /* [tags] */
    int sounding;
} tagging;

tagging tag(const tg_model *model, const tg_options *options, const float *const *planes, int frames, int block);
void free_tagging(tagging t);

/* One segment's feature, checked to be there. */
tg_feature feature(tg_tagger *tagger, const char *name);

#endif
