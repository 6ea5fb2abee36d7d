/* err: the one error: what went wrong, and where in which file.
 *
 * Functions return int: 0 done; > 0 an outcome documented at that function, handled there and never forwarded; < 0 an
 * err_code, forwarded unchanged. Core and stages never print: cli does, once, as "peneira: FILE:OFFSET: text". */
#pragma once
#include <stdint.h>

enum err_code {
	ERR_DATA = -1,  /* input is not what it should be          */
	ERR_IO = -2,    /* the system refused: disk, permission    */
	ERR_LIMIT = -3, /* a named ceiling was passed              */
	ERR_USAGE = -4, /* the call was wrong: exit status 2       */
	ERR_STOP = -5,  /* asked to stop by a signal               */
};

/* A place in a file as stored (compressed): what `dd skip=` and a CDX line want. file is borrowed. */
struct where {
	const char *file;
	uint64_t offset;
};

#define WHERE_NONE UINT64_MAX /* offset: the file as a whole */

struct err {
	enum err_code code; /* 0 = nothing happened */
	struct where at;
	char file[512]; /* copy of at.file, so that an err outlives its reader */
	char msg[512];
};

/* Fill *e (first one wins: an error already there is kept) and return its code. e may be NULL. */
int err_at(struct err *e, enum err_code code, struct where at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The same for a failed system call on a file: appends strerror(errno). */
int err_sys(struct err *e, const char *file, const char *what);
/* "FILE:OFFSET: text" into out; returns out. */
const char *err_text(const struct err *e, char *out, int n);
