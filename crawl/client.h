/* client: HTTP requests to an archive server, a few at a time, under one rate for all of them. libcurl is loaded when the first client is
 * opened, so that nothing else pays for it; nothing else opens a socket.
 *
 * Bodies are kept as they are sent, without their content coding undone. Redirects are not followed. Not thread-safe. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

enum { CLIENT_SLOTS = 8, CLIENT_BODY_MAX = 64 << 20, CLIENT_HEAD_MAX = 256 << 10 };

struct client_conf {
	const char *agent;    /* User-Agent */
	double per_minute;    /* requests, for all slots together */
	uint64_t body_max;    /* bytes; a larger body is an error of that request */
};

struct reply {
	long status;          /* 0 = there was no answer: `error` says why */
	struct buf head;      /* the header lines as they came, of the last response */
	struct buf body;
	char error[256];
};

struct client;
/* ERR_USAGE when libcurl is not there. */
int client_open(struct client **out, const struct client_conf *conf, struct err *e);
struct client *client_free(struct client *c);

/* Begin a request in a slot, as soon as the rate allows. 0, ERR_IO, ERR_STOP. */
int client_begin(struct client *c, unsigned slot, const char *url, struct err *e);
/* Wait for its answer. *r belongs to the client and is valid until the slot's next request. 0, ERR_IO, ERR_STOP. */
int client_end(struct client *c, unsigned slot, const struct reply **r, struct err *e);
/* No new request before so many seconds have passed. */
void client_pause(struct client *c, double seconds);
/* The value of a header line of the reply; empty when it is not there. */
struct str client_header(const struct reply *r, struct str name);
