/* opt: parsing, ranges, defaults, help. */
#include "core/opt.h"
#include "tests/tap.h"

#include <math.h>

struct conf {
	bool flag, on;
	uint64_t n, size;
	double real;
	const char *text;
	unsigned choice;
	struct opt_list list;
};

static const char *const choices[] = {"red", "green", NULL};
static const struct opt opts[] = {
	{OPT_FLAG, 'f', "flag", NULL, "a flag", offsetof(struct conf, flag)},
	{OPT_FLAG, 0, "on", NULL, "a flag that is on", offsetof(struct conf, on), .def = 1},
	{OPT_UINT, 'n', "number", "N", "a number", offsetof(struct conf, n), .def = 5, .hi = 10},
	{OPT_SIZE, 0, "size", "SIZE", "a size", offsetof(struct conf, size), .def = 1024},
	{OPT_REAL, 0, "real", "X", "a real", offsetof(struct conf, real), .def = NAN},
	{OPT_TEXT, 't', "text", "TEXT", "a text", offsetof(struct conf, text), .text = "old"},
	{OPT_CHOICE, 0, "colour", "NAME", "a colour", offsetof(struct conf, choice), .choices = choices, .def = 1},
	{OPT_LIST, 'l', "list", "X", "a list", offsetof(struct conf, list)},
	{0},
};

static int parse(struct conf *c, const char *const *words, int *n_args, struct err *e)
{
	struct opt_set set = {"test", opts, c};
	char *argv[16] = {(char *)(uintptr_t)"cmd"};
	int argc = 1;
	while (words[argc - 1]) {
		argv[argc] = (char *)(uintptr_t)words[argc - 1];
		argc++;
	}
	opt_defaults(&set, 1);
	*e = (struct err){0};
	return opt_parse(&set, 1, argc, argv, n_args, e);
}

#define PARSE(...) parse(&c, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL}, &n, &e)

int main(void)
{
	struct conf c;
	struct err e;
	int n = 0;
	tap(PARSE() == 0 && n == 0 && !c.flag && c.on && c.n == 5 && c.size == 1024 && isnan(c.real) && c.choice == 1, "defaults");
	tap(PARSE("-fn", "7", "--size=2K", "--real", "0.5", "x", "--colour=red", "y", "-tnew", "--no-on") == 0, "all forms");
	tap(c.flag && !c.on && c.n == 7 && c.size == 2048 && c.real == 0.5 && c.choice == 0 && strcmp(c.text, "new") == 0 && n == 2, "values");
	tap(PARSE("--", "-f") == 0 && !c.flag && n == 1, "-- ends options");
	tap(PARSE("-") == 0 && n == 1, "- is an argument");
	tap(PARSE("--number=11") == ERR_USAGE, "above the range: %s", e.msg);
	tap(PARSE("--number") == ERR_USAGE, "without its value: %s", e.msg);
	tap(PARSE("-n") == ERR_USAGE && strstr(e.msg, "-n"), "short without its value: %s", e.msg);
	tap(PARSE("--nothing") == ERR_USAGE && strstr(e.msg, "nothing"), "unknown: %s", e.msg);
	tap(PARSE("-x") == ERR_USAGE, "unknown short: %s", e.msg);
	tap(PARSE("--colour=blue") == ERR_USAGE && strstr(e.msg, "red, green"), "not a choice: %s", e.msg);
	tap(PARSE("--real=nan") == ERR_USAGE, "nan is no number to ask for");
	tap(PARSE("-h") == 1 && PARSE("--help") == 1 && PARSE("--help-all") == 2, "help");
	tap(PARSE("-l", "a", "--list=b") == 0 && c.list.n == 2 && strcmp(c.list.v[1], "b") == 0, "lists add up");
	struct opt_set set = {"test", opts, &c};
	opt_free(&set, 1);
	uint64_t v;
	tap(opt_size(STR("1.5K"), &v) && v == 1536 && opt_size(STR("2GB"), &v) && v == 2ull << 30 && !opt_size(STR("2X"), &v) && !opt_size(STR("K"), &v), "sizes");
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	opt_defaults(&set, 1);
	opt_toml(&set, 1, &b);
	tap(str_find(buf_view(&b), STR("number = 5")) < b.n && str_find(buf_view(&b), STR("# real = ")) < b.n, "TOML with unset ones as comments");
	buf_clear(&b);
	c.text = "a \"b\" \\ c";
	c.real = 0.12345678901234;
	opt_toml(&set, 1, &b);
	tap(str_find(buf_view(&b), STR("text = \"a \\\"b\\\" \\\\ c\"")) < b.n && str_find(buf_view(&b), STR("real = 0.12345678901234\n")) < b.n, "strings escaped, reals with all their digits");
	buf_free(&b);
	struct conf other = {0};
	struct opt_set two[] = {{"test", opts, &c}, {"other", opts, &other}};
	char *argv[] = {(char *)(uintptr_t)"cmd", (char *)(uintptr_t)"--number=3"};
	opt_defaults(two, 2);
	tap(opt_parse(two, 2, 2, argv, &n, &e) == 0 && c.n == 5 && other.n == 3, "one name in two sets: the later one's");
	tap(opt_assign(two, 2, "test", STR("number"), STR("4"), &e) == 0 && c.n == 4 && other.n == 3, "unless the section says which");
	struct opt_set shared[] = {{"common", opts, &c}, {"other", opts, &other}};
	other.n = 9;
	tap(opt_parse(shared, 2, 2, argv, &n, &e) == 0 && c.n == 3 && other.n == 9, "and unless the first set is the common one");
	return tap_done();
}
