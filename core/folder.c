#define _GNU_SOURCE
#include "core/folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int folder_make(const char *path, struct err *e)
{
	char part[4096];
	size_t n = strlen(path);
	if (n >= sizeof(part))
		return err_at(e, ERR_LIMIT, (struct where){path, WHERE_NONE}, "the name of the folder is too long");
	for (size_t i = 1; i <= n; i++) {
		if (i < n && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		if (mkdir(part, 0777) && errno != EEXIST)
			return err_sys(e, part, "cannot create folder");
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

int folder_remove(const char *path, struct err *e)
{
	if (nftw(path, remove_one, FOLDER_DEPTH_MAX, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		return err_sys(e, path, "cannot remove folder");
	return 0;
}
