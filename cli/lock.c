#include "cli/lock.h"

#include "core/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "host pid\n" of the owner; false when the file says nothing. */
static bool read_owner(int fd, char host[256], long *pid)
{
	char text[320] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	return n > 0 && sscanf(text, "%255s %ld", host, pid) == 2;
}

static int write_owner(int fd, const char *path, struct err *e)
{
	char host[256] = "", text[320];
	gethostname(host, sizeof(host) - 1);
	int n = snprintf(text, sizeof(text), "%s %ld\n", host, (long)getpid());
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
		return err_sys(e, path, "cannot write");
	return 0;
}

int lock_take(const char *path, int *fd, struct err *e)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char host[256] = "";
	long pid = 0;
	int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (f < 0)
		return err_sys(e, path, "cannot create");
	bool busy = fcntl(f, F_SETLK, &whole) != 0 && (errno == EAGAIN || errno == EACCES);
	bool owned = read_owner(f, host, &pid);
	/* Another host's lock cannot be seen through fcntl everywhere: believe the file until somebody removes it. */
	char here[256] = "";
	gethostname(here, sizeof(here) - 1);
	if (busy || (owned && strcmp(host, here) != 0)) {
		close(f);
		return err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE},
			      "another run works here (host %s, pid %ld); remove this file if it is gone", owned ? host : "?", pid);
	}
	int rc = write_owner(f, path, e);
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
