/* fetch: captures from an archive server (pywb's protocol, as Arquivo.pt speaks it) into a WARC file.
 *
 * Which: lines of CDXJ lists, or what the CDX server says of a URL pattern, asked for in spans of time small enough that its ceiling of lines
 * cuts nothing off. Lines are selected by the options of crawl, sorted and made unique (in bounded memory, exactly), and fetched in that order,
 * raw. A capture is stored only when Memento-Datetime is its own date. Sources: RFC 7089 (Memento), pywb's documentation.
 *
 * Polite: one rate for everything, few connections, Retry-After, growing pauses on 429 and 503, an agent with a contact. Can be killed at any
 * moment (journal.h): the same call goes on where it was. */
#pragma once
#include "core/progress.h"
#include "core/tally.h"
#include "crawl/crawl.h"

enum {
	FETCH_PER_MINUTE = 200,    /* Arquivo.pt allows 250 a minute on CDX, 400 on replay    */
	FETCH_CDX_LINES = 100000,  /* what its CDX server gives at most                       */
	FETCH_TRIES = 6,
	FETCH_PAUSE_MAX = 600,     /* seconds                                                 */
};

struct fetch_conf {
	const char *server;            /* "https://arquivo.pt/wayback": CDX at SERVER/cdx             */
	const char *replay;            /* raw captures at REPLAY/TIMESTAMPid_/URL; NULL = server      */
	const char *const *lists;      /* CDXJ files; none: ask the server for crawl->rules.url       */
	size_t n_lists;
	const char *contact;           /* e-mail or URL; needed unless the server is this machine     */
	const char *out, *tmp;
	uint64_t per_minute, connections, cdx_lines, memory;
	const struct crawl_conf *crawl;
};

/* 0; 1: `out` is there already, nothing was done; ERR_USAGE, ERR_IO (also: the server does not answer, or wants no more), ERR_STOP. */
int fetch_run(const struct fetch_conf *conf, struct tally *t, struct progress *p, struct err *e);
