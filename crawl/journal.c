#include "crawl/journal.h"

#include "core/buf.h"
#include "core/zin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { JOURNAL_MAX = 1 << 30 };

struct journal {
	char *path, *part, *log;
	int part_fd, log_fd;
	uint64_t reached;
	struct buf last;
};

static char *beside(const char *path, const char *ending)
{
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash - path) + 1 : 0, n = strlen(path) + 16;
	char *p = own_alloc(n);
	snprintf(p, n, "%.*s.%s.%s", (int)dir, path, path + dir, ending);
	return p;
}

static int write_all(int fd, const char *name, struct str s, struct err *e)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, name, "cannot write");
		s = str_from(s, (size_t)n);
	}
	return 0;
}

/* What the whole lines say; *keep: bytes of them. */
static int read_log(struct journal *j, struct str what, size_t *keep, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	*keep = 0;
	if (access(j->log, F_OK))
		return 0;
	int rc = zin_slurp(j->log, JOURNAL_MAX, &text, &n, e);
	struct str rest = {text, n};
	for (bool first = true; !rc; first = false) {
		size_t end = str_chr(rest, '\n');
		if (end == rest.n)
			break; /* a line that was cut */
		struct str key, line = str_head(rest, end), at = str_cut(line, ' ', &key);
		rest = str_from(rest, end + 1);
		if (first && !str_eq(line, what))
			rc = err_at(e, ERR_USAGE, (struct where){j->log, WHERE_NONE}, "was begun as '%.*s', now it is '%.*s': use another file, or remove this one", STR_ARG(line), STR_ARG(what));
		else if (!first && !str_u64(at, &j->reached))
			rc = err_at(e, ERR_DATA, (struct where){j->log, *keep}, "'%.*s' is no line of a journal", STR_ARG(line));
		if (!rc && !first) {
			buf_clear(&j->last);
			buf_str(&j->last, key);
		}
		*keep += end + 1;
	}
	free(text);
	return rc;
}

static int open_both(struct journal *j, struct str what, struct err *e)
{
	size_t keep;
	int rc = read_log(j, what, &keep, e);
	if (rc)
		return rc;
	j->part_fd = open(j->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	j->log_fd = open(j->log, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (j->part_fd < 0 || j->log_fd < 0)
		return err_sys(e, j->path, "cannot create its journal");
	off_t size = lseek(j->part_fd, 0, SEEK_END);
	if (size < 0 || (uint64_t)size < j->reached)
		return err_at(e, ERR_DATA, (struct where){j->part, WHERE_NONE}, "holds less than its journal says: remove both");
	if (ftruncate(j->part_fd, (off_t)j->reached) || ftruncate(j->log_fd, (off_t)keep) || lseek(j->part_fd, 0, SEEK_END) < 0 || lseek(j->log_fd, 0, SEEK_END) < 0)
		return err_sys(e, j->path, "cannot go on with its journal");
	if (keep)
		return 0;
	rc = write_all(j->log_fd, j->log, what, e);
	return rc ? rc : write_all(j->log_fd, j->log, STR("\n"), e);
}

int journal_open(struct journal **out, const char *path, struct str what, struct err *e)
{
	struct journal *j = own_zalloc(sizeof(*j));
	j->path = own_strdup(path);
	j->part = beside(path, "part");
	j->log = beside(path, "journal");
	j->part_fd = j->log_fd = -1;
	buf_init(&j->last, BUF_NO_MAX);
	int rc = open_both(j, what, e);
	if (rc) {
		journal_free(j);
		return rc;
	}
	*out = j;
	return 0;
}

struct str journal_last(const struct journal *j)
{
	return buf_view(&j->last);
}

int journal_step(struct journal *j, struct str bytes, struct str key, struct err *e)
{
	struct buf line;
	int rc = write_all(j->part_fd, j->part, bytes, e);
	if (!rc && bytes.n && fdatasync(j->part_fd))
		rc = err_sys(e, j->part, "cannot sync");
	if (rc)
		return rc;
	j->reached += bytes.n;
	buf_init(&line, BUF_NO_MAX);
	buf_printf(&line, "%" PRIu64 " ", j->reached);
	buf_str(&line, key);
	buf_byte(&line, '\n');
	rc = write_all(j->log_fd, j->log, buf_view(&line), e);
	buf_clear(&j->last);
	buf_str(&j->last, key);
	buf_free(&line);
	return rc;
}

int journal_commit(struct journal *j, struct err *e)
{
	int rc = fsync(j->part_fd) ? err_sys(e, j->part, "cannot sync") : 0;
	if (!rc && rename(j->part, j->path))
		rc = err_sys(e, j->path, "cannot rename");
	if (!rc)
		unlink(j->log);
	journal_free(j);
	return rc;
}

struct journal *journal_free(struct journal *j)
{
	if (!j)
		return NULL;
	if (j->part_fd >= 0)
		close(j->part_fd);
	if (j->log_fd >= 0)
		close(j->log_fd);
	buf_free(&j->last);
	free(j->path);
	free(j->part);
	free(j->log);
	free(j);
	return NULL;
}
