#include "cli/lock.h"

#include "core/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct owner {
	char host[256];
	long pid;
	char job[32]; /* of Slurm; "-" = none */
};

/* "host pid job\n"; false when the file says nothing. */
static bool read_owner(int fd, struct owner *o)
{
	char text[320] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	*o = (struct owner){.job = "-"};
	return n > 0 && sscanf(text, "%255s %ld %31s", o->host, &o->pid, o->job) >= 2;
}

static struct owner ourselves(void)
{
	struct owner o = {.pid = (long)getpid()};
	const char *job = getenv("SLURM_JOB_ID");
	gethostname(o.host, sizeof(o.host) - 1);
	snprintf(o.job, sizeof(o.job), "%s", job && *job ? job : "-");
	return o;
}

static int write_owner(int fd, const struct owner *o, const char *path, struct err *e)
{
	char text[400];
	int n = snprintf(text, sizeof(text), "%s %ld %s\n", o->host, o->pid, o->job);
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
		return err_sys(e, path, "cannot write");
	return 0;
}

/* Of a host that cannot be asked: is it known to be gone? */
static bool gone(const struct owner *o, const struct owner *us, bool no_jobs)
{
	return strcmp(o->job, "-") != 0 && (no_jobs || strcmp(o->job, us->job) == 0);
}

bool lock_held(const char *path, char text[320])
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct owner owner, us = ourselves();
	int f = open(path, O_RDWR | O_CLOEXEC);
	if (f < 0)
		return false;
	bool busy = fcntl(f, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK, owned = read_owner(f, &owner);
	close(f);
	snprintf(text, 320, "host %s, pid %ld", owned ? owner.host : "?", owner.pid);
	return busy || (owned && strcmp(owner.host, us.host) != 0);
}

/* The file may have been removed between opening and locking: then the lock is nobody's. */
static bool still_there(int f, const char *path)
{
	struct stat is, was;
	return fstat(f, &was) == 0 && stat(path, &is) == 0 && is.st_ino == was.st_ino && is.st_dev == was.st_dev;
}

int lock_take(const char *path, bool no_jobs, int *fd, struct err *e)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct owner owner, us = ourselves();
	int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (f < 0)
		return err_sys(e, path, "cannot create");
	bool busy = fcntl(f, F_SETLK, &whole) != 0 && (errno == EAGAIN || errno == EACCES);
	bool owned = read_owner(f, &owner);
	/* Another host's lock cannot be seen through fcntl everywhere: believe the file until somebody removes it. */
	if (busy || (owned && strcmp(owner.host, us.host) != 0 && !gone(&owner, &us, no_jobs))) {
		close(f);
		return err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE},
			      "another run works here (host %s, pid %ld); remove this file if it is gone", owned ? owner.host : "?", owner.pid);
	}
	if (!still_there(f, path)) {
		close(f);
		return lock_take(path, no_jobs, fd, e);
	}
	int rc = write_owner(f, &us, path, e);
	if (rc) {
		close(f);
		return rc;
	}
	*fd = f;
	return 0;
}

void lock_free(const char *path, int fd)
{
	if (fd < 0)
		return;
	unlink(path);
	close(fd);
}
