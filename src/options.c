#include "options.h"

#include "message.h"
#include "model.h"

tg_options tg_default_options(const tg_model *model) {
    return (tg_options){.sample_rate = TG_SAMPLE_RATE,
                        .channels = 1,
                        .segment_frames = model->segment_frames,
                        .hop_frames = model->hop_frames};
}

int tg_check_pcm(const tg_options *o, char *why) {
    if (o->sample_rate < TG_MIN_SAMPLE_RATE || o->sample_rate > TG_MAX_SAMPLE_RATE)
        return tg_fail(TG_EINVAL, why, "A sample rate of %d Hz is outside of %d to %d Hz.", (int)o->sample_rate,
                       TG_MIN_SAMPLE_RATE, TG_MAX_SAMPLE_RATE);
    if (o->channels < 1 || o->channels > TG_MAX_CHANNELS)
        return tg_fail(TG_EINVAL, why, "Audio of %d channels is outside of 1 to %d.", (int)o->channels,
                       TG_MAX_CHANNELS);
    return TG_OK;
}

int tg_check_segments(const tg_model *model, const tg_options *o, char *why) {
    if (!model->architecture->any_length && o->segment_frames != model->segment_frames)
        return tg_fail(TG_EINVAL, why, "The model %s takes segments of %d frames, not of %d.", model->name,
                       model->segment_frames, (int)o->segment_frames);
    const int least = tg_model_least_frames(model);
    if (o->segment_frames < least || o->segment_frames > TG_MAX_SEGMENT_FRAMES)
        return tg_fail(TG_EINVAL, why, "A segment of %d frames is outside of %d to %d.", (int)o->segment_frames, least,
                       TG_MAX_SEGMENT_FRAMES);
    if (o->hop_frames < 1 || o->hop_frames > o->segment_frames)
        return tg_fail(TG_EINVAL, why, "A hop of %d frames is outside of 1 to %d, the frames of a segment.",
                       (int)o->hop_frames, (int)o->segment_frames);
    return TG_OK;
}
