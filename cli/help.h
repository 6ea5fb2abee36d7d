/* help: usage of the program and of each command, completion, version. */
#pragma once
#include "core/opt.h"

/* Usage, options and examples on stdout. all: also what a screen does not hold. */
void help_command(const char *name, const struct opt_set *sets, unsigned n, bool all);
void help_overview(void);
int cmd_help(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_completion(int argc, char **argv);
