/*
 * From any file that FFmpeg's libraries read to blocks of planar float PCM at the file's own rate and channels.
 *
 *     decoder *song;
 *     if (decoder_open(&song, "song.mp3", &why)) return puts(why.text), 1;
 *     const float *const *planes;
 *     while ((frames = decoder_read(song, &planes)) > 0) use(planes, frames);
 *     decoder_finish(song, &warnings);
 *     decoder_close(song);
 *
 * Encoder delay and padding are trimmed where the container tells them. Memory does not grow with the song.
 * Threads may decode side by side, each its own song.
 */
#ifndef TAGGRAM_CLI_DECODE_H
#define TAGGRAM_CLI_DECODE_H

#include "messages.h"

typedef struct decoder decoder;

/* What the first decoded block shows; a header may be wrong about it. */
typedef struct decoder_facts {
    int sample_rate; /* Hz */
    int channels;
    double stated_duration; /* seconds, as the file's header says; negative when it doesn't */
    const char *codec;      /* FFmpeg's short name: "mp3", "flac", "pcm_s16le" */
} decoder_facts;

/* Once, before the first song: FFmpeg's libraries write nothing themselves. */
void decoder_be_quiet(void);

/* `path` may be "-" for standard input. Returns 0, or -1 with the sentence that says why nothing can be decoded. */
int decoder_open(decoder **song, const char *path, message *why);

const decoder_facts *decoder_get_facts(const decoder *song);

/* Points planes[channel] at the next block, valid until the next call. Returns its frames, 0 at the end. */
int decoder_read(decoder *song, const float *const **planes);

/*
 * After the end: adds what was wrong with the file although it could be decoded (cut short, damaged, changing).
 */
void decoder_finish(const decoder *song, warnings *list);

/* NULL is allowed. */
void decoder_close(decoder *song);

#endif
