/* opt: options from tables: parsing, --help, completion, manual and TOML come from the same rows.
 *
 *     static const struct opt filter_opts[] = {
 *         {OPT_UINT, 0, "min-words", "N", "drop documents of fewer than N words", offsetof(struct filter_conf, min_words),
 *          .def = 50, .hi = 1e6},
 *         {0}};
 *
 * A command has one or more tables, each with the struct that it fills. The struct's members have the type that the row
 * says: OPT_FLAG bool, OPT_UINT and OPT_SIZE uint64_t, OPT_REAL double, OPT_TEXT const char *, OPT_CHOICE unsigned (index
 * into choices), OPT_LIST struct opt_list. A flag row also takes --no-NAME. Of two sets with an option of the same name the
 * command line means the later one's (run: --format is shard's), but for a first set called common, which hands on what it is given; in TOML each has its own section. */
#pragma once
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

enum opt_type { OPT_END, OPT_FLAG, OPT_UINT, OPT_SIZE, OPT_REAL, OPT_TEXT, OPT_CHOICE, OPT_LIST };

struct opt_list {
	const char **v;
	size_t n;
};

struct opt {
	enum opt_type type;
	char shrt;                  /* 0 = no short form                               */
	const char *name;           /* long form, without the dashes                   */
	const char *arg;            /* "N", "FILE"; NULL for a flag                    */
	const char *help;           /* one line, no final period; not capitalised      */
	size_t at;                  /* offsetof in the conf struct                     */
	double def;                 /* default of numbers and flags; NAN: none (reals) */
	double lo, hi;              /* range of numbers; hi 0 = no upper bound         */
	const char *text;           /* default of OPT_TEXT                             */
	const char *const *choices; /* of OPT_CHOICE, ended by NULL                    */
	bool minor;                 /* one of many alike: not in the help of one screen */
};

struct opt_set {
	const char *title;      /* heading in the help and TOML section ("filter") */
	const struct opt *opts; /* ended by {0}                                  */
	void *conf;             /* the struct to fill                            */
};

/* Fill every conf with the defaults. */
void opt_defaults(const struct opt_set *sets, unsigned n);
/* Parse argv[1..]; options and arguments may be mixed, "--" ends options. On return argv[1..*n_args] are the plain
 * arguments, in order. 0; ERR_USAGE with a message; 1 when -h or --help, 2 when --help-all was asked for. */
int opt_parse(const struct opt_set *sets, unsigned n, int argc, char **argv, int *n_args, struct err *e);
/* Set one option by its long name, as --name=value would. 0, ERR_USAGE. For TOML and presets. */
int opt_assign(const struct opt_set *sets, unsigned n, const char *section, struct str name, struct str value, struct err *e);
/* The options of all sets, a line each of at most 100 columns, with the first words of their help; minor ones are left out, and their
 * number is said. With `all`: every option, every word. */
void opt_help(const struct opt_set *sets, unsigned n, bool all, struct buf *out);
/* "--name" a line each, for completion. */
void opt_names(const struct opt_set *sets, unsigned n, struct buf *out);
/* [section] name = value for every option, with its help as a comment. */
void opt_toml(const struct opt_set *sets, unsigned n, struct buf *out);
/* "64K", "2G", "1.5M" (powers of 1024). false when it is not that. */
bool opt_size(struct str s, uint64_t *out);
void opt_free(const struct opt_set *sets, unsigned n); /* frees the lists' arrays */
