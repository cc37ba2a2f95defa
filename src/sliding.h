/*
 * Temporal filters over segments that overlap by far. What a filter makes of a row, band by band, is kept: when the
 * segment moves on by a few frames, those that left are subtracted from the rows next to its beginning, those that came
 * are added to the rows next to its end, and only rows that come with them are computed in full. The largest value over
 * the bands is then taken of the rows that changed.
 */
#ifndef TG_SLIDING_H
#define TG_SLIDING_H

enum {
    TG_SLIDING_HOP = 48,     /* frames that a segment may move on by: with more, computing it anew is as fast */
    TG_SLIDING_FRAMES = 1024 /* of a segment, at most: rows take 1.5 kB for four filters */
};

/* The input of a segment: frame t of block b, eight bands, is at x[b * block + t * 8]. */
typedef struct tg_sliding_input {
    const float *x;
    int block;
} tg_sliding_input;

typedef struct tg_sliding tg_sliding;

/* For `groups` groups of four filters. NULL without memory. */
tg_sliding *tg_sliding_create(int frames, int groups);
void tg_sliding_free(tg_sliding *s);

/*
 * The segment is about to move on by `advance` frames, at most TG_SLIDING_HOP; `old` is where it is. 0: another one
 * begins.
 */
void tg_sliding_move(tg_sliding *s, tg_sliding_input old, int advance);

/* Whether a row changed by the last move, under filters of `taps` frames. */
int tg_sliding_changed(const tg_sliding *s, int taps, int row);

/*
 * Brings a group's rows up to date with the segment moved: out[row * stride + lane] is the largest value over the
 * bands, for each row that changed. filters: [taps][TG_LANES].
 */
void tg_sliding_respond(tg_sliding *s, int group, const float *filters, int taps, tg_sliding_input input, float *out,
                        int stride);

#endif
