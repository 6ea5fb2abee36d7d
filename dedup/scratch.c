#include "dedup/scratch.h"

#include "core/own.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct scratch {
	char *folder;
};

int scratch_new(struct scratch **out, const char *below, struct err *e)
{
	size_t n = strlen(below) + 32;
	char *folder = own_alloc(n);
	snprintf(folder, n, "%s/peneira-dedup-XXXXXX", below);
	if (!mkdtemp(folder)) {
		free(folder);
		return err_sys(e, below, "cannot make a scratch folder below it");
	}
	struct scratch *s = own_zalloc(sizeof(*s));
	s->folder = folder;
	*out = s;
	return 0;
}

struct scratch *scratch_free(struct scratch *s)
{
	char path[4096];
	if (!s)
		return NULL;
	DIR *d = opendir(s->folder);
	for (struct dirent *f; d && (f = readdir(d));)
		if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0)
			unlink(scratch_path(s, f->d_name, path));
	if (d)
		closedir(d);
	rmdir(s->folder);
	free(s->folder);
	free(s);
	return NULL;
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
