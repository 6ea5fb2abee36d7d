#include "filter/blocklist.h"

#include "core/own.h"
#include "core/zin.h"

#include <stdio.h>
#include <sys/stat.h>
#include <xxhash.h>

struct blocklist {
	uint64_t *slots; /* 0: empty */
	uint64_t n, cap;
};

static void put(struct blocklist *b, uint64_t h)
{
	uint64_t i = h & (b->cap - 1);
	while (b->slots[i] && b->slots[i] != h)
		i = (i + 1) & (b->cap - 1);
	b->n += !b->slots[i];
	b->slots[i] = h;
}

static bool has(const struct blocklist *b, uint64_t h)
{
	h += !h;
	for (uint64_t i = h & (b->cap - 1); b->slots[i]; i = (i + 1) & (b->cap - 1))
		if (b->slots[i] == h)
			return true;
	return false;
}

static void add(struct blocklist *b, uint64_t h)
{
	if (2 * (b->n + 1) > b->cap) {
		struct blocklist old = *b;
		b->cap = old.cap ? 2 * old.cap : 4096;
		b->n = 0;
		b->slots = own_zalloc(b->cap * sizeof(*b->slots));
		for (uint64_t i = 0; i < old.cap; i++)
			if (old.slots[i])
				put(b, old.slots[i]);
		free(old.slots);
	}
	put(b, h + !h);
}

/* Host in lower case and path, without scheme, credentials, "www.", port, final slash; *host is how much of it is the host. */
static struct str bare(struct str url, char out[BLOCKLIST_LINE_MAX], size_t *host)
{
	size_t at = str_find(url, STR("://")), n = 0;
	if (at < url.n)
		url = str_from(url, at + 3);
	while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#')
		n++;
	struct str name = str_head(url, n), path = str_from(url, n);
	at = str_chr(name, '@');
	if (at < name.n)
		name = str_from(name, at + 1);
	name = str_head(name, str_chr(name, ':'));
	if (str_starts_ci(name, STR("www.")))
		name = str_from(name, 4);
	while (name.n && name.p[name.n - 1] == '.')
		name.n--;
	name = str_head(name, 253);
	path = str_head(path, BLOCKLIST_LINE_MAX - 256);
	for (size_t i = 0; i < name.n; i++)
		out[i] = (char)str_lower1((unsigned char)name.p[i]);
	*host = name.n;
	if (path.n)
		memcpy(out + name.n, path.p, path.n);
	n = name.n + path.n;
	while (n > name.n && out[n - 1] == '/')
		n--;
	return (struct str){out, n};
}

static int read_file(struct blocklist *b, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	struct str line;
	char out[BLOCKLIST_LINE_MAX];
	size_t host;
	int rc = zin_open(&z, path, e);
	while (!rc) {
		struct err why = {0};
		rc = zin_line(z, BLOCKLIST_LINE_MAX, &line, &why);
		if (rc == 0)
			break;
		/* A line that is too long is no address. */
		if (rc < 0 && rc != ERR_LIMIT) {
			*e = why;
			return rc;
		}
		line = rc > 0 ? str_trim(line) : (struct str){0};
		rc = 0;
		if (!line.n || line.p[0] == '#')
			continue;
		struct str s = bare(line, out, &host);
		if (host)
			add(b, XXH3_64bits(s.p, s.n));
	}
	return rc;
}

/* A file, or the two files of a category's folder; one of them may be missing. */
static int read_path(struct blocklist *b, const char *path, struct err *e)
{
	static const char *const names[] = {"domains", "urls"};
	struct stat st, in;
	int rc = 0, found = 0;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return read_file(b, path, e);
	for (int i = 0; i < 2 && !rc; i++) {
		char file[4200];
		snprintf(file, sizeof(file), "%s/%s", path, names[i]);
		if (stat(file, &in) == 0 && ++found)
			rc = read_file(b, file, e);
	}
	return rc || found ? rc : err_at(e, ERR_DATA, (struct where){path, WHERE_NONE}, "a folder of a blocklist holds 'domains' or 'urls', this one does not");
}

int blocklist_open(struct blocklist **out, const char *const *paths, size_t n, struct err *e)
{
	*out = NULL;
	if (!n)
		return 0;
	struct blocklist *b = own_zalloc(sizeof(*b));
	b->cap = 4096;
	b->slots = own_zalloc(b->cap * sizeof(*b->slots));
	for (size_t i = 0; i < n; i++) {
		int rc = read_path(b, paths[i], e);
		if (rc) {
			blocklist_free(b);
			return rc;
		}
	}
	*out = b;
	return 0;
}

struct blocklist *blocklist_free(struct blocklist *b)
{
	if (b)
		free(b->slots);
	free(b);
	return NULL;
}

bool blocklist_has(const struct blocklist *b, struct str url)
{
	char out[BLOCKLIST_LINE_MAX];
	size_t host;
	struct str s = bare(url, out, &host);
	if (!host)
		return false;
	/* The host and what it is under; a bare top-level domain is not looked up unless it is all there is. */
	for (size_t at = 0; at < host;) {
		if (has(b, XXH3_64bits(s.p + at, host - at)))
			return true;
		at += str_chr((struct str){s.p + at, host - at}, '.') + 1;
	}
	/* Each folder of the path, up to the whole of it, with the query and without. */
	for (size_t i = host + 1; i <= s.n; i++)
		if ((i == s.n || s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#') && has(b, XXH3_64bits(s.p, i)))
			return true;
	return false;
}
