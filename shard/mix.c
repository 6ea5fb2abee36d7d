#include "shard/mix.h"

#include "core/zin.h"

#include <stdlib.h>
#include <time.h>

enum { FILE_MAX = 1 << 20, RULES = 256, CONDITIONS = 16, COPIES_MAX = 1000 };

enum what { VARIETY, LANGUAGE, COUNTRY, DUMP, PAGE_TYPE, HOST, YEARS, ABOVE, BELOW };

struct condition {
	enum what what;
	struct str text; /* or the signal's name */
	double low, high;
};

struct rule {
	struct condition c[CONDITIONS];
	unsigned n;
	double weight;
};

struct mix {
	char *text;
	struct rule rule[RULES];
	unsigned n;
};

struct mix *mix_free(struct mix *m)
{
	if (!m)
		return NULL;
	free(m->text);
	free(m);
	return NULL;
}

/* ---- the file ---- */

static bool number(struct str s, double *out)
{
	char copy[64], *end;
	if (!s.n || s.n >= sizeof(copy))
		return false;
	memcpy(copy, s.p, s.n);
	copy[s.n] = 0;
	*out = strtod(copy, &end);
	return *end == 0 && *out == *out;
}

static bool years(struct str s, struct condition *c)
{
	struct str to, from = str_cut(s, '-', &to);
	return number(str_trim(from), &c->low) && number(str_trim(to.p ? to : from), &c->high);
}

static bool condition(struct rule *r, struct str key, struct str value)
{
	static const struct {
		const char *key;
		enum what what;
	} texts[] = {{"variety", VARIETY}, {"language", LANGUAGE}, {"country", COUNTRY}, {"dump", DUMP}, {"page_type", PAGE_TYPE}, {"host", HOST}};
	struct condition *c = &r->c[r->n];
	if (str_eq(key, STR("weight")))
		return number(value, &r->weight) && r->weight >= 0 && r->weight <= COPIES_MAX;
	if (r->n == CONDITIONS)
		return false;
	r->n++;
	c->text = value;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (str_eq(key, str_of(texts[i].key))) {
			c->what = texts[i].what;
			return true;
		}
	c->what = str_starts(key, STR("above.")) ? ABOVE : str_starts(key, STR("below.")) ? BELOW : YEARS;
	if (c->what == YEARS)
		return str_eq(key, STR("years")) && years(value, c);
	c->text = str_from(key, 6);
	return number(value, &c->low);
}

static bool read_line(struct mix *m, struct str line)
{
	struct str value, key = str_trim(str_cut(line, '=', &value));
	if (line.p[0] == '[') {
		if (line.p[line.n - 1] != ']' || m->n == RULES)
			return false;
		m->rule[m->n++] = (struct rule){.weight = 1};
		return true;
	}
	value = str_trim(value);
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = (struct str){value.p + 1, value.n - 2};
	return m->n && value.p && condition(&m->rule[m->n - 1], key, value);
}

int mix_open(struct mix **out, const char *path, struct err *e)
{
	struct mix *m = own_zalloc(sizeof(*m));
	size_t n;
	int rc = zin_slurp(path, FILE_MAX, &m->text, &n, e);
	for (struct str rest = {m->text, rc ? 0 : n}; rest.n && !rc;) {
		struct str whole = str_cut(rest, '\n', &rest), comment, line = str_trim(str_cut(whole, '#', &comment));
		if (line.n && !read_line(m, line))
			rc = err_at(e, ERR_DATA, (struct where){path, (uint64_t)(line.p - m->text)}, "'%.*s' is no section, condition or weight", STR_ARG(line));
	}
	if (rc) {
		mix_free(m);
		return rc;
	}
	*out = m;
	return 0;
}

/* ---- a document ---- */

static struct str host_of(struct str url)
{
	size_t at = str_find(url, STR("://"));
	struct str h = at < url.n ? str_from(url, at + 3) : url;
	size_t n = 0;
	while (n < h.n && h.p[n] != '/' && h.p[n] != '?' && h.p[n] != '#' && h.p[n] != ':')
		n++;
	return str_head(h, n);
}

static bool below(struct str host, struct str domain)
{
	if (host.n <= domain.n)
		return str_eq_ci(host, domain);
	return str_eq_ci(str_from(host, host.n - domain.n), domain) && host.p[host.n - domain.n - 1] == '.';
}

static bool holds(const struct condition *c, const struct doc *d)
{
	const struct str texts[] = {[VARIETY] = d->variety, [LANGUAGE] = d->language, [COUNTRY] = d->country, [DUMP] = d->dump, [PAGE_TYPE] = d->page_type};
	if (c->what < HOST)
		return str_eq(texts[c->what], c->text);
	if (c->what == HOST)
		return below(host_of(d->url), c->text);
	if (c->what == YEARS) {
		time_t t = (time_t)d->date;
		struct tm tm;
		return d->date != DATE_NONE && gmtime_r(&t, &tm) && tm.tm_year + 1900 >= c->low && tm.tm_year + 1900 <= c->high;
	}
	char name[128];
	if (c->text.n >= sizeof(name))
		return false;
	memcpy(name, c->text.p, c->text.n);
	name[c->text.n] = 0;
	double v = (double)doc_signal_get(d, name);
	return c->what == ABOVE ? v > c->low : v < c->low;
}

unsigned mix_copies(const struct mix *m, const struct doc *d, uint64_t hash)
{
	for (unsigned i = 0; i < m->n; i++) {
		const struct rule *r = &m->rule[i];
		unsigned k = 0;
		while (k < r->n && holds(&r->c[k], d))
			k++;
		if (k < r->n)
			continue;
		unsigned whole = (unsigned)r->weight;
		return whole + ((double)(hash >> 11) * 0x1p-53 < r->weight - whole);
	}
	return 1;
}
