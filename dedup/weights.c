#include "dedup/weights.h"

#include "core/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FINEWEB2 "1:1,2:2,3:3,5:5,100:8,1000:1"
#define WEIGHT_MOST 1000

static bool number(struct str s, double most, double *out)
{
	char copy[32], *end;
	s = str_trim(s);
	if (!s.n || s.n >= sizeof(copy))
		return false;
	memcpy(copy, s.p, s.n);
	copy[s.n] = 0;
	*out = strtod(copy, &end);
	return !*end && *out >= 0 && *out <= most;
}

static bool add(struct weights *w, struct str line)
{
	struct str weight, size = str_cut(line, ':', &weight);
	double s, v;
	if (w->n == WEIGHTS_MAX || !weight.p || !number(size, 1e15, &s) || !number(weight, WEIGHT_MOST, &v) || s < 1 || s != floor(s))
		return false;
	if (w->n && w->size[w->n - 1] >= (uint64_t)s)
		return false;
	w->size[w->n] = (uint64_t)s;
	w->weight[w->n++] = (float)v;
	return true;
}

int weights_parse(struct weights *w, const char *text, struct err *e)
{
	*w = (struct weights){0};
	if (!text)
		return 0;
	struct str rest = str_eq(str_of(text), STR("fineweb2")) ? STR(FINEWEB2) : str_of(text);
	while (rest.n) {
		struct str line = str_cut(rest, ',', &rest);
		if (!add(w, line))
			return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "weights: '%.*s' is not SIZE:WEIGHT with a size above the one before it and a weight of 0 to %d", STR_ARG(line), WEIGHT_MOST);
	}
	return w->n ? 0 : err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "weights: a table like 2:2,5:3, or fineweb2");
}

float weights_of(const struct weights *w, uint64_t size)
{
	float weight = 1;
	for (unsigned i = 0; i < w->n && w->size[i] <= size; i++)
		weight = w->weight[i];
	return weight;
}
