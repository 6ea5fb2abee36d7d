#include "filter/lexicon.h"

#include "core/utf8.h"
#include "core/zin.h"

#include <unicode/uchar.h>

enum { PHRASE_MAX = 5, MAP_BITS = 1 << 17, OWN_MAX = 1024, FILE_MAX = 8 << 20 };

static const char *const adult[] = {
	"porno", "pornô", "pornografia", "pornográfico", "pornográfica", "pornográficos", "pornográficas", "sexo", "xxx", "putas", "putaria", "putinha", "putinhas", "foda", "fodas", "foder", "fodendo", "fode", "fodida", "fodido", "cona", "conas", "caralho", "piroca",
	"pirocas", "rola", "buceta", "bucetas", "bucetinha", "xoxota", "xota", "cuzinho", "cuzão", "punheta", "punhetas", "punheteiro", "broche", "broches", "boquete", "boquetes", "chupando", "mamada", "mamadas", "gozando", "gozada", "gozadas", "esporra", "esporrada",
	"orgasmo", "orgasmos", "tesão", "tesuda", "tesudo", "safada", "safadas", "safadinha", "gostosa", "gostosas", "gostosona", "peituda", "peitudas", "bunduda", "bundudas", "ninfeta", "ninfetas", "novinha", "novinhas", "lésbicas", "travesti", "travestis", "suruba", "surubas", "anal",
	"hentai", "milf", "milfs", "webcam", "camgirls", "acompanhantes", "escorts", "escort", "hardcore", "blowjob", "gangbang", "creampie", "cumshot", "pussy", "cock", "dildo", "vibrador", "vibradores", "swing", "sadomaso", "bdsm", "stripper", "strippers", "massagem erótica", "sexo ao vivo",
	"sexo anal", "sexo oral", "filmes porno", "vídeos porno", "contos eróticos", "garotas de programa", "acompanhante de luxo", "sex shop"};
static const char *const toxic[] = {
	"merda", "merdas", "puta", "puto", "filho da puta", "filhos da puta", "filha da puta", "fdp", "cabrão", "cabrões", "cabrona", "paneleiro", "paneleiros", "panasca", "maricas", "bicha", "bichas", "viado", "viados", "boiola", "sapatão", "preto de merda", "pretos de merda", "macaco de merda", "macacos de merda",
	"crioulo de merda", "cigano de merda", "ciganos de merda", "monhé", "monhés", "judeu de merda", "imbecil", "imbecis", "idiota", "idiotas", "otário", "otários", "otária", "palhaço", "palhaços", "atrasado mental", "atrasados mentais", "retardado", "retardados", "mongolóide", "mongoloide", "estúpido",
	"estúpidos", "estúpida", "burro", "burros", "cretino", "cretinos", "canalha", "canalhas", "vagabunda", "vagabundas", "vagabundo", "vagabundos", "corno", "cornos", "corna", "vai para o caralho", "vai tomar no cu", "vai à merda", "porra", "arrombado", "arrombada", "escroto", "escrota", "desgraçado",
	"nojento", "nojenta", "besta", "bestas", "asno", "lixo humano", "fascista", "fascistas", "comuna de merda"};
static const char *const places[] = {
	"lisboa", "porto", "braga", "coimbra", "faro", "aveiro", "setúbal", "leiria", "viseu", "évora", "beja", "bragança", "guarda", "santarém", "portalegre", "viana do castelo", "vila real", "castelo branco", "funchal", "ponta delgada", "sintra", "cascais", "oeiras", "loures", "amadora", "almada", "odivelas", "barreiro",
	"seixal", "matosinhos", "gondomar", "maia", "guimarães", "famalicão", "barcelos", "gaia", "espinho", "ovar", "figueira da foz", "pombal", "torres vedras", "mafra", "alverca", "montijo", "palmela", "sesimbra", "portimão", "lagos", "albufeira", "tavira", "olhão", "loulé", "covilhã", "fundão", "chaves", "mirandela",
	"amarante", "penafiel", "paredes", "valongo", "trofa", "fafe", "são paulo", "rio de janeiro", "belo horizonte", "salvador", "fortaleza", "curitiba", "manaus", "recife", "porto alegre", "brasília", "goiânia", "belém", "guarulhos", "campinas", "são luís", "maceió", "natal", "teresina", "campo grande", "joão pessoa",
	"osasco", "santo andré", "uberlândia", "sorocaba", "cuiabá", "aracaju", "florianópolis", "londrina", "joinville", "niterói", "vitória", "santos", "jundiaí", "piracicaba", "bauru", "franca", "maringá", "ribeirão preto", "feira de santana", "juiz de fora", "caxias do sul"};
static const char *const placeholder[] = {
	"página não encontrada", "página não foi encontrada", "página não existe", "página inexistente", "página solicitada não", "página que procura", "página que procurava", "página pretendida não", "erro 404", "404 not found", "error 404", "not found", "documento não encontrado", "ficheiro não encontrado",
	"objecto não localizado", "objeto não localizado", "page not found", "page cannot be found", "página em construção", "site em construção", "sítio em construção", "brevemente disponível", "under construction", "coming soon", "site em manutenção", "página em manutenção", "temporariamente indisponível",
	"temporariamente fora de", "serviço indisponível", "acesso negado", "acesso proibido", "acesso não autorizado", "access denied", "forbidden", "sem permissões para", "não tem permissão", "domínio à venda", "domínio está à venda", "este domínio foi", "este domínio está", "domain is for sale", "this domain", "domain parking",
	"parked domain", "conta suspensa", "account suspended", "account has been suspended", "default web page", "página por omissão", "apache http server", "test page for", "iis windows server", "index of", "lorem ipsum", "active o javascript", "ative o javascript", "habilite o javascript", "enable javascript", "javascript desactivado",
	"javascript desativado", "seu browser não suporta", "seu navegador não suporta", "suporta frames", "suporta molduras", "suporte frames", "utiliza frames", "erro interno do servidor", "internal server error", "erro de servidor", "erro na ligação à base", "error establishing a database", "sessão expirou", "sessão expirada", "nenhum resultado encontrado",
	"não foram encontrados resultados", "não existem registos", "sem resultados", "página que solicitou", "página requisitada", "conteúdo que procura", "conteúdo foi removido", "conteúdo indisponível", "página foi removida", "página removida",
	"página foi eliminada", "página indisponível", "não conseguimos encontrar a página", "não existe no servidor", "não existe neste servidor", "não foi encontrada neste servidor", "endereço está correto", "endereço está correcto",
	"volte à página inicial", "regresse à página inicial", "artigo não encontrado", "artigo que procura", "notícia não encontrada", "produto não encontrado", "blog foi removido", "blogue foi removido", "blogue não existe", "blog não existe",
	"domínio está registado", "domínio está registrado", "domínio registado", "domínio registrado", "domínio foi registado", "domínio foi registrado", "domínio estacionado", "domínio está estacionado", "domínio expirou", "domain has expired",
	"compre este domínio", "comprar este domínio", "breve terá um site", "hospedagem de sites", "alojamento de sites", "alojamento web", "registo de domínios", "registro de domínios", "site está a ser remodelado", "sítio está a ser remodelado",
	"página está a ser remodelada", "site em remodelação", "site em actualização", "site em atualização", "página em actualização", "página em atualização", "pedimos desculpa pelo incómodo", "desculpe o transtorno", "estamos em manutenção", "volte em breve",
	"voltaremos em breve", "tente novamente mais tarde", "tente mais tarde", "javascript activado", "javascript ativado", "javascript habilitado", "javascript desabilitado", "requires javascript", "conta foi suspensa", "conta está suspensa",
	"site foi suspenso", "site suspenso", "serviço suspenso", "ocorreu um erro ao processar", "ocorreu um erro inesperado", "ole db provider", "odbc drivers error", "mysql_connect", "mysql_query", "ligar à base de dados", "será redirecionado",
	"será redireccionado", "ser redirecionado", "ser redireccionado", "mudámos de endereço", "mudou de endereço", "servidor apache", "instalação do servidor", "bad request", "bad gateway", "service unavailable", "brevemente online",
	"procura não existe", "não existe ou foi removido", "procura neste blogue", "procura neste blog", "apenas a leitores convidados", "apenas para leitores convidados", "área reservada a", "temporariamente suspenso", "nenhum registo encontrado",
	"nenhum registro encontrado", "não foram encontrados artigos", "não foram encontradas notícias", "carrinho está vazio", "erro interno", "erro 500", "ser encaminhado para", "perfil é privado", "compre o domínio",
	"voltar ao índice do fórum", "JavaScript activado", "JavaScript ativado", "active o JavaScript", "ative o JavaScript", "habilite o JavaScript", "enable JavaScript", "JavaScript desactivado", "JavaScript desativado"};
static const char *const portuguese[] = {"de", "que", "o", "e", "do", "da", "em", "um", "para", "com", "não", "uma", "os", "no", "na", "por", "mais", "as", "dos", "como", "mas", "ao", "das", "à", "seu", "sua", "ou", "quando", "muito", "nos", "já", "também", "só", "pelo", "pela", "até", "isso", "ela", "ele", "entre", "foi", "são", "às"};
static const char *const foreign[] = {
	"the", "of", "and", "to", "in", "is", "you", "that", "it", "for", "was", "on", "are", "with", "this", "be", "have", "from", "or", "by", "not", "but", "what", "all", "were", "we", "when", "your", "can", "there", "an", "which", "their", "will", "has", "been", "who", "its",
	"el", "la", "los", "las", "del", "y", "con", "una", "por el", "es", "lo", "más", "pero", "sus", "le", "ya", "muy", "sin", "sobre el", "hay",
	"les", "des", "du", "et", "est", "dans", "pour", "qui", "une", "sur", "pas", "avec", "sont", "aux", "il", "elle", "nous", "vous", "cette", "ont",
	"der", "die", "das ist", "und", "den", "von", "zu", "mit", "sich", "auf", "für", "ist", "nicht", "ein", "eine", "dem", "auch", "werden", "che", "di", "il", "della", "sono", "nel", "gli", "delle", "anche"};

struct entry {
	uint64_t hash;
	uint32_t word; /* its number, from 1; 0: empty */
};
struct phrase {
	uint32_t words[PHRASE_MAX], n, next; /* next phrase with the same first word; 0: none */
	enum lexicon_kind kind;
};
struct lexicon {
	struct entry *entries;
	uint32_t cap, n_words, n_phrases, cap_phrases;
	uint32_t *first; /* by word: its first phrase */
	struct phrase *phrases;
	uint64_t map[MAP_BITS / 64]; /* of words that a phrase begins with */
	uint64_t own[OWN_MAX];	     /* function words of Portuguese, by hash */
};

/* Two bits for each word; both are set for a few others too. */
static bool in_map(const struct lexicon *l, uint64_t hash)
{
	uint32_t a = (uint32_t)hash & (MAP_BITS - 1), b = (uint32_t)(hash >> 40) & (MAP_BITS - 1);
	return (l->map[a / 64] >> a % 64) & (l->map[b / 64] >> b % 64) & 1;
}

static void set_map(struct lexicon *l, uint64_t hash)
{
	uint32_t a = (uint32_t)hash & (MAP_BITS - 1), b = (uint32_t)(hash >> 40) & (MAP_BITS - 1);
	l->map[a / 64] |= 1ull << a % 64;
	l->map[b / 64] |= 1ull << b % 64;
}

static struct entry *place(const struct lexicon *l, uint64_t hash)
{
	uint32_t i = (uint32_t)(hash >> 20) & (l->cap - 1);
	while (l->entries[i].word && l->entries[i].hash != hash)
		i = (i + 1) & (l->cap - 1);
	return &l->entries[i];
}

static uint32_t word_of(const struct lexicon *l, uint64_t hash)
{
	return place(l, hash)->word;
}

static uint32_t without_accent(uint32_t c)
{
	static const char bare[] = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
	return c >= 0xC0 && c < 0x100 && c != 0xD7 && c != 0xF7 && c != 0xE6 && c != 0xC6 ? (uint32_t)bare[c - 0xC0] : c;
}

/* A word as it may be written: 0 lower, 1 capital, 2 capitals; +3: without accents. */
static struct str variant(struct str word, int how, char out[128])
{
	size_t n = 0;
	bool first = true;
	for (const char *p = word.p, *end = p + word.n; p < end && n < 120; first = false) {
		uint32_t c = utf8_next(&p, end);
		if (how >= 3)
			c = without_accent(c);
		if (how % 3 == 2 || (how % 3 == 1 && first))
			c = (uint32_t)u_toupper((UChar32)c);
		n += utf8_put(out + n, c);
	}
	return (struct str){out, n};
}

static void grow(struct lexicon *l)
{
	struct entry *old = l->entries;
	uint32_t cap = l->cap;
	l->cap = cap ? 2 * cap : 16384;
	l->entries = own_zalloc(l->cap * sizeof(*l->entries));
	for (uint32_t i = 0; i < cap; i++)
		if (old[i].word)
			*place(l, old[i].hash) = old[i];
	free(old);
}

static uint32_t add_word(struct lexicon *l, struct str word)
{
	char out[128];
	uint32_t known = word_of(l, words_hash(word));
	if (known)
		return known;
	if (8 * (l->n_words + 1) > l->cap / 2)
		grow(l);
	known = ++l->n_words;
	l->first = own_grow(l->first, (l->n_words + 1) * sizeof(*l->first));
	l->first[known] = 0;
	for (int how = 0; how < 6; how++) {
		uint64_t hash = words_hash(variant(word, how, out));
		struct entry *e = place(l, hash);
		if (!e->word)
			*e = (struct entry){hash, known};
	}
	return known;
}

/* The word is one that a phrase begins with, however it is written. */
static void begin_with(struct lexicon *l, struct str word)
{
	char out[128];
	for (int how = 0; how < 6; how++)
		set_map(l, words_hash(variant(word, how, out)));
}

static uint64_t *own_place(const struct lexicon *l, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (OWN_MAX - 1);
	while (l->own[i] && l->own[i] != hash)
		i = (i + 1) & (OWN_MAX - 1);
	return (uint64_t *)(uintptr_t)&l->own[i];
}

static void add_own(struct lexicon *l, struct str word)
{
	char out[128];
	for (int how = 0; how < 6; how++) {
		uint64_t hash = words_hash(variant(word, how, out));
		*own_place(l, hash) = hash;
	}
}

static void add(struct lexicon *l, struct str text, enum lexicon_kind kind)
{
	struct phrase p = {.kind = kind};
	struct words w = {0};
	words_split(&w, text);
	for (uint32_t i = 0; i < w.n && p.n < PHRASE_MAX; i++)
		p.words[p.n++] = add_word(l, (struct str){text.p + w.v[i].at, w.v[i].n});
	if (p.n)
		begin_with(l, (struct str){text.p + w.v[0].at, w.v[0].n});
	words_free(&w);
	if (!p.n)
		return;
	if (l->n_phrases + 1 >= l->cap_phrases) {
		l->cap_phrases = 2 * l->cap_phrases + 64;
		l->phrases = own_grow(l->phrases, l->cap_phrases * sizeof(*l->phrases));
	}
	p.next = l->first[p.words[0]];
	l->phrases[++l->n_phrases] = p; /* from 1 */
	l->first[p.words[0]] = l->n_phrases;
}

static int add_file(struct lexicon *l, const char *path, enum lexicon_kind kind, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	int rc = zin_slurp(path, FILE_MAX, &text, &n, e);
	if (rc)
		return rc;
	for (struct str rest = {text, n}; rest.n;) {
		struct str line = str_trim(str_cut(rest, '\n', &rest));
		if (line.n && line.p[0] != '#' && utf8_valid(line) == line.n)
			add(l, line, kind);
	}
	free(text);
	return 0;
}

#define ADD_ALL(l, list, kind)                                       \
	for (size_t i = 0; i < sizeof(list) / sizeof(*(list)); i++) \
		add((l), str_of((list)[i]), (kind))

int lexicon_open(struct lexicon **out, const char *adult_file, const char *toxic_file, struct err *e)
{
	struct lexicon *l = own_zalloc(sizeof(*l));
	int rc = 0;
	grow(l);
	ADD_ALL(l, places, LEX_PLACE);
	ADD_ALL(l, placeholder, LEX_PLACEHOLDER);
	for (size_t i = 0; i < sizeof(portuguese) / sizeof(*portuguese); i++)
		add_own(l, str_of(portuguese[i]));
	ADD_ALL(l, foreign, LEX_FOREIGN);
	if (adult_file)
		rc = add_file(l, adult_file, LEX_ADULT, e);
	else
		ADD_ALL(l, adult, LEX_ADULT);
	if (!rc && toxic_file)
		rc = add_file(l, toxic_file, LEX_TOXIC, e);
	else if (!rc)
		ADD_ALL(l, toxic, LEX_TOXIC);
	if (rc)
		lexicon_free(l);
	else
		*out = l;
	return rc;
}

struct lexicon *lexicon_free(struct lexicon *l)
{
	if (!l)
		return NULL;
	free(l->entries);
	free(l->first);
	free(l->phrases);
	free(l);
	return NULL;
}

void lexicon_count(const struct lexicon *l, const struct words *w, uint32_t from, uint32_t to, uint32_t counts[LEX_KINDS])
{
	memset(counts, 0, LEX_KINDS * sizeof(*counts));
	for (uint32_t i = from; i < to; i++) {
		if (__builtin_expect(!in_map(l, w->v[i].hash), 1))
			continue;
		uint32_t word = word_of(l, w->v[i].hash);
		for (uint32_t k = word ? l->first[word] : 0; k; k = l->phrases[k].next) {
			const struct phrase *p = &l->phrases[k];
			uint32_t n = 1;
			while (n < p->n && i + n < to && word_of(l, w->v[i + n].hash) == p->words[n])
				n++;
			counts[p->kind] += n == p->n;
		}
	}
}

uint32_t lexicon_portuguese(const struct lexicon *l, const struct words *w, uint32_t from, uint32_t to)
{
	uint32_t n = 0;
	for (uint32_t i = from; i < to; i++)
		n += *own_place(l, w->v[i].hash) != 0;
	return n;
}
