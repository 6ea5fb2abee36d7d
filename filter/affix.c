#include "filter/affix.h"

#include "core/own.h"
#include "core/utf8.h"
#include "filter/tables/words.h"

static void *room(void *p, uint32_t *cap, uint32_t n, size_t size)
{
	if (n <= *cap)
		return p;
	*cap = n > 2 * *cap ? n + 64 : 2 * *cap;
	return own_grow(p, *cap * size);
}

static uint32_t fnv(const char *p, size_t n)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619u;
	return h;
}

const struct affix_special *affix_special(const char *p, size_t n)
{
	if (!n || n > AFFIX_SPECIAL_MAX || !(affix_special_first[(unsigned char)p[0]] & affix_special_last[(unsigned char)p[n - 1]] & 1u << n))
		return NULL;
	for (uint32_t i = fnv(p, n) % AFFIX_SPECIALS; affix_specials[i].s; i = (i + 1) % AFFIX_SPECIALS)
		if (affix_specials[i].n == n && memcmp(affix_specials[i].s, p, n) == 0)
			return &affix_specials[i];
	return NULL;
}

const struct affix_edge *affix_edge(uint32_t node, struct str token)
{
	if (token.n > AFFIX_SPECIAL_MAX)
		return NULL;
	for (uint32_t i = (fnv(token.p, token.n) ^ node * 40503u) % AFFIX_EDGES; affix_edges[i].s; i = (i + 1) % AFFIX_EDGES) {
		const struct affix_edge *x = &affix_edges[i];
		if (x->from == node && x->n == token.n && memcmp(x->s, token.p, token.n) == 0)
			return x;
	}
	return NULL;
}

static const struct affix_special *special_at(const struct affix_work *s, uint32_t from, uint32_t to)
{
	return to - from > AFFIX_SPECIAL_MAX ? NULL : affix_special(s->text.p + s->at[from], s->at[to] - s->at[from]);
}

static void add_span(struct affix_work *s, uint32_t from, uint32_t to)
{
	s->spans = room(s->spans, &s->cap_spans, s->n_spans + 1, sizeof(*s->spans));
	s->spans[s->n_spans++] = (struct affix_span){from, to};
}

static void add_at(struct affix_work *s, uint32_t from, uint32_t to)
{
	add_span(s, s->at[from], s->at[to]);
}

static void add_parts(struct affix_work *s, uint32_t from, const struct affix_special *x)
{
	uint32_t at = s->at[from];
	for (int i = 0; i < 3 && x->parts[i]; at += x->parts[i++])
		add_span(s, at, at + x->parts[i]);
}

static bool ascii_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Length of what the prefix rules take off the front; 0 = nothing. */
static uint32_t prefix(const struct affix_work *s, uint32_t from, uint32_t to)
{
	for (uint32_t k = from; k < to && k < from + 3 && (s->flags[k] & AFFIX_WORD); k++)
		if (k + 1 < to && s->c[k + 1] == '$')
			return k + 2 - from;
	if (s->flags[from] & AFFIX_PREFIX)
		return 1;
	if (s->c[from] == '+')
		return from + 1 == to || !ascii_digit(s->c[from + 1]);
	uint32_t k = from;
	while (k < to && s->c[k] == '.')
		k++;
	return k - from >= 2 ? k - from : 0;
}

/* A unit of measure right behind a digit, up to the end: km, m², °... */
static uint32_t unit(const struct affix_work *s, uint32_t from, uint32_t to)
{
	uint32_t k = to;
	while (k > from && to - k <= AFFIX_UNIT_MAX && !ascii_digit(s->c[k - 1]))
		k--;
	if (k == to || k == from || !ascii_digit(s->c[k - 1]))
		return 0;
	struct str tail = {s->text.p + s->at[k], s->at[to] - s->at[k]};
	for (const char *const *u = affix_units; *u; u++)
		if (str_eq(tail, str_of(*u)))
			return to - k;
	return 0;
}

/* "$" and its kin behind a digit, with US, C or A before it. */
static uint32_t currency(const struct affix_work *s, uint32_t from, uint32_t to)
{
	uint32_t k = to - 1;
	if (s->c[k] == '$' && k > from + 2 && s->c[k - 1] == 'S' && s->c[k - 2] == 'U' && ascii_digit(s->c[k - 3]))
		return 3;
	if (s->c[k] == '$' && k > from + 1 && (s->c[k - 1] == 'C' || s->c[k - 1] == 'A') && ascii_digit(s->c[k - 2]))
		return 2;
	return k > from && ascii_digit(s->c[k - 1]);
}

/* The full stop at the end: off when lower case, a digit, two capitals or certain marks stand before it. */
static bool stop(const struct affix_work *s, uint32_t from, uint32_t k)
{
	if (k == from)
		return false;
	uint32_t before = s->flags[k - 1], degree = s->c[k - 1] | 32;
	if (before & AFFIX_BEFORE_DOT)
		return true;
	if (k < from + 2)
		return false;
	return (before & s->flags[k - 2] & AFFIX_UPPER) || (s->c[k - 2] == 0xB0 && (degree == 'f' || degree == 'c' || degree == 'k') && s->c[k - 1] < 128);
}

/* Length of what the suffix rules take off the end: the longest that matches. */
static uint32_t suffix(const struct affix_work *s, uint32_t from, uint32_t to)
{
		uint32_t last = to - 1, n = 0;
	if (from >= to)
		return 0;
	if (s->c[last] == '.') {
		uint32_t k = to;
		while (k > from && s->c[k - 1] == '.')
			k--;
		return to - k >= 2 ? to - k : stop(s, from, last);
	}
	if (s->flags[last] & AFFIX_SUFFIX)
		n = 1 + (s->c[last] == 0x2026 && last > from && s->c[last - 1] == 0x2026);
	else if ((s->c[last] | 32) == 's' && s->c[last] < 128 && last > from && (s->c[last - 1] == '\'' || s->c[last - 1] == 0x2019))
		n = 2;
	else if (s->c[last] == '+')
		n = last > from && ascii_digit(s->c[last - 1]);
	if (s->flags[last] & AFFIX_CURRENCY)
		n = currency(s, from, to) > n ? currency(s, from, to) : n;
	uint32_t u = unit(s, from, to);
	return u > n ? u : n;
}

/* [1-223].[0-255].[0-255].[1-254], not of a private network; its end, or `from`. */
static uint32_t url_address(const struct affix_work *s, uint32_t from, uint32_t to)
{
	uint32_t part[4], k = from;
	for (int i = 0; i < 4; i++) {
		uint32_t begin = k;
		part[i] = 0;
		while (k < to && k - begin < 3 && ascii_digit(s->c[k]))
			part[i] = 10 * part[i] + s->c[k++] - '0';
		bool zero_led = k > begin + 1 && s->c[begin] == '0';
		if (k == begin || part[i] > 255 || ((i == 0 || i == 3) && s->c[begin] == '0') || (zero_led && k == begin + 3))
			return from;
		if (i < 3 && (k >= to || s->c[k++] != '.'))
			return from;
	}
	bool private = part[0] == 10 || part[0] == 127 || (part[0] == 169 && part[1] == 254) || (part[0] == 192 && part[1] == 168) ||
		       (part[0] == 172 && part[1] >= 16 && part[1] <= 31);
	return private || part[0] > 223 || part[3] > 254 ? from : k;
}

static bool host_char(uint32_t c)
{
	return ascii_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xA1 && c <= 0xFFFF);
}

/* Labels with dots, then a top-level domain in lower case; its end, or `from`. */
static uint32_t url_host(const struct affix_work *s, uint32_t from, uint32_t to)
{
	uint32_t k = from, labels = 0;
	for (;; labels++) {
		uint32_t begin = k;
		bool low = true;
		while (k < to && (host_char(s->c[k]) || s->c[k] == '_' || s->c[k] == '-'))
			low &= (s->flags[k++] & AFFIX_LOWER) != 0;
		uint32_t n = k - begin;
		if (k < to && s->c[k] == '.') {
			if (n < 1 || n > 64 || !host_char(s->c[begin]) || !host_char(s->c[k - 1]))
				return from;
			k++;
			continue;
		}
		/* The domain's letters may lie beyond the characters of a label. */
		while (k < to && (s->flags[k] & AFFIX_LOWER))
			k++, n++;
		return labels && low && n >= 2 && n <= 63 ? k : from;
	}
}

/* Host, port and path from `at` to the end of the piece? */
static bool url_rest(const struct affix_work *s, uint32_t at, uint32_t to)
{
	for (int way = 0; way < 2; way++) {
		uint32_t k = way ? url_host(s, at, to) : url_address(s, at, to), digits = 0;
		if (k == at)
			continue;
		if (k == to)
			return true;
		if (s->c[k] == ':') {
			while (k + 1 + digits < to && (s->flags[k + 1 + digits] & AFFIX_DIGIT))
				digits++;
			if (digits >= 2 && digits <= 5)
				k += 1 + digits;
		}
		if (k == to || s->c[k] == '/' || s->c[k] == '?' || s->c[k] == '#')
			return true;
	}
	return false;
}

/* spaCy's URL expression: a scheme or not, credentials or not, then the rest. */
static bool is_url(const struct affix_work *s, uint32_t from, uint32_t to)
{
	bool dot = false;
	uint32_t k = from;
	for (uint32_t i = from; i < to && !dot; i++)
		dot = s->c[i] == '.';
	if (!dot)
		return false;
	if (url_rest(s, from, to))
		return true;
	while (k < to && ((s->flags[k] & AFFIX_WORD) || s->c[k] == '+' || s->c[k] == '-' || s->c[k] == '.'))
		k++;
	if (k - from >= 2 && k + 3 < to && s->c[k] == ':' && s->c[k + 1] == '/' && s->c[k + 2] == '/' && url_rest(s, k + 3, to))
		return true;
	for (k = from + 1; k + 1 < to; k++)
		if (s->c[k] == '@' && url_rest(s, k + 1, to))
			return true;
	return false;
}

/* Length of the dash at k that stands between letters. */
static uint32_t dash(const struct affix_work *s, uint32_t k, uint32_t to)
{
	uint32_t most = s->c[k] == '-' ? 3 : s->c[k] == 0x2014 ? 2 : 1;
	for (uint32_t n = 1; n <= most && k + n < to && s->c[k + n - 1] == s->c[k]; n++)
		if (s->flags[k + n] & AFFIX_ALPHA)
			return n;
	return 0;
}

/* Length of the infix at k; *run is where the word characters around k end (found once for each run). */
static uint32_t infix(const struct affix_work *s, uint32_t from, uint32_t k, uint32_t to, uint32_t *run)
{
	uint32_t c = s->c[k], f = s->flags[k];
	if (f & AFFIX_WORD) {
		if (*run <= k)
			for (*run = k; *run < to && (s->flags[*run] & AFFIX_WORD);)
				++*run;
		uint32_t end = *run;
		while (end + 1 < to && s->c[end] == '-' && (s->flags[end + 1] & AFFIX_WORD))
			for (end++; end < to && (s->flags[end] & AFFIX_WORD);)
				end++;
		if (end > *run)
			return end - k;
	}
	uint32_t before = k > from ? s->flags[k - 1] : 0, after = k + 1 < to ? s->flags[k + 1] : 0;
	bool digit = k > from && ascii_digit(s->c[k - 1]);
	if (c == '.') {
		uint32_t n = 1;
		while (k + n < to && s->c[k + n] == '.')
			n++;
		return n > 1 ? n : (before & (AFFIX_LOWER | AFFIX_QUOTE)) && (after & (AFFIX_UPPER | AFFIX_QUOTE));
	}
	if (c == 0x2026 || (f & AFFIX_ICON))
		return 1;
	if (digit && (c == '+' || c == '-' || c == '*' || c == '^') && k + 1 < to && (ascii_digit(s->c[k + 1]) || s->c[k + 1] == '-'))
		return 1;
	if (c == ',')
		return (before & AFFIX_ALPHA) && (after & AFFIX_ALPHA);
	if ((before & AFFIX_ALPHA) && (c == '-' || c == 0x2013 || c == 0x2014 || c == '~'))
		return dash(s, k, to);
	return (c == ':' || c == '<' || c == '>' || c == '=' || c == '/') && ((before & AFFIX_ALPHA) || digit) && (after & AFFIX_ALPHA);
}


/* What is left between prefixes and suffixes. */
static void middle(struct affix_work *s, uint32_t from, uint32_t to)
{
		const struct affix_special *x = special_at(s, from, to);
	if (x) {
		add_parts(s, from, x);
		return;
	}
	uint32_t start = from, run = 0;
	if (!is_url(s, from, to))
		for (uint32_t k = from; k < to;) {
			uint32_t n = infix(s, from, k, to, &run);
			if (n && k != from) {
				if (k != start)
					add_at(s, start, k);
				add_at(s, k, k + n);
				start = k + n;
			}
			k += n ? n : 1;
		}
	if (start < to)
		add_at(s, start, to);
}

static void take_suffix(struct affix_work *s, uint32_t at)
{
	s->suffixes = room(s->suffixes, &s->cap_suffixes, s->n_suffixes + 1, sizeof(*s->suffixes));
	s->suffixes[s->n_suffixes++] = at;
}

/* spaCy's loop: a prefix and a suffix a turn, until neither is there or what is left is known. */
static void affixes(struct affix_work *s, uint32_t n)
{
	uint32_t from = 0, to = n;
	s->n_suffixes = 0;
	while (from < to && !special_at(s, from, to)) {
		uint32_t pre = prefix(s, from, to);
		if (pre && from + pre < to && special_at(s, from + pre, to)) {
			add_at(s, from, from + pre);
			from += pre;
			break;
		}
		uint32_t suf = suffix(s, from + pre, to);
		if (suf && from < to - suf && special_at(s, from, to - suf)) {
			to -= suf;
			take_suffix(s, to);
			break;
		}
		if (pre)
			add_at(s, from, from + pre);
		if (suf)
			take_suffix(s, to - suf);
		from += pre;
		to -= suf;
		if (!pre && !suf)
			break;
	}
	if (from < to)
		middle(s, from, to);
	for (uint32_t i = s->n_suffixes; i-- > 0;)
		add_at(s, s->suffixes[i], i ? s->suffixes[i - 1] : n);
}

void affix_cut(struct affix_work *s, struct str text, size_t from, size_t to)
{
	uint32_t n = 0;
	s->text = text;
	s->n_spans = 0;
	if (s->cap < to - from + 1) {
		s->cap = (uint32_t)(to - from) + 256;
		s->c = own_grow(s->c, s->cap * sizeof(*s->c));
		s->flags = own_grow(s->flags, s->cap * sizeof(*s->flags));
		s->at = own_grow(s->at, s->cap * sizeof(*s->at));
	}
	for (const char *q = text.p + from, *end = text.p + to; q < end; n++) {
		s->at[n] = (uint32_t)(q - text.p);
		s->c[n] = utf8_next(&q, end);
		s->flags[n] = affix_flags_of(s->c[n]);
	}
	s->at[n] = (uint32_t)to;
	affixes(s, n);
}

void affix_free(struct affix_work *s)
{
	free(s->c);
	free(s->flags);
	free(s->at);
	free(s->suffixes);
	free(s->spans);
	*s = (struct affix_work){0};
}
