#include "core/err.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_at(struct err *e, enum err_code code, struct where at, const char *fmt, ...)
{
	if (!e)
		return code;
	if (e->code)
		return e->code;
	e->code = code;
	snprintf(e->file, sizeof(e->file), "%s", at.file ? at.file : "");
	e->at = (struct where){e->file, at.offset};
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	return code;
}

int err_sys(struct err *e, const char *file, const char *what)
{
	int no = errno;
	return err_at(e, ERR_IO, (struct where){file, WHERE_NONE}, "%s: %s", what, strerror(no));
}

const char *err_text(const struct err *e, char *out, int n)
{
	size_t room = (size_t)n;
	if (!e->file[0])
		snprintf(out, room, "%s", e->msg);
	else if (e->at.offset == WHERE_NONE)
		snprintf(out, room, "%s: %s", e->file, e->msg);
	else
		snprintf(out, room, "%s:%" PRIu64 ": %s", e->file, e->at.offset, e->msg);
	return out;
}
