#include "frames.h"

#include <math.h>

/* Settings of the musicnn library: windows of 512 samples, of which it takes half off before it counts hops. */
enum { HALF_WINDOW = 256 };

#define LIBRARY_DEFAULT_LENGTH 3. /* seconds */

bool time_was_said(const spoken_time *time) { return time->hop || time->length || time->overlap; }

/* librosa.time_to_frames, as the library calls it. */
static double library_frames(double seconds) { return floor((seconds * TG_SAMPLE_RATE - HALF_WINDOW) / TG_FRAME_HOP); }

int frames_of_length(const tg_model *model, double seconds, message *why) {
    double frames = library_frames(seconds) + 1;
    int own = tg_model_segment_frames(model);
    if (frames == own) return own;
    if (!tg_model_any_length(model)) {
        message_set(why, "--length must be left out: the model %s takes segments of %g s only.", tg_model_name(model),
                    own * TG_FRAME_SECONDS);
        return 0;
    }
    const int least = tg_model_least_frames(model);
    if (frames >= least && frames <= TG_MAX_SEGMENT_FRAMES) return (int)frames;
    message_set(why, "--length must be from %g to %g s, but is %g s.", least * TG_FRAME_SECONDS,
                TG_MAX_SEGMENT_FRAMES * TG_FRAME_SECONDS, seconds);
    return 0;
}

static int say_too_long(const char *option, int segment_frames, double seconds, message *why) {
    message_set(why, "%s must not be longer than a segment, %g s, but is %g s; leave it out for segments side by side.",
                option, segment_frames * TG_FRAME_SECONDS, seconds);
    return 0;
}

int frames_of_hop(int segment_frames, double seconds, message *why) {
    double frames = fmax(1, round(seconds * TG_SAMPLE_RATE / TG_FRAME_HOP));
    if (frames == segment_frames + 1) return segment_frames; /* 3 s mean side by side, though 187 frames are 2.992 s */
    return frames <= segment_frames ? (int)frames : say_too_long("--hop", segment_frames, seconds, why);
}

int frames_of_overlap(int segment_frames, double seconds, message *why) {
    double frames = fmax(1, library_frames(seconds));
    return frames <= segment_frames ? (int)frames : say_too_long("--overlap", segment_frames, seconds, why);
}

double library_length(int segment_frames) {
    bool usual = library_frames(LIBRARY_DEFAULT_LENGTH) + 1 == segment_frames;
    return usual ? LIBRARY_DEFAULT_LENGTH : (segment_frames + 0.5) * TG_FRAME_SECONDS;
}

double library_overlap(int hop_frames) { return (hop_frames + 1.5) * TG_FRAME_SECONDS; }
