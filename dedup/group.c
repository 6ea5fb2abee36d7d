#include "dedup/group.h"

#include "core/own.h"
#include "core/stop.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STOP_EVERY = 1 << 14 };

static int stopped(uint64_t n, struct err *e)
{
	return n % STOP_EVERY == 0 && stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
}

/* ---- verified ---- */

static int alike(struct solve *s, uint64_t a, uint64_t b, bool *yes, struct err *e)
{
	const struct grams *x, *y;
	struct grams copy;
	int rc = place_get(s->places, b, &y, e);
	if (!rc && a % PLACE_KEPT == b % PLACE_KEPT) { /* it would take the other's room */
		memcpy(&copy, y, sizeof(copy));
		y = &copy;
	}
	rc = rc ? rc : place_get(s->places, a, &x, e);
	if (rc)
		return rc;
	*yes = grams_jaccard(x, y) >= s->conf->threshold;
	s->report->compared++;
	s->report->alike += *yes;
	return 0;
}

static int verify(struct solve *s, struct err *e)
{
	unsigned char *out = own_zalloc(s->ranks / 8 + 1); /* a bit a rank: left out */
	uint64_t r[2], n = 0;
	int rc;
	while ((rc = sorter_next(s->pairs, r, e)) > 0) {
		uint64_t b = r[0], a = r[1];
		bool yes;
		rc = stopped(n++, e);
		if (rc)
			break;
		if (out[b / 8] >> b % 8 & 1 || out[a / 8] >> a % 8 & 1)
			continue;
		rc = alike(s, a, b, &yes, e);
		if (rc)
			break;
		if (!yes)
			continue;
		out[b / 8] |= (unsigned char)(1 << b % 8);
		rc = sorter_add(s->leaders, (uint64_t[]){b, a}, e);
		if (rc)
			break;
	}
	free(out);
	return rc;
}

/* ---- not verified: union-find, the least rank being the root ---- */

struct forest {
	uint32_t *parent;
	size_t bytes;
	bool mapped;
};

static int forest_new(struct forest *f, struct solve *s, struct err *e)
{
	char path[4096];
	if (s->ranks > UINT32_MAX)
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than 2^32 documents without verification");
	f->bytes = (s->ranks + 1) * sizeof(*f->parent);
	f->mapped = f->bytes > s->conf->memory / 2;
	if (!f->mapped) {
		f->parent = own_alloc(f->bytes);
	} else {
		snprintf(path, sizeof(path), "%s/forest", s->conf->folder);
		int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (fd < 0)
			return err_sys(e, path, "cannot create");
		unlink(path);
		/* Its blocks are taken now: a full disk is an error here, not a signal later. */
		int full = posix_fallocate(fd, 0, (off_t)f->bytes);
		void *p = full ? MAP_FAILED : mmap(NULL, f->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
		if (p == MAP_FAILED)
			return err_at(e, ERR_IO, (struct where){path, WHERE_NONE}, "cannot take %zu bytes of disk for a forest", f->bytes);
		f->parent = p;
	}
	for (uint32_t i = 0; i < s->ranks; i++)
		f->parent[i] = i;
	return 0;
}

static void forest_free(struct forest *f)
{
	if (f->mapped && f->parent)
		munmap(f->parent, f->bytes);
	else
		free(f->parent);
}

static uint32_t root(struct forest *f, uint32_t i)
{
	while (f->parent[i] != i) {
		f->parent[i] = f->parent[f->parent[i]];
		i = f->parent[i];
	}
	return i;
}

static int join_pairs(struct solve *s, struct forest *f, struct err *e)
{
	uint64_t r[2], n = 0;
	int rc;
	while ((rc = sorter_next(s->pairs, r, e)) > 0) {
		uint32_t b = root(f, (uint32_t)r[0]), a = root(f, (uint32_t)r[1]);
		rc = stopped(n++, e);
		if (rc)
			return rc;
		f->parent[a < b ? b : a] = a < b ? a : b;
	}
	return rc;
}

static int connect(struct solve *s, struct err *e)
{
	struct forest f = {0};
	int rc = forest_new(&f, s, e);
	rc = rc ? rc : join_pairs(s, &f, e);
	for (uint64_t i = s->old; !rc && i < s->ranks; i++) {
		uint32_t a = root(&f, (uint32_t)i);
		if (a != i)
			rc = sorter_add(s->leaders, (uint64_t[]){i, a}, e);
	}
	forest_free(&f);
	return rc;
}

int group_documents(struct solve *s, struct err *e)
{
	s->leaders = sorter_new(2, s->conf->memory / 8, s->conf->folder, "leaders");
	int rc = s->conf->threshold > 0 ? verify(s, e) : connect(s, e);
	rc = rc ? rc : sorter_sort(s->leaders, e);
	s->report->scratch += sorter_written(s->leaders);
	return rc;
}
