/* lot: how units are cut into lots, and which lots stay what they were when archives come in. */
#include "cli/lot.h"
#include "core/own.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct plan plan_of(size_t n, uint64_t bytes)
{
	struct plan p = {.units = own_zalloc((n + 1) * sizeof(*p.units)), .n = n};
	for (size_t i = 0; i < n; i++) {
		struct unit *u = &p.units[i];
		snprintf(u->name, sizeof(u->name), "%016llx", (unsigned long long)(i * 0x9E3779B97F4A7C15u));
		u->path = own_strdup("x");
		u->end = UINT64_MAX;
		u->size = bytes;
	}
	return p;
}

static void covered(size_t n, uint64_t bytes, uint64_t lot)
{
	struct plan p = plan_of(n, bytes);
	struct lot *v;
	size_t lots = lots_of(&p, lot, &v), at = 0;
	uint64_t all = 0, most = 0;
	bool good = true;
	for (size_t i = 0; i < lots; i++) {
		good &= v[i].first == at && v[i].n > 0;
		at += v[i].n;
		all += v[i].bytes;
		most = v[i].bytes > most ? v[i].bytes : most;
	}
	uint64_t weight = bytes > LOT_UNIT_BYTES ? bytes : LOT_UNIT_BYTES;
	tap(good && at == n && all == n * weight, "%zu units of %llu bytes: each in one of %zu lots, in order", n, (unsigned long long)bytes, lots);
	if (lot)
		tap(most < 4 * lot + weight, "%zu units of %llu bytes: no lot above four times its aim", n, (unsigned long long)bytes);
	else
		tap(lots <= 2 * LOTS_MANY, "%zu units of %llu bytes: %zu lots, not far above %d", n, (unsigned long long)bytes, lots, LOTS_MANY);
	free(v);
	plan_free(&p);
}

/* On average a lot is what was asked for. */
static void average(void)
{
	struct plan p = plan_of(100000, 1 << 20);
	struct lot *v;
	size_t lots = lots_of(&p, 64 << 20, &v);
	double mean = 100000.0 / (double)lots / 64;
	tap(mean > 0.85 && mean < 1.15, "a lot has %.2f of what was asked for, on average", mean);
	free(v);
	plan_free(&p);
}

static bool has(const struct lot *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return true;
	return false;
}

/* One unit in the middle of a thousand: one lot is another, or two where it ends one. */
static void added(size_t where)
{
	struct plan all = plan_of(1000, 1 << 20), less = {0};
	less.units = own_zalloc(1000 * sizeof(*less.units));
	for (size_t i = 0; i < all.n; i++)
		if (i != where)
			less.units[less.n++] = all.units[i];
	struct lot *a, *b;
	size_t n_a = lots_of(&all, 16 << 20, &a), n_b = lots_of(&less, 16 << 20, &b), new = 0;
	for (size_t i = 0; i < n_a; i++)
		new += !has(b, n_b, a[i].name);
	tap(new >= 1 && new <= 2, "unit %zu comes in: %zu of %zu lots are new", where, new, n_a);
	free(a);
	free(b);
	free(less.units);
	plan_free(&all);
}

int main(void)
{
	covered(0, 0, 0);
	covered(1, 10, 0);
	covered(1, UINT64_C(1) << 40, 0);
	covered(5000, 100, 0);
	covered(5000, 1 << 28, 0);
	covered(100000, UINT64_C(1) << 30, 0);
	covered(5000, 1 << 20, 1 << 24);
	covered(5000, 1 << 26, 1 << 24);
	average();
	for (size_t i = 0; i < 1000; i += 111)
		added(i);
	return tap_done();
}
