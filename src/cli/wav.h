#ifndef TAGGRAM_CLI_WAV_H
#define TAGGRAM_CLI_WAV_H

/*
 * Seconds of audio that the header of an open RIFF/WAVE file states; negative when it states none, as those written
 * into a pipe. libavformat forgets this number when the file is shorter than that.
 */
double wav_stated_seconds(int file);

#endif
