/* fault: preloaded, it makes the n-th call that changes a file fail, or the process die there.
 *
 * PENEIRA_FAULT=kill:N dies by SIGKILL in place of the N-th write, fsync, syncfs, rename, link, ftruncate; fail:N makes that call and all after it fail with
 * ENOSPC, as a full disk does; count writes the number of calls to the file named in PENEIRA_FAULT_COUNT at the end. Only descriptors above 2
 * are looked at. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

/* true: this call is to fail. */
static int struck(void)
{
	const char *want = getenv("PENEIRA_FAULT");
	long n = atomic_fetch_add(&calls, 1) + 1;
	if (!want)
		return 0;
	if (strncmp(want, "kill:", 5) == 0 && n == atol(want + 5))
		raise(SIGKILL);
	if (strncmp(want, "fail:", 5) == 0 && n >= atol(want + 5)) {
		errno = ENOSPC;
		return 1;
	}
	return 0;
}

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

ssize_t write(int fd, const void *p, size_t n)
{
	return fd > 2 && struck() ? -1 : REAL(write, fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return fd > 2 && struck() ? -1 : REAL(pwrite, fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return fd > 2 && struck() ? -1 : REAL(pwrite64, fd, p, n, at);
}

int fsync(int fd)
{
	return struck() ? -1 : REAL(fsync, fd);
}

int rename(const char *from, const char *to)
{
	return struck() ? -1 : REAL(rename, from, to);
}

int link(const char *from, const char *to)
{
	return struck() ? -1 : REAL(link, from, to);
}

int syncfs(int fd)
{
	return struck() ? -1 : REAL(syncfs, fd);
}

int ftruncate(int fd, off_t n)
{
	return struck() ? -1 : REAL(ftruncate, fd, n);
}

int ftruncate64(int fd, off_t n)
{
	return struck() ? -1 : REAL(ftruncate64, fd, n);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("PENEIRA_FAULT_COUNT");
	FILE *f = path ? fopen(path, "w") : NULL;
	if (f) {
		fprintf(f, "%ld\n", atomic_load(&calls));
		fclose(f);
	}
}
