#include "tag.h"

#include <stdlib.h>

#include "decode.h"
#include "progress.h"

/* The parts at work while one file is tagged. */
typedef struct job {
    const tag_settings *settings;
    tagging *song;
    decoder *input;
    tg_tagger *tagger;
    float *scores; /* [tags] of the segment pulled last */
} job;

static int check_facts(const decoder_facts *facts, message *why) {
    if (facts->sample_rate < TG_MIN_SAMPLE_RATE || facts->sample_rate > TG_MAX_SAMPLE_RATE)
        return message_set(why, "Its sample rate is %d Hz; only %d to %d Hz can be tagged.", facts->sample_rate,
                           TG_MIN_SAMPLE_RATE, TG_MAX_SAMPLE_RATE);
    if (facts->channels < 1 || facts->channels > TG_MAX_CHANNELS)
        return message_set(why, "It has %d channels; at most %d can be tagged.", facts->channels, TG_MAX_CHANNELS);
    return 0;
}

static int start(job *work, const char *path, message *why) {
    const tag_settings *settings = work->settings;
    tagging *song = work->song;
    if (decoder_open(&work->input, path, why)) return -1;
    const decoder_facts *facts = decoder_get_facts(work->input);
    if (check_facts(facts, why)) return -1;
    tg_options options = tg_default_options(settings->model);
    options.sample_rate = facts->sample_rate;
    options.channels = facts->channels;
    options.segment_frames = settings->segment_frames;
    options.hop_frames = settings->hop_frames;
    options.keep_tail = settings->keep_tail;
    char reason[TG_MESSAGE_SIZE] = "";
    if (tg_tagger_create(&work->tagger, settings->model, &options, reason)) return message_set(why, "%s", reason);
    int tags = tg_model_tag_count(settings->model);
    song->sample_rate = facts->sample_rate;
    song->means = calloc((size_t)tags, sizeof *song->means);
    song->ranking = calloc((size_t)tags, sizeof *song->ranking);
    song->features = calloc((size_t)settings->features.count + 1, sizeof *song->features);
    work->scores = calloc((size_t)tags, sizeof *work->scores);
    if (!song->means || !song->ranking || !song->features || !work->scores)
        return message_set(why, "It cannot be tagged: out of memory.");
    return settings->keep_rows ? rows_open(&song->table, tags, why) : 0;
}

/* Where the first segment's features show how large they are. */
static void place_feature(tagging *song, kept_feature *place, const tg_feature *view) {
    place->dims = view->dims;
    place->first = song->table.extra;
    place->size = 1;
    for (int d = 0; d < view->dims; d++) place->size *= (size_t)(place->shape[d] = view->shape[d]);
    song->table.extra += place->size;
}

/* Without the gaps between the rows that the tagger holds. */
static int keep_values(rows *table, const tg_feature *view, message *why) {
    int lines = 1, width = view->shape[view->dims - 1];
    for (int d = 0; d < view->dims - 1; d++) lines *= view->shape[d];
    for (int i = 0; i < lines; i++)
        if (rows_add_values(table, view->values + (size_t)i * (size_t)view->stride, (size_t)width, why)) return -1;
    return 0;
}

static int keep_features(job *work, message *why) {
    const feature_list *wanted = &work->settings->features;
    for (int i = 0; i < wanted->count; i++) {
        kept_feature *place = &work->song->features[i];
        tg_feature view;
        int status = tg_tagger_feature(work->tagger, wanted->names[i], &view);
        if (status < 0) return message_set(why, "It cannot be tagged: %s.", tg_strerror(status));
        place->name = wanted->names[i];
        if (place->size == 0) place_feature(work->song, place, &view);
        if (keep_values(&work->song->table, &view, why)) return -1;
    }
    return 0;
}

static int keep_row(job *work, const tg_segment *segment, message *why) {
    return rows_add(&work->song->table, segment, work->scores, why) || keep_features(work, why) ? -1 : 0;
}

static int pull_segments(job *work, message *why) {
    tg_segment segment;
    int status;
    while ((status = tg_tagger_pull(work->tagger, &segment, work->scores)) == 1) {
        work->song->segments++;
        if (work->settings->keep_rows && keep_row(work, &segment, why)) return -1;
    }
    return status < 0 ? message_set(why, "It cannot be tagged: %s.", tg_strerror(status)) : 0;
}

static int push_block(job *work, const float *const *planes, int frames, message *why) {
    const float *rest[TG_MAX_CHANNELS];
    int channels = decoder_get_facts(work->input)->channels;
    for (int done = 0; done < frames;) {
        for (int channel = 0; channel < channels; channel++) rest[channel] = planes[channel] + done;
        int taken = tg_tagger_push(work->tagger, rest, frames - done);
        if (taken < 0) return message_set(why, "It cannot be tagged: %s.", tg_strerror(taken));
        done += taken;
        if (pull_segments(work, why)) return -1;
    }
    return 0;
}

static int hear_all(job *work, message *why) {
    const float *const *planes;
    int frames;
    while ((frames = decoder_read(work->input, &planes)) > 0) {
        if (push_block(work, planes, frames, why)) return -1;
        progress_heard(tg_tagger_heard(work->tagger).seconds, decoder_get_facts(work->input)->stated_duration);
    }
    int status = tg_tagger_finish(work->tagger);
    if (status == TG_ESHORT)
        return message_set(why, "It lasts %.3g s; at least %g s of audio are needed.",
                           tg_tagger_heard(work->tagger).seconds, TG_MIN_SECONDS);
    if (status < 0) return message_set(why, "It cannot be tagged: %s.", tg_strerror(status));
    return pull_segments(work, why);
}

void rank_tags(const float *scores, int tags, int *order) {
    for (int tag = 0; tag < tags; tag++) {
        int place = tag;
        for (; place > 0 && scores[order[place - 1]] < scores[tag]; place--) order[place] = order[place - 1];
        order[place] = tag;
    }
}

static int conclude(job *work, message *why) {
    tagging *song = work->song;
    tg_heard heard = tg_tagger_heard(work->tagger);
    song->duration = heard.seconds;
    song->heard = tg_tagger_means(work->tagger, song->means);
    decoder_finish(work->input, &song->remarks);
    rank_tags(song->means, tg_model_tag_count(work->settings->model), song->ranking);
    if (heard.non_finite > 0)
        warnings_add(&song->remarks, "%.0f sample%s not finite (NaN or infinity) and counted as 0.", heard.non_finite,
                     heard.non_finite == 1 ? " was" : "s were");
    return work->settings->keep_rows ? rows_finish(&song->table, why) : 0;
}

int tag_file(tagging *song, const tag_settings *settings, const char *path, message *why) {
    job work = {.settings = settings, .song = song};
    int status = start(&work, path, why) || hear_all(&work, why) || conclude(&work, why) ? -1 : 0;
    free(work.scores);
    tg_tagger_free(work.tagger);
    decoder_close(work.input);
    return status;
}

void tagging_clear(tagging *song) {
    free(song->means);
    free(song->ranking);
    free(song->features);
    rows_close(&song->table);
    warnings_clear(&song->remarks);
    *song = (tagging){0};
}
