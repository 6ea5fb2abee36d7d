/* Records as they were written in thirty years, and what is made of them. A table: the file, then what is read from it. */
#include "crawl/record.h"
#include "core/buf.h"
#include "tests/fuzz/memory_file.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <libdeflate.h>

#define HTTP "HTTP/1.0 200 OK\r\n\r\nabc"
#define WARC(type, block, length) "WARC/1.0\r\nWARC-Type: " type "\r\nWARC-Target-URI: http://a.pt/\r\nContent-Length: " length "\r\n\r\n" block
#define FILEDESC "filedesc://x.arc 0.0.0.0 19970101000000 text/plain 20\n1 0 Alexa Internet\n\n\n\n\n"

static const struct {
	const char *name, *file;
	const char *want; /* a word a record: type:uri:block; ! damage, ? fault, ~ recovered, < shorter than its length */
} cases[] = {
	{"nothing", "", ""},
	{"a response", WARC("response", HTTP, "22") "\r\n\r\n", "response:http://a.pt/:22"},
	{"no line end behind the last block", WARC("response", HTTP, "22"), "response:http://a.pt/:22"},
	{"blank lines before and between", "\r\n\n" WARC("response", HTTP, "22") "\r\n\r\n\r\n\r\n\r\n" WARC("request", "x", "1"), "response:http://a.pt/:22 request:http://a.pt/:1"},
	{"fields folded, in any case, and LF alone", "WARC/0.17\nwarc-TYPE: Resource\nwarc-target-uri: <http://a.pt/\n  b>\ncontent-length:3\n\nabc\n\n", "resource:http://a.pt/ b:3"},
	{"a type of its own", "WARC/1.0\r\nWARC-Type: screenshot\r\nContent-Length: 0\r\n\r\n", "unknown::0"},
	{"no length", "WARC/1.0\r\nWARC-Type: revisit\r\n\r\n\r\n\r\n" WARC("request", "x", "1"), "revisit::0? request:http://a.pt/:1"},
	{"no length but a block", "WARC/1.0\r\nWARC-Type: metadata\r\n\r\nblock\r\nblock\r\n\r\n\r\n" WARC("request", "x", "1"), "metadata::0? ! request:http://a.pt/:1~"},
	{"a head that the file ends in", "WARC/1.0\r\nWARC-Type: resource", "resource::0?"},
	{"a version line alone", "WARC/1.0\r\n", "!"},
	{"a length that says too little", WARC("response", HTTP, "20") "\r\n\r\n" WARC("request", "x", "1"), "response:http://a.pt/:20 ! request:http://a.pt/:1~"},
	{"a length that says too much", WARC("response", HTTP, "31") "\r\n\r\n" WARC("request", "x", "1"), "response:http://a.pt/:22< request:http://a.pt/:1"},
	{"a length beyond the end", WARC("response", HTTP, "99"), "response:http://a.pt/:22!"},
	{"an absurd length", WARC("response", HTTP, "99999999999999"), "response:http://a.pt/:22!"},
	{"a length beyond the end, and records behind", WARC("response", HTTP, "99999") "\r\n\r\n" WARC("request", "x", "1") "\r\n\r\n" WARC("metadata", "y", "1"),
	 "response:http://a.pt/:197! request:http://a.pt/:1~ metadata:http://a.pt/:1~"},
	{"garbage between", WARC("response", HTTP, "22") "\r\n\r\nsome\nlines\n" WARC("request", "x", "1"), "response:http://a.pt/:22 ! request:http://a.pt/:1~"},
	{"a version line in lower case", "warc/1.0\r\nwarc-type: response\r\ncontent-length: 0\r\n\r\n", "! response::0~"},
	{"a byte order mark", "\xEF\xBB\xBF" WARC("request", "x", "1"), "request:http://a.pt/:1"},
	{"no archive at all", "<html>\n<body>\n", "!"},
	{"ARC", FILEDESC "http://a.pt/ 1.2.3.4 19970101000000 text/html 22\n" HTTP "\n", "warcinfo:filedesc://x.arc:20 response:http://a.pt/:22"},
	{"blanks in a URL and in a type", "http://a.pt/a b c 1.2.3.4 19970101000000 text/html; charset=x 3\nabc\n", "response:http://a.pt/a b c:3"},
	{"ARC without a type", "http://a.pt/ 1.2.3.4 19970101000000 3\nabc\n", "response:http://a.pt/:3"},
	{"ARC version 2", "filedesc://x.arc 0 19970101000000 text/plain 200 - - 0 x.arc 17\n2 0 Alexa Inter\n\n\nhttp://a.pt/ 1.2.3.4 19970101000000 text/html 200 AF12 - 77 x.arc 3\nabc\n",
	 "warcinfo:filedesc://x.arc:17 response:http://a.pt/:3"},
	{"ARC with a wrong length", "http://a.pt/ 1.2.3.4 19970101000000 text/html 2\nabc\nhttp://b.pt/ 1.2.3.4 19970101000000 text/html 3\nabc\n", "response:http://a.pt/:2 ! response:http://b.pt/:3~"},
	{"ARC with a length that says too much", "http://a.pt/ 1.2.3.4 19970101000000 text/html 9\nabc\nhttp://b.pt/ 1.2.3.4 19970101000000 text/html 3\nabc\n", "response:http://a.pt/:3< response:http://b.pt/:3"},
	{"ARC, then WARC", "http://a.pt/ 1.2.3.4 19970101000000 text/html 3\nabc\n" WARC("request", "x", "1"), "response:http://a.pt/:3 request:http://a.pt/:1"},
	{"zero bytes between", "http://a.pt/ 1.2.3.4 19970101000000 text/html 3\nabc\n\0\0\0", "response:http://a.pt/:3"},
};

/* The same, a gzip member a part: | is where one ends. */
static const struct {
	const char *name, *file, *want;
} members[] = {
	{"a record a member", WARC("response", HTTP, "22") "\r\n\r\n|" WARC("request", "x", "1") "\r\n\r\n", "response:http://a.pt/:22 request:http://a.pt/:1"},
	{"a record over two members", WARC("response", "HTTP/1.0 200 OK\r\n|\r\nabc", "22") "\r\n\r\n|" WARC("request", "x", "1"), "response:http://a.pt/:22 request:http://a.pt/:1"},
	{"a length beyond its member", WARC("response", HTTP, "99999") "\r\n\r\n|" WARC("request", "x", "1") "\r\n\r\n|" WARC("metadata", "y", "1"),
	 "response:http://a.pt/:22< request:http://a.pt/:1 metadata:http://a.pt/:1"},
	{"the same in an ARC", "http://a.pt/ 1.2.3.4 19970101000000 text/html 9999\nabc\n|http://b.pt/ 1.2.3.4 19970101000000 text/html 3\nabc\n", "response:http://a.pt/:3< response:http://b.pt/:3"},
	{"a length beyond a head alone", WARC("revisit", "", "50") "|" WARC("request", "x", "1"), "revisit:http://a.pt/:0< request:http://a.pt/:1"},
};

static size_t zip_parts(const char *file, char *out, size_t max)
{
	struct libdeflate_compressor *gz = libdeflate_alloc_compressor(6);
	struct str part, rest = str_of(file);
	size_t n = 0;
	while (rest.n) {
		part = str_cut(rest, '|', &rest);
		n += libdeflate_gzip_compress(gz, part.p, part.n, out + n, max - n);
	}
	libdeflate_free_compressor(gz);
	return n;
}

static void tour(const char *path, bool blocks, struct buf *out)
{
	struct record_reader *r;
	struct arena *a = arena_new(0);
	struct record rec;
	struct err e = {0};
	int rc = record_open(&r, path, 0, 0, &e);
	while (!rc) {
		struct err soft = {0};
		struct str block;
		rc = record_next(r, &rec, &soft);
		if (rc == RECORD_END || rc < 0)
			break;
		buf_z(out, out->n ? " " : "");
		if (rc == RECORD_DAMAGE)
			buf_byte(out, '!');
		if (rc == RECORD_FOUND) {
			int damage = blocks ? record_block(r, &rec, 1 << 20, a, &block, &soft) : 0;
			buf_printf(out, "%s:%.*s:%d%s%s%s%s", record_names[rec.type], STR_ARG(rec.uri), (int)(blocks ? block.n : rec.length), rec.fault ? "?" : "", rec.wrong_length ? "<" : "",
				   damage ? "!" : "", rec.recovered ? "~" : "");
		}
		rc = 0;
	}
	record_free(r);
	arena_free(a);
}

int main(void)
{
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].file) + (strncmp(cases[i].name, "zero", 4) == 0 ? 3 : 0);
		buf_clear(&out);
		tour(memory_file(cases[i].file, n), true, &out);
		if (!tap(str_eq(buf_view(&out), str_of(cases[i].want)), "%s", cases[i].name))
			printf("# got  %.*s\n# want %s\n", (int)out.n, out.p, cases[i].want);
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		char file[4096];
		buf_clear(&out);
		tour(memory_file(file, zip_parts(members[i].file, file, sizeof(file))), true, &out);
		if (!tap(str_eq(buf_view(&out), str_of(members[i].want)), "gzip: %s", members[i].name))
			printf("# got  %.*s\n# want %s\n", (int)out.n, out.p, members[i].want);
	}
	/* Blocks that nobody asks for are stepped over, and what is wrong with them is said all the same. */
	buf_clear(&out);
	const char *file = WARC("response", HTTP, "31") "\r\n\r\n" WARC("request", "x", "1");
	tour(memory_file(file, strlen(file)), false, &out);
	tap(str_eq(buf_view(&out), STR("response:http://a.pt/:31 ! request:http://a.pt/:1")), "a wrong length of a block that is stepped over");
	char zipped[4096];
	buf_clear(&out);
	tour(memory_file(zipped, zip_parts(members[2].file, zipped, sizeof(zipped))), false, &out);
	tap(str_eq(buf_view(&out), STR("response:http://a.pt/:99999 ! request:http://a.pt/:1 metadata:http://a.pt/:1")), "the same beyond its member");
	buf_free(&out);
	return tap_done();
}
