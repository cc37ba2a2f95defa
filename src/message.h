/* One sentence for a person, said by whoever found the fault. */
#ifndef TG_MESSAGE_H
#define TG_MESSAGE_H

#include <stdio.h>

#include "taggram.h"

/* Writes the sentence into `why` (TG_MESSAGE_SIZE chars, or NULL) and gives `code` back, so that callers can return it.
 */
#define tg_fail(code, why, ...) ((why) ? (void)snprintf((why), TG_MESSAGE_SIZE, __VA_ARGS__) : (void)0, (code))

#endif
