/* Every file that the steps of solving leave for each other: cut short anywhere, or with a byte changed anywhere, it is named, or does not
 * matter; the verdicts are never others. And a step whose output was lost makes it again. */
#include "core/buf.h"
#include "core/own.h"
#include "dedup/parts.h"
#include "dedup/scratch.h"
#include "dedup/signs.h"
#include "dedup/verdict.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOCS = 400, WORDS = 40, PARTS = 3, FILES = 2, PLACES_TRIED = 40 };

static const struct sign_conf conf = {.scheme = SIGN_OWN, .shingle = 5, .bands = 18, .rows = 6, .grams = 1};
static uint64_t state = 11;

static uint32_t draw(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

struct work {
	struct scratch *meeting, *scratch;
	char signs[FILES][4096], verdicts[4096];
	const char *paths[FILES];
	struct solve_conf conf;
	struct verdict want[DOCS];
};

/* Every third text is one of the earlier ones with a word changed, or none; every tenth is another capture of a URL. */
static int write_signs(struct work *w, struct err *e)
{
	static uint32_t texts[DOCS][WORDS];
	struct sign_work *signer = sign_start(&conf);
	struct buf b;
	int rc = 0;
	buf_init(&b, BUF_NO_MAX);
	for (uint32_t i = 0; !rc && i < DOCS;) {
		struct signs_out *out = NULL;
		uint32_t file = i * FILES / DOCS;
		snprintf(w->signs[file], sizeof(w->signs[file]), "%s/%u.sign", scratch_folder(w->meeting), file);
		w->paths[file] = w->signs[file];
		rc = signs_create(&out, w->signs[file], &conf, false, e);
		for (; !rc && i < DOCS && i * FILES / DOCS == file; i++) {
			struct sign s;
			for (unsigned k = 0; k < WORDS; k++)
				texts[i][k] = draw(5000);
			if (i % 3 == 2) {
				memcpy(texts[i], texts[draw(i)], sizeof(texts[i]));
				texts[i][draw(WORDS)] = draw(2) ? texts[i][0] : draw(5000);
			}
			buf_clear(&b);
			for (unsigned k = 0; k < WORDS; k++)
				for (uint32_t v = texts[i][k] + 26, first = 1; v; v /= 26, first = 0)
					buf_z(&b, first ? " " : ""), buf_byte(&b, (char)('a' + v % 26));
			sign_text(signer, buf_view(&b), &s);
			s.head.id = i * UINT64_C(0x9E3779B97F4A7C15);
			s.head.date = i;
			s.head.url = i % 10 ? i : 7;
			rc = signs_put(out, &s, (struct str){0}, e);
		}
		rc = rc ? rc : signs_commit(out, e);
	}
	buf_free(&b);
	sign_stop(signer);
	return rc;
}

static int steps(struct work *w, struct err *e)
{
	struct solve_report report;
	const char *folder = scratch_folder(w->meeting);
	int rc = parts_rank(folder, w->paths, FILES, &w->conf, e);
	for (unsigned k = 0; !rc && k < PARTS; k++)
		rc = parts_pairs(folder, w->paths, FILES, &w->conf, k, PARTS, e);
	return rc ? rc : parts_settle(folder, w->paths, FILES, &w->conf, PARTS, w->verdicts, &report, e);
}

static int read_verdicts(const struct work *w, struct verdict *out, struct err *e)
{
	struct verdict_in *in = NULL;
	int rc = verdict_open(&in, w->verdicts, e);
	for (uint64_t i = 0; !rc && i < DOCS; i++)
		rc = verdict_get(in, i, &out[i], e);
	verdict_in_free(in);
	return rc;
}

static void forget(const struct work *w, const char *name, unsigned k)
{
	char path[4200];
	snprintf(path, sizeof(path), name, scratch_folder(w->meeting), k, PARTS);
	unlink(path);
}

/* ---- damage ---- */

struct bytes {
	char *p;
	size_t n;
};

static struct bytes slurp(const char *path)
{
	struct stat st = {0};
	struct bytes b = {0};
	int fd = open(path, O_RDONLY);
	if (fd >= 0 && !fstat(fd, &st)) {
		b.p = own_alloc((size_t)st.st_size + 1);
		b.n = (size_t)read(fd, b.p, (size_t)st.st_size);
	}
	close(fd);
	return b;
}

static void put(const char *path, struct bytes b, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (write(fd, b.p, n) != (ssize_t)n)
		perror(path);
	close(fd);
}

/* Fails by naming the file (1), is not touched by it (0), or decides something else (-1). */
static int outcome(struct work *w, const char *path)
{
	struct verdict now[DOCS];
	struct err e = {0};
	for (unsigned k = 0; k < PARTS && !strstr(path, "/pairs."); k++)
		forget(w, "%s/pairs.%u-%u", k);
	if (steps(w, &e))
		return e.code == ERR_DATA && strcmp(e.file, path) == 0 ? 1 : -1;
	return read_verdicts(w, now, &e) == 0 && memcmp(now, w->want, sizeof(now)) == 0 ? 0 : -1;
}

static void damage(struct work *w, const char *path)
{
	struct bytes b = slurp(path);
	const char *name = strrchr(path, '/') + 1;
	unsigned named = 0, other = 0, shorts = 0, unseen = 0;
	for (unsigned i = 0; i < PLACES_TRIED; i++) {
		size_t at = i < 8 ? i : i < 16 ? b.n - 1 - (i - 8) : draw((uint32_t)b.n);
		b.p[at] ^= 0x10;
		put(path, b, b.n);
		int got = outcome(w, path);
		b.p[at] ^= 0x10;
		named += got > 0;
		other += got < 0;
	}
	for (unsigned i = 0; i < PLACES_TRIED; i++, shorts++) {
		put(path, b, i < 8 ? i : i < 24 ? b.n - (i - 7) : draw((uint32_t)b.n));
		unseen += outcome(w, path) <= 0;
	}
	put(path, b, b.n);
	int whole = outcome(w, path);
	tap(b.n > 16 && !other && named && !unseen && whole == 0, "%s: of %d changed bytes %u are named, %u decide otherwise; of %u that are cut short %u are not named", name, PLACES_TRIED, named, other, shorts, unseen);
	free(b.p);
}

/* A step whose output went makes the same again. */
static void lost(struct work *w)
{
	struct verdict now[DOCS];
	struct err e = {0};
	forget(w, "%s/pairs.%u-%u", 1);
	int rc = steps(w, &e);
	bool same = !rc && read_verdicts(w, now, &e) == 0 && memcmp(now, w->want, sizeof(now)) == 0;
	forget(w, "%s/pairs.%u-%u", 0);
	rc = parts_settle(scratch_folder(w->meeting), w->paths, FILES, &w->conf, PARTS, w->verdicts, &(struct solve_report){0}, &e);
	tap(same && rc == ERR_IO && strstr(e.file, "pairs.0-3"), "a part that is lost is made again; settling without it names it");
}

int main(void)
{
	static const char *const files[] = {"0.sign", "ranked", "representatives", "members", "places", "captures", "pairs.0-3", "pairs.2-3"};
	struct work *w = own_zalloc(sizeof(*w));
	struct err e = {0};
	char path[4200], text[1200];
	const char *tmp = getenv("TMPDIR");
	unsigned kinds[VERDICT_KINDS] = {0};
	int rc = scratch_new(&w->meeting, tmp && *tmp ? tmp : "/tmp", &e);
	rc = rc ? rc : scratch_new(&w->scratch, tmp && *tmp ? tmp : "/tmp", &e);
	rc = rc ? rc : write_signs(w, &e);
	w->conf = (struct solve_conf){.sign = conf, .threshold = 0.7, .url = SOLVE_URL_NEWEST, .memory = 1 << 20, .folder = w->scratch ? scratch_folder(w->scratch) : NULL};
	if (!rc) {
		scratch_path(w->scratch, "verdicts", w->verdicts);
		rc = steps(w, &e);
	}
	rc = rc ? rc : read_verdicts(w, w->want, &e);
	if (rc)
		return printf("Bail out! %s\n", err_text(&e, text, sizeof(text))), 1;
	for (unsigned i = 0; i < DOCS; i++)
		kinds[w->want[i].kind]++;
	tap(kinds[VERDICT_KEEP] > 200 && kinds[VERDICT_NEAR] > 20 && kinds[VERDICT_URL] > 20, "%u stay, %u are left out as near copies, %u by their URL", kinds[VERDICT_KEEP], kinds[VERDICT_NEAR], kinds[VERDICT_URL]);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", scratch_folder(w->meeting), files[i]);
		damage(w, path);
	}
	lost(w);
	scratch_free(w->meeting);
	scratch_free(w->scratch);
	free(w);
	return tap_done();
}
