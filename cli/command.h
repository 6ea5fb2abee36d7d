/* command: the table of subcommands.
 *
 * Adding one: a file NAME.c with cmd_NAME, a line in the table of main.c, a page docs/man/peneira-NAME.1. */
#pragma once

struct command {
	const char *name;
	const char *group;    /* heading in `peneira help`             */
	const char *synopsis; /* what follows the name in the usage    */
	const char *summary;  /* one line                              */
	const char *examples; /* three lines, each with its own command */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit status */
};

extern const struct command commands[]; /* ended by {0} */
const struct command *command_find(const char *name);

/* Exit statuses of every command. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_DAMAGE = 3 };
