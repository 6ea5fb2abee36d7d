#include "core/opt.h"

#include "core/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { HELP_WIDTH = 100, HELP_INDENT = 30 };

static int usage(struct err *e, const char *fmt, const char *a, int n, const char *b)
{
	struct where nowhere = {NULL, WHERE_NONE};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return err_at(e, ERR_USAGE, nowhere, fmt, a, n, b);
#pragma GCC diagnostic pop
}

static void *member(const struct opt_set *s, const struct opt *o)
{
	return (char *)s->conf + o->at;
}

static void set_default(const struct opt_set *s, const struct opt *o)
{
	void *m = member(s, o);
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)m = o->def != 0;
		break;
	case OPT_UINT:
	case OPT_SIZE:
		*(uint64_t *)m = (uint64_t)o->def;
		break;
	case OPT_REAL:
		*(double *)m = o->def;
		break;
	case OPT_TEXT:
		*(const char **)m = o->text;
		break;
	case OPT_CHOICE:
		*(unsigned *)m = (unsigned)o->def;
		break;
	case OPT_LIST:
		*(struct opt_list *)m = (struct opt_list){0};
		break;
	case OPT_END:
		break;
	}
}

void opt_defaults(const struct opt_set *sets, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (const struct opt *o = sets[i].opts; o && o->type; o++)
			set_default(&sets[i], o);
}

bool opt_size(struct str s, uint64_t *out)
{
	double v = 0, scale = 1, unit = 1;
	size_t i = 0;
	bool dot = false;
	for (; i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] == '.' && !dot)); i++) {
		if (s.p[i] == '.') {
			dot = true;
			continue;
		}
		v = v * 10 + (s.p[i] - '0');
		if (dot)
			scale *= 10;
	}
	if (i == 0)
		return false;
	if (i < s.n) {
		static const char units[] = "kmgt";
		const char *u = strchr(units, str_lower1((unsigned char)s.p[i]));
		if (!u || !*u)
			return false;
		for (long k = u - units; k >= 0; k--)
			unit *= 1024;
		i++;
	}
	if (i < s.n && str_lower1((unsigned char)s.p[i]) == 'b')
		i++;
	double total = v / scale * unit;
	if (i != s.n || total > 9e18)
		return false;
	*out = (uint64_t)total;
	return true;
}

static int set_choice(const struct opt *o, unsigned *m, struct str v, struct err *e)
{
	struct buf all;
	buf_init(&all, 4096);
	for (unsigned i = 0; o->choices[i]; i++) {
		if (str_eq(str_of(o->choices[i]), v)) {
			*m = i;
			buf_free(&all);
			return 0;
		}
		buf_printf(&all, "%s%s", i ? ", " : "", o->choices[i]);
	}
	buf_byte(&all, 0);
	int rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--%s: '%.*s' is none of: %s", o->name, STR_ARG(v), all.p);
	buf_free(&all);
	return rc;
}

static int set_number(const struct opt *o, void *m, struct str v, struct err *e)
{
	char text[64], *end;
	uint64_t u = 0;
	double d = 0;
	bool ok;
	if (o->type == OPT_REAL) {
		snprintf(text, sizeof(text), "%.*s", STR_ARG(v));
		d = strtod(text, &end);
		ok = v.n && v.n < sizeof(text) && !*end && isfinite(d);
	} else {
		ok = o->type == OPT_SIZE ? opt_size(v, &u) : str_u64(v, &u);
		d = (double)u;
	}
	if (!ok)
		return usage(e, "--%s: '%.*s' is not a number", o->name, (int)v.n, v.p);
	if (d < o->lo || (o->hi != 0 && d > o->hi))
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--%s: %.*s is not between %g and %g", o->name, STR_ARG(v), o->lo,
			      o->hi != 0 ? o->hi : INFINITY);
	if (o->type == OPT_REAL)
		*(double *)m = d;
	else
		*(uint64_t *)m = u;
	return 0;
}

static int set_flag(const struct opt *o, bool *m, struct str v, struct err *e)
{
	bool yes = str_eq(v, STR("true")) || str_eq(v, STR("yes")) || str_eq(v, STR("1"));
	bool no = str_eq(v, STR("false")) || str_eq(v, STR("no")) || str_eq(v, STR("0"));
	if (!yes && !no)
		return usage(e, "--%s: '%.*s' is neither true nor false", o->name, (int)v.n, v.p);
	*m = yes;
	return 0;
}

static void add_to_list(struct opt_list *l, struct str v)
{
	l->v = own_grow(l->v, (l->n + 1) * sizeof(*l->v));
	char *copy = own_alloc(v.n + 1);
	memcpy(copy, v.p, v.n);
	copy[v.n] = 0;
	l->v[l->n++] = copy;
}

/* Texts live as long as the process: they come from argv, or from a configuration read once. */
static const char *keep_text(struct str v)
{
	static struct arena *texts;
	if (!texts)
		texts = arena_new(4096);
	return arena_str(texts, v).p;
}

static int set_value(const struct opt_set *s, const struct opt *o, struct str v, struct err *e)
{
	void *m = member(s, o);
	switch (o->type) {
	case OPT_FLAG:
		return set_flag(o, m, v, e);
	case OPT_UINT:
	case OPT_SIZE:
	case OPT_REAL:
		return set_number(o, m, v, e);
	case OPT_TEXT:
		*(const char **)m = keep_text(v);
		return 0;
	case OPT_CHOICE:
		return set_choice(o, m, v, e);
	case OPT_LIST:
		add_to_list(m, v);
		return 0;
	case OPT_END:
		break;
	}
	return 0;
}

struct found {
	const struct opt_set *set;
	const struct opt *opt;
};

static struct found find_long(const struct opt_set *sets, unsigned n, const char *section, struct str name)
{
	struct found f = {0};
	for (unsigned i = 0; i < n; i++) {
		if (section && strcmp(section, sets[i].title) != 0)
			continue;
		for (const struct opt *o = sets[i].opts; o && o->type; o++)
			if (str_eq(str_of(o->name), name))
				f = (struct found){&sets[i], o};
		if (f.opt && i == 0 && strcmp(sets[0].title, "common") == 0)
			break;
	}
	return f;
}

static struct found find_short(const struct opt_set *sets, unsigned n, char c)
{
	for (unsigned i = 0; i < n; i++)
		for (const struct opt *o = sets[i].opts; o && o->type; o++)
			if (o->shrt == c)
				return (struct found){&sets[i], o};
	return (struct found){0};
}

int opt_assign(const struct opt_set *sets, unsigned n, const char *section, struct str name, struct str value, struct err *e)
{
	struct found f = find_long(sets, n, section, name);
	if (!f.opt)
		return usage(e, "%s: no option '%.*s'", section ? section : "options", (int)name.n, name.p);
	return set_value(f.set, f.opt, value, e);
}

/* --name, --name=value, --name value, --no-name. Returns how many words were used beyond this one, or < 0. */
static int parse_long(const struct opt_set *sets, unsigned n, struct str word, const char *next, struct err *e)
{
	struct str value, name = str_cut(str_from(word, 2), '=', &value);
	struct found f = find_long(sets, n, NULL, name);
	if (!f.opt && str_starts(name, STR("no-"))) {
		f = find_long(sets, n, NULL, str_from(name, 3));
		if (f.opt && f.opt->type == OPT_FLAG && !value.p) {
			*(bool *)member(f.set, f.opt) = false;
			return 0;
		}
	}
	if (!f.opt)
		return usage(e, "%s: no option '--%.*s'", "options", (int)name.n, name.p);
	if (f.opt->type == OPT_FLAG && !value.p) {
		*(bool *)member(f.set, f.opt) = true;
		return 0;
	}
	if (value.p)
		return set_value(f.set, f.opt, value, e);
	if (!next)
		return usage(e, "--%s needs a value%.*s", f.opt->name, 0, "");
	int rc = set_value(f.set, f.opt, str_of(next), e);
	return rc ? rc : 1;
}

/* -a, -abc (flags), -oFILE, -o FILE. */
static int parse_short(const struct opt_set *sets, unsigned n, const char *word, const char *next, struct err *e)
{
	for (const char *c = word + 1; *c; c++) {
		struct found f = find_short(sets, n, *c);
		if (!f.opt)
			return usage(e, "%s: no option '-%.*s'", "options", 1, c);
		if (f.opt->type == OPT_FLAG) {
			*(bool *)member(f.set, f.opt) = true;
			continue;
		}
		if (c[1])
			return set_value(f.set, f.opt, str_of(c + 1), e);
		if (!next)
			return usage(e, "%s-%.*s needs a value", "", 1, c);
		int rc = set_value(f.set, f.opt, str_of(next), e);
		return rc ? rc : 1;
	}
	return 0;
}

int opt_parse(const struct opt_set *sets, unsigned n, int argc, char **argv, int *n_args, struct err *e)
{
	int args = 0;
	bool ended = false;
	for (int i = 1; i < argc; i++) {
		char *w = argv[i];
		if (ended || w[0] != '-' || !w[1]) {
			argv[++args] = w;
			continue;
		}
		if (strcmp(w, "-h") == 0 || strcmp(w, "--help") == 0)
			return 1;
		if (strcmp(w, "--help-all") == 0)
			return 2;
		if (strcmp(w, "--") == 0) {
			ended = true;
			continue;
		}
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		int used = w[1] == '-' ? parse_long(sets, n, str_of(w), next, e) : parse_short(sets, n, w, next, e);
		if (used < 0)
			return used;
		i += used;
	}
	*n_args = args;
	return 0;
}

static void print_size(struct buf *b, uint64_t v)
{
	static const char units[] = "KMGT";
	int u = -1;
	while (v && v % 1024 == 0 && u < 3)
		v /= 1024, u++;
	buf_u64(b, v);
	if (u >= 0)
		buf_byte(b, units[u]);
}

static void print_default(const struct opt *o, struct buf *b)
{
	switch (o->type) {
	case OPT_UINT:
		buf_printf(b, "%.0f", o->def);
		break;
	case OPT_SIZE:
		print_size(b, (uint64_t)o->def);
		break;
	case OPT_REAL:
		if (!isnan(o->def))
			buf_printf(b, "%g", o->def);
		break;
	case OPT_TEXT:
		buf_z(b, o->text ? o->text : "");
		break;
	case OPT_CHOICE:
		buf_z(b, o->choices[(unsigned)o->def]);
		break;
	case OPT_FLAG:
		buf_z(b, o->def != 0 ? "on" : "");
		break;
	default:
		break;
	}
}

/* What is said of an option beside its name: a line that may be cut begins with the choices. A flag that is on is shown as what
 * turns it off. */
static void help_words(const struct opt *o, bool all, struct buf *out)
{
	bool choice = o->type == OPT_CHOICE;
	if (all || !choice)
		buf_printf(out, "%s%s", o->type == OPT_FLAG && o->def != 0 ? "do not " : "", o->help);
	if (all && choice)
		buf_z(out, ": ");
	for (unsigned i = 0; choice && o->choices[i]; i++)
		buf_printf(out, "%s%s", i ? ", " : "", o->choices[i]);
	if (!all && choice)
		buf_printf(out, ": %s", o->help);
}

/* Of text, what fits into `width` columns, to the end of a word. */
static struct str words_within(struct str text, size_t width)
{
	size_t n = 0, columns = 0, end = 0;
	for (; n < text.n && columns <= width; n++) {
		if (text.p[n] == ' ')
			end = n;
		columns += (text.p[n] & 0xC0) != 0x80;
	}
	return columns <= width ? text : (struct str){text.p, end};
}

/* All that is said, in as many lines as that takes. */
static void say_all(struct str text, struct buf *out)
{
	for (bool first = true; text.n; first = false) {
		struct str line = words_within(text, HELP_WIDTH - HELP_INDENT);
		if (!line.n)
			line = text;
		buf_printf(out, "%*s", first ? 0 : HELP_INDENT, "");
		buf_str(out, line);
		buf_byte(out, '\n');
		text.p += line.n;
		text.n -= line.n;
		text = str_trim(text);
	}
}

/* One line, with what fits of it. */
static void say_line(struct str text, struct str def, size_t used, struct buf *out)
{
	size_t room = HELP_WIDTH - used - (def.n ? def.n + 3 : 0);
	struct str line = words_within(text, room);
	if (line.n < text.n)
		line = words_within(text, room - 4);
	buf_str(out, line);
	buf_printf(out, "%s%s%.*s%s\n", line.n < text.n ? " ..." : "", def.n ? " [" : "", (int)def.n, def.n ? def.p : "", def.n ? "]" : "");
}

static void help_row(const struct opt *o, bool all, struct buf *out)
{
	struct buf left, def, words;
	buf_init(&left, 4096);
	buf_init(&def, 4096);
	buf_init(&words, 4096);
	if (o->shrt)
		buf_printf(&left, "  -%c, --%s%s", o->shrt, o->type == OPT_FLAG && o->def != 0 ? "no-" : "", o->name);
	else
		buf_printf(&left, "      --%s%s", o->type == OPT_FLAG && o->def != 0 ? "no-" : "", o->name);
	if (o->arg)
		buf_printf(&left, " %s", o->arg);
	if (o->type != OPT_FLAG)
		print_default(o, &def);
	help_words(o, all, &words);
	buf_str(out, buf_view(&left));
	size_t pad = left.n + 2 <= HELP_INDENT ? HELP_INDENT - left.n : 2;
	if (all && left.n + 2 > HELP_INDENT) {
		buf_byte(out, '\n');
		pad = HELP_INDENT;
	}
	buf_printf(out, "%*s", (int)pad, "");
	if (all) {
		if (def.n)
			buf_printf(&words, " [%.*s]", (int)def.n, def.p);
		say_all(buf_view(&words), out);
	} else
		say_line(buf_view(&words), buf_view(&def), left.n + pad, out);
	buf_free(&left);
	buf_free(&def);
	buf_free(&words);
}

void opt_help(const struct opt_set *sets, unsigned n, bool all, struct buf *out)
{
	unsigned hidden = 0;
	for (unsigned i = 0; i < n; i++) {
		if (!sets[i].opts || !sets[i].opts->type)
			continue;
		buf_printf(out, "%s%s:\n", i ? "\n" : "", sets[i].title);
		for (const struct opt *o = sets[i].opts; o->type; o++) {
			if (o->minor && !all)
				hidden++;
			else
				help_row(o, all, out);
		}
	}
	if (hidden)
		buf_printf(out, "  and %u more\n", hidden);
}

void opt_names(const struct opt_set *sets, unsigned n, struct buf *out)
{
	for (unsigned i = 0; i < n; i++)
		for (const struct opt *o = sets[i].opts; o && o->type; o++)
			buf_printf(out, "--%s\n", o->name);
}

/* Strings as in JSON: what that escapes, TOML reads alike. */
static void toml_value(const struct opt_set *s, const struct opt *o, struct buf *out)
{
	const void *m = member(s, o);
	switch (o->type) {
	case OPT_FLAG:
		buf_z(out, *(const bool *)m ? "true" : "false");
		break;
	case OPT_UINT:
		buf_u64(out, *(const uint64_t *)m);
		break;
	case OPT_SIZE:
		buf_byte(out, '"');
		print_size(out, *(const uint64_t *)m);
		buf_byte(out, '"');
		break;
	case OPT_REAL:
		buf_real(out, 9, *(const double *)m);
		break;
	case OPT_TEXT:
		json_put_string(out, str_of(*(const char *const *)m));
		break;
	case OPT_CHOICE:
		buf_printf(out, "\"%s\"", o->choices[*(const unsigned *)m]);
		break;
	case OPT_LIST:
		buf_byte(out, '[');
		for (size_t i = 0; i < ((const struct opt_list *)m)->n; i++) {
			buf_z(out, i ? ", " : "");
			json_put_string(out, str_of(((const struct opt_list *)m)->v[i]));
		}
		buf_byte(out, ']');
		break;
	case OPT_END:
		break;
	}
}

static bool unset(const struct opt_set *s, const struct opt *o)
{
	const void *m = member(s, o);
	return (o->type == OPT_TEXT && !*(const char *const *)m) || (o->type == OPT_REAL && isnan(*(const double *)m)) ||
	       (o->type == OPT_LIST && !((const struct opt_list *)m)->n);
}

void opt_toml(const struct opt_set *sets, unsigned n, struct buf *out)
{
	for (unsigned i = 0; i < n; i++) {
		if (!sets[i].opts || !sets[i].opts->type)
			continue;
		buf_printf(out, "%s[%s]\n", i ? "\n" : "", sets[i].title);
		for (const struct opt *o = sets[i].opts; o->type; o++) {
			buf_printf(out, "# %s\n%s%s = ", o->help, unset(&sets[i], o) ? "# " : "", o->name);
			toml_value(&sets[i], o, out);
			buf_byte(out, '\n');
		}
	}
}

void opt_free(const struct opt_set *sets, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (const struct opt *o = sets[i].opts; o && o->type; o++)
			if (o->type == OPT_LIST) {
				struct opt_list *l = member(&sets[i], o);
				own_free_strings(l->v, l->n);
				*l = (struct opt_list){0};
			}
}
