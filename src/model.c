#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "message.h"

enum { MAX_LIST = 64 /* of numbers that are told as a fact */ };

static const tg_architecture *const architectures[] = {&tg_musicnn, &tg_vgg, &tg_waveform, &tg_spectrogram};

const char *tg_version(void) { return TG_VERSION; }

const char *tg_strerror(int code) {
    switch (code) {
    case TG_OK:
        return "no error";
    case TG_EINVAL:
        return "an argument is out of its range";
    case TG_ENOMEM:
        return "there is not enough memory";
    case TG_EFORMAT:
        return "not a model file, or a damaged one";
    case TG_EMODEL:
        return "a model that this version can't run";
    case TG_ESHORT:
        return "the audio is shorter than 0.1 s";
    case TG_ESTATE:
        return "a call out of its turn";
    case TG_ENAME:
        return "the model has no feature or list of that name";
    default:
        return "unknown error";
    }
}

/* What a file calls something, fit for a message: its first characters, '?' where they aren't plain ones. */
typedef struct shown {
    char text[33];
} shown;

static shown show(gguf_string string) {
    shown s = {""};
    for (size_t i = 0; i < string.length && i + 1 < sizeof s.text; i++)
        s.text[i] = string.text[i] >= ' ' && string.text[i] <= '~' ? string.text[i] : '?';
    return s;
}

static int no_fact(const char *key, char *why) {
    return tg_fail(TG_EMODEL, why, "The model file doesn't say its %s.", key);
}

static int require_uint32(const gguf_file *file, const char *key, uint32_t wanted, char *why) {
    uint32_t value = 0;
    if (!gguf_get_uint32(file, key, &value)) return no_fact(key, why);
    if (value == wanted) return TG_OK;
    return tg_fail(TG_EMODEL, why, "The model wants a front-end with %s %u; here it is %u.", key, (unsigned)value,
                   (unsigned)wanted);
}

static int require_float32(const gguf_file *file, const char *key, float wanted, char *why) {
    float value = 0;
    if (!gguf_get_float32(file, key, &value)) return no_fact(key, why);
    if (value == wanted) return TG_OK;
    return tg_fail(TG_EMODEL, why, "The model wants a front-end with %s %g; here it is %g.", key, value, wanted);
}

static int require_string(const gguf_file *file, const char *key, const char *wanted, char *why) {
    gguf_string value;
    if (!gguf_get_string(file, key, &value)) return no_fact(key, why);
    if (gguf_string_is(value, wanted)) return TG_OK;
    return tg_fail(TG_EMODEL, why, "The model wants a front-end with %s \"%s\"; here it is \"%s\".", key,
                   show(value).text, wanted);
}

/* logmel.c computes one front-end; a model that was trained on another would answer nonsense. */
static int check_front_end(const gguf_file *file, char *why) {
    int error = require_uint32(file, "logmel.sample_rate", TG_SAMPLE_RATE, why);
    if (!error) error = require_uint32(file, "logmel.fft_size", 512, why);
    if (!error) error = require_uint32(file, "logmel.hop_length", TG_FRAME_HOP, why);
    if (!error) error = require_uint32(file, "logmel.bands", TG_BANDS, why);
    if (!error) error = require_float32(file, "logmel.min_hz", 0, why);
    if (!error) error = require_float32(file, "logmel.max_hz", 8000, why);
    if (!error) error = require_string(file, "logmel.mel_scale", "slaney", why);
    if (!error) error = require_string(file, "logmel.mel_norm", "slaney", why);
    if (!error) error = require_string(file, "logmel.precision", "float16", why);
    if (!error) error = require_float32(file, "logmel.log_multiplier", 10000, why);
    return error;
}

static int read_frames(tg_model *model, const gguf_file *file, char *why) {
    uint32_t segment = 0, hop = 0;
    gguf_get_uint32(file, "tagger.segment_frames", &segment);
    gguf_get_uint32(file, "tagger.hop_frames", &hop);
    if (segment < 1 || segment > TG_MAX_SEGMENT_FRAMES || hop < 1 || hop > segment)
        return tg_fail(TG_EMODEL, why, "The model's segments of %u frames at a hop of %u can't be.", (unsigned)segment,
                       (unsigned)hop);
    model->segment_frames = (int)segment;
    model->hop_frames = (int)hop;
    return TG_OK;
}

static int read_name(tg_model *model, const gguf_file *file, char *why) {
    gguf_string name = {"unnamed", 7};
    gguf_get_string(file, "general.name", &name);
    model->name = gguf_copy_string(name);
    return model->name ? TG_OK : tg_fail(TG_ENOMEM, why, "There is no memory for the model's name.");
}

static int read_facts(tg_model *model, const gguf_file *file, char *why) {
    model->facts = calloc(file->entry_count, sizeof *model->facts);
    if (!model->facts) return tg_fail(TG_ENOMEM, why, "There is no memory for the model's facts.");
    for (uint64_t i = 0; i < file->entry_count; i++) {
        const gguf_entry *entry = &file->entries[i];
        if (entry->type == GGUF_ARRAY && (entry->item_type == GGUF_STRING || entry->count > MAX_LIST)) continue;
        tg_fact *fact = &model->facts[model->fact_count++];
        fact->key = gguf_copy_string(entry->key);
        fact->value = gguf_show(entry);
        if (!fact->key || !fact->value) return tg_fail(TG_ENOMEM, why, "There is no memory for the model's facts.");
    }
    return TG_OK;
}

static int find_architecture(tg_model *model, const gguf_file *file, char *why) {
    gguf_string name;
    if (!gguf_get_string(file, "general.architecture", &name)) return no_fact("general.architecture", why);
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++)
        if (gguf_string_is(name, architectures[i]->name)) model->architecture = architectures[i];
    if (model->architecture) return TG_OK;
    return tg_fail(TG_EMODEL, why,
                   "The model's architecture \"%s\" doesn't run here; musicnn, vgg, waveform and spectrogram do.",
                   show(name).text);
}

static int load_weights(tg_model *model, const gguf_file *file, char *why) {
    model->weights = calloc(1, model->architecture->weights_size);
    if (!model->weights) return tg_fail(TG_ENOMEM, why, "There is no memory for the model.");
    return model->architecture->load(model->weights, file, model->tags.count, model->segment_frames, why);
}

static int read_model(tg_model *model, const gguf_file *file, char *why) {
    int error = find_architecture(model, file, why);
    if (!error && model->architecture->frame_width == TG_BANDS) error = check_front_end(file, why);
    if (!error) error = read_name(model, file, why);
    if (!error) error = read_frames(model, file, why);
    if (!error) error = tg_tags_read(&model->tags, file, why);
    if (!error) error = read_facts(model, file, why);
    if (!error) error = load_weights(model, file, why);
    return error;
}

int tg_model_load(tg_model **model, const void *bytes, size_t size, char *why) {
    *model = NULL;
    gguf_file file;
    int error = gguf_open(&file, bytes, size, why);
    if (error) return error;
    tg_model *m = calloc(1, sizeof *m);
    error = m ? read_model(m, &file, why) : tg_fail(TG_ENOMEM, why, "There is no memory for the model.");
    gguf_close(&file);
    if (error) {
        tg_model_free(m);
        return error;
    }
    *model = m;
    return TG_OK;
}

void tg_model_free(tg_model *model) {
    if (!model) return;
    if (model->weights) model->architecture->unload(model->weights);
    free(model->weights);
    tg_tags_free(&model->tags);
    for (int i = 0; i < model->fact_count; i++) {
        free(model->facts[i].key);
        free(model->facts[i].value);
    }
    free(model->facts);
    free(model->name);
    free(model);
}

const char *tg_model_name(const tg_model *model) { return model->name; }
const char *tg_model_architecture(const tg_model *model) { return model->architecture->name; }
int tg_model_tag_count(const tg_model *model) { return model->tags.shown; }
int tg_model_segment_frames(const tg_model *model) { return model->segment_frames; }
int tg_model_any_length(const tg_model *model) { return model->architecture->any_length; }

int tg_model_least_frames(const tg_model *model) {
    return model->architecture->any_length ? model->architecture->least_frames : model->segment_frames;
}

int tg_model_frame_width(const tg_model *model) { return model->architecture->frame_width; }

const char *tg_model_feature_name(const tg_model *model, int index) {
    if (index < 0) return NULL;
    if (index == 0) return model->architecture->frame_width == TG_BANDS ? "logmel" : "samples";
    for (int i = 0;; i++) {
        const char *name = model->architecture->features[i];
        if (i + 1 == index) return name ? name : "logits";
        if (!name) return NULL;
    }
}

int tg_model_fact(const tg_model *model, int index, const char **key, const char **value) {
    if (index < 0 || index >= model->fact_count) return 0;
    *key = model->facts[index].key;
    *value = model->facts[index].value;
    return 1;
}

const char *tg_model_tag(const tg_model *model, int tag) { return tg_tags_title(&model->tags, tag); }

int tg_model_list_count(const tg_model *model) { return tg_tags_list_count(&model->tags); }

const char *tg_model_list(const tg_model *model, int list) { return tg_tags_list(&model->tags, list); }

int tg_model_choose_list(tg_model *model, const char *list) { return tg_tags_choose(&model->tags, list); }
