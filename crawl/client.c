#include "crawl/client.h"

#include "core/own.h"
#include "core/stop.h"

#include <stdio.h>
#include <time.h>

#ifdef PENEIRA_FETCH
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

/* What is used of libcurl. */
struct library {
	void *self;
	CURLcode (*global_init)(long);
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	void (*easy_cleanup)(CURL *);
	const char *(*easy_strerror)(CURLcode);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_add_handle)(CURLM *, CURL *);
	CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
	CURLMcode (*multi_perform)(CURLM *, int *);
	CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned, int, int *);
	CURLMsg *(*multi_info_read)(CURLM *, int *);
	CURLMcode (*multi_cleanup)(CURLM *);
};

struct slot {
	CURL *easy;
	struct reply reply;
	uint64_t body_max;
	bool running;
};

struct client {
	struct client_conf conf;
	struct library lib;
	CURLM *multi;
	struct slot slots[CLIENT_SLOTS];
	double next; /* no request begins before */
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int load(struct library *l, struct err *e)
{
	static const char *const names[] = {"curl_global_init", "curl_easy_init", "curl_easy_setopt", "curl_easy_getinfo", "curl_easy_cleanup", "curl_easy_strerror", "curl_multi_init",
		"curl_multi_add_handle", "curl_multi_remove_handle", "curl_multi_perform", "curl_multi_poll", "curl_multi_info_read", "curl_multi_cleanup"};
	void *found[sizeof(names) / sizeof(*names)];
	l->self = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	if (!l->self)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "fetching needs libcurl: %s", dlerror());
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		found[i] = dlsym(l->self, names[i]);
		if (!found[i])
			return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "this libcurl has no %s", names[i]);
	}
	/* ISO C has no cast from object to function pointers; POSIX promises that the bytes are the same. */
	_Static_assert(sizeof(found) == sizeof(*l) - offsetof(struct library, global_init), "a name for each function");
	memcpy(&l->global_init, found, sizeof(found));
	l->global_init(CURL_GLOBAL_DEFAULT);
	return 0;
}

static size_t take_head(char *p, size_t size, size_t n, void *self)
{
	struct slot *s = self;
	/* A 100 Continue or a proxy's answer may come first: the last response counts. */
	if (n > 5 && memcmp(p, "HTTP/", 5) == 0)
		buf_clear(&s->reply.head);
	buf_add(&s->reply.head, p, size * n);
	return s->reply.head.full ? 0 : size * n;
}

static size_t take_body(char *p, size_t size, size_t n, void *self)
{
	struct slot *s = self;
	if (s->reply.body.n + size * n > s->body_max) {
		snprintf(s->reply.error, sizeof(s->reply.error), "more than %llu bytes", (unsigned long long)s->body_max);
		return 0;
	}
	buf_add(&s->reply.body, p, size * n);
	return size * n;
}

static void set_up(const struct client *c, struct slot *s)
{
	const struct library *l = &c->lib;
	s->body_max = c->conf.body_max && c->conf.body_max < CLIENT_BODY_MAX ? c->conf.body_max : CLIENT_BODY_MAX;
	buf_init(&s->reply.head, CLIENT_HEAD_MAX);
	buf_init(&s->reply.body, CLIENT_BODY_MAX);
	s->easy = l->easy_init();
	l->easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	l->easy_setopt(s->easy, CURLOPT_USERAGENT, c->conf.agent);
	l->easy_setopt(s->easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	l->easy_setopt(s->easy, CURLOPT_FOLLOWLOCATION, 0L);
	l->easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
	l->easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT, 30L);
	l->easy_setopt(s->easy, CURLOPT_LOW_SPEED_LIMIT, 10L);
	l->easy_setopt(s->easy, CURLOPT_LOW_SPEED_TIME, 60L);
	l->easy_setopt(s->easy, CURLOPT_PATH_AS_IS, 1L);
	l->easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, take_head);
	l->easy_setopt(s->easy, CURLOPT_HEADERDATA, s);
	l->easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, take_body);
	l->easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
	l->easy_setopt(s->easy, CURLOPT_PRIVATE, s);
}

int client_open(struct client **out, const struct client_conf *conf, struct err *e)
{
	struct client *c = own_zalloc(sizeof(*c));
	c->conf = *conf;
	int rc = load(&c->lib, e);
	if (rc) {
		client_free(c);
		return rc;
	}
	c->multi = c->lib.multi_init();
	for (unsigned i = 0; i < CLIENT_SLOTS; i++)
		set_up(c, &c->slots[i]);
	*out = c;
	return 0;
}

struct client *client_free(struct client *c)
{
	if (!c)
		return NULL;
	for (unsigned i = 0; i < CLIENT_SLOTS; i++) {
		struct slot *s = &c->slots[i];
		if (s->running)
			c->lib.multi_remove_handle(c->multi, s->easy);
		if (s->easy)
			c->lib.easy_cleanup(s->easy);
		buf_free(&s->reply.head);
		buf_free(&s->reply.body);
	}
	if (c->multi)
		c->lib.multi_cleanup(c->multi);
	free(c);
	return NULL;
}

static void finish(struct client *c, CURL *easy, CURLcode code)
{
	char *private = NULL;
	c->lib.easy_getinfo(easy, CURLINFO_PRIVATE, &private);
	struct slot *s = (struct slot *)(void *)private;
	c->lib.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &s->reply.status);
	if (code != CURLE_OK) {
		s->reply.status = 0;
		if (!s->reply.error[0])
			snprintf(s->reply.error, sizeof(s->reply.error), "%s", c->lib.easy_strerror(code));
	}
	c->lib.multi_remove_handle(c->multi, easy);
	s->running = false;
}

/* Let transfers go on, at most so many seconds (less when something happens). */
static int turn(struct client *c, double seconds, struct err *e)
{
	int running, left;
	if (stop_asked())
		return err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal");
	CURLMcode rc = c->lib.multi_perform(c->multi, &running);
	for (CURLMsg *m; (m = c->lib.multi_info_read(c->multi, &left));)
		if (m->msg == CURLMSG_DONE)
			finish(c, m->easy_handle, m->data.result);
	if (rc == CURLM_OK)
		rc = c->lib.multi_poll(c->multi, NULL, 0, (int)(seconds < .2 ? seconds * 1000 + 1 : 200), NULL);
	return rc == CURLM_OK ? 0 : err_at(e, ERR_IO, (struct where){NULL, WHERE_NONE}, "libcurl: error %d", (int)rc);
}

int client_begin(struct client *c, unsigned slot, const char *url, struct err *e)
{
	struct slot *s = &c->slots[slot];
	for (double left; (left = c->next - now()) > 0;) {
		int rc = turn(c, left, e);
		if (rc)
			return rc;
	}
	double t = now();
	c->next = (c->next > t ? c->next : t) + 60 / c->conf.per_minute;
	buf_clear(&s->reply.head);
	buf_clear(&s->reply.body);
	s->reply.status = 0;
	s->reply.error[0] = 0;
	c->lib.easy_setopt(s->easy, CURLOPT_URL, url);
	c->lib.multi_add_handle(c->multi, s->easy);
	s->running = true;
	return turn(c, 0, e);
}

int client_end(struct client *c, unsigned slot, const struct reply **r, struct err *e)
{
	struct slot *s = &c->slots[slot];
	while (s->running) {
		int rc = turn(c, 1, e);
		if (rc)
			return rc;
	}
	*r = &s->reply;
	return 0;
}

void client_pause(struct client *c, double seconds)
{
	double t = now() + seconds;
	if (t > c->next)
		c->next = t;
}

#else

struct client {
	int none;
};

int client_open(struct client **out, const struct client_conf *conf, struct err *e)
{
	(void)out, (void)conf;
	return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "this program was built without fetching");
}

struct client *client_free(struct client *c)
{
	(void)c;
	return NULL;
}

int client_begin(struct client *c, unsigned slot, const char *url, struct err *e)
{
	(void)c, (void)slot, (void)url, (void)e;
	return ERR_USAGE;
}

int client_end(struct client *c, unsigned slot, const struct reply **r, struct err *e)
{
	(void)c, (void)slot, (void)r, (void)e;
	return ERR_USAGE;
}

void client_pause(struct client *c, double seconds)
{
	(void)c, (void)seconds;
}
#endif

struct str client_header(const struct reply *r, struct str name)
{
	struct str rest = buf_view(&r->head), line, value;
	while (rest.n) {
		line = str_cut(rest, '\n', &rest);
		struct str key = str_trim(str_cut(line, ':', &value));
		if (value.p && str_eq_ci(key, name))
			return str_trim(value);
	}
	return (struct str){0};
}
