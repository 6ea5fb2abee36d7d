#include "cli/texts.h"

#include "core/json.h"
#include "core/jsonl.h"
#include "core/zin.h"
#include "core/zout.h"

#include <inttypes.h>
#include <stdio.h>
#include <pthread.h>

enum { CHUNK_LINES = 512, CHUNK_BYTES = 1 << 20 };

struct job {
	const void *shared;
	void *(*start)(const void *);
	void (*answer)(const void *, void *, struct str, struct str, struct buf *);
	void (*stop)(void *);
	struct zin *in;
	struct zout *out;
	bool json, ended;
	uint64_t next_line, next_chunk, writing;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	int rc;
	struct err *e;
};

/* Lines of a chunk, end to end, with the number of the first. Under the lock. */
static bool take(struct job *j, struct buf *lines, uint64_t *first, uint64_t *number)
{
	struct str line;
	buf_clear(lines);
	*first = j->next_line;
	for (unsigned n = 0; n < CHUNK_LINES && lines->n < CHUNK_BYTES && !j->ended && !j->rc; n++) {
		int rc = zin_line(j->in, JSONL_LINE_MAX, &line, j->e);
		if (rc == 0)
			j->ended = true;
		if (rc < 0)
			j->rc = rc;
		if (rc <= 0)
			break;
		if (j->next_line == 0)
			j->json = jsonl_probe(line);
		j->next_line++;
		buf_str(lines, line);
		buf_byte(lines, '\n');
	}
	*number = j->next_chunk++;
	return lines->n > 0;
}

static void one(struct job *j, void *work, struct str line, uint64_t number, struct arena *a, struct buf *out)
{
	char count[24];
	struct str id = {count, (size_t)snprintf(count, sizeof(count), "%" PRIu64, number)}, text = line, key;
	if (j->json) {
		struct json r = json_of(line);
		text = (struct str){0};
		id = STR("null");
		if (json_object(&r))
			while (json_key(&r, a, &key)) {
				if (str_eq(key, STR("text")) && json_peek(&r) == JSON_STRING)
					json_string(&r, a, &text);
				else
					json_skip(&r, str_eq(key, STR("id")) ? &id : NULL);
			}
		if (r.bad)
			text = (struct str){0};
	}
	j->answer(j->shared, work, id, text, out);
}

static void *work(void *arg)
{
	struct job *j = arg;
	void *mine = j->start ? j->start(j->shared) : NULL;
	struct arena *a = arena_new(0);
	struct buf lines, out;
	buf_init(&lines, BUF_NO_MAX);
	buf_init(&out, BUF_NO_MAX);
	for (;;) {
		uint64_t number, chunk;
		pthread_mutex_lock(&j->lock);
		bool more = take(j, &lines, &number, &chunk);
		pthread_mutex_unlock(&j->lock);
		buf_clear(&out);
		for (struct str rest = buf_view(&lines); rest.n; number++) {
			struct str line = str_cut(rest, '\n', &rest);
			one(j, mine, line, number, a, &out);
		}
		arena_reset(a, 1 << 22);
		pthread_mutex_lock(&j->lock);
		while (j->writing != chunk)
			pthread_cond_wait(&j->turn, &j->lock);
		if (!j->rc)
			j->rc = zout_write(j->out, out.p, out.n, j->e);
		j->writing++;
		pthread_cond_broadcast(&j->turn);
		pthread_mutex_unlock(&j->lock);
		if (!more)
			break;
	}
	if (j->stop)
		j->stop(mine);
	buf_free(&lines);
	buf_free(&out);
	arena_free(a);
	return NULL;
}

static int answer_file(struct job *j, const char *path, unsigned threads)
{
	pthread_t *t = own_zalloc(threads * sizeof(*t));
	unsigned running = 1;
	j->next_line = j->next_chunk = j->writing = 0;
	j->ended = false;
	j->rc = zin_open(&j->in, path, j->e);
	if (!j->rc) {
		while (running < threads && !pthread_create(&t[running], NULL, work, j))
			running++;
		work(j);
		for (unsigned i = 1; i < running; i++)
			pthread_join(t[i], NULL);
	}
	j->in = zin_free(j->in);
	free(t);
	return j->rc;
}

int texts_answer(const struct common_conf *common, char **args, int n_args, const void *shared, void *(*start)(const void *shared),
		 void (*answer)(const void *shared, void *work, struct str id, struct str text, struct buf *out), void (*stop)(void *work), struct err *e)
{
	struct job j = {.shared = shared, .start = start, .answer = answer, .stop = stop, .e = e};
	const char **paths = NULL;
	size_t n = 0;
	pthread_mutex_init(&j.lock, NULL);
	pthread_cond_init(&j.turn, NULL);
	int rc = common_paths(args, n_args, &paths, &n, e);
	if (!rc)
		rc = zout_open(&j.out, common->out ? common->out : "-", 0, e);
	for (size_t i = 0; !rc && i < n; i++)
		rc = answer_file(&j, paths[i], (unsigned)common->threads);
	if (!rc)
		rc = zout_commit(j.out, e);
	else
		zout_free(j.out);
	free(paths);
	return rc;
}
