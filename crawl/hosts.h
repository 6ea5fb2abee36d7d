/* hosts: the host of a URL, and sets of hosts read from lists (one a line, # starts a comment; UT1 `domains` files as they come). */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct hosts;
int hosts_read(struct hosts **out, const char *path, struct err *e);
struct hosts *hosts_free(struct hosts *h);
/* Is the host, or a domain above it, in the set? Hosts are compared in lower case. Costs a hash a label. */
bool hosts_has(const struct hosts *h, struct str host);
/* The host of a URL, without user, port, "www." stays; empty when there is none. */
struct str hosts_of(struct str url);
