/* NPY: one NumPy array of one song, the taggram or the one feature asked for. */
#include "npy.h"

static bool npy_song(const report *to, const char *file, const tagging *song) {
    npy_source from = {to, file, song};
    npy_array array = to->settings->features.count ? npy_feature(from, &song->features[0]) : npy_taggram(from);
    return npy_write(&array, to->out);
}

const format format_npy = {
    .name = "npy", .ending = ".npy", .wants_rows = true, .binary = true, .max_features = 1, .song = npy_song};
