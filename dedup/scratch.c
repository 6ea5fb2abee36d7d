#include "dedup/scratch.h"

#include "core/own.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PREFIX "peneira-dedup-"
#define OWNER "owner" /* a file with the name of the host, locked as long as the call lives */
enum { HOST_MAX = 256 };

struct scratch {
	char *folder;
	int owner;
};

static void host_name(char out[HOST_MAX])
{
	if (gethostname(out, HOST_MAX - 1))
		out[0] = 0;
	out[HOST_MAX - 1] = 0;
}

/* The lock goes with the process, however it ends. Where there are no locks there is no such file, and nobody clears the folder. */
static int lock_folder(const char *folder)
{
	char path[4200], host[HOST_MAX];
	host_name(host);
	snprintf(path, sizeof(path), "%s/" OWNER, folder);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	size_t n = strlen(host);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && write(fd, host, n) == (ssize_t)n)
		return fd;
	unlink(path);
	close(fd);
	return -1;
}

/* Under its name only when it is locked, so that what bears the name and is not locked is left over. */
int scratch_new(struct scratch **out, const char *below, struct err *e)
{
	size_t n = strlen(below) + 32;
	char *folder = own_alloc(n);
	snprintf(folder, n, "%s/.peneira-new-XXXXXX", below);
	if (!mkdtemp(folder)) {
		free(folder);
		return err_sys(e, below, "cannot make a scratch folder below it");
	}
	struct scratch *s = own_zalloc(sizeof(*s));
	s->owner = lock_folder(folder);
	s->folder = own_alloc(n);
	snprintf(s->folder, n, "%s/" PREFIX "%s", below, folder + strlen(folder) - 6);
	int rc = rename(folder, s->folder) ? err_sys(e, s->folder, "cannot make it a scratch folder") : 0;
	if (rc) {
		free(s->folder);
		s->folder = folder;
		scratch_free(s);
		return rc;
	}
	free(folder);
	*out = s;
	return 0;
}

static void remove_folder(const char *folder)
{
	char path[4096];
	DIR *d = opendir(folder);
	for (struct dirent *f; d && (f = readdir(d));)
		if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0) {
			snprintf(path, sizeof(path), "%s/%s", folder, f->d_name);
			unlink(path);
		}
	if (d)
		closedir(d);
	rmdir(folder);
}

struct scratch *scratch_free(struct scratch *s)
{
	if (!s)
		return NULL;
	remove_folder(s->folder);
	if (s->owner >= 0)
		close(s->owner);
	free(s->folder);
	free(s);
	return NULL;
}

/* Was the call that made it killed, on this host? Then it is locked now: the caller removes it and closes *fd. */
static bool left_over(const char *folder, int *fd)
{
	char path[4200], host[HOST_MAX], owner[HOST_MAX];
	host_name(host);
	snprintf(path, sizeof(path), "%s/" OWNER, folder);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return false;
	ssize_t n = pread(*fd, owner, sizeof(owner), 0);
	if (n == (ssize_t)strlen(host) && memcmp(owner, host, (size_t)n) == 0 && flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(*fd);
	*fd = -1;
	return false;
}

void scratch_clear(const char *below, int all)
{
	char path[4096];
	DIR *d = opendir(below);
	for (struct dirent *f; d && (f = readdir(d));) {
		int fd = -1;
		if (strncmp(f->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", below, f->d_name);
		if (all || left_over(path, &fd))
			remove_folder(path);
		if (fd >= 0)
			close(fd);
	}
	if (d)
		closedir(d);
}

const char *scratch_folder(const struct scratch *s)
{
	return s->folder;
}

const char *scratch_path(const struct scratch *s, const char *name, char *out)
{
	snprintf(out, 4096, "%s/%s", s->folder, name);
	return out;
}

const char *scratch_beside(const char *path, char *out)
{
	const char *slash = strrchr(path, '/');
	snprintf(out, 4096, "%.*s", slash && slash > path ? (int)(slash - path) : 1, slash ? path : ".");
	return out;
}
