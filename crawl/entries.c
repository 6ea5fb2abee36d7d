#include "crawl/entries.h"

#include "crawl/head.h"
#include "crawl/member.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct entries {
	char *path, *tmp;
	struct record_reader *itself; /* the file, when it is an archive; handed out by the first entries_next */
	struct archive *container;
	int fd; /* of the entry in hand */
	char **names;
	size_t n_names;
	uint64_t others;
	bool ended;
};

static int broken(struct entries *es, struct err *e)
{
	err_at(e, ERR_DATA, (struct where){es->path, WHERE_NONE}, "%s", archive_error_string(es->container) ? archive_error_string(es->container) : "damaged container");
	es->ended = true;
	return RECORD_DAMAGE;
}

static int open_container(struct entries *es, struct err *e)
{
	if (strcmp(es->path, "-") == 0)
		return err_at(e, ERR_USAGE, (struct where){es->path, WHERE_NONE}, "a container cannot be read from standard input: give the file");
	es->container = archive_read_new();
	archive_read_support_filter_all(es->container);
	archive_read_support_format_zip(es->container);
	archive_read_support_format_tar(es->container);
	if (archive_read_open_filename(es->container, es->path, 1 << 20) != ARCHIVE_OK)
		return err_at(e, ERR_DATA, (struct where){es->path, 0}, "%s", archive_error_string(es->container));
	return 0;
}

int entries_open(struct entries **out, const char *path, uint64_t begin, uint64_t end, const char *tmp, struct err *e)
{
	struct entries *es = own_zalloc(sizeof(*es));
	struct str first = {0};
	const char *dir = tmp ? tmp : getenv("TMPDIR");
	es->path = own_strdup(path);
	es->tmp = own_strdup(dir ? dir : "/tmp");
	es->fd = -1;
	int rc = record_open(&es->itself, path, begin, end, e);
	if (!rc && !begin)
		record_first(es->itself, 512, &first);
	if (!rc && member_is_container(first)) {
		es->itself = record_free(es->itself);
		rc = open_container(es, e);
	}
	if (rc) {
		entries_free(es);
		return rc;
	}
	*out = es;
	return 0;
}

struct entries *entries_free(struct entries *es)
{
	if (!es)
		return NULL;
	record_free(es->itself);
	archive_read_free(es->container);
	if (es->fd >= 0)
		close(es->fd);
	for (size_t i = 0; i < es->n_names; i++)
		free(es->names[i]);
	free(es->names);
	free(es->path);
	free(es->tmp);
	free(es);
	return NULL;
}

static int write_all(struct entries *es, const void *p, size_t n, struct err *e)
{
	while (n) {
		ssize_t k = write(es->fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(e, es->tmp, "cannot write a temporary file");
		p = (const char *)p + k;
		n -= (size_t)k;
	}
	return 0;
}

/* The entry's bytes into a file of their own. What comes before damage is kept. */
static int copy_entry(struct entries *es, struct err *e)
{
	char path[4096];
	if (es->fd >= 0)
		close(es->fd);
	snprintf(path, sizeof(path), "%s/peneira-entry-XXXXXX", es->tmp);
	es->fd = mkstemp(path);
	if (es->fd < 0)
		return err_sys(e, es->tmp, "cannot create a temporary file");
	unlink(path);
	for (;;) {
		const void *p;
		size_t n;
		la_int64_t at;
		int rc = archive_read_data_block(es->container, &p, &n, &at);
		if (rc == ARCHIVE_EOF)
			return 0;
		if (rc < ARCHIVE_WARN)
			return broken(es, e);
		rc = write_all(es, p, n, e);
		if (rc)
			return rc;
	}
}

static const char *keep_name(struct entries *es, struct archive_entry *entry)
{
	const char *inner = archive_entry_pathname(entry);
	size_t n = strlen(es->path) + strlen(inner ? inner : "?") + 2;
	es->names = own_grow(es->names, (es->n_names + 1) * sizeof(*es->names));
	char *name = es->names[es->n_names++] = own_alloc(n);
	snprintf(name, n, "%s/%s", es->path, inner ? inner : "?");
	return name;
}

static bool is_archive(struct record_reader *r)
{
	struct str first;
	record_first(r, HEAD_LINE_MAX, &first);
	first = str_starts(first, STR("\xEF\xBB\xBF")) ? str_from(first, 3) : first;
	while (first.n && (first.p[0] == '\r' || first.p[0] == '\n'))
		first = str_from(first, 1);
	return head_starts(first);
}

int entries_next(struct entries *es, struct record_reader **r, const char **name, struct err *e)
{
	if (es->itself) {
		*r = es->itself;
		*name = es->path;
		es->itself = NULL;
		return 1;
	}
	while (es->container && !es->ended) {
		struct archive_entry *entry;
		char fd_path[64];
		int rc = archive_read_next_header(es->container, &entry);
		if (rc == ARCHIVE_EOF)
			return 0;
		if (rc < ARCHIVE_WARN)
			return broken(es, e);
		if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != 0)
			continue;
		struct err soft = {0};
		rc = copy_entry(es, &soft);
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		if (rc == RECORD_DAMAGE)
			es->ended = true; /* said below, or by the entry's own end */
		*name = keep_name(es, entry);
		snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%d", es->fd);
		rc = record_open(r, fd_path, 0, 0, &soft);
		if (rc < 0 && soft.code == ERR_IO)
			return err_at(e, soft.code, (struct where){*name, soft.at.offset}, "%s", soft.msg);
		if (!rc && is_archive(*r)) {
			record_show(*r, *name);
			return 1;
		}
		if (!rc)
			record_free(*r);
		es->others++;
		if (es->ended && soft.code)
			return err_at(e, ERR_DATA, (struct where){es->path, WHERE_NONE}, "%s", soft.msg), RECORD_DAMAGE;
	}
	return 0;
}

uint64_t entries_others(const struct entries *es)
{
	return es->others;
}

bool entries_is_container(const struct entries *es)
{
	return es->container != NULL;
}
