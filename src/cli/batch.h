/* All files of one run. */
#ifndef TAGGRAM_CLI_BATCH_H
#define TAGGRAM_CLI_BATCH_H

#include "exit_status.h"
#include "options.h"
#include "songs.h"

/* Tags and writes every file it can, and complains about the others. The model was read from `model_path`. */
enum exit_status tag_files(const cli_options *options, const song_list *songs, const tg_model *model,
                           const char *model_path);

#endif
