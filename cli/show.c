#include "cli/show.h"

#include "cli/again.h"
#include "cli/answer.h"
#include "cli/chain.h"
#include "cli/command.h"
#include "cli/life.h"
#include "cli/meaning.h"
#include "core/json.h"
#include "core/jsonl.h"
#include "core/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

struct show_conf {
	const char *id, *url, *file, *offset, *position;
	unsigned split;
	uint64_t which;
	bool json, text, again;
	unsigned colour;
};

enum { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
static const char *const when_names[] = {"auto", "always", "never", NULL};

static const char *const split_names[] = {"train", "validation", NULL};

static const struct opt show_opts[] = {
	{OPT_TEXT, 0, "id", "ID", "the capture with this id", offsetof(struct show_conf, id)},
	{OPT_TEXT, 0, "url", "URL", "captures of this address", offsetof(struct show_conf, url)},
	{OPT_TEXT, 0, "offset", "N", "the capture at this offset of its archive file", offsetof(struct show_conf, offset)},
	{OPT_TEXT, 0, "file", "NAME", "with --offset: the archive file, or the end of its path", offsetof(struct show_conf, file)},
	{OPT_TEXT, 0, "position", "N", "the capture that token N of the shards is of", offsetof(struct show_conf, position)},
	{OPT_CHOICE, 0, "split", "NAME", "with --position: of which split", offsetof(struct show_conf, split), .choices = split_names},
	{OPT_UINT, 0, "which", "N", "of several captures of an address, the N-th", offsetof(struct show_conf, which), .def = 1, .lo = 1, .hi = 1e9},
	{OPT_FLAG, 0, "text", NULL, "print the text alone", offsetof(struct show_conf, text)},
	{OPT_FLAG, 0, "json", NULL, "print the document as one line of JSON", offsetof(struct show_conf, json)},
	{OPT_FLAG, 0, "again", NULL, "read it from its archive file again: the response, and the text before and after filter", offsetof(struct show_conf, again)},
	{OPT_CHOICE, 0, "color", "WHEN", "colours: on a terminal, always or never", offsetof(struct show_conf, colour), .choices = when_names},
	{0},
};

struct page {
	const struct life *l;
	struct buf *out;
	bool colour;
	bool kept;
	struct str stage; /* that left it out */
};

/* ---- pieces ---- */

/* Text from the web must not steer the terminal. */
static void put_safe(struct buf *b, struct str s, bool lines)
{
	const char *at = s.p, *end = s.p + s.n;
	while (at < end) {
		uint32_t c = utf8_next(&at, end);
		bool control = c < 32 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
		utf8_add(b, control && !(lines && c == '\n') ? ' ' : c);
	}
}

static void paint(struct page *p, const char *code)
{
	if (p->colour)
		buf_printf(p->out, "\033[%sm", code);
}

static void label(struct page *p, const char *name)
{
	paint(p, "2");
	buf_printf(p->out, "  %-15s ", name);
	paint(p, "0");
}

static void field(struct page *p, const char *column, const char *name)
{
	struct str s = life_get(p->l, column);
	if (!s.n)
		return;
	label(p, name);
	put_safe(p->out, s, false);
	buf_byte(p->out, '\n');
}

static int place_of(struct str stage)
{
	for (int i = 0; i < CHAIN_N; i++)
		if (str_eq(str_of(chain[i]->name), stage))
			return i;
	return CHAIN_N;
}

/* "filter: left out, filter.language (not Portuguese, ...)"; false when the page never got here. */
static bool heading(struct page *p, int i)
{
	int left = p->kept ? CHAIN_N : place_of(p->stage);
	if (i > left)
		return false;
	buf_byte(p->out, '\n');
	paint(p, "1");
	buf_z(p->out, chain[i]->name);
	paint(p, "0");
	if (i < left) {
		buf_z(p->out, ": passed\n");
		return true;
	}
	struct str reason = life_get(p->l, "reason");
	const char *why = meaning_of(reason, false);
	paint(p, "31");
	buf_z(p->out, ": left out, ");
	put_safe(p->out, reason, false);
	paint(p, "0");
	if (*why)
		buf_printf(p->out, " (%s)", why);
	buf_byte(p->out, '\n');
	return true;
}

static void scored(struct page *p, const char *column, const char *score, const char *name)
{
	struct str s = life_get(p->l, column), x = life_get(p->l, score);
	if (!s.n)
		return;
	label(p, name);
	put_safe(p->out, s, false);
	if (x.n)
		buf_printf(p->out, "  (%.*s)", STR_ARG(x));
	buf_byte(p->out, '\n');
}

/* Four signals a line. */
static void signals(struct page *p)
{
	unsigned n = 0;
	for (unsigned i = 0; i < p->l->n_fields; i++) {
		const struct life_field *f = &p->l->fields[i];
		if (strncmp(f->name, "signals_", 8) != 0)
			continue;
		if (n % 4 == 0) {
			if (n)
				buf_byte(p->out, '\n');
			label(p, n ? "" : "signals");
		}
		buf_printf(p->out, "%-18s %-11.*s", f->name + 8, STR_ARG(f->text));
		while (p->out->p[p->out->n - 1] == ' ' && n % 4 == 3)
			p->out->n--;
		n++;
	}
	while (n && p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
	if (n)
		buf_byte(p->out, '\n');
}

static void mates(struct page *p)
{
	const struct life *l = p->l;
	field(p, "minhash_cluster_id", "cluster");
	field(p, "minhash_cluster_size", "copies in it");
	for (unsigned i = 0; i < l->n_mates; i++) {
		label(p, i ? "" : "the others");
		put_safe(p->out, l->mates[i].date, false);
		buf_z(p->out, "  ");
		put_safe(p->out, l->mates[i].url, false);
		buf_z(p->out, l->mates[i].reason.n ? "  (" : "  (kept)");
		put_safe(p->out, l->mates[i].reason, false);
		buf_z(p->out, l->mates[i].reason.n ? ")\n" : "\n");
	}
	if (l->all_mates > l->n_mates) {
		label(p, "");
		buf_printf(p->out, "and %u more\n", l->all_mates - l->n_mates);
	}
}

/* ---- the page ---- */

static void put_stages(struct page *p)
{
	if (heading(p, CHAIN_CRAWL)) {
		field(p, "http_status", "status");
		field(p, "mime", "media type");
		field(p, "payload_digest", "digest");
	}
	if (heading(p, CHAIN_EXTRACT)) {
		field(p, "charset", "charset");
		field(p, "lang_declared", "declares");
		field(p, "page_type", "kind of page");
		field(p, "author", "author");
		field(p, "published", "published");
		field(p, "canonical", "canonical");
		field(p, "characters", "characters");
		field(p, "words", "words");
	}
	if (heading(p, CHAIN_FILTER)) {
		scored(p, "language", "language_score", "language");
		scored(p, "variety", "variety_score", "variety");
		field(p, "country", "country");
		signals(p);
	}
	if (heading(p, CHAIN_DEDUP))
		mates(p);
	if (heading(p, CHAIN_SHARD)) {
		field(p, "token_count", "tokens");
		for (unsigned i = 0; i < p->l->places.n; i++) {
			label(p, p->l->places.v[i].label);
			buf_str(p->out, p->l->places.v[i].text);
			buf_byte(p->out, '\n');
		}
	}
}

static void put_text(struct page *p, const char *dir)
{
	const struct life *l = p->l;
	buf_byte(p->out, '\n');
	if (l->has_doc && l->doc.text.n) {
		put_safe(p->out, l->doc.text, true);
		buf_byte(p->out, '\n');
	} else if (!p->kept && dir) {
		paint(p, "2");
		buf_z(p->out, l->has_doc ? "(no text was found)\n" : "(its text was not kept: `peneira run --keep-rejects` keeps it)\n");
		paint(p, "0");
	}
}

static void put_page(struct page *p, unsigned which, unsigned n, const char *dir)
{
	paint(p, "1");
	put_safe(p->out, life_get(p->l, "url"), false);
	paint(p, "0");
	buf_byte(p->out, '\n');
	field(p, "title", "title");
	field(p, "date", "captured");
	field(p, "dump", "collection");
	struct str file = life_get(p->l, "file_path"), offset = life_get(p->l, "file_offset");
	if (file.n) {
		label(p, "from");
		put_safe(p->out, file, false);
		buf_printf(p->out, ", byte %.*s\n", STR_ARG(offset));
	}
	field(p, "id", "id");
	label(p, "verdict");
	paint(p, p->kept ? "32" : "31");
	buf_z(p->out, p->kept ? "kept" : "left out: ");
	put_safe(p->out, life_get(p->l, "reason"), false);
	paint(p, "0");
	buf_byte(p->out, '\n');
	if (n > 1) {
		label(p, "captures");
		buf_printf(p->out, "this is number %u of %u; --which N shows another\n", which, n);
	}
	put_stages(p);
	put_text(p, dir);
}

/* ---- read again ---- */

enum { HEAD_MAX = 4096 };

static void title(struct page *p, const char *text)
{
	buf_byte(p->out, '\n');
	paint(p, "1");
	buf_z(p->out, text);
	paint(p, "0");
	buf_byte(p->out, '\n');
}

/* The HTTP head, and how much follows it. */
static void put_response(struct page *p, struct str response)
{
	size_t head = str_find(response, STR("\r\n\r\n")), shown = head < HEAD_MAX ? head : HEAD_MAX;
	title(p, "the response, read again");
	for (struct str rest = str_head(response, shown), line; rest.n;) {
		line = str_cut(rest, '\n', &rest);
		buf_z(p->out, "  ");
		put_safe(p->out, str_trim(line), false);
		buf_byte(p->out, '\n');
	}
	label(p, "body");
	buf_printf(p->out, "%zu bytes\n", response.n > head + 4 ? response.n - head - 4 : 0);
}

/* What was declared, and what was believed: a declaration that the bytes contradict is not. */
static void put_charset(struct page *p, const struct again_step *s)
{
	const struct {
		const char *name;
		struct str text;
	} rows[] = {{"HTTP declares", s->http_charset}, {"page declares", s->page_charset}, {"read as", s->charset}};
	for (size_t i = 0; s->charset.n && i < sizeof(rows) / sizeof(*rows); i++) {
		label(p, rows[i].name);
		put_safe(p->out, rows[i].text.n ? rows[i].text : STR("no character set"), false);
		buf_byte(p->out, '\n');
	}
}

static void put_step(struct page *p, const struct again_step *s, const char *name, struct str other)
{
	title(p, name);
	if (s->drop.n) {
		label(p, "left out");
		buf_str(p->out, s->drop);
		buf_byte(p->out, '\n');
	}
	if (other.p && str_eq(s->text, other)) {
		buf_z(p->out, "  (the same)\n");
		return;
	}
	put_safe(p->out, s->text, true);
	buf_byte(p->out, '\n');
}

static int put_again(struct page *p, const struct corpus *c, struct err *e)
{
	struct str file = life_get(p->l, "file_path"), offset = life_get(p->l, "file_offset");
	struct past past;
	struct again x;
	uint64_t at;
	if (!file.n || !str_u64(offset, &at))
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "it does not say which archive file it is from");
	int rc = past_read(&past, corpus_folder(c), e);
	if (rc < 0)
		return rc;
	char *path = own_alloc(file.n + 1);
	memcpy(path, file.p, file.n);
	path[file.n] = 0;
	rc = again_read(&x, path, at, &past, e);
	if (rc > 0)
		rc = err_at(e, ERR_DATA, (struct where){path, at}, "no record begins there any more");
	if (!rc) {
		put_response(p, x.before.response);
		put_charset(p, &x.before);
		put_step(p, &x.before, "text as extract gave it", (struct str){0});
		put_step(p, &x.after, "text behind filter", x.before.text);
		again_free(&x);
	}
	past_free(&past);
	free(path);
	return rc;
}

static void put_json(const struct life *l, struct buf *out)
{
	if (l->has_doc) {
		jsonl_print(&l->doc, out);
		return;
	}
	for (unsigned i = 0; i < l->n_fields; i++) {
		buf_byte(out, i ? ',' : '{');
		json_put_string(out, str_of(l->fields[i].name));
		buf_byte(out, ':');
		json_put_string(out, l->fields[i].text);
	}
	buf_add(out, "}\n", 2);
}

static int read_ask(const struct show_conf *conf, struct life_ask *ask, struct err *e)
{
	*ask = (struct life_ask){.id = conf->id, .url = conf->url, .file = conf->file, .offset = UINT64_MAX, .token = {conf->id, conf->url, split_names[conf->split], UINT64_MAX}};
	if (conf->offset && !str_u64(str_of(conf->offset), &ask->offset))
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--offset '%s' is not a number", conf->offset);
	if (conf->position && !str_u64(str_of(conf->position), &ask->token.position))
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--position '%s' is not a number", conf->position);
	if (!!conf->id + !!conf->url + !!conf->offset + !!conf->position != 1)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "one of --id, --url, --offset and --position says which capture");
	return 0;
}

static int answer(const struct show_conf *conf, struct corpus *c, struct buf *out, struct err *e)
{
	struct life_ask ask;
	struct life l;
	unsigned n;
	int rc = read_ask(conf, &ask, e);
	if (!rc)
		rc = life_find(c, &ask, (unsigned)conf->which - 1, &l, &n, e);
	if (rc > 0)
		return n ? err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "there are only %u such captures", n)
			 : err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "no such capture (peneira query DIR \"SELECT id, url FROM captures WHERE host = '...'\" lists some)");
	if (rc)
		return rc;
	struct page p = {&l, out, conf->colour == WHEN_ALWAYS || (conf->colour == WHEN_AUTO && isatty(STDOUT_FILENO)), str_eq(life_get(&l, "kept"), STR("1")),
			 life_get(&l, "stage")};
	if (conf->json)
		put_json(&l, out);
	else if (conf->text)
		put_text(&p, corpus_folder(c));
	else
		put_page(&p, (unsigned)conf->which, n, corpus_folder(c));
	if (conf->again && !conf->json)
		rc = put_again(&p, c, e);
	life_free(&l);
	return rc;
}

static int answer_corpus(const struct show_conf *conf, const char **paths, size_t n, struct buf *out, struct err *e)
{
	struct corpus *c = NULL;
	int rc = corpus_open(&c, paths, n, e);
	if (!rc)
		rc = answer(conf, c, out, e);
	corpus_free(c);
	return rc;
}

/* A folder of `peneira shard`: it knows where its documents are, and nothing else of them. */
static int answer_shards(const struct show_conf *conf, const char *dir, struct buf *out, struct err *e)
{
	struct life_ask ask;
	int rc = read_ask(conf, &ask, e);
	if (!rc && (conf->offset || conf->text || conf->again))
		rc = err_at(e, ERR_USAGE, (struct where){dir, WHERE_NONE}, "shards alone are asked by --position, --id or --url, and have no text");
	return rc ? rc : place_page(dir, &ask.token, conf->json, out, e);
}

int cmd_show(int argc, char **argv)
{
	struct common_conf common;
	struct show_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"show", show_opts, &conf}};
	struct err e = {0};
	struct buf out;
	const char **paths = NULL;
	size_t n = 0;
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	buf_init(&out, BUF_NO_MAX);
	int rc = common_paths(argv + 1, n_args, &paths, &n, &e);
	if (!rc && n == 1 && place_alone(paths[0]))
		rc = answer_shards(&conf, paths[0], &out, &e);
	else if (!rc)
		rc = answer_corpus(&conf, paths, n, &out, &e);
	status = rc ? common_fail(&e) : answer_end(&common, &out);
	free(paths);
	buf_free(&out);
	return status;
}
