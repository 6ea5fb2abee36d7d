/* The sorter and its files: order, memory, rounds of merging, and what damage does. */
#include "core/own.h"
#include "dedup/scratch.h"
#include "dedup/sealed.h"
#include "dedup/sorter.h"
#include "tests/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t state = 7;

static uint64_t draw(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return state ^ state >> 29;
}

static int compare(const uint64_t *a, const uint64_t *b, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* n records of which the first word repeats; all come out, in order, and again after a rewind. */
static void sorts(const char *folder, unsigned words, size_t n, bool unique)
{
	struct err e = {0};
	struct sorter *s = sorter_new(words, 0, folder, "test");
	uint64_t r[SORTER_WORDS], last[SORTER_WORDS] = {0}, sum = 0, seen = 0;
	bool ordered = true, again = true;
	int rc = 0;
	if (unique)
		sorter_unique(s);
	for (size_t i = 0; !rc && i < n; i++) {
		for (unsigned k = 0; k < words; k++)
			r[k] = k ? draw() : draw() % 1000;
		if (unique)
			r[words - 1] = draw() % 50;
		sum += r[words - 1];
		rc = sorter_add(s, r, &e);
	}
	rc = rc ? rc : sorter_sort(s, &e);
	while (!rc && sorter_next(s, r, &e) > 0) {
		int c = seen ? compare(last, r, words) : -1;
		ordered &= unique ? c < 0 : c <= 0;
		memcpy(last, r, sizeof(last));
		sum -= unique ? 0 : r[words - 1];
		seen++;
	}
	uint64_t all = seen;
	rc = rc ? rc : sorter_rewind(s, &e);
	while (!rc && sorter_next(s, r, &e) > 0)
		seen--;
	again = seen == 0;
	tap(!rc && ordered && again && (unique ? all <= 50000 : all == n && sum == 0), "%zu records of %u words%s, %llu bytes of runs", n, words, unique ? ", each once" : "", (unsigned long long)sorter_written(s));
	sorter_free(s);
}

static void worst_cases(void)
{
	uint64_t *v = own_alloc(20000 * 16);
	bool ok = true;
	for (size_t i = 0; i < 20000; i++) { /* all alike but for the last bits */
		v[2 * i] = 42;
		v[2 * i + 1] = (20000 - i) / 3;
	}
	sorter_array(v, 20000, 2);
	for (size_t i = 1; i < 20000; i++)
		ok &= compare(v + 2 * i - 2, v + 2 * i, 2) <= 0;
	tap(ok, "records that are nearly equal");
	free(v);
}

/* ---- files ---- */

static const char magic[] = "PNTEST01";
enum { BLOCKS = 5, BYTES = 1000 };

static int write_file(const char *path, struct err *e)
{
	struct sealed_out *out;
	char block[BYTES];
	int rc = sealed_create(&out, path, magic, false, e);
	for (int i = 0; !rc && i < BLOCKS; i++) {
		memset(block, i, BYTES);
		rc = sealed_put(out, (uint32_t)i, block, BYTES, e);
	}
	return rc ? rc : sealed_commit(out, BLOCKS, e);
}

/* Blocks read; < 0: an error. */
static int read_file(const char *path, struct err *e)
{
	struct sealed_in *in = NULL;
	uint32_t kind, size;
	char block[BYTES];
	int rc = sealed_open(&in, path, magic, e), n = 0;
	while (!rc && (rc = sealed_next(in, &kind, &size, e)) > 0) {
		rc = size > BYTES ? err_at(e, ERR_DATA, (struct where){path, 0}, "another size") : sealed_body(in, block, e);
		n++;
	}
	sealed_in_free(in);
	return rc < 0 ? rc : n;
}

static void change(const char *path, off_t at, int mask)
{
	char c = 0;
	int fd = open(path, O_RDWR);
	if (pread(fd, &c, 1, at) == 1) {
		c = (char)(c ^ mask);
		if (pwrite(fd, &c, 1, at) != 1)
			perror(path);
	}
	close(fd);
}

static void damage(const char *folder)
{
	char path[4200];
	struct err e = {0};
	struct stat st = {0};
	int unseen = 0, unnamed = 0;
	snprintf(path, sizeof(path), "%s/file", folder);
	tap(write_file(path, &e) == 0 && read_file(path, &e) == BLOCKS, "a file reads back");
	stat(path, &st);
	for (off_t at = 0; at < st.st_size; at += at < 64 || at > st.st_size - 64 ? 1 : 37) {
		struct err why = {0};
		change(path, at, 0x10);
		unseen += read_file(path, &why) >= 0;
		unnamed += strcmp(why.file, path) != 0;
		change(path, at, 0x10);
	}
	tap(!unseen && !unnamed, "every changed byte is seen, and the file named: %d, %d", unseen, unnamed);
	unseen = 0;
	for (off_t size = st.st_size - 1; size >= 0; size -= size > 64 ? 41 : 1) {
		struct err why = {0};
		if (truncate(path, size))
			perror(path);
		unseen += read_file(path, &why) >= 0;
	}
	tap(!unseen, "a file cut short anywhere is seen: %d", unseen);
	unlink(path);
}

/* A disk that is full: files of this process may not grow beyond 1 MB. */
static void full_disk(const char *folder)
{
	struct err e = {0};
	struct rlimit old, small = {1 << 20, 1 << 20};
	struct sorter *s = sorter_new(2, 4 << 20, folder, "full");
	int rc = 0;
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	for (uint64_t i = 0; !rc && i < 1000000; i++)
		rc = sorter_add(s, (uint64_t[]){draw(), i}, &e);
	setrlimit(RLIMIT_FSIZE, &old);
	tap(rc == ERR_IO && strstr(e.file, "full."), "a full disk is an error that names the file: %s", e.msg);
	sorter_free(s);
}

/* Runs of which only a range of first words is wanted. */
static void ranges(const char *folder)
{
	static const uint64_t from[] = {0, 0, 1, 5000, 49999, 50000, 60000, 99999, 100000}, to[] = {UINT64_MAX, 0, 1, 9000, 50001, 50000, 99998, UINT64_MAX, UINT64_MAX};
	struct err e = {0};
	char path[4096];
	snprintf(path, sizeof(path), "%s/whole", folder);
	struct sorter *s = sorter_new(2, 0, folder, "ranges");
	int rc = 0;
	for (uint64_t i = 0; !rc && i < 100000; i++)
		rc = sorter_add(s, (uint64_t[]){i * 7 % 100000, i}, &e);
	rc = rc ? rc : sorter_sort(s, &e);
	rc = rc ? rc : sorter_save(s, path, 0, &e);
	sorter_free(s);
	for (size_t i = 0; !rc && i < sizeof(from) / sizeof(*from); i++) {
		uint64_t r[2], next = from[i], want = to[i] < 99999 ? to[i] + 1 : from[i] > 100000 ? from[i] : 100000;
		s = sorter_new(2, 0, folder, "part");
		rc = sorter_join_range(s, path, 1, 3, from[i], to[i], &e);
		rc = rc ? rc : sorter_sort(s, &e);
		while (!rc && sorter_next(s, r, &e) > 0)
			next += r[0] == next;
		tap(!rc && next == want, "records from %llu to %llu of a run", (unsigned long long)from[i], (unsigned long long)to[i]);
		sorter_free(s);
	}
	unlink(path);
}

static int files_in(const char *folder)
{
	int n = 0;
	DIR *d = opendir(folder);
	for (struct dirent *f; d && (f = readdir(d));)
		n += strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0;
	if (d)
		closedir(d);
	return n;
}

int main(void)
{
	struct err e = {0};
	struct scratch *scratch;
	const char *tmp = getenv("TMPDIR");
	char text[1200];
	if (scratch_new(&scratch, tmp && *tmp ? tmp : "/tmp", &e))
		return printf("Bail out! %s\n", err_text(&e, text, sizeof(text))), 1;
	const char *folder = scratch_folder(scratch);
	for (unsigned words = 1; words <= SORTER_WORDS; words++)
		sorts(folder, words, 3000, false);
	sorts(folder, 2, 0, false);
	sorts(folder, 2, 1, false);
	sorts(folder, 2, 400000, false);
	sorts(folder, 2, 400000, true);
	sorts(folder, 8, 2200000, false); /* more runs than are merged at a time */
	worst_cases();
	ranges(folder);
	damage(folder);
	full_disk(folder);
	tap(files_in(folder) == 1, "no file is left behind but the owner's mark");
	scratch_free(scratch);
	return tap_done();
}
