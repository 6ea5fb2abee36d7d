#include "cli/common.h"

#include "cli/command.h"
#include "cli/help.h"
#include "core/json.h"
#include "core/stop.h"
#include "core/zin.h"
#include "core/zout.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const when[] = {"auto", "always", "never", NULL};

const struct opt common_opts[] = {
	{OPT_TEXT, 'o', "out", "FILE", "write to FILE (or folder); - is stdout", offsetof(struct common_conf, out)},
	{OPT_UINT, 'j', "threads", "N", "threads; 0 = one per processor", offsetof(struct common_conf, threads), .def = 0, .hi = 1024},
	{OPT_TEXT, 0, "rejects", "FILE", "write what is left out, with its reason", offsetof(struct common_conf, rejects)},
	{OPT_TEXT, 0, "report", "FILE", "write the counts as JSON", offsetof(struct common_conf, report)},
	{OPT_SIZE, 0, "memory", "SIZE", "memory to stay within", offsetof(struct common_conf, memory), .def = 2147483648.0, .lo = 67108864},
	{OPT_UINT, 0, "max-bad", "N", "exit with 3 when more records than this are damaged", offsetof(struct common_conf, max_bad),
	 .def = 1e15},
	{OPT_TEXT, 0, "tmp", "DIR", "folder for temporary files; default $TMPDIR or /tmp", offsetof(struct common_conf, tmp)},
	{OPT_TEXT, 'c', "config", "FILE", "read options from a TOML file; the command line goes over it", offsetof(struct common_conf, config)},
	{OPT_FLAG, 'q', "quiet", NULL, "no progress and no last line", offsetof(struct common_conf, quiet)},
	{OPT_CHOICE, 0, "progress", "WHEN", "show progress", offsetof(struct common_conf, progress), .choices = when},
	{0},
};

double common_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int common_fail(const struct err *e)
{
	char text[1200];
	fprintf(stderr, "peneira: %s\n", err_text(e, text, sizeof(text)));
	if (e->code == ERR_STOP)
		stop_raise();
	return e->code == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

/* ---- a small TOML: [section], name = value, comments, strings, numbers, booleans, arrays on one line ---- */

/* Length of the quoted string that v begins with, its quotes included; 0 when it does not end. Only in "" a backslash escapes. */
static size_t quoted(struct str v)
{
	for (size_t i = 1; i < v.n; i++) {
		if (v.p[i] == '\\' && v.p[0] == '"')
			i++;
		else if (v.p[i] == v.p[0])
			return i + 1;
	}
	return 0;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* Without a trailing comment: the first # outside quotes. */
static struct str uncomment(struct str line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '#')
			return str_head(line, i);
		size_t n = is_quote(line.p[i]) ? quoted(str_from(line, i)) : 0;
		i += n ? n - 1 : 0;
	}
	return line;
}

/* One value from the front of *rest, and the comma behind it. */
static bool toml_value(struct str *rest, struct arena *a, struct str *out)
{
	struct str v = str_trim(*rest);
	size_t n = v.n && is_quote(v.p[0]) ? quoted(v) : 0;
	if (v.n && is_quote(v.p[0]) && !n)
		return false;
	struct str text = str_head(v, n), behind = str_from(v, n), more = str_trim(str_cut(behind, ',', rest));
	if (!n) {
		*out = more;
		return true;
	}
	struct json j = json_of(text);
	*out = (struct str){text.p + 1, text.n - 2};
	return !more.n && (text.p[0] == '\'' || json_string(&j, a, out));
}

static int toml_line(const struct opt_set *sets, unsigned n, const char *section, struct str line, struct err *e)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	struct str rest, one, name = str_trim(str_cut(line, '=', &rest));
	if (!rest.p)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "'%.*s' is not name = value", STR_ARG(line));
	rest = str_trim(rest);
	bool list = rest.n && rest.p[0] == '[';
	if (list && rest.p[rest.n - 1] != ']')
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "'%.*s' is a list that does not end on its line", STR_ARG(name));
	if (list)
		rest = str_trim((struct str){rest.p + 1, rest.n - 2});
	while (rest.n || !list) {
		if (!toml_value(&rest, a, &one) || (!list && rest.n))
			return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "'%.*s' has no value that can be read", STR_ARG(name));
		int rc = !list || one.n ? opt_assign(sets, n, section, name, one, e) : 0;
		if (rc || !list)
			return rc;
	}
	return 0;
}

static int read_config(const struct opt_set *sets, unsigned n, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	char section[64] = "common";
	struct str line;
	int rc = zin_open(&z, path, e);
	if (rc)
		return rc;
	for (unsigned number = 1; (rc = zin_line(z, 1 << 16, &line, e)) > 0; number++) {
		struct err why = {0};
		line = str_trim(uncomment(line));
		if (!line.n)
			continue;
		if (line.p[0] == '[')
			snprintf(section, sizeof(section), "%.*s", (int)(line.n > 2 ? line.n - 2 : 0), line.p + 1);
		else if (toml_line(sets, n, section, line, &why))
			return err_at(e, ERR_USAGE, (struct where){path, number}, "line %u: %s", number, why.msg);
	}
	return rc;
}

/* -c FILE must be read before the rest of the command line, which goes over it. */
static const char *config_of(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "-c") == 0 || strcmp(argv[i], "--config") == 0)
			return i + 1 < argc ? argv[i + 1] : NULL;
		if (strncmp(argv[i], "--config=", 9) == 0)
			return argv[i] + 9;
		if (strncmp(argv[i], "-c", 2) == 0)
			return argv[i] + 2;
	}
	return NULL;
}

int common_parse(const char *command, const struct opt_set *sets, unsigned n, int argc, char **argv, int *n_args)
{
	struct err e = {0};
	const char *config = config_of(argc, argv);
	common_remember(argc, argv);
	opt_defaults(sets, n);
	int rc = config ? read_config(sets, n, config, &e) : 0;
	if (!rc)
		rc = opt_parse(sets, n, argc, argv, n_args, &e);
	if (rc > 0) {
		help_command(command, sets, n, rc == 2);
		return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
	}
	if (rc < 0) {
		common_fail(&e);
		fprintf(stderr, "see: peneira help %s\n", command);
		return rc == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
	}
	struct common_conf *c = sets[0].opts == common_opts ? sets[0].conf : NULL;
	if (c && c->threads == 0) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		c->threads = cores > 0 ? (uint64_t)cores : 1;
	}
	if (c)
		common_share(sets, n);
	return -1;
}

int common_parse_none(int argc, char **argv, int *n_args)
{
	static const struct opt none[] = {{0}};
	const struct opt_set set = {argv[0], none, NULL};
	return common_parse(argv[0], &set, 1, argc, argv, n_args);
}

void common_share(const struct opt_set *sets, unsigned n)
{
	const struct common_conf *c = sets[0].conf;
	char number[32];
	for (unsigned i = 1; i < n; i++) {
		snprintf(number, sizeof(number), "%" PRIu64, c->memory);
		opt_assign(&sets[i], 1, NULL, STR("memory"), str_of(number), NULL);
		snprintf(number, sizeof(number), "%" PRIu64, c->threads);
		opt_assign(&sets[i], 1, NULL, STR("threads"), str_of(number), NULL);
		if (c->out)
			opt_assign(&sets[i], 1, NULL, STR("out"), str_of(c->out), NULL);
		if (c->tmp)
			opt_assign(&sets[i], 1, NULL, STR("tmp"), str_of(c->tmp), NULL);
	}
}

static int write_report(const char *path, const struct tally *t, struct err *e)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	tally_json(t, &b);
	buf_byte(&b, '\n');
	int rc = zout_file(path, buf_view(&b), e);
	buf_free(&b);
	return rc;
}

int common_end(const struct common_conf *c, const struct tally *t, uint64_t stored, double seconds, struct err *e)
{
	uint64_t bad = tally_damaged(t);
	int rc = c->report ? write_report(c->report, t, e) : 0;
	if (rc)
		return common_fail(e);
	for (unsigned i = 0; tally_said(t, i) && !c->quiet; i++)
		fprintf(stderr, "peneira: %s\n", tally_said(t, i));
	if (!c->quiet) {
		struct buf b;
		buf_init(&b, BUF_NO_MAX);
		tally_line(t, &b);
		fprintf(stderr, "%.*s  damaged %" PRIu64 "  %.1f MB/s\n", (int)b.n, b.p, bad, (double)stored / 1e6 / (seconds > 1e-6 ? seconds : 1e-6));
		buf_free(&b);
	}
	if (!common_close_stdout())
		return EXIT_FAILED;
	return bad > c->max_bad ? EXIT_DAMAGE : EXIT_DONE;
}

static int first_argc;
static char **first_argv;

void common_remember(int argc, char **argv)
{
	if (first_argv)
		return;
	first_argc = argc;
	first_argv = own_alloc((size_t)argc * sizeof(*first_argv));
	memcpy(first_argv, argv, (size_t)argc * sizeof(*first_argv));
}

char *common_history(int argc, char **argv)
{
	struct buf b;
	if (first_argv) {
		argc = first_argc;
		argv = first_argv;
	}
	buf_init(&b, BUF_NO_MAX);
	buf_z(&b, "{\"command\":[\"peneira\"");
	for (int i = 0; i < argc; i++) {
		buf_byte(&b, ',');
		json_put_string(&b, str_of(argv[i]));
	}
	buf_printf(&b, "],\"version\":\"%s\"}", PENEIRA_VERSION);
	buf_byte(&b, 0);
	return b.p;
}

bool common_close_stdout(void)
{
	static bool closed;
	if (closed)
		return true;
	closed = true;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	fprintf(stderr, "peneira: cannot write to stdout\n");
	return false;
}

static void add_path(const char ***paths, size_t *n, size_t *cap, const char *p)
{
	if (*n == *cap) {
		*cap = *cap ? 2 * *cap : 16;
		*paths = own_grow(*paths, *cap * sizeof(**paths));
	}
	(*paths)[(*n)++] = p;
}

static struct arena *listed; /* the names out of lists: as long as the process, like argv */

static int add_list(const char ***paths, size_t *n, size_t *cap, const char *file, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	struct str line;
	int rc = zin_open(&z, file, e);
	while (!rc && (rc = zin_line(z, 1 << 16, &line, e)) > 0) {
		line = str_trim(line);
		rc = 0;
		if (!line.n || line.p[0] == '#')
			continue;
		if (!listed)
			listed = arena_new(0);
		add_path(paths, n, cap, arena_str(listed, line).p);
	}
	return rc;
}

int common_paths(char **args, int n_args, const char ***paths, size_t *n, struct err *e)
{
	size_t cap = 0;
	*paths = NULL;
	*n = 0;
	for (int i = 0; i < n_args; i++) {
		int rc = 0;
		if (args[i][0] == '@' && args[i][1])
			rc = add_list(paths, n, &cap, args[i] + 1, e);
		else
			add_path(paths, n, &cap, args[i]);
		if (rc) {
			free(*paths);
			*paths = NULL;
			return rc;
		}
	}
	if (!n_args)
		add_path(paths, n, &cap, "-");
	return 0;
}

uint64_t common_size(const char *const *paths, size_t n)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < n; i++) {
		struct stat st;
		if (stat(paths[i], &st) || !S_ISREG(st.st_mode))
			return 0;
		sum += (uint64_t)st.st_size;
	}
	return sum;
}
