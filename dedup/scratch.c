#include "dedup/scratch.h"

#include "core/own.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "peneira-dedup-"

struct scratch {
	char *folder;
};

int scratch_new(struct scratch **out, const char *below, struct err *e)
{
	size_t n = strlen(below) + 32;
	char *folder = own_alloc(n);
	snprintf(folder, n, "%s/" PREFIX "XXXXXX", below);
	if (!mkdtemp(folder)) {
		free(folder);
		return err_sys(e, below, "cannot make a scratch folder below it");
	}
	struct scratch *s = own_zalloc(sizeof(*s));
	s->folder = folder;
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
	free(s->folder);
	free(s);
	return NULL;
}

void scratch_clear(const char *below)
{
	char path[4096];
	DIR *d = opendir(below);
	for (struct dirent *f; d && (f = readdir(d));)
		if (strncmp(f->d_name, PREFIX, strlen(PREFIX)) == 0) {
			snprintf(path, sizeof(path), "%s/%s", below, f->d_name);
			remove_folder(path);
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
