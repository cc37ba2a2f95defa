#include "wav.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define MAX_CHUNKS 1000
#define PLACEHOLDER 0x7FFFF000u /* programs that can't go back to fill the size in leave this or more, or 0 */

static uint32_t little_endian(const unsigned char *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

double wav_stated_seconds(int file) {
    unsigned char head[20]; /* a chunk's name and size, and the start of its body */
    uint32_t bytes_per_second = 0;
    if (pread(file, head, 12, 0) != 12 || memcmp(head, "RIFF", 4) || memcmp(head + 8, "WAVE", 4)) return -1;
    off_t at = 12;
    for (int chunk = 0; chunk < MAX_CHUNKS; chunk++) {
        if (pread(file, head, 8, at) != 8) return -1;
        uint32_t size = little_endian(head + 4);
        if (memcmp(head, "data", 4) == 0)
            return size && size < PLACEHOLDER && bytes_per_second ? (double)size / bytes_per_second : -1;
        if (memcmp(head, "fmt ", 4) == 0 && pread(file, head, 20, at) == 20)
            bytes_per_second = little_endian(head + 16);
        at += 8 + (off_t)size + (size & 1);
    }
    return -1;
}
