/* blocklist: hosts and addresses that are not wanted, from files as the University of Toulouse (UT1) gives them.
 *
 * A line is a host, which stands for its subdomains too, or a host and a path, which stands for what begins with it; no scheme, no
 * "www." needed. # begins a comment. A folder is read as UT1 lays it out: its files `domains` and `urls`. Kept as 64-bit hashes: 16 to 32
 * bytes a line. */
#pragma once
#include "core/err.h"
#include "core/str.h"

struct blocklist;
enum { BLOCKLIST_LINE_MAX = 4096 };

/* NULL in *out when n is 0. ERR_IO, ERR_DATA. */
int blocklist_open(struct blocklist **out, const char *const *paths, size_t n, struct err *e);
struct blocklist *blocklist_free(struct blocklist *b);
/* Is the address, or a host or path that it is under, on the list? */
bool blocklist_has(const struct blocklist *b, struct str url);
