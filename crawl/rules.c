#include "crawl/rules.h"

#include "core/own.h"
#include "crawl/hosts.h"
#include "crawl/surt.h"

struct rules {
	const struct rules_conf *conf;
	struct hosts *only, *block;
};

int rules_open(struct rules **out, const struct rules_conf *conf, struct err *e)
{
	struct rules *r = own_zalloc(sizeof(*r));
	r->conf = conf;
	int rc = conf->hosts ? hosts_read(&r->only, conf->hosts, e) : 0;
	if (!rc && conf->block)
		rc = hosts_read(&r->block, conf->block, e);
	if (rc) {
		rules_free(r);
		return rc;
	}
	*out = r;
	return 0;
}

struct rules *rules_free(struct rules *r)
{
	if (!r)
		return NULL;
	hosts_free(r->only);
	hosts_free(r->block);
	free(r);
	return NULL;
}

/* * stands for anything. Linear but for the last star, to which it goes back. */
static bool glob(struct str pattern, struct str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, at = 0;
	while (i < s.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			at = i;
		} else if (p < pattern.n && str_lower1((unsigned char)pattern.p[p]) == str_lower1((unsigned char)s.p[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++at;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static struct str without_scheme(struct str url)
{
	size_t at = str_find(url, STR("://"));
	url = str_from(url, at < url.n ? at + 3 : 0);
	return str_starts_ci(url, STR("www.")) ? str_from(url, 4) : url;
}

static bool is_surt(struct str pattern)
{
	size_t slash = str_chr(pattern, '/');
	struct str head = str_head(pattern, slash);
	return str_chr(head, ')') < head.n || str_chr(head, ',') < head.n;
}

/* The end of the pattern is the end of what it names: of a host, of a path segment, or it says itself that it goes on. */
static bool begins(struct str pattern, struct str s)
{
	if (!str_starts_ci(s, pattern))
		return false;
	if (str_chr(pattern, '/') < pattern.n || s.n == pattern.n)
		return true;
	return str_chr(STR("/:?#"), s.p[pattern.n]) < 4;
}

bool rules_matches(struct str pattern, struct str url)
{
	bool star = str_chr(pattern, '*') < pattern.n;
	if (is_surt(pattern)) {
		struct buf form;
		buf_init(&form, BUF_NO_MAX);
		surt_put(&form, url);
		bool yes = star ? glob(pattern, buf_view(&form)) : str_starts_ci(buf_view(&form), pattern);
		buf_free(&form);
		return yes;
	}
	if (str_find(pattern, STR("://")) < pattern.n)
		return star ? glob(pattern, url) : str_starts_ci(url, pattern);
	struct str s = without_scheme(url);
	pattern = str_starts_ci(pattern, STR("www.")) ? str_from(pattern, 4) : pattern;
	return star ? glob(pattern, s) : begins(pattern, s);
}

static bool any(const struct opt_list *l, struct str url)
{
	for (size_t i = 0; i < l->n; i++)
		if (rules_matches(str_of(l->v[i]), url))
			return true;
	return false;
}

bool rules_is_brazil(struct str url)
{
	struct str host = hosts_of(url), rest = without_scheme(url);
	while (host.n && host.p[host.n - 1] == '.')
		host.n--;
	if (host.n > 3 && str_eq_ci(str_from(host, host.n - 3), STR(".br")))
		return true;
	rest = str_head(rest, str_chr(rest, '?'));
	str_cut(rest, '/', &rest);
	while (rest.p) {
		struct str segment = str_cut(rest, '/', &rest);
		if (str_eq_ci(segment, STR("br")) || str_eq_ci(segment, STR("pt-br")) || str_eq_ci(segment, STR("pt_br")))
			return true;
	}
	return false;
}

bool rules_want(const struct rules *r, struct str url)
{
	const struct rules_conf *c = r->conf;
	struct str host = r->only || r->block ? hosts_of(url) : (struct str){0};
	if (r->only && !hosts_has(r->only, host))
		return false;
	if (r->block && hosts_has(r->block, host))
		return false;
	return (!c->url.n || any(&c->url, url)) && !(c->not_url.n && any(&c->not_url, url));
}
