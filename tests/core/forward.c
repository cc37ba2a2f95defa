/*
 * forward MODEL.gguf INPUT FRAMES [plain]: one forward pass, for tests that compare the core with another
 * implementation. INPUT is float32, [FRAMES][96] log-mel or
 * [FRAMES][256] samples. Writes all features in order of computation, then the logits, as
 * float32 to standard output. The pass is run twice: nothing of the first may be left in the second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "model.h"

static void *read_all(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) return NULL;
    *size = (size_t)ftell(file);
    rewind(file);
    void *bytes = malloc(*size + 1);
    if (bytes && fread(bytes, 1, *size, file) != *size) exit(1);
    fclose(file);
    return bytes;
}

static void write_feature(const tg_feature *f) {
    const size_t columns = (size_t)f->shape[f->dims - 1];
    size_t rows = 1;
    for (int d = 0; d < f->dims - 1; d++) rows *= (size_t)f->shape[d];
    for (size_t row = 0; row < rows; row++)
        fwrite(f->values + row * (size_t)f->stride, sizeof *f->values, columns, stdout);
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    size_t model_size, input_size;
    void *bytes = read_all(argv[1], &model_size);
    float *input = read_all(argv[2], &input_size);
    const int frames = atoi(argv[3]);
    if (!bytes || !input) return 2;
    if (argc > 4 && strcmp(argv[4], "plain") == 0) tg_kernels_active = &tg_kernels_plain;
    tg_model *model;
    char why[TG_MESSAGE_SIZE] = "";
    if (tg_model_load(&model, bytes, model_size, why)) return fprintf(stderr, "%s\n", why), 1;
    const tg_architecture *a = model->architecture;
    const size_t values = (size_t)frames * (size_t)a->frame_width;
    if (input_size != values * sizeof *input || frames < tg_model_least_frames(model)) return 2;
    void *scratch = a->make_scratch(model->weights, frames, frames);
    float *logits = malloc((size_t)model->tags.count * sizeof *logits);
    if (!scratch || !logits) return 1;
    float *noise = calloc(values, sizeof *noise);
    for (size_t i = 0; noise && i < values; i++) noise[i] = (float)(i % 7) - 3;
    if (noise) a->forward(model->weights, scratch, noise, 0, logits);
    a->forward(model->weights, scratch, input, 0, logits);
    for (int i = 0; a->features[i]; i++) {
        tg_feature feature;
        if (a->feature(model->weights, scratch, a->features[i], &feature)) return 1;
        write_feature(&feature);
    }
    fwrite(logits, sizeof *logits, (size_t)model->tags.count, stdout);
    a->free_scratch(scratch);
    tg_model_free(model);
    free(noise);
    free(logits);
    free(input);
    free(bytes);
    return 0;
}
