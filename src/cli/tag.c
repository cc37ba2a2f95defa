#include "tag.h"

#include <stdlib.h>

#include "decode.h"

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
    tg_options options = {facts->sample_rate, facts->channels, settings->hop_frames, settings->keep_tail};
    char reason[TG_MESSAGE_SIZE] = "";
    if (tg_tagger_create(&work->tagger, settings->model, &options, reason)) return message_set(why, "%s", reason);
    int tags = tg_model_tag_count(settings->model);
    song->sample_rate = facts->sample_rate;
    song->means = calloc((size_t)tags, sizeof *song->means);
    song->ranking = calloc((size_t)tags, sizeof *song->ranking);
    work->scores = calloc((size_t)tags, sizeof *work->scores);
    if (!song->means || !song->ranking || !work->scores) return message_set(why, "It cannot be tagged: out of memory.");
    return settings->keep_rows ? rows_open(&song->table, tags, why) : 0;
}

static int pull_segments(job *work, message *why) {
    tg_segment segment;
    int status;
    while ((status = tg_tagger_pull(work->tagger, &segment, work->scores)) == 1) {
        work->song->segments++;
        if (work->settings->keep_rows && rows_add(&work->song->table, &segment, work->scores, why)) return -1;
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
    while ((frames = decoder_read(work->input, &planes)) > 0)
        if (push_block(work, planes, frames, why)) return -1;
    int status = tg_tagger_finish(work->tagger);
    if (status == TG_ESHORT)
        return message_set(why, "It lasts %.3g s; at least %g s of audio are needed.",
                           tg_tagger_heard(work->tagger).seconds, TG_MIN_SECONDS);
    if (status < 0) return message_set(why, "It cannot be tagged: %s.", tg_strerror(status));
    return pull_segments(work, why);
}

/* By falling mean; equal ones stay in the model's order. */
static void rank_tags(tagging *song, int tags) {
    for (int tag = 0; tag < tags; tag++) {
        int place = tag;
        for (; place > 0 && song->means[song->ranking[place - 1]] < song->means[tag]; place--)
            song->ranking[place] = song->ranking[place - 1];
        song->ranking[place] = tag;
    }
}

static int conclude(job *work, message *why) {
    tagging *song = work->song;
    tg_heard heard = tg_tagger_heard(work->tagger);
    song->duration = heard.seconds;
    song->heard = tg_tagger_means(work->tagger, song->means);
    decoder_finish(work->input, &song->remarks);
    rank_tags(song, tg_model_tag_count(work->settings->model));
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
    rows_close(&song->table);
    warnings_clear(&song->remarks);
    *song = (tagging){0};
}
