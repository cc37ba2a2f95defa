/*
 * NPZ: the NumPy arrays of one song as a zip archive, stored without compression as numpy.savez does. libarchive writes
 * the archive into the output as it comes, so that nothing waits in memory.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "names.h"
#include "npy.h"

static ssize_t write_entry(void *archive, const char *bytes, size_t size) {
    la_ssize_t written = archive_write_data(archive, bytes, size);
    return written < 0 ? 0 : written; /* 0 is a stream's error */
}

static bool begin_entry(struct archive *to, const npy_array *array) {
    struct archive_entry *entry = archive_entry_new();
    char *name;
    if (!entry || asprintf(&name, "%s.npy", array->name) < 0) {
        archive_entry_free(entry);
        return false;
    }
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, npy_bytes(array));
    bool begun = archive_write_header(to, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    free(name);
    return begun;
}

static bool add(struct archive *to, npy_array array) {
    if (!begin_entry(to, &array)) return false;
    FILE *entry = fopencookie(to, "w", (cookie_io_functions_t){.write = write_entry});
    if (!entry) return false;
    bool written = npy_write(&array, entry) && !ferror(entry);
    return fclose(entry) == 0 && written && archive_write_finish_entry(to) == ARCHIVE_OK;
}

static bool add_all(struct archive *to, npy_source from) {
    const tag_settings *settings = from.to->settings;
    char *file = name_as_utf8(from.file), *model = name_as_utf8(tg_model_name(settings->model));
    bool ok = file && model && add(to, npy_taggram(from)) && add(to, npy_tags(from)) && add(to, npy_starts(from)) &&
              add(to, npy_silent(from)) && add(to, npy_number(from, "hop", settings->hop_frames * TG_FRAME_SECONDS)) &&
              add(to, npy_number(from, "length", settings->segment_frames * TG_FRAME_SECONDS)) &&
              add(to, npy_text(from, "file", file)) && add(to, npy_text(from, "model", model)) &&
              add(to, npy_text(from, "version", tg_version()));
    for (int i = 0; ok && i < settings->features.count; i++) ok = add(to, npy_feature(from, &from.song->features[i]));
    free(file);
    free(model);
    return ok;
}

static bool npz_song(const report *to, const char *file, const tagging *song) {
    struct archive *archive = archive_write_new();
    bool ok = archive && archive_write_set_format_zip(archive) == ARCHIVE_OK &&
              archive_write_zip_set_compression_store(archive) == ARCHIVE_OK &&
              archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK && /* nothing after the archive's end */
              archive_write_open_FILE(archive, to->out) == ARCHIVE_OK && add_all(archive, (npy_source){to, file, song});
    ok = ok && archive_write_close(archive) == ARCHIVE_OK;
    if (archive && !ok) archive_write_fail(archive); /* rather than end it as if it were whole */
    archive_write_free(archive);
    return ok || ferror(to->out);
}

const format format_npz = {
    .name = "npz", .ending = ".npz", .wants_rows = true, .binary = true, .max_features = -1, .song = npz_song};
