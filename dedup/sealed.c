#include "dedup/sealed.h"

#include "core/zout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "these files are written as they lie in memory, and that must be little-endian"
#endif

enum { MAGIC = SEALED_MAGIC, HEAD = SEALED_HEAD, END = HEAD + 16 };

struct head {
	uint32_t size, kind;
	uint64_t check;
};

struct end {
	uint64_t count, checks;
};

struct sealed_out {
	int fd;
	char *path, *part;
	bool lasting;
	uint64_t at, checks;
};

struct sealed_in {
	int fd;
	char *path;
	uint64_t size, at; /* at: of the head of the next block */
	uint64_t body, checks;
	struct head head;
	struct end end;
	bool all; /* read from the first block on, none left out */
};

static uint64_t check_of(const void *p, size_t n, uint64_t offset, uint32_t kind)
{
	return XXH3_64bits_withSeed(p, n, offset * 0x9E3779B97F4A7C15u + kind);
}

static uint64_t mix(uint64_t checks, uint64_t check)
{
	checks = (checks ^ check) * 0xBF58476D1CE4E5B9u;
	return checks ^ checks >> 31;
}

/* ---- writing ---- */

static int put(struct sealed_out *s, const void *p, size_t n, struct err *e)
{
	const char *from = p;
	while (n) {
		ssize_t k = write(s->fd, from, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return err_sys(e, s->path, "cannot write");
		from += k;
		n -= (size_t)k;
		s->at += (uint64_t)k;
	}
	return 0;
}

int sealed_create(struct sealed_out **out, const char *path, const char *magic, bool lasting, struct err *e)
{
	struct sealed_out *s = own_zalloc(sizeof(*s));
	s->path = own_strdup(path);
	s->part = lasting ? zout_part(path) : own_strdup(path);
	s->lasting = lasting;
	s->fd = open(s->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int rc = s->fd < 0 ? err_sys(e, path, "cannot create") : put(s, magic, MAGIC, e);
	if (rc)
		sealed_out_free(s);
	else
		*out = s;
	return rc;
}

int sealed_put(struct sealed_out *s, uint32_t kind, const void *p, size_t n, struct err *e)
{
	struct head h = {(uint32_t)n, kind, check_of(p, n, s->at, kind)};
	s->checks = mix(s->checks, h.check);
	int rc = put(s, &h, sizeof(h), e);
	return rc ? rc : put(s, p, n, e);
}

uint64_t sealed_at(const struct sealed_out *s)
{
	return s->at + HEAD;
}

int sealed_commit(struct sealed_out *s, uint64_t count, struct err *e)
{
	struct end end = {count, s->checks};
	int rc = sealed_put(s, SEALED_END, &end, sizeof(end), e), fd = s->fd;
	s->fd = -1;
	if (!rc && s->lasting)
		rc = zout_place(fd, s->part, s->path, e);
	else if (close(fd) && !rc)
		rc = err_sys(e, s->path, "cannot write");
	if (rc)
		unlink(s->part);
	sealed_out_free(s);
	return rc;
}

struct sealed_out *sealed_out_free(struct sealed_out *s)
{
	if (!s)
		return NULL;
	if (s->fd >= 0) {
		close(s->fd);
		unlink(s->part);
	}
	free(s->path);
	free(s->part);
	free(s);
	return NULL;
}

/* ---- reading ---- */

static int damaged(const struct sealed_in *s, uint64_t offset, const char *what, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){s->path, offset}, "%s; the file has to be made again", what);
}

int sealed_pread(const struct sealed_in *s, void *out, size_t n, uint64_t offset, struct err *e)
{
	char *to = out;
	while (n) {
		ssize_t k = pread(s->fd, to, n, (off_t)offset);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(e, s->path, "cannot read");
		if (k == 0)
			return damaged(s, offset, "the file ends where more was expected", e);
		to += k;
		n -= (size_t)k;
		offset += (uint64_t)k;
	}
	return 0;
}

static int read_ends(struct sealed_in *s, const char *magic, struct err *e)
{
	char first[MAGIC];
	struct stat st;
	struct head h;
	if (fstat(s->fd, &st))
		return err_sys(e, s->path, "cannot read");
	s->size = (uint64_t)st.st_size;
	if (s->size < MAGIC)
		return damaged(s, s->size, "the file is cut short", e);
	int rc = sealed_pread(s, first, MAGIC, 0, e);
	if (!rc && memcmp(first, magic, MAGIC) != 0)
		return err_at(e, ERR_DATA, (struct where){s->path, 0}, "not a file of kind %.8s", magic);
	if (!rc && s->size < MAGIC + END)
		return damaged(s, s->size, "the file is cut short", e);
	uint64_t at = s->size - END;
	rc = rc ? rc : sealed_pread(s, &h, sizeof(h), at, e);
	rc = rc ? rc : sealed_pread(s, &s->end, sizeof(s->end), at + HEAD, e);
	if (!rc && (h.kind != SEALED_END || h.size != sizeof(s->end) || h.check != check_of(&s->end, sizeof(s->end), at, SEALED_END)))
		return damaged(s, s->size, "the file is cut short: it has no end mark", e);
	return rc;
}

int sealed_open(struct sealed_in **in, const char *path, const char *magic, struct err *e)
{
	struct sealed_in *s = own_zalloc(sizeof(*s));
	s->path = own_strdup(path);
	s->at = MAGIC;
	s->all = true;
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = s->fd < 0 ? err_sys(e, path, "cannot open") : read_ends(s, magic, e);
	if (rc)
		sealed_in_free(s);
	else
		*in = s;
	return rc;
}

struct sealed_in *sealed_in_free(struct sealed_in *s)
{
	if (!s)
		return NULL;
	if (s->fd >= 0)
		close(s->fd);
	free(s->path);
	free(s);
	return NULL;
}

uint64_t sealed_count(const struct sealed_in *s)
{
	return s->end.count;
}

const char *sealed_name(const struct sealed_in *s)
{
	return s->path;
}

uint64_t sealed_offset(const struct sealed_in *s)
{
	return s->body;
}

void sealed_seek(struct sealed_in *s, uint64_t offset)
{
	s->at = offset - HEAD;
	s->all = false;
}

int sealed_next(struct sealed_in *s, uint32_t *kind, uint32_t *size, struct err *e)
{
	uint64_t last = s->size - END;
	if (s->at == last) {
		if (s->all && s->checks != s->end.checks)
			return damaged(s, last, "blocks are missing or exchanged", e);
		return 0;
	}
	if (s->at > last - HEAD || s->at < MAGIC)
		return damaged(s, s->at, "a block does not end where the file does", e);
	int rc = sealed_pread(s, &s->head, HEAD, s->at, e);
	if (rc)
		return rc;
	if (s->head.size > SEALED_BLOCK_MAX || s->head.size > last - s->at - HEAD || s->head.kind == SEALED_END)
		return damaged(s, s->at, "the head of a block is damaged", e);
	s->body = s->at + HEAD;
	s->at = s->body + s->head.size;
	s->checks = mix(s->checks, s->head.check);
	*kind = s->head.kind;
	*size = s->head.size;
	return 1;
}

int sealed_body(struct sealed_in *s, void *out, struct err *e)
{
	int rc = sealed_pread(s, out, s->head.size, s->body, e);
	if (!rc && s->head.check != check_of(out, s->head.size, s->body - HEAD, s->head.kind))
		return damaged(s, s->body, "a block is damaged", e);
	return rc;
}
