/* facts, date: what a page says of itself. */
#include "extract/date.h"
#include "extract/facts.h"
#include "tests/tap.h"

#define S(lit) {(lit), sizeof(lit) - 1}

static const struct {
	const char *name;
	struct str page;
	enum facts_kind kind;
	struct str want;
} facts[] = {
	{"title", S("<title>\n Uma  not&iacute;cia\n</title>"), FACTS_TITLE, S("Uma notícia")},
	{"the first title", S("<title>Um</title><title>Dois</title>"), FACTS_TITLE, S("Um")},
	{"og:title before title", S("<title>Um | Jornal</title><meta property='og:title' content='Um'>"), FACTS_TITLE, S("Um")},
	{"headline before title", S("<script type='application/ld+json'>{\"headline\":\"Um\",\"@type\":\"NewsArticle\"}</script><title>Um | Jornal</title>"), FACTS_TITLE, S("Um")},
	{"title in NFC", S("<title>na\xCC\x83o</title>"), FACTS_TITLE, S("não")},
	{"author", S("<META NAME=Author CONTENT='Ana Silva'>"), FACTS_AUTHOR, S("Ana Silva")},
	{"a profile is no author", S("<meta property='article:author' content='https://facebook.com/ana'>"), FACTS_AUTHOR, S("")},
	{"author in a graph", S("<script type=application/ld+json>{\"@graph\":[{\"@type\":\"Person\",\"name\":\"x\"},{\"@type\":[\"Article\"],\"author\":[{\"name\":\"Ana\"}]}]}</script>"), FACTS_AUTHOR, S("Ana")},
	{"author of another thing", S("<script type=application/ld+json>{\"@type\":\"Organization\",\"author\":\"x\"}</script>"), FACTS_AUTHOR, S("")},
	{"JSON-LD in a comment, with line ends in strings", S("<script type=application/ld+json><!-- {\"@type\":\"BlogPosting\",\"author\":\"Ana\nSilva\"} //--></script>"), FACTS_AUTHOR, S("Ana Silva")},
	{"JSON that is none", S("<script type=application/ld+json>{\"@type\":\"Article\",\"author\":</script>"), FACTS_AUTHOR, S("")},
	{"published", S("<meta property=article:published_time content='2016-02-01T10:00:00+00:00'>"), FACTS_PUBLISHED, S("2016-02-01T10:00:00+00:00")},
	{"published in words", S("<meta name=DC.Date content='12 de Mar&ccedil;o de 2004'>"), FACTS_PUBLISHED, S("2004-03-12")},
	{"the time that is marked", S("<time datetime=2011-01-01>a</time><time itemprop=datePublished datetime='2010-12-31'>b</time>"), FACTS_PUBLISHED, S("2010-12-31")},
	{"no date", S("<meta name=date content=ontem>"), FACTS_PUBLISHED, S("")},
	{"language", S("<html lang=pt-PT>"), FACTS_LANG, S("pt-PT")},
	{"language of old pages", S("<meta http-equiv=Content-Language content='pt'>"), FACTS_LANG, S("pt")},
	{"locale", S("<meta property=og:locale content=pt_BR>"), FACTS_LANG, S("pt-BR")},
	{"not a language", S("<html lang='{{ lang }}'>"), FACTS_LANG, S("")},
	{"canonical", S("<link rel='alternate canonical' href='http://a.pt/?x=1&amp;y=2'>"), FACTS_CANONICAL, S("http://a.pt/?x=1&y=2")},
	{"canonical before og:url", S("<meta property=og:url content=http://a.pt/1><link rel=canonical href=http://a.pt/2>"), FACTS_CANONICAL, S("http://a.pt/2")},
	{"description", S("<meta property='og:description' content='b'><meta name=description content='a  b'>"), FACTS_DESCRIPTION, S("a b")},
	{"site", S("<meta property='og:site_name' content='O Jornal'>"), FACTS_SITE, S("O Jornal")},
};

static const struct {
	struct str in, want;
} dates[] = {
	{S("2004-03-12"), S("2004-03-12")},
	{S("2004-03-12T10:30:00Z"), S("2004-03-12T10:30:00Z")},
	{S("2004-03-12 10:30"), S("2004-03-12T10:30:00")},
	{S("2004-03-12T10:30:00.123+0100"), S("2004-03-12T10:30:00+01:00")},
	{S("2004/03/12"), S("2004-03-12")},
	{S("20040312"), S("2004-03-12")},
	{S("20040312103000"), S("2004-03-12T10:30:00")},
	{S("12/03/2004"), S("2004-03-12")},
	{S("12-03-2004 10h30"), S("2004-03-12T10:30:00")},
	{S("03/28/2004"), S("2004-03-28")},
	{S("Fri, 12 Mar 2004 10:30:00 GMT"), S("2004-03-12T10:30:00Z")},
	{S("March 12th, 2004"), S("2004-03-12")},
	{S("sexta-feira, 12 de março de 2004"), S("2004-03-12")},
	{S("12 août 2004"), S("2004-08-12")},
	{S("31/02/2004"), S("")},
	{S("2004"), S("")},
	{S("1004-03-12"), S("")},
	{S("today"), S("")},
	{S(""), S("")},
	{S("99999999999999999999"), S("")},
};

static void read(struct facts *f, struct str page, struct arena *a)
{
	struct html h;
	struct html_token t;
	facts_start(f, a);
	for (html_start(&h, page); html_next(&h, &t);) {
		if (t.kind == HTML_START)
			facts_tag(f, &t);
		else if (t.kind == HTML_TEXT && t.mode != HTML_DATA)
			facts_text(f, &t);
	}
}

int main(void)
{
	struct arena *a = arena_new(0);
	struct facts f;
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		read(&f, facts[i].page, a);
		if (!tap(str_eq(f.of[facts[i].kind], facts[i].want), "%s", facts[i].name))
			printf("# got %.*s\n", STR_ARG(f.of[facts[i].kind]));
	}
	read(&f, STR("<frameset><frame src=a><frame src=b></frameset><a href=x>1</a><a name=y>2</a><iframe src=z></iframe>"), a);
	tap(f.frames == 2 && f.iframes == 1 && f.links == 1, "frames and links are counted");
	char *deep = arena_alloc(a, 100000);
	memset(deep, '[', 100000);
	static const char open[] = "<script type=application/ld+json>";
	memcpy(deep, open, sizeof(open) - 1);
	read(&f, (struct str){deep, 100000}, a);
	tap(!f.of[FACTS_TITLE].n, "JSON of any depth");
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		struct str got = date_iso(dates[i].in, a);
		if (!tap(str_eq(got, dates[i].want), "date '%.*s'", STR_ARG(dates[i].in)))
			printf("# got %.*s\n", STR_ARG(got));
	}
	arena_free(a);
	return tap_done();
}
