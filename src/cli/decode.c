#include "decode.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "source.h"
#include "wav.h"

/* A song may end this many seconds before its header says without a warning. */
#define STREAM_TOLERANCE 0.05   /* of a stream's own duration: rounded to its clock */
#define CONTAINER_TOLERANCE 0.5 /* of a container's: encoder delay counted or not, as writers like */

/* libavformat's certainty, of 100, when all it found are a few bytes that could be mp3, as in any program. */
#define WEAKEST_GUESS 1

#define TRAILING_DAMAGE 0.2 /* seconds: damage that begins this near the end is one of the end only */

struct decoder {
    source from;
    AVFormatContext *format;
    AVCodecContext *codec;
    AVStream *stream; /* the best audio stream of `format` */
    AVPacket *packet;
    AVFrame *frame;
    bool pending; /* `frame` holds a block not yet given out: the first one, decoded to learn the facts */
    bool drained; /* the decoder was told that no packet follows */

    unsigned header_streams;   /* streams that the header names; more may appear later */
    int64_t *header_durations; /* [header_streams], in each stream's time base */
    double container_seconds;  /* negative: not stated, or not of the audio alone */
    double tolerance;          /* seconds, of facts.stated_duration */
    decoder_facts facts;

    float *samples; /* [channels][capacity] */
    const float **planes;
    int capacity;

    int64_t packets;
    double begin, end;   /* seconds, from the earliest packet's start to the latest one's end; end < begin: no times */
    int64_t damaged;     /* packets that could not be decoded */
    double first_damage; /* seconds */
    int64_t frames;      /* decoded, at facts.sample_rate */
    int new_rate;        /* not 0: the rate changed to this, and decoding ended there */
    int read_error;      /* an AVERROR that ended it before the end of the file, or 0 */
};

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

static int say_unrecognised(const decoder *song, message *why) {
    if (song->from.error) return message_set(why, "It cannot be read: %s.", strerror(song->from.error));
    if (!song->from.touched) return message_set(why, "The file is empty (0 bytes).");
    return message_set(
        why, "This is not audio in a format that FFmpeg's libraries know, or its beginning or index is missing.");
}

static int open_container(decoder *song, const char *path, message *why) {
    song->format = avformat_alloc_context();
    if (!song->format) return message_set(why, "It cannot be opened: out of memory.");
    song->format->pb = song->from.io;
    /* A playlist must not make this program open other files or addresses. */
    song->format->protocol_whitelist = av_strdup("none");
    if (!song->format->protocol_whitelist) return message_set(why, "It cannot be opened: out of memory.");
    /* The path is only a hint here: its ending helps to tell formats apart. */
    bool opened = avformat_open_input(&song->format, path, NULL, NULL) == 0;
    return opened && song->format->probe_score > WEAKEST_GUESS ? 0 : say_unrecognised(song, why);
}

/*
 * What the header alone says, before avformat_find_stream_info() puts estimates where it says nothing. A container's
 * duration is its longest stream's: it tells of the audio when there is no other stream.
 */
static int note_header(decoder *song, message *why) {
    song->header_streams = song->format->nb_streams;
    song->header_durations = calloc(song->header_streams + 1, sizeof *song->header_durations);
    if (!song->header_durations) return message_set(why, "It cannot be opened: out of memory.");
    for (unsigned i = 0; i < song->header_streams; i++) song->header_durations[i] = song->format->streams[i]->duration;
    bool alone = song->header_streams == 1 && song->format->duration > 0;
    song->container_seconds = alone ? (double)song->format->duration / AV_TIME_BASE : -1;
    return 0;
}

static double seconds(const decoder *song, int64_t time) { return (double)time * av_q2d(song->stream->time_base); }

static void note_stated_duration(decoder *song) {
    unsigned index = (unsigned)song->stream->index;
    song->tolerance = STREAM_TOLERANCE;
    if (index < song->header_streams && song->header_durations[index] > 0) {
        song->facts.stated_duration = seconds(song, song->header_durations[index]);
    } else if (song->container_seconds > 0) {
        song->facts.stated_duration = song->container_seconds;
        song->tolerance = CONTAINER_TOLERANCE;
    } else {
        song->facts.stated_duration = wav_stated_seconds(song->from.file);
    }
}

static int say_no_stream(const decoder *song, message *why) {
    for (unsigned i = 0; i < song->format->nb_streams; i++)
        if (song->format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            return message_set(why,
                               "This looks like %s, but no audio can be decoded: it is damaged, or something else.",
                               song->format->iformat->name);
    return message_set(why, "There is no audio in it.");
}

static int choose_stream(decoder *song, const AVCodec **codec, message *why) {
    int status = avformat_find_stream_info(song->format, NULL);
    int index = status < 0 ? status : av_find_best_stream(song->format, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
    if (index < 0) return say_no_stream(song, why);
    for (unsigned i = 0; i < song->format->nb_streams; i++)
        song->format->streams[i]->discard = (int)i == index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    song->stream = song->format->streams[index];
    enum AVCodecID id = song->stream->codecpar->codec_id;
    *codec = avcodec_find_decoder(id);
    song->facts.codec = avcodec_get_name(id);
    if (!*codec)
        return message_set(why, "Its audio is coded as '%s', which the FFmpeg libraries here cannot decode.",
                           song->facts.codec);
    note_stated_duration(song);
    return 0;
}

static int open_codec(decoder *song, const AVCodec *codec, message *why) {
    song->codec = avcodec_alloc_context3(codec);
    song->packet = av_packet_alloc();
    song->frame = av_frame_alloc();
    if (!song->codec || !song->packet || !song->frame ||
        avcodec_parameters_to_context(song->codec, song->stream->codecpar) < 0)
        return message_set(why, "It cannot be opened: out of memory.");
    song->codec->pkt_timebase = song->stream->time_base; /* frames' times, as the packets' */
    song->codec->thread_count = 1;
    if (avcodec_open2(song->codec, codec, NULL) < 0)
        return message_set(why, "Its %s audio cannot be decoded: the header is damaged or asks for too much.",
                           song->facts.codec);
    return 0;
}

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

static double seconds_decoded(const decoder *song) {
    return song->facts.sample_rate ? (double)song->frames / song->facts.sample_rate : 0;
}

static void note_damage(decoder *song) {
    if (song->damaged++ == 0) song->first_damage = seconds_decoded(song);
}

static void note_times(decoder *song) {
    const AVPacket *packet = song->packet;
    song->packets++;
    if (packet->pts == AV_NOPTS_VALUE) return;
    double begin = seconds(song, packet->pts);
    song->begin = fmin(song->begin, begin);
    song->end = fmax(song->end, begin + seconds(song, packet->duration));
}

/* Sends the next packet of the stream, or at the end of the file the sign to drain. */
static void feed_codec(decoder *song) {
    int status;
    while ((status = av_read_frame(song->format, song->packet)) >= 0) {
        if (song->packet->stream_index == song->stream->index) {
            note_times(song);
            if (avcodec_send_packet(song->codec, song->packet) < 0) note_damage(song);
            av_packet_unref(song->packet);
            return;
        }
        av_packet_unref(song->packet);
    }
    song->read_error = status == AVERROR_EOF ? 0 : status;
    song->drained = true;
    avcodec_send_packet(song->codec, NULL);
}

/* Decodes one block into `frame`; false at the end. */
static bool decode_frame(decoder *song) {
    for (;;) {
        int status = avcodec_receive_frame(song->codec, song->frame);
        if (status >= 0 && song->frame->nb_samples > 0) return true;
        if (status == AVERROR_EOF || (status < 0 && song->drained)) return false;
        if (status == AVERROR(EAGAIN))
            feed_codec(song);
        else if (status < 0)
            note_damage(song);
    }
}

/* The header is sound but not one sample comes out. */
static int say_no_samples(const decoder *song, message *why) {
    if (song->from.error) return message_set(why, "It cannot be read: %s.", strerror(song->from.error));
    if (song->packets == 0)
        return message_set(why, "There is a header of %s audio, but not one sample after it.", song->facts.codec);
    return message_set(why, "This looks like %s, but no audio can be decoded: it is damaged, or something else.",
                       song->facts.codec);
}

static int decode_first(decoder *song, message *why) {
    if (!decode_frame(song)) return say_no_samples(song, why);
    song->pending = true;
    song->facts.sample_rate = song->frame->sample_rate;
    song->facts.channels = song->frame->ch_layout.nb_channels;
    song->planes = calloc((size_t)song->facts.channels, sizeof *song->planes);
    return song->planes ? 0 : message_set(why, "It cannot be opened: out of memory.");
}

/* ---- Planar float ------------------------------------------------------------------------------------------------ */

#define CONVERT(type, value)                                                                                           \
    do {                                                                                                               \
        const type *x = (const type *)data + first;                                                                    \
        for (int i = 0; i < frames; i++, x += step) out[i] = (float)(value);                                           \
    } while (0)

/* One channel of a frame as floats: full scale of whole numbers is -1 .. 1; floats are kept as they are. */
static void channel_as_float(const AVFrame *frame, int channel, float *out) {
    bool planar = av_sample_fmt_is_planar(frame->format);
    const uint8_t *data = frame->extended_data[planar ? channel : 0];
    int first = planar ? 0 : channel, step = planar ? 1 : frame->ch_layout.nb_channels, frames = frame->nb_samples;
    switch (av_get_packed_sample_fmt(frame->format)) {
    case AV_SAMPLE_FMT_U8:
        CONVERT(uint8_t, (*x - 128) / 128.f);
        break;
    case AV_SAMPLE_FMT_S16:
        CONVERT(int16_t, *x / 32768.f);
        break;
    case AV_SAMPLE_FMT_S32:
        CONVERT(int32_t, *x / 2147483648.);
        break;
    case AV_SAMPLE_FMT_S64:
        CONVERT(int64_t, (double)*x / 9223372036854775808.);
        break;
    case AV_SAMPLE_FMT_FLT:
        CONVERT(float, *x);
        break;
    case AV_SAMPLE_FMT_DBL:
        CONVERT(double, *x);
        break;
    default:
        memset(out, 0, (size_t)frames * sizeof *out);
        break; /* no other kind exists */
    }
}

static float *plane(decoder *song, int channel) { return song->samples + (size_t)channel * (size_t)song->capacity; }

static bool reserve(decoder *song, int frames) {
    if (frames <= song->capacity) return true;
    size_t channels = (size_t)song->facts.channels;
    float *samples = realloc(song->samples, channels * (size_t)frames * sizeof *samples);
    if (!samples) return false;
    song->samples = samples;
    song->capacity = frames;
    for (size_t channel = 0; channel < channels; channel++) song->planes[channel] = plane(song, (int)channel);
    return true;
}

/* A frame with another number of channels than the first: their mean in every plane, since planes are averaged later.
 */
static bool spread_mean(decoder *song) {
    int frames = song->frame->nb_samples, channels = song->frame->ch_layout.nb_channels;
    float *mean = plane(song, 0), *one = malloc((size_t)frames * sizeof *one);
    if (!one) return false;
    memset(mean, 0, (size_t)frames * sizeof *mean);
    for (int channel = 0; channel < channels; channel++) {
        channel_as_float(song->frame, channel, one);
        for (int i = 0; i < frames; i++) mean[i] += one[i] / (float)channels;
    }
    for (int channel = 1; channel < song->facts.channels; channel++)
        memcpy(plane(song, channel), mean, (size_t)frames * sizeof *mean);
    free(one);
    return true;
}

static bool fill_planes(decoder *song) {
    if (!reserve(song, song->frame->nb_samples)) return false;
    if (song->frame->ch_layout.nb_channels != song->facts.channels) return spread_mean(song);
    for (int channel = 0; channel < song->facts.channels; channel++)
        channel_as_float(song->frame, channel, plane(song, channel));
    return true;
}

/* ---- Interface --------------------------------------------------------------------------------------------------- */

void decoder_be_quiet(void) { av_log_set_level(AV_LOG_QUIET); }

int decoder_open(decoder **out, const char *path, message *why) {
    decoder *song = *out = calloc(1, sizeof *song);
    if (!song) return message_set(why, "It cannot be opened: out of memory.");
    song->begin = INFINITY;
    song->end = -INFINITY;
    const AVCodec *codec;
    if (source_open(&song->from, path, why) || open_container(song, path, why) || note_header(song, why) ||
        choose_stream(song, &codec, why) || open_codec(song, codec, why) || decode_first(song, why)) {
        decoder_close(song);
        *out = NULL;
        return -1;
    }
    return 0;
}

const decoder_facts *decoder_get_facts(const decoder *song) { return &song->facts; }

int decoder_read(decoder *song, const float *const **planes) {
    if (song->new_rate || (!song->pending && !decode_frame(song))) return 0;
    song->pending = false;
    if (song->frame->sample_rate != song->facts.sample_rate) {
        song->new_rate = song->frame->sample_rate;
        return 0;
    }
    if (!fill_planes(song)) {
        song->read_error = AVERROR(ENOMEM);
        return 0;
    }
    *planes = song->planes;
    song->frames += song->frame->nb_samples;
    return song->frame->nb_samples;
}

static bool is_cut_short(const decoder *song) {
    double stated = song->facts.stated_duration;
    double present = song->end < song->begin ? seconds_decoded(song) : song->end - song->begin;
    return stated > 0 && present < stated - song->tolerance;
}

/* Adds what ended the song too early, if anything did. */
static bool warn_of_end(const decoder *song, warnings *list) {
    double heard = seconds_decoded(song);
    if (song->new_rate)
        warnings_add(list, "The sample rate changes from %d to %d Hz after %.1f s; only what is before was tagged.",
                     song->facts.sample_rate, song->new_rate, heard);
    else if (song->from.error || song->read_error == AVERROR(ENOMEM))
        warnings_add(list, "It cannot be read beyond %.1f s (%s); only what is before was tagged.", heard,
                     song->from.error ? strerror(song->from.error) : "out of memory");
    else if (is_cut_short(song))
        warnings_add(list, "It is cut short: the header states %.1f s, but only %.1f s are there and were tagged.",
                     song->facts.stated_duration, heard);
    else if (song->read_error)
        warnings_add(list, "It is damaged or cut short after %.1f s; only what is before was tagged.", heard);
    else
        return false;
    return true;
}

void decoder_finish(const decoder *song, warnings *list) {
    double heard = seconds_decoded(song);
    bool ended = warn_of_end(song, list), trailing = heard - song->first_damage < TRAILING_DAMAGE;
    if (song->damaged && !trailing)
        warnings_add(list, "It is damaged: %lld part%s could not be decoded, the first after %.1f s.",
                     (long long)song->damaged, song->damaged == 1 ? "" : "s", song->first_damage);
    else if (song->damaged && !ended)
        warnings_add(list, "It ends after %.1f s in something that cannot be decoded.", heard);
}

void decoder_close(decoder *song) {
    if (!song) return;
    av_frame_free(&song->frame);
    av_packet_free(&song->packet);
    avcodec_free_context(&song->codec);
    avformat_close_input(&song->format);
    source_close(&song->from);
    free(song->samples);
    free(song->planes);
    free(song->header_durations);
    free(song);
}
