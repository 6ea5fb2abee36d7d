#include "shard/pack.h"
#include "tests/tap.h"

/* What comes out, as text: sequences as "1 2 3 | starts", places as "@document:position+tokens". */
struct seen {
	char text[1024];
	size_t n;
};

static int sequence(void *self, const struct pack_sequence *s, struct err *e)
{
	struct seen *o = self;
	(void)e;
	for (size_t i = 0; i < s->n; i++)
		o->n += (size_t)snprintf(o->text + o->n, sizeof(o->text) - o->n, "%u ", s->tokens[i]);
	o->n += (size_t)snprintf(o->text + o->n, sizeof(o->text) - o->n, "|");
	for (size_t i = 0; i < s->n_starts; i++)
		o->n += (size_t)snprintf(o->text + o->n, sizeof(o->text) - o->n, " %u", s->starts[i]);
	o->n += (size_t)snprintf(o->text + o->n, sizeof(o->text) - o->n, "; ");
	return 0;
}

static int place(void *self, const struct place *p, struct err *e)
{
	struct seen *o = self;
	(void)e;
	o->n += (size_t)snprintf(o->text + o->n, sizeof(o->text) - o->n, "@%d:%d+%d ", (int)p->document, (int)p->position, (int)p->tokens);
	return 0;
}

static int broken(void *self, const struct pack_sequence *s, struct err *e)
{
	(void)self;
	(void)s;
	return err_at(e, ERR_IO, (struct where){NULL, WHERE_NONE}, "the disk is full");
}

static void check(const char *name, bool best_fit, const size_t *lengths, size_t n, const char *want, uint64_t padding)
{
	struct seen o = {{0}, 0};
	struct err e = {0};
	uint32_t tokens[64];
	struct pack *p = pack_new(4, best_fit, 0, (struct pack_sink){sequence, place, &o});
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < lengths[i]; k++)
			tokens[k] = (uint32_t)(10 * (i + 1) + k);
		pack_put(p, STR("id"), STR("url"), tokens, lengths[i], &e);
	}
	tap(pack_end(p, &e) == 0 && strcmp(o.text, want) == 0, "%s: %s", name, o.text);
	tap(pack_padding(p) == padding, "%s: padding %d", name, (int)pack_padding(p));
	pack_free(p);
}

int main(void)
{
	struct err e = {0};
	check("end to end", false, (size_t[]){3, 3}, 2, "10 11 12 20 | 0 3; @0:0+3 @1:3+1 21 22 0 0 | 0; @1:4+2 ", 2);
	check("longer than two", false, (size_t[]){9}, 1, "10 11 12 13 | 0; @0:0+4 14 15 16 17 | 0; @0:4+4 18 0 0 0 | 0; @0:8+1 ", 3);
	check("exactly one", false, (size_t[]){4}, 1, "10 11 12 13 | 0; @0:0+4 ", 0);
	check("nothing", false, NULL, 0, "", 0);
	check("an empty document", false, (size_t[]){0, 4}, 2, "20 21 22 23 | 0; @1:0+4 ", 0);
	check("best fit", true, (size_t[]){3, 2, 1, 2}, 4, "10 11 12 30 | 0 3; @0:0+3 @2:3+1 20 21 40 41 | 0 2; @1:4+2 @3:6+2 ", 0);
	check("best fit, a long one", true, (size_t[]){6, 2}, 2, "10 11 12 13 | 0; @0:0+4 14 15 20 21 | 0 2; @0:4+2 @1:6+2 ", 0);
	struct pack *p = pack_new(2, false, 0, (struct pack_sink){broken, place, NULL});
	tap(pack_put(p, STR("id"), STR(""), (uint32_t[]){1, 2}, 2, &e) == ERR_IO, "an error of the sink comes back: %s", e.msg);
	pack_free(p);
	return tap_done();
}
