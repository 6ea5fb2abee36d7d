#include "cli/times.h"

#include "cli/common.h"
#include "core/arena.h"
#include "core/doc.h"
#include "core/json.h"
#include "core/zin.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { TIMES_MAX = 64 << 20, TIMES_LINE_MAX = 4096 };

static const char *times_path(const char *dir, char path[4096])
{
	snprintf(path, 4096, "%s/work/times.jsonl", dir);
	return path;
}

static double in_seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* One write of less than a page at the end of the file: tasks of an array do not tear each other's lines on a local disk; elsewhere a torn line is lost,
 * and no more. */
void times_add(const char *dir, const char *what, double began, uint64_t threads)
{
	char path[4096], date[24];
	struct rusage used;
	struct buf b;
	buf_init(&b, TIMES_LINE_MAX);
	getrusage(RUSAGE_SELF, &used);
	buf_printf(&b, "{\"ended\":\"%s\",\"what\":", doc_date_print((int64_t)time(NULL), date));
	json_put_string(&b, str_of(what));
	buf_printf(&b, ",\"seconds\":%.3f,\"cpu\":%.3f,\"threads\":%" PRIu64 ",\"peak\":%ld}\n", common_now() - began, in_seconds(used.ru_utime) + in_seconds(used.ru_stime), threads,
		   used.ru_maxrss << 10);
	int fd = open(times_path(dir, path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0) {
		if (write(fd, b.p, b.n) < 0)
			(void)0; /* the corpus is whole without it */
		close(fd);
	}
	buf_free(&b);
}

static bool read_line(struct str line, struct arena *a, struct times *t)
{
	struct json j = json_of(line);
	struct times one = {.calls = 1};
	struct str key;
	json_object(&j);
	while (json_key(&j, a, &key))
		if (str_eq(key, STR("seconds")))
			json_number(&j, &one.seconds);
		else if (str_eq(key, STR("cpu")))
			json_number(&j, &one.cpu);
		else if (str_eq(key, STR("threads")))
			json_u64(&j, &one.threads);
		else if (str_eq(key, STR("peak")))
			json_u64(&j, &one.peak);
		else
			json_skip(&j, NULL);
	if (!json_done(&j) || !(one.cpu >= 0) || !(one.seconds >= 0))
		return false;
	t->calls++;
	t->seconds += one.seconds;
	t->cpu += one.cpu;
	t->threads = one.threads > t->threads ? one.threads : t->threads;
	t->peak = one.peak > t->peak ? one.peak : t->peak;
	return true;
}

bool times_read(struct times *out, const char *dir)
{
	char path[4096];
	_cleanup_(own_freep) char *text = NULL;
	size_t n = 0;
	*out = (struct times){0};
	if (!dir || access(times_path(dir, path), F_OK) != 0 || zin_slurp(path, TIMES_MAX, &text, &n, NULL))
		return false;
	struct arena *a = arena_new(0);
	for (struct str rest = {text, n}, line; rest.n;) {
		line = str_cut(rest, '\n', &rest);
		if (line.n)
			read_line(line, a, out);
		arena_reset(a, TIMES_LINE_MAX);
	}
	arena_free(a);
	return out->calls && out->cpu > 0;
}
