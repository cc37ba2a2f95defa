#include "hear.h"

#include "decode.h"

/* The parts at work. */
typedef struct hearing {
    job *work;
    helpers *help;
    decoder *input;
    tg_frames *frames;
    range *current; /* that is being filled */
    int next;       /* number of the range that would fail */
} hearing;

static int check_facts(const decoder_facts *facts, message *why) {
    if (facts->sample_rate < TG_MIN_SAMPLE_RATE || facts->sample_rate > TG_MAX_SAMPLE_RATE)
        return message_set(why, "Its sample rate is %d Hz; only %d to %d Hz can be tagged.", facts->sample_rate,
                           TG_MIN_SAMPLE_RATE, TG_MAX_SAMPLE_RATE);
    if (facts->channels < 1 || facts->channels > TG_MAX_CHANNELS)
        return message_set(why, "It has %d channels; at most %d can be tagged.", facts->channels, TG_MAX_CHANNELS);
    return 0;
}

static int start(hearing *h, message *why) {
    job *work = h->work;
    if (decoder_open(&h->input, work->path, why)) return -1;
    const decoder_facts *facts = decoder_get_facts(h->input);
    if (check_facts(facts, why)) return -1;
    tg_options options = {.sample_rate = facts->sample_rate,
                          .channels = facts->channels,
                          .segment_frames = work->settings->segment_frames,
                          .hop_frames = work->settings->hop_frames};
    char reason[TG_MESSAGE_SIZE] = "";
    if (tg_frames_create(&h->frames, work->settings->model, &options, reason)) return message_set(why, "%s", reason);
    work->stated_duration = facts->stated_duration;
    if (job_make_room(work, facts->sample_rate, why)) return -1;
    h->current = range_first(work);
    return h->current ? 0 : job_say_no_memory(why);
}

static void give(hearing *h, range *ready) {
    h->next++;
    helpers_take(h->help, ready);
}

/* Another range begins, unless there is no use. Where one has failed meanwhile, the job has its sentence. */
static int go_on(hearing *h, message *why) {
    range *full = h->current;
    h->current = range_after(full);
    give(h, full);
    if (!h->current) return job_say_no_memory(why);
    return job_has_failed(h->work) || h->help->stopped ? -1 : 0;
}

static int pull_frames(hearing *h, message *why) {
    for (;;) {
        range *r = h->current;
        int pulled = tg_frames_pull(h->frames, range_row(r, r->held), r->loudness + r->held, range_room(r));
        if (pulled == 0) return 0;
        r->held += pulled;
        if (range_room(r) == 0 && go_on(h, why)) return -1;
    }
}

static int push_block(hearing *h, const float *const *planes, int count, message *why) {
    const float *rest[TG_MAX_CHANNELS];
    int channels = decoder_get_facts(h->input)->channels;
    for (int done = 0; done < count;) {
        for (int channel = 0; channel < channels; channel++) rest[channel] = planes[channel] + done;
        int taken = tg_frames_push(h->frames, rest, count - done);
        if (taken < 0) return job_say_failed(taken, why);
        done += taken;
        if (pull_frames(h, why)) return -1;
    }
    return 0;
}

static int hear_all(hearing *h, message *why) {
    const float *const *planes;
    int count;
    while ((count = decoder_read(h->input, &planes)) > 0) {
        if (push_block(h, planes, count, why)) return -1;
        h->work->seconds = tg_frames_heard(h->frames).seconds;
    }
    int status = tg_frames_finish(h->frames);
    if (status == TG_ESHORT)
        return message_set(why, "It lasts %.3g s; at least %g s of audio are needed.",
                           tg_frames_heard(h->frames).seconds, TG_MIN_SECONDS);
    return status < 0 ? job_say_failed(status, why) : pull_frames(h, why);
}

/* The last range, and what the end tells of the song. */
static void finish(hearing *h) {
    tg_heard heard = tg_frames_heard(h->frames);
    tagging *song = &h->work->song;
    range *last = h->current;
    h->current = NULL;
    last->last = true;
    last->padded = heard.repeated != 0;
    give(h, last);
    song->duration = heard.seconds;
    decoder_finish(h->input, &song->remarks);
    if (heard.non_finite > 0)
        warnings_add(&song->remarks, "%.0f sample%s not finite (NaN or infinity) and counted as 0.", heard.non_finite,
                     heard.non_finite == 1 ? " was" : "s were");
}

void hear_file(job *work, helpers *help) {
    hearing h = {.work = work, .help = help};
    message why = {.text = ""};
    if (start(&h, &why) || hear_all(&h, &why))
        job_fail(work, h.next, &why);
    else
        finish(&h);
    range_free(h.current);
    tg_frames_free(h.frames);
    decoder_close(h.input);
}
