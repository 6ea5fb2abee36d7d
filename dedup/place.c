#include "dedup/place.h"

#include "core/own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { OPEN_MAX = 256, HELD = 4096, OFFSET_BITS = 40, BYTES_BITS = 24 };

struct spot {
	uint64_t at; /* file << 40 | offset */
	uint64_t bytes; /* check << 24 | bytes: the check is of the whole record and of its rank, so that a moved one is found, too */
};

struct place {
	char *path;
	int fd;
	const char *const *files;
	int *fds;
	size_t n_files, open, open_max;
	bool lasts; /* the file stays */
	struct spot held[HELD];
	unsigned n;
	uint64_t count; /* added, with those that are written */
	uint64_t *kept_rank; /* + 1; 0 = nothing kept there */
	struct grams *kept;
};

static struct place *new_reader(const char *path, const char *const *files, size_t n, size_t open_max)
{
	struct place *p = own_zalloc(sizeof(*p));
	p->path = own_strdup(path);
	p->fd = -1;
	p->files = files;
	p->n_files = n;
	p->open_max = open_max;
	p->fds = own_alloc((n + 1) * sizeof(*p->fds));
	for (size_t i = 0; i < n; i++)
		p->fds[i] = -1;
	p->kept_rank = own_zalloc(PLACE_KEPT * sizeof(*p->kept_rank));
	p->kept = own_alloc(PLACE_KEPT * sizeof(*p->kept));
	return p;
}

int place_new(struct place **out, const char *folder, const char *const *files, size_t n, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/places", folder);
	struct place *p = new_reader(path, files, n, OPEN_MAX);
	p->fd = open(p->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	*out = p;
	if (p->fd >= 0)
		return 0;
	int rc = err_sys(e, p->path, "cannot create");
	*out = place_free(p);
	return rc;
}

static int open_reader(struct place **out, const char *path, const char *const *files, size_t n, unsigned open_max, struct err *e)
{
	struct place *p = new_reader(path, files, n, open_max < 8 ? 8 : open_max);
	p->lasts = true;
	p->fd = open(p->path, O_RDONLY | O_CLOEXEC);
	*out = p;
	if (p->fd >= 0)
		return 0;
	int rc = err_sys(e, p->path, "cannot open");
	*out = place_free(p);
	return rc;
}

int place_open(struct place **out, const char *folder, const char *const *files, size_t n, uint64_t count, unsigned open_max, struct err *e)
{
	char path[4096];
	struct stat st;
	struct place *p = NULL;
	snprintf(path, sizeof(path), "%s/places", folder);
	int rc = open_reader(&p, path, files, n, open_max, e);
	if (!rc && fstat(p->fd, &st))
		rc = err_sys(e, p->path, "cannot read");
	if (!rc && (uint64_t)st.st_size != count * sizeof(struct spot))
		rc = err_at(e, ERR_DATA, (struct where){path, (uint64_t)st.st_size}, "%llu bytes where there are %llu places of %zu; the file has to be made again", (unsigned long long)st.st_size, (unsigned long long)count, sizeof(struct spot));
	if (rc)
		place_free(p);
	else
		*out = p;
	return rc;
}

int place_share(struct place **out, const struct place *p, unsigned open_max, struct err *e)
{
	return open_reader(out, p->path, p->files, p->n_files, open_max, e);
}

int place_keep(struct place *p, struct err *e)
{
	p->lasts = true;
	return fsync(p->fd) ? err_sys(e, p->path, "cannot write") : 0;
}

static void close_files(struct place *p)
{
	for (size_t i = 0; i < p->n_files; i++)
		if (p->fds[i] >= 0) {
			close(p->fds[i]);
			p->fds[i] = -1;
		}
	p->open = 0;
}

struct place *place_free(struct place *p)
{
	if (!p)
		return NULL;
	close_files(p);
	if (p->fd >= 0) {
		close(p->fd);
		if (!p->lasts)
			unlink(p->path);
	}
	free(p->path);
	free(p->fds);
	free(p->kept_rank);
	free(p->kept);
	free(p);
	return NULL;
}

static int flush(struct place *p, struct err *e)
{
	const char *from = (const char *)p->held;
	size_t n = p->n * sizeof(*p->held);
	p->n = 0;
	while (n) {
		ssize_t k = write(p->fd, from, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return err_sys(e, p->path, "cannot write");
		from += k;
		n -= (size_t)k;
	}
	return 0;
}

static uint64_t checked(uint64_t at, uint32_t bytes, uint64_t rank)
{
	const uint64_t all[] = {at, bytes, rank};
	return XXH3_64bits(all, sizeof(all)) << BYTES_BITS | bytes;
}

int place_add(struct place *p, size_t file, uint64_t offset, uint32_t bytes, struct err *e)
{
	uint64_t at = (uint64_t)file << OFFSET_BITS | offset;
	p->held[p->n++] = (struct spot){at, checked(at, bytes, p->count++)};
	return p->n == HELD ? flush(p, e) : 0;
}

int place_ready(struct place *p, struct err *e)
{
	return flush(p, e);
}

static int read_at(int fd, const char *name, void *out, size_t n, uint64_t offset, struct err *e)
{
	char *to = out;
	while (n) {
		ssize_t k = pread(fd, to, n, (off_t)offset);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(e, name, "cannot read");
		if (k == 0)
			return err_at(e, ERR_DATA, (struct where){name, offset}, "the file ends where a set of n-grams was expected");
		to += k;
		n -= (size_t)k;
		offset += (uint64_t)k;
	}
	return 0;
}

static int file_of(struct place *p, size_t i, int *fd, struct err *e)
{
	if (p->fds[i] < 0) {
		if (p->open == p->open_max)
			close_files(p);
		p->fds[i] = open(p->files[i], O_RDONLY | O_CLOEXEC);
		if (p->fds[i] < 0)
			return err_sys(e, p->files[i], "cannot open");
		p->open++;
	}
	*fd = p->fds[i];
	return 0;
}

static int read_set(struct place *p, uint64_t rank, struct grams *out, struct err *e)
{
	unsigned char bytes[GRAMS_BYTES];
	struct spot spot;
	int fd = -1, rc = read_at(p->fd, p->path, &spot, sizeof(spot), rank * sizeof(spot), e);
	if (rc)
		return rc;
	size_t file = spot.at >> OFFSET_BITS;
	uint64_t offset = spot.at & (((uint64_t)1 << OFFSET_BITS) - 1);
	uint32_t n = (uint32_t)(spot.bytes & (((uint64_t)1 << BYTES_BITS) - 1));
	if (spot.bytes != checked(spot.at, n, rank) || file >= p->n_files || n > sizeof(bytes))
		return err_at(e, ERR_DATA, (struct where){p->path, rank * sizeof(spot)}, "a damaged place of a set; the file has to be made again");
	rc = file_of(p, file, &fd, e);
	rc = rc ? rc : read_at(fd, p->files[file], bytes, n, offset, e);
	if (!rc && !grams_decode(bytes, n, out))
		rc = err_at(e, ERR_DATA, (struct where){p->files[file], offset}, "a set of n-grams is damaged; the file has to be made again");
	return rc;
}

int place_get(struct place *p, uint64_t rank, const struct grams **out, struct err *e)
{
	size_t at = rank % PLACE_KEPT;
	*out = &p->kept[at];
	if (p->kept_rank[at] == rank + 1)
		return 0;
	p->kept_rank[at] = 0;
	int rc = read_set(p, rank, &p->kept[at], e);
	if (!rc)
		p->kept_rank[at] = rank + 1;
	return rc;
}
