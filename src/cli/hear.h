/* The thread that decodes a file: from its bytes to ranges of frames. */
#ifndef TAGGRAM_CLI_HEAR_H
#define TAGGRAM_CLI_HEAR_H

#include "helpers.h"

/*
 * Hears the job's file to its end. Its ranges are tagged here or given to the helpers; they may still be at work
 * afterwards. What goes wrong is noted in the job.
 */
void hear_file(job *work, helpers *help);

#endif
