/* taggram inspect: everything that is known of a model. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "models.h"
#include "names.h"

static void print_text(const char *text) {
    char *shown = name_for_terminal(text);
    if (shown) fputs(shown, stdout);
    free(shown);
}

static void print_facts(const tg_model *model) {
    const char *key, *value;
    int widest = 0;
    for (int i = 0; tg_model_fact(model, i, &key, &value); i++) {
        char *shown = name_for_terminal(key);
        int width = shown ? terminal_width(shown) : 0;
        widest = width > widest ? width : widest;
        free(shown);
    }
    puts("\nFacts");
    for (int i = 0; tg_model_fact(model, i, &key, &value); i++) {
        char *shown = name_for_terminal(key);
        if (shown) printf("  %s%*s  ", shown, widest - terminal_width(shown), "");
        free(shown);
        print_text(value);
        putchar('\n');
    }
}

static void print_tags(const tg_model *model) {
    printf("\nTags (%d)\n  ", tg_model_tag_count(model));
    for (int tag = 0; tag < tg_model_tag_count(model); tag++) {
        if (tag) fputs(", ", stdout);
        print_text(tg_model_tag(model, tag));
    }
    putchar('\n');
}

/* Hears silence until there is a segment, so that its features have their shapes. */
static bool hear_segment(tg_tagger *tagger, float *scores) {
    static const float silence[TG_FRAME_HOP];
    const float *const planes[] = {silence};
    tg_segment segment;
    for (;;) {
        if (tg_tagger_push(tagger, planes, TG_FRAME_HOP) < 0) return false;
        int status = tg_tagger_pull(tagger, &segment, scores);
        if (status) return status == 1;
    }
}

static void print_feature(tg_tagger *tagger, const char *name) {
    tg_feature feature;
    if (tg_tagger_feature(tagger, name, &feature) < 0) return;
    printf("  %-12s", name);
    for (int d = 0; d < feature.dims; d++) printf("[%d]", feature.shape[d]);
    putchar('\n');
}

static int print_features(const tg_model *model, message *why) {
    tg_options options = tg_default_options(model);
    tg_tagger *tagger = NULL;
    char reason[TG_MESSAGE_SIZE] = "";
    float *scores = malloc((size_t)tg_model_tag_count(model) * sizeof *scores);
    bool ok = scores && tg_tagger_create(&tagger, model, &options, reason) == TG_OK && hear_segment(tagger, scores);
    if (ok) puts("\nFeatures of a segment");
    const char *name;
    for (int i = 0; ok && (name = tg_model_feature_name(model, i)); i++) print_feature(tagger, name);
    tg_tagger_free(tagger);
    free(scores);
    return ok ? 0 : message_set(why, "Its features cannot be had: %s", *reason ? reason : "it gives no scores.");
}

/* `text` is a name or a path, as for --model. `shown` counts the models that were printed. */
static enum exit_status inspect(const char *text, int *shown) {
    message why;
    tg_model *model = NULL;
    char *path = model_find(text, &why);
    if (!path) return refuse("%s", why.text);
    int status = model_load_file(&model, path, &why);
    if (status == 0) {
        if ((*shown)++) putchar('\n');
        print_text(tg_model_name(model));
        fputs(" (", stdout);
        print_text(path);
        puts(")");
        print_facts(model);
        print_tags(model);
        status = print_features(model, &why);
    }
    if (status) complain_about(path, "", why.text);
    tg_model_free(model);
    free(path);
    return status ? EXIT_FAILED : EXIT_TAGGED;
}

enum exit_status inspect_models(int count, char **arguments) {
    if (count == 0)
        return refuse("inspect needs the names or files of models; taggram models lists those that are installed.");
    enum exit_status worst = EXIT_TAGGED;
    int shown = 0;
    for (int i = 0; i < count; i++) {
        enum exit_status status = inspect(arguments[i], &shown);
        worst = status > worst ? status : worst;
    }
    return worst;
}
