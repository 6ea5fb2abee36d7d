#include "filter/gram.h"

#include "core/utf8.h"

void gram_init(struct gram *g)
{
	*g = (struct gram){.low_cap = (size_t)GRAM_TOKENS_MAX * 8};
	g->low = own_alloc(g->low_cap + 2 * GRAM_WORD_MAX);
	g->v = own_alloc(GRAM_TOKENS_MAX * sizeof(*g->v));
}

void gram_free(struct gram *g)
{
	free(g->low);
	free(g->v);
}

/* Of no more than 8 bytes, without reading past them. */
static uint64_t tail_bytes(const char *p, size_t n)
{
	uint64_t w = 0;
	if (n == 8) {
		memcpy(&w, p, 8);
	} else if (n >= 4) {
		uint32_t a, b;
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		w = a | (uint64_t)b << 32;
	} else if (n) {
		w = (unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 | (uint64_t)(unsigned char)p[n - 1] << 16;
	}
	return w;
}

static uint64_t hash_bytes(const char *p, size_t n, uint32_t seed)
{
	uint64_t h = seed * 0x9E3779B97F4A7C15u + n;
	for (; n > 8; p += 8, n -= 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		h = (h ^ w) * 0xFF51AFD7ED558CCDu;
		h ^= h >> 32;
	}
	h = (h ^ tail_bytes(p, n)) * 0xFF51AFD7ED558CCDu;
	h ^= h >> 29;
	h *= 0xC4CEB9FE1A85EC53u;
	return h ^ h >> 32;
}

static uint32_t hash_half(const char *p, size_t n, uint32_t seed)
{
	return (uint32_t)(hash_bytes(p, n, seed) >> 32);
}

/* Lower case of Latin, Greek and Cyrillic as far as a language gate needs it; others stay. */
static uint32_t lower(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 32;
	if (c >= 0x400 && c <= 0x40F)
		return c + 80;
	if (c >= 0x100 && c <= 0x17F && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149 && c != 0x178 && c != 0x17F) {
		bool odd = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
		return (c & 1) == odd ? c + 1 : c;
	}
	return c;
}

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	if (c < 0xC0)
		return c == 0xAA || c == 0xBA || c == 0xB5;
	return c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c < 0x2C00) && !(c >= 0x3000 && c <= 0x3003) && c != 0xFFFD && !(c >= 0xFF00 && c <= 0xFF0F);
}

static bool ends_sentence(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == ':' || c == ';' || c == '"' || c == '\n' || c == 0x201C || c == 0x201D || c == 0xAB || c == 0xBB || c == 0x2026;
}

/* What an ASCII letter or digit is in lower case (digits are 0); 0 for what is neither. */
static const char low_of[256] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				"0000000000\0\0\0\0\0\0"
				"\0abcdefghijklmnopqrstuvwxyz\0\0\0\0\0"
				"\0abcdefghijklmnopqrstuvwxyz\0\0\0\0\0";

enum { MARK_STRONG = 1, MARK_WEAK = 2, BONE_NAME = 3 };

static void add_mark(struct gram *g, uint32_t hash)
{
	struct gram_token *last = g->n ? &g->v[g->n - 1] : NULL;
	if (last && last->mark)
		last->hash = last->bone = hash < last->hash ? hash : last->hash;
	else
		g->v[g->n++] = (struct gram_token){.hash = hash, .bone = hash, .mark = true};
}

/* A letter of more than one byte at p, lower-cased to *o; p when it is no letter. */
static const char *long_letter(const char *p, const char *end, char **o, char *room, bool *capital)
{
	const char *at = p;
	uint32_t c = utf8_next(&at, end), l = lower(c);
	if (!is_letter(c))
		return p;
	*capital = l != c;
	if (*o < room)
		*o += utf8_put(*o, l);
	return at;
}

/* A letter of Latin-1 at p (U+00C0..U+00FF but the signs of multiplying and dividing), which is most that is not ASCII. */
static bool is_latin(const char *p, const char *end)
{
	return (unsigned char)*p == 0xC3 && end - p > 1 && ((unsigned char)p[1] & 0xC0) == 0x80 && (p[1] & 0x1F) != 0x17;
}

/* The letters from p, lower-cased, to `to`; returns the end of both. What is beyond GRAM_WORD_MAX is stepped over. */
static const char *lower_word(const char *p, const char *end, char *to, char **out, bool *capital)
{
	char *o = to, *room = to + GRAM_WORD_MAX - 8;
	bool upper = *p >= 'A' && *p <= 'Z', first = true;
	for (; p < end; first = false) {
		char l = low_of[(unsigned char)*p];
		if (__builtin_expect(l != 0, 1)) {
			*o = l;
			o += o < room;
			p++;
		} else if (is_latin(p, end)) {
			bool big = (unsigned char)p[1] < 0x9F;
			upper |= first & big;
			o[0] = p[0];
			o[1] = (char)(p[1] | (big ? 0x20 : 0));
			o += o < room ? 2 : 0;
			p += 2;
		} else if ((unsigned char)*p >= 0x80) {
			bool big = false;
			const char *q = long_letter(p, end, &o, room, &big);
			upper |= first & big;
			if (q == p)
				break;
			p = q;
		} else {
			break;
		}
	}
	*capital = upper;
	*out = o;
	return p;
}

/* One word from p, which is at a letter; returns its end. */
static const char *add_word(struct gram *g, const char *p, const char *end, size_t *used, bool sentence, bool hyphen)
{
	char *to = g->low + *used, *o;
	bool capital;
	*to = '-';
	p = lower_word(p, end, to + hyphen, &o, &capital);
	struct gram_token *t = &g->v[g->n++];
	*t = (struct gram_token){.at = (uint32_t)*used, .n = (uint8_t)(o - to), .name = capital && !sentence, .clitic = hyphen};
	uint64_t h = hash_bytes(to, t->n, 1);
	t->hash = (uint32_t)(h >> 32) | 4;
	t->key = h + t->n * 0x9E3779B97F4A7C15u; /* short words of two lengths can share h, which a feature may and a key must not */
	*used += t->n;
	g->words++;
	g->names += t->name;
	return p;
}

/* Where an address may begin, and how things stood there: when it turns out to be one, its words are taken back. */
struct chunk {
	uint32_t n, words, names;
	size_t used;
	bool sentence;
};

static const char *over_address(struct gram *g, const struct chunk *c, const char *p, const char *end, size_t *used, bool *sentence)
{
	while (p < end && (unsigned char)*p > ' ')
		p++;
	g->n = c->n, g->words = c->words, g->names = c->names;
	*used = c->used;
	*sentence = c->sentence;
	return p;
}

static bool is_www(const struct gram *g, const char *p, const char *end)
{
	const struct gram_token *t = &g->v[g->n - 1];
	return p < end && *p == '.' && t->n == 3 && memcmp(g->low + t->at, "www", 3) == 0;
}

const char *gram_read(struct gram *g, struct str text, uint32_t most)
{
	const char *p = text.p, *end = text.p + text.n;
	size_t used = 0;
	bool sentence = true;
	struct chunk c = {.sentence = true};
	g->n = g->words = g->names = 0;
	most = most < GRAM_TOKENS_MAX ? most : GRAM_TOKENS_MAX;
	while (p < end && g->n < most && used < g->low_cap) {
		const char *at = p;
		unsigned char b = (unsigned char)*p;
		uint32_t code = b;
		bool letter = low_of[b] || is_latin(p, end);
		if (!letter && b >= 0x80) {
			code = utf8_next(&at, end);
			letter = is_letter(code);
		}
		if (letter) {
			bool hyphen = p > text.p + 1 && p[-1] == '-' && g->n && !g->v[g->n - 1].mark && (unsigned char)p[-2] > ' ';
			p = add_word(g, p, end, &used, sentence, hyphen);
			sentence = false;
			if (is_www(g, p, end))
				p = over_address(g, &c, p, end, &used, &sentence);
			continue;
		}
		if (b == '@' || (b == ':' && end - p > 2 && p[1] == '/' && p[2] == '/')) {
			p = over_address(g, &c, p, end, &used, &sentence);
			continue;
		}
		p = b < 0x80 ? p + 1 : at;
		if (ends_sentence(code)) {
			add_mark(g, MARK_STRONG);
			sentence = true;
		} else if (b == ',' || b == '(' || b == ')') {
			add_mark(g, MARK_WEAK);
		}
		if (b <= ' ' || b == '(' || b == '<' || b == '"')
			c = (struct chunk){g->n, g->words, g->names, used, sentence};
	}
	g->cut = p < end;
	/* Text in capitals: then capitals say nothing. */
	bool loud = g->names * 2 > g->words;
	for (uint32_t i = 0; i < g->n; i++) {
		struct gram_token *t = &g->v[i];
		t->name &= !loud;
		if (t->name)
			t->bone = BONE_NAME;
	}
	return p;
}

unsigned gram_of_word(struct str w, bool language, struct gram_feature f[GRAM_FEATURES_MAX])
{
	uint32_t c[GRAM_WORD_MAX + 2];
	unsigned n = 0, k = 0, low = language ? 1 : 3, high = language ? 5 : 6;
	c[n++] = ' ';
	for (const char *p = w.p, *end = w.p + w.n; p < end && n < GRAM_WORD_MAX;)
		c[n++] = utf8_next(&p, end);
	c[n++] = ' ';
	f[k++] = (struct gram_feature){gram_mix(hash_half(w.p, w.n, 1), language ? 11 : 1), GRAM_WORD};
	for (unsigned i = 0; i < n; i++) {
		uint32_t h = 0x811C9DC5u;
		for (unsigned len = 1; len <= high && i + len <= n; len++) {
			h = (h ^ c[i + len - 1]) * 0x01000193u;
			if (len >= low && !(len == 1 && c[i] == ' ') && k < GRAM_FEATURES_MAX)
				f[k++] = (struct gram_feature){gram_mix(h, (language ? 20 : 2) + len), language ? GRAM_LETTERS_LANGUAGE : GRAM_LETTERS};
		}
	}
	return k;
}

/* Words that stay themselves in the skeleton: the closed classes of Portuguese, both norms. */
static const char *const function_words[] = {
	"a", "à", "ao", "aos", "as", "às", "o", "os", "um", "uma", "uns", "umas", "de", "do", "da", "dos", "das", "dum", "duma", "em", "no", "na", "nos", "nas", "num", "numa", "por", "pelo", "pela", "pelos", "pelas", "para", "pra", "com", "sem", "sob", "sobre", "entre", "até", "desde", "e", "ou", "mas", "que", "se", "quando", "como", "porque", "pois", "embora", "enquanto", "onde", "quem", "qual", "quais", "cujo", "cuja", "eu", "tu", "ele", "ela", "nós", "vós", "eles", "elas", "você", "vocês", "me", "te", "lhe", "lhes", "vos", "mim", "ti", "si", "comigo", "contigo", "consigo", "connosco", "conosco", "meu", "minha", "meus", "minhas", "teu", "tua", "seu", "sua", "seus", "suas", "nosso", "nossa", "nossos", "nossas", "vosso", "vossa", "dele", "dela", "deles", "delas", "este", "esta", "isto", "esse", "essa", "isso", "aquele", "aquela", "aquilo", "deste", "desta", "disto", "desse", "dessa", "disso", "neste", "nesta", "nesse", "nessa", "nisso", "aqui", "ali", "aí", "lá", "cá", "não", "sim", "já", "ainda", "mais", "menos", "muito", "muita", "muitos", "pouco", "tão", "tanto", "todo", "toda", "todos", "todas", "tudo", "nada", "algo", "alguém", "ninguém", "algum", "alguma", "nenhum", "nenhuma", "outro", "outra", "outros", "outras", "mesmo", "mesma", "só", "apenas", "também", "bem", "mal", "agora", "hoje", "ontem", "amanhã", "depois", "antes", "sempre", "nunca", "é", "era", "foi", "ser", "são", "está", "estão", "estava", "estar", "tem", "têm", "tinha", "ter", "há", "haver", "houve", "vai", "vão", "ir", "vou", "pode", "podem", "poder", "deve", "devem", "fazer", "faz", "fez", "dizer", "diz", "disse", "a gente", "gente", "então", "assim", "aliás", "contudo", "porém", "todavia", "quer", "caso", "cada", "ambos", "dois", "duas", "três", "primeiro", "segundo", "seja", "fosse", "será", "seria", "sido", "sendo", "tendo", "tido"};

/* Hashes of the above, open addressing; built once at load. */
static uint32_t function_hash[512];

__attribute__((constructor)) static void fill_function_words(void)
{
	for (size_t i = 0; i < sizeof(function_words) / sizeof(*function_words); i++) {
		uint32_t h = hash_half(function_words[i], strlen(function_words[i]), 1) | 4, at = h >> 23;
		while (function_hash[at] && function_hash[at] != h)
			at = (at + 1) & 511;
		function_hash[at] = h;
	}
}

static bool is_function(uint32_t h)
{
	for (uint32_t at = h >> 23; function_hash[at]; at = (at + 1) & 511)
		if (function_hash[at] == h)
			return true;
	return false;
}

struct str gram_ending(struct str w)
{
	unsigned want = utf8_count(w) >= 6 ? 3 : 2;
	size_t i = w.n;
	while (i && want) {
		i--;
		want -= ((unsigned char)w.p[i] & 0xC0) != 0x80;
	}
	return str_from(w, i);
}

uint32_t gram_bone(struct str w, uint32_t hash, bool clitic)
{
	if (w.n && w.p[0] == '0')
		return 0x10;
	if (clitic || is_function(hash))
		return hash;
	struct str ending = gram_ending(w);
	return hash_half(ending.p, ending.n, 2);
}

const struct gram_token gram_begin = {.hash = MARK_STRONG, .bone = MARK_STRONG, .mark = true};
