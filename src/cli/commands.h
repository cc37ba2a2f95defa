/* Commands beside tagging; each is one file. `arguments` are what follows the command's name. */
#ifndef TAGGRAM_CLI_COMMANDS_H
#define TAGGRAM_CLI_COMMANDS_H

#include "exit_status.h"

/* taggram models */
enum exit_status list_models(int count, char **arguments);

/* taggram inspect MODEL... */
enum exit_status inspect_models(int count, char **arguments);

#endif
