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

static uint32_t hash_bytes(const char *p, size_t n, uint32_t seed)
{
	uint64_t h = seed * 0x9E3779B97F4A7C15u + n;
	while (n >= 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		h = (h ^ w) * 0xFF51AFD7ED558CCDu;
		h ^= h >> 32;
		p += 8, n -= 8;
	}
	uint64_t w = 0;
	memcpy(&w, p, n);
	h = (h ^ w) * 0xFF51AFD7ED558CCDu;
	h ^= h >> 29;
	h *= 0xC4CEB9FE1A85EC53u;
	return (uint32_t)(h >> 32);
}

static uint32_t mix(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
	h ^= h >> 31;
	return (uint32_t)((h * 0xFF51AFD7ED558CCDu) >> 32);
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

/* Over an address that starts at p, or p: anything up to a blank that holds "://" or "@", or starts with "www.". */
static const char *skip_address(const char *p, const char *end)
{
	const char *q = p;
	bool is = end - p > 4 && memcmp(p, "www.", 4) == 0;
	while (q < end && (unsigned char)*q > ' ' && q - p < 2048) {
		is |= *q == '@' || (*q == ':' && end - q > 2 && q[1] == '/' && q[2] == '/');
		q++;
	}
	return is ? q : p;
}

static void add_mark(struct gram *g, bool strong)
{
	if (g->n == GRAM_TOKENS_MAX || (g->n && g->v[g->n - 1].mark && (!strong || g->v[g->n - 1].hash == 1)))
		return;
	if (g->n && g->v[g->n - 1].mark)
		g->n--;
	g->v[g->n++] = (struct gram_token){.hash = strong ? 1 : 2, .mark = true};
}

/* One word from p; returns its end. */
static const char *add_word(struct gram *g, const char *p, const char *end, size_t *used, bool sentence, bool hyphen)
{
	char *to = g->low + *used, *o = to;
	bool capital = false, first = true;
	if (hyphen)
		*o++ = '-';
	while (p < end) {
		const char *at = p;
		uint32_t c = (unsigned char)*p < 0x80 ? (uint32_t)(unsigned char)*at++ : utf8_next(&at, end);
		if (!is_letter(c))
			break;
		uint32_t l = c >= '0' && c <= '9' ? '0' : lower(c);
		if (first)
			capital = l != c && c > '9';
		first = false;
		if (o - to < GRAM_WORD_MAX - 4)
			o += utf8_put(o, l);
		p = at;
	}
	struct gram_token *t = &g->v[g->n++];
	*t = (struct gram_token){.at = (uint32_t)*used, .n = (uint32_t)(o - to), .name = capital && !sentence, .clitic = hyphen};
	t->hash = hash_bytes(to, t->n, 1) | 4;
	*used += t->n;
	g->words++;
	g->names += t->name;
	return p;
}

void gram_read(struct gram *g, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	size_t used = 0;
	bool sentence = true, start = true;
	g->n = g->words = g->names = 0;
	while (p < end && g->n < GRAM_TOKENS_MAX && used < g->low_cap) {
		const char *at = p;
		uint32_t c = (unsigned char)*p < 0x80 ? (uint32_t)(unsigned char)*at++ : utf8_next(&at, end);
		if (is_letter(c)) {
			if (start) {
				const char *q = skip_address(p, end);
				if (q > p) {
					p = q;
					continue;
				}
			}
			bool hyphen = p > text.p + 1 && p[-1] == '-' && !g->v[g->n ? g->n - 1 : 0].mark && g->n && (unsigned char)p[-2] > ' ';
			p = add_word(g, p, end, &used, sentence, hyphen);
			sentence = start = false;
			continue;
		}
		start = c <= ' ' || c == '(' || c == '<' || c == '"';
		if (ends_sentence(c)) {
			add_mark(g, true);
			sentence = true;
		} else if (c == ',' || c == '(' || c == ')') {
			add_mark(g, false);
		}
		p = at;
	}
	g->cut = p < end;
	/* Text in capitals: then capitals say nothing. */
	if (g->names * 2 > g->words)
		for (uint32_t i = 0; i < g->n; i++)
			g->v[i].name = false;
}

unsigned gram_of_word(struct str w, bool language, uint32_t ids[GRAM_IDS_MAX])
{
	uint32_t c[GRAM_WORD_MAX + 2];
	unsigned n = 0, k = 0, low = language ? 1 : 3, high = language ? 5 : 6;
	c[n++] = ' ';
	for (const char *p = w.p, *end = w.p + w.n; p < end && n < GRAM_WORD_MAX;)
		c[n++] = utf8_next(&p, end);
	c[n++] = ' ';
	ids[k++] = mix(hash_bytes(w.p, w.n, 1), language ? 11 : 1);
	for (unsigned i = 0; i < n; i++) {
		uint32_t h = 0x811C9DC5u;
		for (unsigned len = 1; len <= high && i + len <= n; len++) {
			h = (h ^ c[i + len - 1]) * 0x01000193u;
			if (len >= low && !(len == 1 && c[i] == ' ') && k < GRAM_IDS_MAX)
				ids[k++] = mix(h, (language ? 20 : 2) + len);
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
		uint32_t h = hash_bytes(function_words[i], strlen(function_words[i]), 1) | 4, at = h >> 23;
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

/* Itself when it is a function word, clitic or mark; CAP; NUM; otherwise its last letters. */
static uint32_t bone(const struct gram *g, const struct gram_token *t)
{
	if (t->mark)
		return t->hash;
	if (t->name)
		return 3;
	const char *w = g->low + t->at;
	if (w[0] == '0')
		return 0x10;
	if (t->clitic || is_function(t->hash))
		return t->hash;
	unsigned want = utf8_count((struct str){w, t->n}) >= 6 ? 3 : 2;
	size_t i = t->n;
	while (i && want) {
		i--;
		want -= ((unsigned char)w[i] & 0xC0) != 0x80;
	}
	return hash_bytes(w + i, t->n - i, 2);
}

unsigned gram_of_place(const struct gram *g, uint32_t i, uint32_t ids[3])
{
	static const struct gram_token begin = {.hash = 1, .mark = true};
	const struct gram_token *t = &g->v[i], *u = i ? t - 1 : &begin, *v = i > 1 ? t - 2 : &begin;
	unsigned k = 0;
	if (t->mark && u->mark)
		return 0;
	uint32_t b0 = bone(g, t), b1 = bone(g, u), b2 = bone(g, v);
	if (!t->name && !u->name)
		ids[k++] = mix(mix(u->hash, t->hash), 2);
	ids[k++] = mix(mix(b1, b0), 7);
	ids[k++] = mix(mix(mix(b2, b1), b0), 8);
	return k;
}
