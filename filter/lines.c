#include "filter/lines.h"

#include "core/zin.h"
#include "core/zout.h"

#include <stdatomic.h>
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *const lines_names[LINES_KINDS + 1] = {"lines_cookie", "lines_menu", "lines_repeated", "lines_foreign", NULL};

enum { MENU_MAX = 60, ROW_MAX = 400, COOKIE_MAX = 700, COOKIE_LINES = 4, BARE_MAX = 40, FOREIGN_WORDS = 12, LINE_KEY_MIN = 3 };

/* ---- menus and notices ---- */

/* Lines that are nothing else than this; lower case, without accents and marks; in order. */
static const char *const menus[] = {
	"0 comentarios", "a a a", "a minha conta", "aceitar", "aceito", "adicionar ao carrinho", "adicionar aos favoritos", "adicionar comentario",
	"agenda", "ajuda", "anterior", "anterior seguinte", "arquivo", "arquivos", "artigos relacionados", "assine a newsletter", "aumentar letra",
	"aviso legal", "back", "busca", "buscar", "cadastre se", "carrinho", "carrinho de compras", "categorias", "comentar", "comentarios", "compartilhar",
	"compartilhar no facebook", "compartilhar no twitter", "compartilhe", "comprar", "condicoes de utilizacao", "contacte nos", "contacto", "contactos",
	"contato", "contatos", "continuar a ler", "continue a ler", "continue lendo", "deixar um comentario", "deixe o seu comentario",
	"deixe um comentario", "destaques", "diminuir letra", "downloads", "e mail", "em destaque", "email", "english", "entrar", "enviar a amigo",
	"enviar a um amigo", "enviar por e mail", "enviar por email", "espanol", "esqueceu a senha", "esqueceu se da password", "esta aqui", "etiquetas",
	"facebook", "fale connosco", "fale conosco", "faq", "faqs", "fechar", "feed", "ficha tecnica", "fotos", "francais", "galeria", "galeria de fotos",
	"gosto", "home", "homepage", "imprimir", "imprimir pagina", "iniciar sessao", "inicio", "instagram", "ir para conteudo", "ir para o conteudo",
	"ir para o topo", "leia mais", "leia tambem", "ler mais", "ligacoes", "ligacoes uteis", "like", "linkedin", "links", "links uteis", "login",
	"mais informacoes", "mais lidas", "mais noticias", "mais populares", "mais vistos", "mapa do site", "mapa do sitio", "menu", "menu principal",
	"minha conta", "multimedia", "navegacao", "newsletter", "next", "noticias", "noticias relacionadas", "ok", "pagina anterior", "pagina inicial",
	"pagina principal", "pagina seguinte", "partilha", "partilhar", "partilhar isto", "partilhar no facebook", "partilhar no twitter", "partilhe",
	"pdf", "pesquisa", "pesquisar", "politica de cookies", "politica de privacidade", "portugues", "previous", "print", "privacidade", "procurar",
	"proxima", "proxima pagina", "proximo", "pt en", "pub", "publicado por", "publicidade", "pular para o conteudo", "quem somos", "read more",
	"recomendar a um amigo", "recuperar password", "recusar", "registar", "registar se", "registe se", "relacionados", "rss", "saber mais",
	"saiba mais", "sair", "saltar para o conteudo", "search", "seguinte", "sem comentarios", "share", "skip to content", "skip to main content",
	"sobre nos", "subscreva a newsletter", "subscrever", "subscrever newsletter", "tags", "terminar sessao", "termos de uso", "termos de utilizacao",
	"termos e condicoes", "todos os direitos reservados", "topo", "topo da pagina", "tweet", "twitter", "ultimas noticias", "veja mais", "veja tambem",
	"ver mais", "ver tambem", "ver todos", "ver tudo", "versao para impressao", "versao para imprimir", "videos", "visualizacoes", "voce esta aqui",
	"voltar", "voltar ao inicio", "voltar ao topo", "voltar atras", "whatsapp", "youtube"};
/* A notice names cookies and does one of these. */
static const char *const notices[] = {"utiliza", "utilizamos", "usa ", "usamos", "uso de", "aceita", "concord", "naveg", "consent", "terceiros", "melhorar a sua experi", "experiência", "política de", "preferências", "definições", "uses", "accept", "browsing", "settings", "armazen"};

static bool is_menu_word(struct str s)
{
	if (!s.n)
		return false;
	size_t lo = 0, hi = sizeof(menus) / sizeof(*menus);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = (unsigned char)s.p[0] - (unsigned char)menus[mid][0];
		if (c == 0)
			c = str_cmp(s, str_of(menus[mid]));
		if (c == 0)
			return true;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return false;
}

/* Lower case letters and digits without accents, what is between them one blank. Characters beyond Latin-1 are between. Cut where it is longer
 * than any item of a menu. */
static struct str bare(struct str s, char out[BARE_MAX])
{
	static const char plain[65] = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
	size_t n = 0;
	for (size_t i = 0; i < s.n && n + 1 < BARE_MAX; i++) {
		unsigned char c = str_lower1((unsigned char)s.p[i]);
		if (c == 0xC3 && i + 1 < s.n)
			c = (unsigned char)plain[(unsigned char)s.p[++i] & 63];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (word)
			out[n++] = (char)c;
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n && out[n - 1] == ' ')
		n--;
	return (struct str){out, n};
}

/* Length of a mark that stands between the items of a menu at p. */
static size_t divider(const char *p, const char *end)
{
	if (*p == '|' || *p == '>')
		return 1;
	if (end - p >= 2 && (memcmp(p, "»", 2) == 0 || memcmp(p, "·", 2) == 0))
		return 2;
	return end - p >= 3 && (memcmp(p, "•", 3) == 0 || memcmp(p, "›", 3) == 0) ? 3 : 0;
}

/* Items with dividers: three or more, short, at least half of them known. */
static bool is_menu_row(struct str line)
{
	char out[BARE_MAX];
	uint32_t items = 0, known = 0;
	const char *from = line.p, *end = line.p + line.n;
	for (const char *p = from; p <= end;) {
		size_t n = p < end ? divider(p, end) : 1;
		if (!n) {
			p++;
			continue;
		}
		struct str item = str_trim(str_range(from, p));
		if (item.n > 40)
			return false;
		item = bare(item, out);
		items += item.n > 0;
		known += item.n && is_menu_word(item);
		p += n;
		from = p;
	}
	return items >= 3 && 2 * known >= items;
}

static bool may_be_row(struct str line)
{
	size_t i = 0;
#ifdef __SSE2__
	for (; line.n - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(line.p + i)), lead = _mm_and_si128(v, _mm_set1_epi8((char)0xDF));
		__m128i mark = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('|')), _mm_cmpeq_epi8(v, _mm_set1_epi8('>')));
		/* 0xC2 and 0xE2 */
		if (_mm_movemask_epi8(_mm_or_si128(mark, _mm_cmpeq_epi8(lead, _mm_set1_epi8((char)0xC2)))))
			return true;
	}
#endif
	for (; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		if (c == '|' || c == '>' || (c & 0xDF) == 0xC2)
			return true;
	}
	return false;
}

static bool is_menu(struct str line)
{
	char out[BARE_MAX];
	if (line.n <= MENU_MAX && is_menu_word(bare(line, out)))
		return true;
	return line.n <= ROW_MAX && may_be_row(line) && is_menu_row(line);
}

static bool is_notice(struct str line)
{
	if (line.n > COOKIE_MAX || str_find_ci(line, STR("cookie")) == line.n)
		return false;
	for (size_t i = 0; i < sizeof(notices) / sizeof(*notices); i++)
		if (str_find_ci(line, str_of(notices[i])) < line.n)
			return true;
	return false;
}

/* A page about cookies names them in many lines; a page with a notice in one or two. */
static bool about_cookies(struct str text)
{
	uint32_t n = 0;
	for (struct str rest = text; rest.n && n <= COOKIE_LINES;) {
		struct str line = str_cut(rest, '\n', &rest);
		n += str_find_ci(line, STR("cookie")) < line.n;
	}
	return n > COOKIE_LINES;
}

/* By its k, the rarest letter of the word in Portuguese. */
static bool names_cookies(struct str s)
{
	const char *end = s.p + s.n;
	for (const char *p = s.p; p < end && (p = memchr(p, 'k', (size_t)(end - p))); p++)
		if (p - s.p >= 3 && end - p >= 3 && str_eq_ci((struct str){p - 3, 6}, STR("cookie")))
			return true;
	return false;
}

/* ---- lines that a site repeats ---- */

struct lines_sketch {
	_Atomic uint16_t count[LINES_COUNTERS];
};

struct lines_sketch *lines_sketch_new(void)
{
	return own_zalloc(sizeof(struct lines_sketch));
}

struct lines_sketch *lines_sketch_free(struct lines_sketch *s)
{
	free(s);
	return NULL;
}

static uint64_t key_of(uint64_t host, struct str line)
{
	return XXH3_64bits_withSeed(line.p, line.n, host);
}

static void raise_by(_Atomic uint16_t *c, uint32_t by)
{
	uint16_t was = atomic_load_explicit(c, memory_order_relaxed), now;
	do
		now = (uint16_t)(was + by > UINT16_MAX ? UINT16_MAX : was + by);
	while (!atomic_compare_exchange_weak_explicit(c, &was, now, memory_order_relaxed, memory_order_relaxed));
}

void lines_sketch_add(struct lines_sketch *s, struct str host, struct str text, struct repeat *seen)
{
	uint64_t site = XXH3_64bits(host.p, host.n);
	uint32_t n = 1;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	repeat_forget(seen, n);
	for (struct str rest = text; rest.n;) {
		struct str line = str_trim(str_cut(rest, '\n', &rest));
		uint64_t key = key_of(site, line);
		uint32_t known = seen->n_keys;
		if (line.n < LINE_KEY_MIN || repeat_find(seen, key) != known)
			continue;
		raise_by(&s->count[key % LINES_COUNTERS], 1);
		raise_by(&s->count[(key >> 32) % LINES_COUNTERS], 1);
	}
}

static uint32_t count_of(const struct lines_sketch *s, uint64_t key)
{
	uint16_t a = s->count[key % LINES_COUNTERS], b = s->count[(key >> 32) % LINES_COUNTERS];
	return a < b ? a : b;
}

static const char magic[16] = "peneira lines 1\n";

int lines_sketch_read(struct lines_sketch *s, const char *path, struct err *e)
{
	char *p = NULL;
	size_t n = 0, want = sizeof(magic) + sizeof(s->count);
	int rc = zin_slurp(path, want + 1, &p, &n, e);
	if (!rc && (n != want || memcmp(p, magic, sizeof(magic)) != 0))
		rc = err_at(e, ERR_DATA, (struct where){path, 0}, "this is not a file that --count-lines writes");
	for (size_t i = 0; !rc && i < LINES_COUNTERS; i++) {
		const unsigned char *c = (const unsigned char *)p + sizeof(magic) + 2 * i;
		if (c[0] | c[1])
			raise_by(&s->count[i], c[0] | (uint32_t)c[1] << 8);
	}
	free(p);
	return rc;
}

int lines_sketch_write(const struct lines_sketch *s, const char *path, struct err *e)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_add(&b, magic, sizeof(magic));
	for (size_t i = 0; i < LINES_COUNTERS; i++) {
		buf_byte(&b, (char)(s->count[i] & 255));
		buf_byte(&b, (char)(s->count[i] >> 8));
	}
	int rc = zout_file(path, buf_view(&b), e);
	buf_free(&b);
	return rc;
}

/* ---- taking them out ---- */

bool lines_clean(struct str text, const struct lines_rules *r, struct buf *out, uint32_t counts[LINES_KINDS])
{
	uint64_t site = XXH3_64bits(r->host.p, r->host.n);
	bool cookies = r->cookies && names_cookies(text) && !about_cookies(text);
	const char *done = text.p;
	uint32_t removed = 0;
	buf_clear(out);
	for (struct str rest = text; rest.n;) {
		const char *from = rest.p;
		struct str line = str_trim(str_cut(rest, '\n', &rest));
		enum lines_kind k = LINES_KINDS;
		if (!line.n)
			continue;
		if (r->sketch && line.n >= LINE_KEY_MIN && count_of(r->sketch, key_of(site, line)) >= r->most)
			k = LINES_REPEATED;
		else if (cookies && is_notice(line))
			k = LINES_COOKIE;
		else if (r->menus && is_menu(line))
			k = LINES_MENU;
		if (k == LINES_KINDS)
			continue;
		buf_add(out, done, (size_t)(from - done));
		done = rest.p ? rest.p : text.p + text.n;
		counts[k]++;
		removed++;
	}
	if (removed)
		buf_add(out, done, (size_t)(text.p + text.n - done));
	return removed;
}

bool lines_foreign(struct str text, const struct words *w, const struct lexicon *l, struct buf *out, uint32_t counts[LINES_KINDS])
{
	uint32_t i = 0, removed = 0, found[LEX_KINDS];
	const char *done = text.p;
	buf_clear(out);
	for (struct str rest = text; rest.n;) {
		const char *from = rest.p;
		str_cut(rest, '\n', &rest);
		const char *end = rest.p ? rest.p : text.p + text.n;
		uint32_t first = i;
		while (i < w->n && text.p + w->v[i].at < end)
			i++;
		if (i - first < FOREIGN_WORDS)
			continue;
		lexicon_count(l, w, first, i, found);
		/* A quarter of function words that are of another language, and hardly one of this. */
		if (4 * found[LEX_FOREIGN] < i - first || 5 * lexicon_portuguese(l, w, first, i) > found[LEX_FOREIGN])
			continue;
		buf_add(out, done, (size_t)(from - done));
		done = end;
		counts[LINES_FOREIGN]++;
		removed++;
	}
	if (removed)
		buf_add(out, done, (size_t)(text.p + text.n - done));
	return removed;
}
