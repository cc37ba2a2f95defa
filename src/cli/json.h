/* Jansson's values, written one small value at a time, so that a song of any length needs little memory. */
#ifndef TAGGRAM_CLI_JSON_H
#define TAGGRAM_CLI_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * Significant digits. Times are multiples of 16 ms, so that 15 digits print them as they are, without
 * 2.9920000000000004; nine digits keep a float32 whole.
 */
enum json_digits { TIME_DIGITS = 15, SCORE_DIGITS = 7, FLOAT_DIGITS = 9 };

/* Bytes that are not UTF-8 become U+FFFD: jansson refuses them. */
json_t *json_text(const char *text);

/* Writes and frees `value`; false where memory ran out (also for NULL). Errors of `out` show in ferror. */
bool json_put(FILE *out, json_t *value, enum json_digits digits);

#endif
