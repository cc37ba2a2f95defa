/* taggram models: what a person chooses by, of each model that is installed. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "models.h"
#include "names.h"

/* `before` and the fact, if the model tells it. */
static void print_fact(const tg_model *model, const char *before, const char *key) {
    const char *value = model_fact(model, key);
    char *shown = value ? name_for_terminal(value) : NULL;
    if (shown) printf("%s%s", before, shown);
    free(shown);
}

/* " in lists MTT, MSD", of a model that has some. */
static void print_lists(const tg_model *model) {
    for (int list = 0; list < tg_model_list_count(model); list++) {
        char *shown = name_for_terminal(tg_model_list(model, list));
        if (shown) printf("%s%s", list ? ", " : " in lists ", shown);
        free(shown);
    }
}

/* MTT_musicnn (default)
 *   musicnn, 50 tags, segments of 2.992 s or any other length, 550 KB, licence ISC
 *   training data: MagnaTagATune (Law et al., 2009), about 19,000 training clips
 *   ROC-AUC 90.67, PR-AUC 38.31 on the test set of MagnaTagATune, as musicnn 0.1.0 states them. */
static void print_model(const char *name, const char *path, const tg_model *model) {
    struct stat facts;
    double kilobytes = stat(path, &facts) == 0 ? (double)facts.st_size / 1000 : 0;
    char *shown = name_for_terminal(name);
    printf("%s%s\n", shown ? shown : "", strcmp(name, DEFAULT_MODEL) == 0 ? " (default)" : "");
    printf("  %s, %d tags", tg_model_architecture(model), tg_model_tag_count(model));
    print_lists(model);
    printf(", segments of %g s%s, %.0f KB", tg_model_segment_frames(model) * TG_FRAME_SECONDS,
           tg_model_any_length(model) ? " or any other length" : "", kilobytes);
    print_fact(model, ", licence ", "general.license");
    print_fact(model, "\n  training data: ", "tagger.dataset");
    print_fact(model, "\n  ", "tagger.published_scores");
    putchar('\n');
    free(shown);
}

/* Returns whether it could be loaded; complains if not. */
static bool describe(const char *name) {
    message why;
    tg_model *model = NULL;
    char *path = model_find(name, &why);
    bool loaded = path && model_load_file(&model, path, &why) == 0;
    if (loaded)
        print_model(name, path, model);
    else
        complain_about(path ? path : name, "", why.text);
    tg_model_free(model);
    free(path);
    return loaded;
}

enum exit_status list_models(int count, char **arguments) {
    if (count)
        return refuse("models takes no arguments, but got '%s'; to tag a file named models, write ./models.",
                      arguments[0]);
    name_list names = models_installed();
    bool all = names.count > 0;
    if (!all) complain("No model is installed: build-scripts/setup makes them.");
    for (size_t i = 0; i < names.count; i++) all = describe(names.items[i]) && all;
    names_clear(&names);
    return all ? EXIT_TAGGED : EXIT_FAILED;
}
