/* A stage with more to say than fits its line goes on below it, so that the table stays within 110 columns. */
#include "cli/flow.h"

#include "cli/chain.h"
#include "cli/command.h"
#include "cli/common.h"

#include <stdio.h>
#include <string.h>

enum { READS = 16, WRITES = 38, DROPS = 36, FLOW_WIDTH_MAX = 64 };

/* Words in columns of `width`: fills line after line, never splits a word. */
struct column {
	struct buf text; /* names, separated by a blank */
	size_t at, width;
};

static void add_fields(struct column *c, uint64_t fields)
{
	for (int f = 0; f < DOC_FIELDS; f++)
		if (fields & DOC_BIT(f))
			buf_printf(&c->text, "%s%s", c->text.n ? " " : "", doc_fields[f].key);
}

/* "filter.language" is "language" here: the stage stands at the head of the line. */
static void add_reasons(struct column *c, const struct why *w)
{
	for (; w && w->name; w++) {
		const char *dot = strchr(w->name, '.');
		buf_printf(&c->text, "%s%s", c->text.n ? " " : "", dot ? dot + 1 : w->name);
	}
}

/* The next line of a column into out; false at its end. */
static bool next_line(struct column *c, char out[FLOW_WIDTH_MAX])
{
	size_t from = c->at, end = from;
	while (end < c->text.n) {
		size_t word = end + (end > from);
		while (word < c->text.n && c->text.p[word] != ' ')
			word++;
		if (word - from > c->width && end > from)
			break;
		end = word;
	}
	snprintf(out, FLOW_WIDTH_MAX, "%.*s", (int)(end - from), c->text.n ? c->text.p + from : "");
	c->at = end + (end < c->text.n);
	return end > from;
}

static void print_stage(const struct stage *s)
{
	struct column c[3] = {{.width = READS}, {.width = WRITES}, {.width = DROPS}};
	char line[3][FLOW_WIDTH_MAX];
	for (int i = 0; i < 3; i++)
		buf_init(&c[i].text, BUF_NO_MAX);
	add_fields(&c[0], s->reads);
	add_fields(&c[1], s->writes);
	add_reasons(&c[2], s->drops);
	for (bool first = true;; first = false) {
		bool any = false;
		for (int i = 0; i < 3; i++)
			any |= next_line(&c[i], line[i]);
		if (!any && !first)
			break;
		char row[256];
		int n = snprintf(row, sizeof(row), "%-9s %-*s  %-*s  %s", first ? s->name : "", READS, line[0], WRITES, line[1], line[2]);
		while (n > 0 && row[n - 1] == ' ')
			n--;
		printf("%.*s\n", n, row);
	}
	for (int i = 0; i < 3; i++)
		buf_free(&c[i].text);
}

int cmd_flow(int argc, char **argv)
{
	int n_args = 0, status = common_parse_none(argc, argv, &n_args);
	if (status >= 0)
		return status;
	printf("%-9s %-*s  %-*s  %s\n", "stage", READS, "reads", WRITES, "writes", "leaves out");
	for (int i = 0; i < CHAIN_N; i++)
		print_stage(chain[i]);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
