#include "core/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { RAW_BUFFER = 256 << 10 };

struct raw {
	int fd;
	bool ended, seekable, is_stdin;
	char *name, *bytes;
	size_t from, to, cap; /* bytes[from..to) are ahead */
	uint64_t offset;      /* of bytes[from] */
	uint64_t size;
};

static struct raw *stdin_raw; /* never freed: a peek must not lose bytes */

static struct raw *raw_new(int fd, const char *name)
{
	struct raw *r = own_zalloc(sizeof(*r));
	struct stat st;
	r->fd = fd;
	r->name = own_strdup(name);
	r->cap = RAW_BUFFER;
	r->bytes = own_alloc(r->cap);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		r->size = (uint64_t)st.st_size;
		off_t at = lseek(fd, 0, SEEK_CUR);
		r->seekable = at >= 0;
		r->offset = at > 0 ? (uint64_t)at : 0;
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return r;
}

int raw_open(struct raw **out, const char *path, struct err *e)
{
	if (strcmp(path, "-") == 0) {
		if (!stdin_raw) {
			stdin_raw = raw_new(STDIN_FILENO, "-");
			stdin_raw->is_stdin = true;
		}
		*out = stdin_raw;
		return 0;
	}
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, path, "cannot open");
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		errno = EISDIR;
		return err_sys(e, path, "cannot read");
	}
	*out = raw_new(fd, path);
	return 0;
}

struct raw *raw_free(struct raw *r)
{
	if (!r || r->is_stdin)
		return NULL;
	close(r->fd);
	free(r->name);
	free(r->bytes);
	free(r);
	return NULL;
}

static void make_room(struct raw *r, size_t min)
{
	if (r->from) {
		memmove(r->bytes, r->bytes + r->from, r->to - r->from);
		r->to -= r->from;
		r->from = 0;
	}
	if (min > r->cap) {
		while (r->cap < min)
			r->cap *= 2;
		r->bytes = own_grow(r->bytes, r->cap);
	}
}

int raw_ahead(struct raw *r, size_t min, struct str *out, struct err *e)
{
	if (min > RAW_AHEAD_MAX)
		return err_at(e, ERR_LIMIT, (struct where){r->name, r->offset}, "more than %d bytes asked for at once", RAW_AHEAD_MAX);
	if (min < 1)
		min = 1;
	if (r->to - r->from < min && !r->ended && r->cap - r->from < min)
		make_room(r, min);
	while (r->to - r->from < min && !r->ended) {
		if (r->to == r->cap)
			make_room(r, min);
		ssize_t n = read(r->fd, r->bytes + r->to, r->cap - r->to);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return err_sys(e, r->name, "cannot read");
		}
		r->ended = n == 0;
		r->to += (size_t)n;
	}
	*out = (struct str){r->bytes + r->from, r->to - r->from};
	return 0;
}

int raw_read(struct raw *r, char *to, size_t n, size_t *got, struct err *e)
{
	size_t have = r->to - r->from < n ? r->to - r->from : n;
	if (have)
		memcpy(to, r->bytes + r->from, have);
	r->from += have;
	while (have < n && !r->ended) {
		ssize_t k = read(r->fd, to + have, n - have);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(e, r->name, "cannot read");
		r->ended = k == 0;
		have += (size_t)k;
	}
	r->offset += have;
	*got = have;
	return 0;
}

int raw_skip(struct raw *r, uint64_t n, uint64_t *skipped, struct err *e)
{
	uint64_t begin = r->offset, done = 0;
	size_t here = r->to - r->from;
	if (n <= here) {
		r->from += (size_t)n;
		r->offset += n;
		done = n;
	} else if (r->seekable) {
		uint64_t to = r->offset + n < r->offset || r->offset + n > r->size ? r->size : r->offset + n;
		if (to < r->offset)
			to = r->offset + here;
		int rc = raw_seek(r, to, e);
		if (rc)
			return rc;
		done = to - begin;
	} else {
		while (done < n) {
			struct str s;
			int rc = raw_ahead(r, 1, &s, e);
			if (rc)
				return rc;
			if (!s.n)
				break;
			size_t step = s.n < n - done ? s.n : (size_t)(n - done);
			r->from += step;
			r->offset += step;
			done += step;
		}
	}
	if (skipped)
		*skipped = done;
	return 0;
}

int raw_seek(struct raw *r, uint64_t offset, struct err *e)
{
	if (offset >= r->offset && offset - r->offset <= r->to - r->from) {
		r->from += (size_t)(offset - r->offset);
		r->offset = offset;
		return 0;
	}
	if (!r->seekable) {
		if (offset > r->offset)
			return raw_skip(r, offset - r->offset, NULL, e);
		return err_at(e, ERR_IO, (struct where){r->name, r->offset}, "cannot go back in a pipe");
	}
	if (lseek(r->fd, (off_t)offset, SEEK_SET) < 0)
		return err_sys(e, r->name, "cannot seek");
	r->from = r->to = 0;
	r->ended = false;
	r->offset = offset;
	return 0;
}

uint64_t raw_offset(const struct raw *r)
{
	return r->offset;
}

uint64_t raw_size(const struct raw *r)
{
	return r->size;
}

const char *raw_name(const struct raw *r)
{
	return r->name;
}

int raw_digest(const char *path, uint64_t begin, uint64_t end, uint64_t *digest, uint64_t *bytes, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	struct str s;
	uint64_t at = begin;
	int rc = raw_open(&r, path, e);
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	if (!rc && begin)
		rc = raw_seek(r, begin, e);
	while (!rc && at < end && !(rc = raw_ahead(r, 1, &s, e)) && s.n) {
		if (s.n > end - at)
			s.n = (size_t)(end - at);
		XXH3_64bits_update(h, s.p, s.n);
		at += s.n;
		rc = raw_skip(r, s.n, NULL, e);
	}
	*digest = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	if (bytes)
		*bytes = at - begin;
	return rc;
}
