/* Which URLs a pattern means, what is Brazilian, what opts out: tables. */
#include "core/doc.h"
#include "crawl/hosts.h"
#include "crawl/optout.h"
#include "crawl/rules.h"
#include "tests/fuzz/memory_file.h"
#include "tests/tap.h"

static const struct {
	const char *pattern, *url;
	bool yes;
} patterns[] = {
	{"publico.pt", "http://www.publico.pt/", true},
	{"publico.pt", "https://publico.pt:8080/x", true},
	{"publico.pt", "http://publico.pt.evil.com/", false},
	{"publico.pt", "http://jornal.publico.pt/", false},
	{"publico.pt/2004", "http://www.publico.pt/2004/03/x.html", true},
	{"publico.pt/2004", "http://www.publico.pt/2005/", false},
	{"WWW.Publico.pt/*", "http://publico.PT/a", true},
	{"*.publico.pt/*", "http://jornal.publico.pt/a", true},
	{"*/jornal/*", "http://a.pt/x/jornal/1", true},
	{"*.pdf", "http://a.pt/x.PDF", true},
	{"*.pdf", "http://a.pt/x.pdf?y", false},
	{"http://a.pt/*", "https://a.pt/x", false},
	{"pt,publico)/", "http://www.publico.pt/x", true},
	{"pt,publico)/", "http://jornal.publico.pt/x", false},
	{"pt,publico", "http://jornal.publico.pt/x", true},
	{"pt,*)/jornal*", "http://www.a.pt/jornal/1", true},
	{"*a*b*c*", "http://xaybzc.pt/", true},
	{"*a*b*c", "http://xaybzc.pt/", false},
};

static const struct {
	const char *url;
	bool yes;
} brazil[] = {
	{"http://www.uol.com.br/", true},	{"http://UOL.COM.BR:80/x", true},	 {"http://uol.com.br./", true},
	{"http://www.braga.pt/", false},	{"http://www.brasil.pt/", false},	 {"http://a.pt/br/noticias", true},
	{"http://a.pt/brasoes/", false},	{"http://a.com/pt-br/x", true},		 {"http://a.com/x/pt_BR", true},
	{"http://a.com/pt-brasil", false},	{"http://a.pt/?u=http://x.br/br/", false}, {"http://a.pt/x.br", false},
	{"http://br.a.com/", false},
};

static const struct {
	const char *name, *block;
	unsigned want;
} optouts[] = {
	{"nothing", "HTTP/1.1 200 OK\r\n\r\n<html><head><meta name=robots content=noindex></head>", 0},
	{"a header", "HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex, NoAI\r\n\r\n<html>", OPTOUT_NOAI},
	{"the second header", "HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex\r\nX-Robots-Tag: noai\r\n\r\n<html>", OPTOUT_NOAI},
	{"for one robot only", "HTTP/1.1 200 OK\r\nX-Robots-Tag: somebot: noai\r\n\r\n<html>", 0},
	{"a meta element", "HTTP/1.1 200 OK\r\n\r\n<html><head><META content='noai, noimageai' name=\"robots\"></head>", OPTOUT_NOAI},
	{"in the text it means nothing", "HTTP/1.1 200 OK\r\n\r\n<html><body><meta name=robots content=noai>", 0},
	{"a reservation", "HTTP/1.1 200 OK\r\nTDM-Reservation: 1\r\n\r\n<html>", OPTOUT_TDM},
	{"no reservation", "HTTP/1.1 200 OK\r\nTDM-Reservation: 0\r\n\r\n<html><meta name=tdm-reservation content=0>", 0},
	{"a reservation as a meta element", "HTTP/1.1 200 OK\r\n\r\n<html><meta name=\"tdm-reservation\" content=\"1\"><meta name=robots content=\"noai\">", OPTOUT_TDM | OPTOUT_NOAI},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		tap(rules_matches(str_of(patterns[i].pattern), str_of(patterns[i].url)) == patterns[i].yes, "%s %s %s", patterns[i].pattern, patterns[i].yes ? "means" : "does not mean",
		    patterns[i].url);
	for (size_t i = 0; i < sizeof(brazil) / sizeof(*brazil); i++)
		tap(rules_is_brazil(str_of(brazil[i].url)) == brazil[i].yes, "%s %s", brazil[i].url, brazil[i].yes ? "is Brazilian" : "stays");

	struct arena *a = arena_new(0);
	int64_t now = doc_date_parse(STR("2023-01-01")), before = doc_date_parse(STR("2009-01-01"));
	for (size_t i = 0; i < sizeof(optouts) / sizeof(*optouts); i++) {
		struct http h;
		http_parse(&h, str_of(optouts[i].block), a);
		tap(optout_of(&h, h.body, now) == optouts[i].want && optout_of(&h, h.body, before) == 0, "opt-out: %s", optouts[i].name);
	}
	arena_free(a);

	struct hosts *h;
	struct err e = {0};
	const char *list = "# hosts\nA.pt\n*.b.pt\n\nc.d.pt # and those below\n";
	tap(hosts_read(&h, memory_file(list, strlen(list)), &e) == 0, "a list of hosts");
	tap(hosts_has(h, STR("a.pt")) && hosts_has(h, STR("x.A.pt")) && hosts_has(h, STR("b.pt")) && hosts_has(h, STR("x.c.d.pt")), "hosts on it and below");
	tap(!hosts_has(h, STR("d.pt")) && !hosts_has(h, STR("aa.pt")) && !hosts_has(h, STR("pt")) && !hosts_has(h, STR("")), "hosts that are not");
	hosts_free(h);
	tap(str_eq(hosts_of(STR("http://user@a.pt:80/x@y")), STR("a.pt")) && hosts_of(STR("dns:a.pt")).n == 0, "the host of a URL");
	return tap_done();
}
