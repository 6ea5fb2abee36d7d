#define _GNU_SOURCE
#include "core/zout.h"

#include "core/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum kind { PLAIN, GZIP, ZSTD };
enum { ZOUT_BUFFER = 1 << 20 };

struct zout {
	enum kind kind;
	int fd, level;
	bool is_stdout, in_frame;
	char *path, *part;
	struct buf out; /* bytes not yet written */
	uint64_t offset;
	ZSTD_CCtx *zstd;
	z_stream gz;
};

static const char *part_tag;

void zout_tag(const char *tag)
{
	part_tag = tag;
}

/* DIR/.NAME.part, or DIR/.NAME.TAG.part */
char *zout_part(const char *path)
{
	const char *slash = strrchr(path, '/'), *tag = part_tag ? part_tag : "";
	size_t dir = slash ? (size_t)(slash - path) + 1 : 0, n = strlen(path) + strlen(tag) + 9;
	char *p = own_alloc(n);
	snprintf(p, n, "%.*s.%s%s%s.part", (int)dir, path, path + dir, *tag ? "." : "", tag);
	return p;
}

static bool is_lazy;

void zout_lazy(bool lazy)
{
	is_lazy = lazy;
}

int zout_settle(const char *folder, struct err *e)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || syncfs(fd) ? err_sys(e, folder, "cannot sync") : 0;
	if (fd >= 0)
		close(fd);
	return rc;
}

void zout_sweep(const char *folder)
{
	DIR *d = opendir(folder);
	for (struct dirent *f; d && (f = readdir(d));)
		if (f->d_name[0] == '.' && str_ends(str_of(f->d_name), STR(".part")))
			unlinkat(dirfd(d), f->d_name, 0);
	if (d)
		closedir(d);
}

static bool special(const char *path)
{
	return strncmp(path, "/dev/", 5) == 0;
}

static int start_codec(struct zout *z, struct err *e)
{
	if (z->kind == ZSTD) {
		z->zstd = ZSTD_createCCtx();
		ZSTD_CCtx_setParameter(z->zstd, ZSTD_c_compressionLevel, z->level ? z->level : 3);
		ZSTD_CCtx_setParameter(z->zstd, ZSTD_c_checksumFlag, 1);
	}
	if (z->kind == GZIP && deflateInit2(&z->gz, z->level ? z->level : 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return err_at(e, ERR_IO, (struct where){z->path, WHERE_NONE}, "zlib does not start");
	return 0;
}

int zout_open(struct zout **out, const char *path, int level, struct err *e)
{
	struct zout *z = own_zalloc(sizeof(*z));
	struct str name = str_of(path);
	z->kind = str_ends(name, STR(".zst")) ? ZSTD : str_ends(name, STR(".gz")) ? GZIP : PLAIN;
	z->level = level;
	z->path = own_strdup(path);
	buf_init(&z->out, BUF_NO_MAX);
	z->is_stdout = strcmp(path, "-") == 0;
	if (z->is_stdout) {
		z->fd = STDOUT_FILENO;
	} else if (special(path)) {
		z->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		z->part = zout_part(path);
		z->fd = open(z->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	}
	int rc = z->fd < 0 ? err_sys(e, path, "cannot create") : start_codec(z, e);
	if (rc) {
		zout_free(z);
		return rc;
	}
	*out = z;
	return 0;
}

static int flush(struct zout *z, struct err *e)
{
	for (size_t done = 0; done < z->out.n;) {
		ssize_t n = write(z->fd, z->out.p + done, z->out.n - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, z->path, "cannot write");
		done += (size_t)n;
	}
	z->offset += z->out.n;
	buf_clear(&z->out);
	return 0;
}

static int put_plain(struct zout *z, const void *p, size_t n, struct err *e)
{
	buf_add(&z->out, p, n);
	return z->out.n >= ZOUT_BUFFER ? flush(z, e) : 0;
}

static int put_zstd(struct zout *z, const void *p, size_t n, ZSTD_EndDirective how, struct err *e)
{
	ZSTD_inBuffer in = {p, n, 0};
	size_t left;
	do {
		buf_reserve(&z->out, ZSTD_CStreamOutSize());
		ZSTD_outBuffer o = {z->out.p + z->out.n, z->out.cap - z->out.n, 0};
		left = ZSTD_compressStream2(z->zstd, &o, &in, how);
		if (ZSTD_isError(left))
			return err_at(e, ERR_IO, (struct where){z->path, WHERE_NONE}, "zstd: %s", ZSTD_getErrorName(left));
		z->out.n += o.pos;
		int rc = z->out.n >= ZOUT_BUFFER ? flush(z, e) : 0;
		if (rc)
			return rc;
	} while (how == ZSTD_e_continue ? in.pos < in.size : left);
	return 0;
}

static int put_gzip(struct zout *z, const void *p, size_t n, int how, struct err *e)
{
	z->gz.next_in = (Bytef *)(uintptr_t)p;
	z->gz.avail_in = (uInt)n;
	do {
		buf_reserve(&z->out, 64 << 10);
		z->gz.next_out = (Bytef *)z->out.p + z->out.n;
		z->gz.avail_out = 64 << 10;
		if (deflate(&z->gz, how) == Z_STREAM_ERROR)
			return err_at(e, ERR_IO, (struct where){z->path, WHERE_NONE}, "zlib does not go on");
		z->out.n += (64 << 10) - z->gz.avail_out;
		int rc = z->out.n >= ZOUT_BUFFER ? flush(z, e) : 0;
		if (rc)
			return rc;
	} while (z->gz.avail_out == 0);
	return 0;
}

int zout_write(struct zout *z, const void *p, size_t n, struct err *e)
{
	if (!n)
		return 0;
	z->in_frame = true;
	if (z->kind == ZSTD)
		return put_zstd(z, p, n, ZSTD_e_continue, e);
	if (z->kind == PLAIN)
		return put_plain(z, p, n, e);
	for (const char *at = p; n;) {
		size_t step = n < 1 << 30 ? n : 1 << 30;
		int rc = put_gzip(z, at, step, Z_NO_FLUSH, e);
		if (rc)
			return rc;
		at += step;
		n -= step;
	}
	return 0;
}

int zout_frame(struct zout *z, struct err *e)
{
	int rc = 0;
	if (!z->in_frame)
		return 0;
	if (z->kind == ZSTD)
		rc = put_zstd(z, "", 0, ZSTD_e_end, e);
	if (z->kind == GZIP) {
		rc = put_gzip(z, "", 0, Z_FINISH, e);
		deflateReset(&z->gz);
	}
	z->in_frame = false;
	return rc;
}

int zout_raw(struct zout *z, const void *p, size_t n, struct err *e)
{
	int rc = zout_frame(z, e);
	return rc ? rc : put_plain(z, p, n, e);
}

uint64_t zout_offset(const struct zout *z)
{
	return z->offset + z->out.n;
}

bool zout_is_zstd(const struct zout *z)
{
	return z->kind == ZSTD;
}

/* So that the new name survives a power loss (fsync(2), NOTES). Some file systems do not sync folders; the rename is then as safe as they make it. */
static int sync_folder(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *dir = own_strdup(slash ? path : ".");
	if (slash)
		dir[slash == path ? 1 : slash - path] = 0;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;
	if (fd >= 0 && fsync(fd) && errno != EINVAL)
		rc = err_sys(e, path, "cannot sync its folder");
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}

int zout_place(int fd, const char *part, const char *path, struct err *e)
{
	int rc = !is_lazy && fsync(fd) ? err_sys(e, path, "cannot sync") : 0;
	if (close(fd) && !rc)
		rc = err_sys(e, path, "cannot close");
	if (!rc && rename(part, path))
		rc = err_sys(e, path, "cannot rename its part file");
	if (rc) {
		unlink(part);
		return rc;
	}
	return is_lazy ? 0 : sync_folder(path, e);
}

int zout_commit(struct zout *z, struct err *e)
{
	int rc = zout_frame(z, e);
	if (!rc)
		rc = flush(z, e);
	if (!rc && z->part) {
		rc = zout_place(z->fd, z->part, z->path, e);
		z->fd = -1;
		free(z->part);
		z->part = NULL;
	}
	zout_free(z);
	return rc;
}

struct zout *zout_free(struct zout *z)
{
	if (!z)
		return NULL;
	if (z->fd >= 0 && !z->is_stdout)
		close(z->fd);
	if (z->part)
		unlink(z->part);
	ZSTD_freeCCtx(z->zstd);
	if (z->kind == GZIP)
		deflateEnd(&z->gz);
	buf_free(&z->out);
	free(z->part);
	free(z->path);
	free(z);
	return NULL;
}

int zout_file(const char *path, struct str bytes, struct err *e)
{
	struct zout *z;
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	rc = zout_write(z, bytes.p, bytes.n, e);
	if (!rc)
		return zout_commit(z, e);
	zout_free(z);
	return rc;
}
