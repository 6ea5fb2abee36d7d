/* memory_file: bytes as a file that has a name, without a disk. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The name of a file with these bytes; the same name, with other bytes, at the next call. */
__attribute__((unused)) static const char *memory_file(const void *p, size_t n)
{
	static int fd = -1;
	static char name[64];
	if (fd < 0)
		fd = (int)syscall(SYS_memfd_create, "bytes", 1u);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (ftruncate(fd, 0) || pwrite(fd, p, n, 0) != (ssize_t)n)
		abort();
	return name;
}
