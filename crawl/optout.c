#include "crawl/optout.h"

#include "core/doc.h"

enum { YEAR_2021 = 1609459200 };

/* "noindex, noai": is it there? A rule for one robot ("somebot: noai") is not for everybody. */
static bool says_noai(struct str list)
{
	while (list.p) {
		struct str after, token = str_trim(str_cut(list, ',', &list));
		struct str agent = str_trim(str_cut(token, ':', &after));
		if (after.p && str_eq(agent, STR("*")))
			token = str_trim(after);
		if (str_eq_ci(token, STR("noai")))
			return true;
	}
	return false;
}

/* The value of an attribute within one tag; empty when it is not there. */
static struct str attribute(struct str tag, struct str name)
{
	for (size_t i = 0; i + name.n < tag.n; i++) {
		bool starts = i && (tag.p[i - 1] == ' ' || tag.p[i - 1] == '\t' || tag.p[i - 1] == '\n' || tag.p[i - 1] == '\r' || tag.p[i - 1] == '"' || tag.p[i - 1] == '\'');
		if (!starts || !str_starts_ci(str_from(tag, i), name))
			continue;
		struct str v = str_trim(str_from(tag, i + name.n));
		if (!v.n || v.p[0] != '=')
			continue;
		v = str_trim(str_from(v, 1));
		if (v.n && (v.p[0] == '"' || v.p[0] == '\''))
			return str_head(str_from(v, 1), str_chr(str_from(v, 1), v.p[0]));
		size_t n = 0;
		while (n < v.n && v.p[n] != ' ' && v.p[n] != '\t' && v.p[n] != '\n' && v.p[n] != '/')
			n++;
		return str_head(v, n);
	}
	return (struct str){0};
}

static unsigned meta(struct str html)
{
	unsigned found = 0;
	html = str_head(html, OPTOUT_HEAD);
	for (size_t i = 0; i < html.n; i++) {
		i += str_chr(str_from(html, i), '<');
		struct str tag = str_from(html, i);
		if (str_starts_ci(tag, STR("<body")))
			break;
		if (!str_starts_ci(tag, STR("<meta")))
			continue;
		tag = str_head(tag, str_chr(tag, '>'));
		struct str name = attribute(tag, STR("name")), content = attribute(tag, STR("content"));
		if (str_eq_ci(name, STR("robots")) && says_noai(content))
			found |= OPTOUT_NOAI;
		if (str_eq_ci(name, STR("tdm-reservation")) && str_eq(str_trim(content), STR("1")))
			found |= OPTOUT_TDM;
	}
	return found;
}

unsigned optout_of(const struct http *h, struct str html, int64_t date)
{
	unsigned found = 0;
	if (date != DATE_NONE && date < YEAR_2021)
		return 0;
	if (says_noai(h->robots))
		found |= OPTOUT_NOAI;
	if (str_eq(str_trim(h->tdm), STR("1")))
		found |= OPTOUT_TDM;
	return found | meta(html);
}
