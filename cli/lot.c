#include "cli/lot.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

static uint64_t weight(const struct unit *u)
{
	uint64_t n = plan_bytes(u);
	return n > LOT_UNIT_BYTES ? n : LOT_UNIT_BYTES;
}

static uint64_t aim(const struct plan *p, uint64_t bytes)
{
	uint64_t all = 0;
	if (bytes)
		return bytes;
	for (size_t i = 0; i < p->n; i++)
		all += weight(&p->units[i]);
	for (bytes = LOT_BYTES; all / bytes > LOTS_MANY; bytes *= 4)
		;
	return bytes;
}

/* One in (aim / weight) units ends a lot, by its name; at four times the aim, any does. */
static bool ends(const struct unit *u, uint64_t so_far, uint64_t wanted)
{
	uint64_t hash = XXH3_64bits(u->name, 16), w = weight(u);
	return so_far >= 4 * wanted || (double)(hash >> 11) * 0x1p-53 * (double)wanted < (double)w;
}

static void name_lot(const struct plan *p, struct lot *l)
{
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	for (size_t i = 0; i < l->n; i++)
		XXH3_64bits_update(h, p->units[l->first + i].name, 16);
	snprintf(l->name, sizeof(l->name), "%016" PRIx64, (uint64_t)XXH3_64bits_digest(h));
	XXH3_freeState(h);
}

size_t lots_of(const struct plan *p, uint64_t bytes, struct lot **out)
{
	struct lot *v = own_alloc((p->n + 1) * sizeof(*v));
	uint64_t wanted = aim(p, bytes);
	size_t n = 0;
	bool open = false;
	for (size_t i = 0; i < p->n; i++) {
		if (!open)
			v[n++] = (struct lot){.first = i};
		v[n - 1].n++;
		v[n - 1].bytes += weight(&p->units[i]);
		open = !ends(&p->units[i], v[n - 1].bytes, wanted);
	}
	for (size_t i = 0; i < n; i++)
		name_lot(p, &v[i]);
	*out = v;
	return n;
}
