/*
 * taggram: which music tags (genre, instrument, mood, voice) hold when in a recording.
 *
 * Data flows one way: PCM (any rate, any channels) -> mono at 16 kHz -> frames -> segments -> network -> scores.
 *
 *     tg_model *model;
 *     char why[TG_MESSAGE_SIZE];
 *     if (tg_model_load(&model, bytes, size, why)) return fprintf(stderr, "%s\n", why), 1;
 *
 *     tg_options options = tg_default_options(model);
 *     options.sample_rate = 44100;
 *     options.channels = 2;
 *
 *     tg_tagger *tagger;
 *     if (tg_tagger_create(&tagger, model, &options, why)) return fprintf(stderr, "%s\n", why), 1;
 *
 *     float scores[50];    // one a tag: tg_model_tag_count(model)
 *     tg_segment segment;
 *     while ((n = read_song(left, right, 4096)) > 0)
 *         for (int done = 0, taken; done < n; done += taken) {
 *             const float *planes[] = {left + done, right + done};
 *             if ((taken = tg_tagger_push(tagger, planes, n - done)) < 0) return taken;
 *             while (tg_tagger_pull(tagger, &segment, scores) == 1) show(segment.start, scores);
 *         }
 *     tg_tagger_finish(tagger);
 *     while (tg_tagger_pull(tagger, &segment, scores) == 1) show(segment.start, scores);
 *
 *     tg_tagger_free(tagger);
 *     tg_model_free(model);
 *
 * A model is immutable and may be shared by threads; a tagger is the state of one stream. All memory is taken when they
 * are made: nothing is allocated, printed or exited while audio is processed, and memory does not grow with the song.
 * Functions that can fail return a negative TG_E code. Everything is float32 unless said.
 */
#ifndef TAGGRAM_H
#define TAGGRAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TG_VERSION "0.1.0"

/* Room for the longest message that this library writes, with its final zero. */
#define TG_MESSAGE_SIZE 256

enum tg_error {
    TG_OK = 0,
    TG_EINVAL = -1,  /* an argument is out of its range */
    TG_ENOMEM = -2,  /* memory could not be had */
    TG_EFORMAT = -3, /* the bytes are not a model file, or a damaged one */
    TG_EMODEL = -4,  /* a sound file of a model that this version can't run */
    TG_ESHORT = -5,  /* the audio is shorter than TG_MIN_SECONDS */
    TG_ESTATE = -6,  /* a call out of its turn: a push after the end, a feature without its segment */
    TG_ENAME = -7    /* the model has no feature, or list, of that name */
};

/* A fixed sentence for a code, never NULL. */
const char *tg_strerror(int code);

/* The library's version, TG_VERSION. */
const char *tg_version(void);

/* ---- Models ------------------------------------------------------------------------------------------------------ */

typedef struct tg_model tg_model;

/*
 * Reads a GGUF model of `size` bytes. Every field is checked before it is used; nothing is kept of `bytes`.
 * `why` (TG_MESSAGE_SIZE chars, or NULL) gets one sentence when it fails: TG_EFORMAT, TG_EMODEL, TG_ENOMEM.
 */
int tg_model_load(tg_model **model, const void *bytes, size_t size, char *why);

/* NULL is allowed. No tagger of this model may be used afterwards. */
void tg_model_free(tg_model *model);

/* Facts of a model; strings are the model's own and live as long as it does. */
const char *tg_model_name(const tg_model *model);         /* "MTT_musicnn" */
const char *tg_model_architecture(const tg_model *model); /* "musicnn" */
int tg_model_tag_count(const tg_model *model);            /* 50 */
const char *tg_model_tag(const tg_model *model, int tag); /* "guitar"; NULL when tag is out of range */
int tg_model_segment_frames(const tg_model *model);       /* frames that one answer is about: 187 */
int tg_model_any_length(const tg_model *model);           /* not 0: it takes segments of other lengths, too */
int tg_model_least_frames(const tg_model *model);         /* that a segment has at least */
int tg_model_frame_width(const tg_model *model);          /* values of a frame: 96 mel bands, or 256 samples */

/*
 * Lists of tags, for models that answer several in one pass, each as long as the others: 2, "MTT". 0 and NULL for other
 * models. A name that stands in more than one of them tells which it is of: "guitar (MTT)".
 */
int tg_model_list_count(const tg_model *model);
const char *tg_model_list(const tg_model *model, int list);

/*
 * From now on the model has the tags of this list alone, or of all (NULL, as after loading). To be called before a
 * tagger is made of the model. TG_ENAME when it has no such list.
 */
int tg_model_choose_list(tg_model *model, const char *list);

/* The names that tg_tagger_feature knows for this model, in the order of computation; NULL when index is out of range.
 */
const char *tg_model_feature_name(const tg_model *model, int index);

/*
 * What the model file tells of itself, in the file's order: key "general.license", value "ISC". Lists of numbers are
 * written out, separated by spaces; lists of strings, and of more than 64 numbers, are left out. Returns 0 when index
 * is out of range, else 1.
 */
int tg_model_fact(const tg_model *model, int index, const char **key, const char **value);

/* What every model here listens to: 16 kHz mono, a frame every 256 samples (16 ms). */
#define TG_SAMPLE_RATE 16000
#define TG_FRAME_HOP 256
#define TG_FRAME_SECONDS ((double)TG_FRAME_HOP / TG_SAMPLE_RATE)

/* ---- Tagging one stream ------------------------------------------------------------------------------------------ */

typedef struct tg_tagger tg_tagger;

#define TG_MIN_SAMPLE_RATE 4000
#define TG_MAX_SAMPLE_RATE 768000
#define TG_MAX_CHANNELS 64
#define TG_MIN_SECONDS 0.1          /* below this there is nothing to hear */
#define TG_SILENCE_DBFS (-70.)      /* a segment whose RMS is below this, against a full scale of 1.0, is silent */
#define TG_MAX_SEGMENT_FRAMES 37500 /* ten minutes */

/* Five int32: other languages may write it by offset. */
typedef struct tg_options {
    int32_t sample_rate;    /* of the PCM pushed, in Hz; 0: frames are pushed instead (tg_tagger_push_frames) */
    int32_t channels;       /* of the PCM pushed; they are averaged */
    int32_t segment_frames; /* tg_model_least_frames .. TG_MAX_SEGMENT_FRAMES where the model takes any length, else the
                               model's own */
    int32_t hop_frames;     /* from one segment's start to the next, 1 .. segment_frames */
    int32_t keep_tail;      /* not 0: one more segment that ends where the audio ends, if the hop leaves a rest */
} tg_options;

/* 16 kHz mono, segments side by side, the unfilled tail dropped as musicnn does. */
tg_options tg_default_options(const tg_model *model);

/* `why` as for tg_model_load: TG_EINVAL, TG_ENOMEM. The model must outlive the tagger. */
int tg_tagger_create(tg_tagger **tagger, const tg_model *model, const tg_options *options, char *why);

/* NULL is allowed. */
void tg_tagger_free(tg_tagger *tagger);

/*
 * Takes PCM: planes[channel][frame], full scale -1 .. 1; louder samples are kept, NaN and infinite ones count as 0.
 * Returns how many of the `frames` it took: fewer than given when a segment is ready and wants to be pulled first.
 * TG_EINVAL for a negative count, TG_ESTATE after tg_tagger_finish, TG_EMODEL after tg_tagger_pull has returned that.
 */
int tg_tagger_push(tg_tagger *tagger, const float *const *planes, int frames);

/*
 * Says that the audio has ended; pull afterwards until 0.
 * Audio of at least TG_MIN_SECONDS that does not fill a segment is repeated until it does, as the training did.
 * TG_ESHORT for shorter audio: no segment comes any more.
 */
int tg_tagger_finish(tg_tagger *tagger);

/* 24 bytes: other languages may read it by offset. Seconds are exact, counted in frames. */
typedef struct tg_segment {
    double start;
    double end;     /* start plus the segment's length: may lie beyond the end of short audio */
    int32_t silent; /* not 0: RMS below TG_SILENCE_DBFS; the scores say nothing */
    int32_t padded; /* not 0: the audio was repeated to fill it */
} tg_segment;

/*
 * Computes the next segment: scores[tag_count], each 0 .. 1, not probabilities of one choice but one answer a tag.
 * Returns 1 with a segment, 0 when more PCM is wanted (or, after tg_tagger_finish, when all is told). TG_EMODEL when
 * the answer is not finite because the model's weights are too large: then no further segment comes.
 */
int tg_tagger_pull(tg_tagger *tagger, tg_segment *segment, float *scores);

/*
 * means[tag_count]: mean score over the segments pulled that are not silent, by which top tags are chosen.
 * Returns how many segments that are; with 0 the means are 0.
 */
int tg_tagger_means(const tg_tagger *tagger, float *means);

/* What was heard so far. Doubles that hold whole numbers where they count. */
typedef struct tg_heard {
    double seconds;    /* of PCM pushed */
    double non_finite; /* NaN or infinite samples, counted in every channel, that were taken as 0 */
    double repeated;   /* not 0: it was shorter than a segment, and is repeated to fill one */
} tg_heard;

tg_heard tg_tagger_heard(const tg_tagger *tagger);

/*
 * A view of numbers that the tagger holds, as an array of `dims` dimensions, outermost first. The last dimension is
 * contiguous; its rows lie `stride` apart, in order of the dimensions before it. 24 bytes in WebAssembly.
 */
typedef struct tg_feature {
    const float *values;
    int32_t dims; /* 1 .. 3 */
    int32_t shape[3];
    int32_t stride;
} tg_feature;

/*
 * An intermediate of the segment that the last call, a tg_tagger_pull, has returned (TG_ESTATE after any other); valid
 * until the next push, finish or pull, vgg's until the next call of this function too. TG_ENAME when the model has none
 * of that name. Every model: "logmel" [frames][96] (or "samples" [frames][256]), "logits" [tags]. musicnn: "timbral"
 * [frames][408], "temporal" [frames][153], "cnn1", "cnn2", "cnn3" [frames][64], "mean_pool", "max_pool" [753],
 * "penultimate" [200]. vgg: "pool1" .. "pool5" [frames][bands][128], as far as pooling has left them. Names and order
 * of these are the musicnn library's. spectrogram: "timbral" [frames][224], "temporal" [frames][240]; waveform:
 * "front_end" [frames][256], as far as pooling has left them; both: "cnn1", "cnn2" [six frames fewer][512], "cnn3"
 * [half of that] [512], "mean_pool", "max_pool" [512], "penultimate" [500].
 */
int tg_tagger_feature(tg_tagger *tagger, const char *name, tg_feature *feature);

/* ---- Tagging side by side ---------------------------------------------------------------------------------------
 *
 * PCM becomes frames one after the other, but segments of frames are tagged each for itself. So a song can be shared
 * out: one tg_frames makes its frames, and several taggers whose sample rate is 0 take them, each its own range of
 * segments. Segments a .. b - 1 need the frames a * hop .. (b - 1) * hop + segment_frames - 1, and to their tagger the
 * first of those is frame 0. Each stands as it would in one tagger, but for rounding: scores within 1e-5.
 */

typedef struct tg_frames tg_frames;

/* How loud the 256 samples are that begin at a frame of log-mel's centre, or are a frame of samples. 16 bytes. */
typedef struct tg_loudness {
    double energy;  /* sum of squares */
    double samples; /* fewer than 256 at the end of the audio */
} tg_loudness;

/* Options and errors as for tg_tagger_create, but the sample rate is never 0. Hop and tail make no difference. */
int tg_frames_create(tg_frames **frames, const tg_model *model, const tg_options *options, char *why);

/* NULL is allowed. */
void tg_frames_free(tg_frames *frames);

/*
 * As tg_tagger_push: takes fewer than `count` when frames want to be pulled first. TG_EINVAL for a negative count,
 * TG_ESTATE after tg_frames_finish.
 */
int tg_frames_push(tg_frames *frames, const float *const *planes, int count);

/* As tg_tagger_finish; with TG_ESHORT no frames come any more. */
int tg_frames_finish(tg_frames *frames);

/*
 * Gives the next frames, `room` at most: rows[room][tg_model_frame_width], log-mel or samples, whichever the model
 * hears; loudness[room]. Returns how many; 0 when more PCM is wanted (or, after tg_frames_finish, when all is told). An
 * audio of n samples at 16 kHz has 1 + floor(n / 256) frames of log-mel, or floor(n / 256) of samples; one that is
 * repeated, as many as a segment.
 */
int tg_frames_pull(tg_frames *frames, float *rows, tg_loudness *loudness, int room);

tg_heard tg_frames_heard(const tg_frames *frames);

/*
 * The next `count` frames, of finite numbers, for a tagger whose sample rate is 0. Returns how many it took: fewer than
 * given when a segment wants to be pulled first. tg_tagger_finish and tg_tagger_pull go on as with PCM, but nothing is
 * repeated: frames that don't fill a segment are TG_ESHORT. Codes as for tg_tagger_push; TG_ESTATE from a tagger of
 * PCM, too, as from tg_tagger_push of one of frames.
 */
int tg_tagger_push_frames(tg_tagger *tagger, const float *rows, const tg_loudness *loudness, int count);

#ifdef __cplusplus
}
#endif

#endif
