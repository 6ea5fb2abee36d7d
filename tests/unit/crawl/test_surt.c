/* The sort-friendly form of URLs: what the surt library says of each. */
#include "crawl/surt.h"
#include "tests/tap.h"

static const struct {
	const char *url, *form;
} cases[] = {
	{"http://www.Example.pt:80/A/B/\?b=2&a=1", "pt,example)/a/b\?a=1&b=2"},
	{"https://www2.publico.pt/", "pt,publico)/"},
	{"http://publico.pt/x//y/../z\?", "pt,publico)/x/z"},
	{"http://a.pt/p.php\?PHPSESSID=0123456789abcdef0123456789abcdef&q=1", "pt,a)/p.php\?q=1"},
	{"http://user:pw@a.pt/q", "pt,a)/q"},
	{"http://a.pt/%7Efoo/%20x", "pt,a)/~foo/%20x"},
	{"http://a.pt/caf\303\251", "pt,a)/caf%c3%a9"},
	{"http://192.168.0.1/x", "1,0,168,192)/x"},
	{"dns:www.a.pt", "dns:www.a.pt"},
	{"http://a.pt", "pt,a)/"},
	{"http://a.pt/\?", "pt,a)/"},
	{"http://a.pt/\?#x", "pt,a)/"},
	{"ftp://a.pt/x", "pt,a)/x"},
	{"http://www.pt/", "pt)/"},
	{"http://a.pt:8080/", "pt,a:8080)/"},
	{"http://www.a.pt/a\?A=%C3%A9&b", "pt,a)/a\?a=%c3%a9&b"},
	{"mailto:x@y", "mailto:x@y"},
	{"http://a.pt/x\?&&b=1&", "pt,a)/x\?&&&b=1"},
	{"https://a.pt:443/", "pt,a)/"},
	{"http://a..pt./x", "pt,a)/x"},
	{"filedesc://x.arc", "filedesc://x.arc"},
	{"http://a.pt/x/\?sid=0123456789abcdef0123456789abcdef", "pt,a)/x"},
	{"http://a.pt/a b", "pt,a)/a%20b"},
	{"http://www-x.a.pt/", "pt,a,www-x)/"},
	{"http://a.pt/a%2Fb\?x=%26", "pt,a)/a/b\?&x="},
	{"urn:x:y", "urn:x:y"},
	{"http://a.pt/\?CFID=1234567&CFTOKEN=12345678&x=1", "pt,a)/\?x=1"},
	{"http://a.pt/x\?b&a=&a&c=2&c=1", "pt,a)/x\?a&a=&b&c=1&c=2"},
	{"http://a.pt/%2525x", "pt,a)/%25x"},
	{"http://a.pt/../../x", "pt,a)/x"},
	{"http://a.pt/./x/.", "pt,a)/x"},
	{"http://a.pt/x/..", "pt,a)/"},
	{"www.a.pt/x", "pt,a)/x"},
	{"a.pt", "pt,a)/"},
	{"http://a.pt/(S(0123456789abcdefghijklmn))/Default.aspx\?x=1", "pt,a)/default.aspx\?x=1"},
	{"http://a.pt/(0123456789abcdefghijklmn)/p/x.aspx", "pt,a)/p/x.aspx"},
	{"http://a.pt/x\?ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&y=1", "pt,a)/x\?y=1"},
	{"http://a.pt/x\?y=1&jsessionid=0123456789abcdef0123456789abcdef", "pt,a)/x\?&y=1"},
	{"http://WWW.A.PT", "pt,a)/"},
	{"http://a.pt/x%", "pt,a)/x%25"},
	{"http://a.pt/x%zz\?%", "pt,a)/x%25zz\?%25"},
	{"http://a.pt/\?a=1\?b", "pt,a)/\?a=1\?b"},
	{"http://a.pt/a;b=c\?x", "pt,a)/a;b=c\?x"},
	{"https://www.publico.pt/2004/03/01/politica/noticia/t%C3%ADtulo-1234", "pt,publico)/2004/03/01/politica/noticia/t%c3%adtulo-1234"},
	{"http://a.pt:/x", "pt,a)/x"},
	{"http://a.pt//", "pt,a)/"},
	{"http://a.pt/index.php\?id=1&ID=2&Id=0", "pt,a)/index.php\?id=0&id=1&id=2"},
};

int main(void)
{
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&out);
		surt_put(&out, str_of(cases[i].url));
		if (!tap(str_eq(buf_view(&out), str_of(cases[i].form)), "%s", cases[i].url))
			printf("# %.*s instead of %s\n", (int)out.n, out.p, cases[i].form);
	}
	buf_free(&out);
	return tap_done();
}
