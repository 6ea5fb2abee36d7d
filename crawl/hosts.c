#include "crawl/hosts.h"

#include "core/zin.h"

#include <xxhash.h>

/* Open addressing over 64-bit hashes of lower-case hosts: 5 million need 128 MB, and a look-up touches a line or two. A false hit needs a
 * collision of 64 bits (about 1 in 10^12 for lists of that size). */
struct hosts {
	uint64_t *slot, mask, n;
};

static uint64_t hash(struct str host)
{
	char low[256];
	size_t n = host.n < sizeof(low) ? host.n : sizeof(low);
	for (size_t i = 0; i < n; i++)
		low[i] = (char)str_lower1((unsigned char)host.p[i]);
	uint64_t h = XXH3_64bits(low, n);
	return h ? h : 1;
}

static void put(struct hosts *h, uint64_t v)
{
	uint64_t i = v & h->mask;
	while (h->slot[i] && h->slot[i] != v)
		i = (i + 1) & h->mask;
	h->n += !h->slot[i];
	h->slot[i] = v;
}

static void add(struct hosts *h, uint64_t v)
{
	if (2 * (h->n + 1) > h->mask) {
		uint64_t *was = h->slot, was_mask = h->mask;
		h->mask = h->mask ? 2 * h->mask + 1 : 1023;
		h->slot = own_zalloc((h->mask + 1) * sizeof(*h->slot));
		h->n = 0;
		for (uint64_t i = 0; was && i <= was_mask; i++)
			if (was[i])
				put(h, was[i]);
		free(was);
	}
	put(h, v);
}

int hosts_read(struct hosts **out, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	struct str line, rest;
	int rc = zin_open(&z, path, e);
	if (rc)
		return rc;
	struct hosts *h = own_zalloc(sizeof(*h));
	while ((rc = zin_line(z, 1 << 16, &line, e)) > 0) {
		line = str_trim(str_cut(line, '#', &rest));
		if (line.n)
			add(h, hash(str_starts(line, STR("*.")) ? str_from(line, 2) : line));
	}
	if (rc < 0) {
		hosts_free(h);
		return rc;
	}
	*out = h;
	return 0;
}

struct hosts *hosts_free(struct hosts *h)
{
	if (!h)
		return NULL;
	free(h->slot);
	free(h);
	return NULL;
}

static bool holds(const struct hosts *h, uint64_t v)
{
	for (uint64_t i = v & h->mask; h->slot && h->slot[i]; i = (i + 1) & h->mask)
		if (h->slot[i] == v)
			return true;
	return false;
}

bool hosts_has(const struct hosts *h, struct str host)
{
	while (host.n) {
		if (holds(h, hash(host)))
			return true;
		size_t dot = str_chr(host, '.');
		host = dot < host.n ? str_from(host, dot + 1) : (struct str){0};
	}
	return false;
}

struct str hosts_of(struct str url)
{
	size_t at = str_find(url, STR("://"));
	if (at == url.n)
		return (struct str){0};
	struct str s = str_from(url, at + 3);
	size_t n = 0;
	while (n < s.n && s.p[n] != '/' && s.p[n] != '?' && s.p[n] != '#')
		n++;
	s.n = n;
	size_t user = str_chr(s, '@');
	if (user < s.n)
		s = str_from(s, user + 1);
	size_t port = str_chr(s, ':');
	return str_head(s, port);
}
