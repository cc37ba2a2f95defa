#ifndef TAGGRAM_CLI_MANUAL_H
#define TAGGRAM_CLI_MANUAL_H

/* The manual, to standard output. */
void print_manual(void);

#endif
