#include "cli/help.h"

#include "cli/command.h"
#include "cli/common.h"

#include <libxml/xmlversion.h>
#include <stdio.h>
#include <sqlite3.h>
#include <unicode/uversion.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>

static bool names_only; /* completion asks for the bare names of the options */

void help_command(const char *name, const struct opt_set *sets, unsigned n, bool all)
{
	const struct command *c = command_find(name);
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	if (names_only) {
		opt_names(sets, n, &b);
		printf("%.*s--help\n", (int)b.n, b.n ? b.p : "");
		buf_free(&b);
		return;
	}
	printf("usage: peneira %s%s%s\n%s\n\n", name, c && c->synopsis[0] ? " " : "", c ? c->synopsis : "", c ? c->summary : "");
	/* One screen has the command's own options, a line each, and names the common ones; peneira help COMMAND tells everything. */
	if (all)
		opt_help(sets, n, true, &b);
	else if (n > 1)
		opt_help(sets + 1, n > 2 ? 1 : n - 1, false, &b);
	else
		opt_help(sets, n, false, &b);
	printf("%.*s", (int)b.n, b.n ? b.p : "");
	if (!all && n > 1)
		printf("\nall commands: -o, --out  -j, --threads  --rejects  --report  -c, --config  -q, --quiet ...\n");
	if (!all && b.n)
		printf("every option, every word: peneira help %s\n", name);
	if (c && c->examples)
		printf("\nexamples:\n%s", c->examples);
	buf_free(&b);
}

void help_overview(void)
{
	const char *group = "";
	printf("usage: peneira COMMAND [options] [FILE...]\n"
	       "From web archives to training shards of European Portuguese.\n");
	for (const struct command *c = commands; c->name; c++) {
		if (strcmp(group, c->group) != 0)
			printf("\n%s:\n", c->group);
		group = c->group;
		printf("  %-12s%s\n", c->name, c->summary);
	}
	printf("\nA file \"-\" is stdin or stdout. `peneira COMMAND -h`: one screen; `help COMMAND`: all.\n"
	       "Exit status: 0 done, 1 failed, 2 usage, 3 done with more damage than --max-bad.\n");
}

int cmd_help(int argc, char **argv)
{
	int n_args = 0, status = common_parse_none(argc, argv, &n_args);
	if (status >= 0)
		return status;
	if (n_args) {
		const struct command *c = command_find(argv[1]);
		if (!c) {
			fprintf(stderr, "peneira: no command '%s'\nsee: peneira help\n", argv[1]);
			return EXIT_USAGE;
		}
		char flag[] = "--help-all", *args[] = {argv[1], flag, NULL};
		return c->run(2, args);
	}
	help_overview();
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}

int cmd_version(int argc, char **argv)
{
	int n_args = 0, status = common_parse_none(argc, argv, &n_args);
	if (status >= 0)
		return status;
	printf("peneira %s\nzstd %s, zlib %s, libxml2 %s, ICU %s, xxHash %u.%u.%u, SQLite %s\n", PENEIRA_VERSION, ZSTD_versionString(),
	       zlibVersion(), LIBXML_DOTTED_VERSION, U_ICU_VERSION, XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE,
	       sqlite3_libversion());
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}

static const char bash_script[] = "_peneira() {\n"
				  "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
				  "\tif [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W \"$(peneira completion commands)\" -- \"$cur\"))\n"
				  "\telif [ \"${COMP_WORDS[1]}\" = help ]; then COMPREPLY=($(compgen -W \"$(peneira completion commands)\" -- \"$cur\"))\n"
				  "\telif [ \"${COMP_WORDS[1]}\" = completion ]; then COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$cur\"))\n"
				  "\telif [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$(peneira completion options \"${COMP_WORDS[1]}\")\" -- "
				  "\"$cur\"))\n"
				  "\telse COMPREPLY=($(compgen -f -- \"$cur\")); fi\n"
				  "}\n"
				  "complete -o filenames -F _peneira peneira\n";
static const char zsh_script[] = "#compdef peneira\n"
				 "_peneira() {\n"
				 "\tif (( CURRENT == 2 )); then compadd $(peneira completion commands)\n"
				 "\telif [[ $words[2] == help ]]; then compadd $(peneira completion commands)\n"
				 "\telif [[ $words[2] == completion ]]; then compadd bash zsh fish\n"
				 "\telif [[ $words[CURRENT] == -* ]]; then compadd -- $(peneira completion options $words[2])\n"
				 "\telse _files; fi\n"
				 "}\n"
				 /* As a file of fpath this is the body of the function at its first call. */
				 "if [[ $funcstack[1] == _peneira ]]; then _peneira \"$@\"; else compdef _peneira peneira; fi\n";
static const char fish_script[] = "complete -c peneira -n __fish_use_subcommand -a '(peneira completion commands)' -f\n"
				  "complete -c peneira -n '__fish_seen_subcommand_from help' -a '(peneira completion commands)' -f\n"
				  "complete -c peneira -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish' -f\n"
				  "complete -c peneira -n 'not __fish_use_subcommand' -a '(peneira completion options (commandline -opc)[2])'\n";

/* The option names of a command, one a line: taken from its help, which comes from the same tables. */
static int print_options(const char *name)
{
	const struct command *c = command_find(name);
	char flag[] = "--help-all", *args[] = {own_strdup(name), flag, NULL};
	names_only = true;
	int rc = c ? c->run(2, args) : EXIT_USAGE;
	free(args[0]);
	return rc;
}

int cmd_completion(int argc, char **argv)
{
	int n_args = 0, status = common_parse_none(argc, argv, &n_args);
	if (status >= 0)
		return status;
	const char *what = n_args ? argv[1] : "";
	int rc = EXIT_DONE;
	if (strcmp(what, "bash") == 0)
		fputs(bash_script, stdout);
	else if (strcmp(what, "zsh") == 0)
		fputs(zsh_script, stdout);
	else if (strcmp(what, "fish") == 0)
		fputs(fish_script, stdout);
	else if (strcmp(what, "commands") == 0)
		for (const struct command *c = commands; c->name; c++)
			printf("%s\n", c->name);
	else if (strcmp(what, "options") == 0 && n_args > 1)
		rc = print_options(argv[2]);
	else {
		fprintf(stderr, "peneira: completion: bash, zsh or fish?\nsee: peneira help\n");
		return EXIT_USAGE;
	}
	return common_close_stdout() ? rc : EXIT_FAILED;
}
