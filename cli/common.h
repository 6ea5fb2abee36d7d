/* common: what every command that moves documents takes, and how it begins and ends. */
#pragma once
#include "core/drive.h"
#include "core/opt.h"
#include "core/progress.h"

struct common_conf {
	const char *out, *rejects, *report, *config, *tmp;
	uint64_t threads, memory, max_bad;
	bool quiet;
	unsigned progress; /* enum progress_when */
};
extern const struct opt common_opts[];

/* Parse argv into the sets; sets[0] must be {"common", common_opts, &conf}. Handles -h, --help, -c FILE.toml and usage errors
 * by itself: returns -1 to go on (argv[1..*n_args] are the arguments), else the exit status. */
int common_parse(const char *command, const struct opt_set *sets, unsigned n, int argc, char **argv, int *n_args);
/* The same for a command that has no options of its own. */
int common_parse_none(int argc, char **argv, int *n_args);
/* Give the same --memory, --threads and -o to every set that has an option of that name. */
void common_share(const struct opt_set *sets, unsigned n);
/* Print the error as "peneira: FILE:OFFSET: text" and give the exit status for it. */
int common_fail(const struct err *e);
/* The last line and --report, from a finished drive. Returns the exit status: 0, or 3 beyond --max-bad. */
int common_end(const struct common_conf *c, const struct tally *t, uint64_t stored, double seconds, struct err *e);
double common_now(void);
/* The command line as JSON, for the history in files: {"command":["peneira",...],"version":...}. malloc'ed. */
char *common_history(int argc, char **argv);
/* Remember argv before it is parsed (for the history and the manifest). */
void common_remember(int argc, char **argv);
/* Flush and close stdout; false (with a message) when what was printed did not arrive. */
bool common_close_stdout(void);
/* File arguments, with @LIST (one a line) replaced by its lines; "-" when there are none. malloc'ed array of n; the strings
 * live as long as the process. 0, or an error of the list. */
int common_paths(char **args, int n_args, const char ***paths, size_t *n, struct err *e);
/* Sum of the sizes of these files; 0 when one is a pipe. */
uint64_t common_size(const char *const *paths, size_t n);
