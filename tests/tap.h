/* tap: the few lines of TAP that the unit tests need. tap(condition, "name %d", ...) for each case; return tap_done(). */
#pragma once
#include <stdarg.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static int tap_at(int ok, const char *file, int line, const char *fmt, ...)
{
	va_list ap;
	printf("%s %d - ", ok ? "ok" : "not ok", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!ok) {
		tap_failed++;
		printf("# at %s:%d\n", file, line);
	}
	fflush(stdout);
	return ok;
}
#define tap(ok, ...) tap_at(!!(ok), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}
__attribute__((unused)) static int tap_skip(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	return 0;
}
