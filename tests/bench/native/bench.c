/*
 * The core on one thread, for the benchmark:
 *
 *     taggram_bench WORK MODEL FILE RATE HOP [SECONDS]
 *
 * WORK is what is done with FILE, raw float32: "tag" or "listen" to PCM of this rate (to scores, or to log-mel alone),
 * or "score" log-mel. With SECONDS it is done again and again, as one stream, for at least so much of the processor's
 * time: prints {"segments", "cpu", "wall", "stages": {kind of work: seconds}}. Else once: prints {"scores": [[a score a
 * tag] a segment]}, or log-mel as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "taggram.h"

enum { ROOM = 16 /* frames taken at a time when only listening */ };

typedef struct bench {
    tg_model *model;
    tg_options options;
    tg_tagger *tagger;
    tg_frames *frames;
    float *values; /* PCM, or log-mel */
    int count;     /* of samples, or of frames */
    tg_loudness *loudness;
    float *scores;
    void (*tell)(const float *values, int count); /* NULL while the clock runs */
} bench;

static void fail(const char *why) {
    fprintf(stderr, "taggram_bench: %s\n", why);
    exit(1);
}

static void *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail("a file can't be read.");
    *size = (size_t)ftell(file);
    rewind(file);
    void *bytes = malloc(*size);
    if (!bytes || fread(bytes, 1, *size, file) != *size) fail("a file can't be read.");
    fclose(file);
    return bytes;
}

static int pull_segments(bench *b) {
    tg_segment segment;
    int count = 0;
    for (; tg_tagger_pull(b->tagger, &segment, b->scores) == 1; count++)
        if (b->tell) b->tell(b->scores, tg_model_tag_count(b->model));
    return count;
}

/* Each kind of work takes the whole file and returns how many segments that were. */
static double tag(bench *b) {
    int segments = 0;
    for (int done = 0; done < b->count; segments += pull_segments(b)) {
        const float *plane = b->values + done;
        done += tg_tagger_push(b->tagger, &plane, b->count - done);
    }
    return segments;
}

static double score(bench *b) {
    int segments = 0;
    for (int done = 0; done < b->count; segments += pull_segments(b))
        done += tg_tagger_push_frames(b->tagger, b->values + (size_t)(done * tg_model_frame_width(b->model)),
                                      b->loudness + done, b->count - done);
    return segments;
}

static double listen(bench *b) {
    float rows[ROOM * TG_FRAME_HOP]; /* more than log-mel takes */
    tg_loudness loudness[ROOM];
    int frames = 0;
    for (int done = 0, count; done < b->count;) {
        const float *plane = b->values + done;
        done += tg_frames_push(b->frames, &plane, b->count - done);
        for (; (count = tg_frames_pull(b->frames, rows, loudness, ROOM)); frames += count)
            if (b->tell) b->tell(rows, count * tg_model_frame_width(b->model));
    }
    return (double)frames / tg_model_segment_frames(b->model);
}

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void measure(bench *b, double (*work)(bench *), double least) {
    work(b);
    tg_clock_reset();
    const double wall = seconds(CLOCK_MONOTONIC), start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    double segments = 0, cpu;
    do {
        segments += work(b);
        cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    } while (cpu < least);
    tg_turn_to(TG_OTHER_WORK);
    printf("{\"segments\": %.9g, \"cpu\": %.9g, \"wall\": %.9g, \"stages\": {", segments, cpu,
           seconds(CLOCK_MONOTONIC) - wall);
    for (int i = 0; tg_clock_name(i); i++)
        printf("%s\"%s\": %.9g", i ? ", " : "", tg_clock_name(i), tg_clock_seconds(i));
    printf("}}\n");
}

static void write_scores(const float *scores, int count) {
    static int segments;
    printf("%s[", segments++ ? ", " : "");
    for (int i = 0; i < count; i++) printf("%s%.9g", i ? ", " : "", scores[i]);
    printf("]");
}

static void write_rows(const float *values, int count) { fwrite(values, sizeof *values, (size_t)count, stdout); }

static void answer(bench *b, double (*work)(bench *)) {
    if (work == listen) {
        b->tell = write_rows;
        work(b);
        return;
    }
    b->tell = write_scores;
    printf("{\"scores\": [");
    work(b);
    printf("]}\n");
}

/* The file's values, and what the work wants to be there. */
static void prepare(bench *b, double (*work)(bench *), const char *path) {
    char why[TG_MESSAGE_SIZE];
    size_t size;
    b->values = read_file(path, &size);
    b->count = (int)(size / sizeof(float));
    b->scores = malloc((size_t)tg_model_tag_count(b->model) * sizeof *b->scores);
    if (work == score) {
        b->options.sample_rate = 0;
        b->count /= tg_model_frame_width(b->model);
        b->loudness = calloc((size_t)b->count, sizeof *b->loudness);
        for (int i = 0; i < b->count; i++) b->loudness[i] = (tg_loudness){.energy = 1, .samples = TG_FRAME_HOP};
    }
    int error = work == listen ? tg_frames_create(&b->frames, b->model, &b->options, why)
                               : tg_tagger_create(&b->tagger, b->model, &b->options, why);
    if (error) fail(why);
}

int main(int count, char **words) {
    if (count != 6 && count != 7) fail("its words are WORK MODEL FILE RATE HOP [SECONDS].");
    double (*work)(bench *) = strcmp(words[1], "tag") == 0 ? tag : strcmp(words[1], "score") == 0 ? score : listen;
    bench b = {0};
    char why[TG_MESSAGE_SIZE];
    size_t size;
    void *file = read_file(words[2], &size);
    if (tg_model_load(&b.model, file, size, why)) fail(why);
    free(file);
    b.options = tg_default_options(b.model);
    b.options.sample_rate = atoi(words[4]);
    b.options.hop_frames = atoi(words[5]);
    prepare(&b, work, words[3]);
    if (count == 7)
        measure(&b, work, atof(words[6]));
    else
        answer(&b, work);
    tg_tagger_free(b.tagger);
    tg_frames_free(b.frames);
    tg_model_free(b.model);
    free(b.values);
    free(b.loudness);
    free(b.scores);
    return 0;
}
