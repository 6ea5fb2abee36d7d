#include "filter/reform.h"

#include "core/utf8.h"

struct pair {
	const char *old, *now;
};

/* Stems: a word that holds the one side gets the other. Longer ones first where one holds another. '^' binds to the beginning of
 * the word; '=' is a whole word, or its plural. */
static const struct pair portugal_1990[] = {
	{"^acç", "aç"}, {"^activ", "ativ"}, {"^actua", "atua"}, {"=acto", "ato"}, {"=actor", "ator"}, {"^actriz", "atriz"}, {"reacç", "reaç"}, {"colecç", "coleç"},
	{"direcç", "direç"}, {"selecç", "seleç"}, {"protecç", "proteç"}, {"correcç", "correç"}, {"infecç", "infeç"}, {"inspecç", "inspeç"}, {"redacç", "redaç"},
	{"fracç", "fraç"}, {"tracç", "traç"}, {"projecç", "projeç"}, {"injecç", "injeç"}, {"objecç", "objeç"}, {"recepç", "receç"}, {"concepç", "conceç"},
	{"percepç", "perceç"}, {"excepç", "exceç"}, {"adopç", "adoç"}, {"direct", "diret"}, {"objectiv", "objetiv"}, {"=objecto", "objeto"}, {"project", "projet"},
	{"efectiv", "efetiv"}, {"efectu", "efetu"}, {"colectiv", "coletiv"}, {"seleccion", "selecion"}, {"electri", "eletri"}, {"electró", "eletró"}, {"eléctric", "elétric"},
	{"arquitect", "arquitet"}, {"^sector", "setor"}, {"^factor", "fator"}, {"respectiv", "respetiv"}, {"perspectiv", "perspetiv"},
	{"^aspecto", "aspeto"}, {"espectác", "espetác"}, {"espectador", "espetador"}, {"correct", "corret"}, {"protector", "protetor"}, {"detect", "detet"}, {"afect", "afet"},
	{"exact", "exat"}, {"^lectiv", "letiv"}, {"didáctic", "didátic"}, {"^óptim", "ótim"}, {"baptism", "batism"}, {"baptiz", "batiz"}, {"^adopt", "adot"},
	{"=excepto", "exceto"}, {"Egipto", "Egito"}, {"nocturn", "noturn"}, {"=trajecto", "trajeto"}, {"insect", "inset"}, {"reflect", "reflet"}, {"=tecto", "teto"},
	{"dialect", "dialet"}, {"subjectiv", "subjetiv"}, {"conectad", "conetad"}, {"vêem", "veem"}, {"^lêem", "leem"}, {"crêem", "creem"}, {"dêem", "deem"},
	{"fim-de-semana", "fim de semana"}, {"fins-de-semana", "fins de semana"}, {"auto-estrada", "autoestrada"}, {"^há-de", "há de"}, {"^hão-de", "hão de"}, {"^hei-de", "hei de"},
	{"^Janeiro", "janeiro"}, {"^Fevereiro", "fevereiro"}, {"^Março", "março"}, {"^Abril", "abril"}, {"^Maio", "maio"}, {"^Junho", "junho"},
	{"^Julho", "julho"}, {"^Agosto", "agosto"}, {"^Setembro", "setembro"}, {"^Outubro", "outubro"}, {"^Novembro", "novembro"}, {"^Dezembro", "dezembro"}, {0},
};
static const struct pair brazil_1990[] = {
	{"freqüen", "frequen"}, {"freqüên", "frequên"}, {"conseqüen", "consequen"}, {"conseqüên", "consequên"}, {"seqüen", "sequen"}, {"seqüên", "sequên"}, {"seqüest", "sequest"},
	{"lingüi", "lingui"}, {"lingüí", "linguí"}, {"agüent", "aguent"}, {"cinqüent", "cinquent"}, {"tranqüil", "tranquil"}, {"delinqüen", "delinquen"},
	{"argüi", "argui"}, {"ungüent", "unguent"}, {"pingüi", "pingui"}, {"bilíngüe", "bilíngue"}, {"^idéia", "ideia"}, {"assembléia", "assembleia"}, {"européi", "europei"},
	{"platéia", "plateia"}, {"estréia", "estreia"}, {"geléia", "geleia"}, {"heróic", "heroic"}, {"jibóia", "jiboia"}, {"paranói", "paranoi"}, {"=apóia", "apoia"}, {"=jóia", "joia"},
	{"Coréia", "Coreia"}, {"=vôo", "voo"}, {"enjôo", "enjoo"}, {"abençôo", "abençoo"}, {"perdôo", "perdoo"}, {"vêem", "veem"}, {"^lêem", "leem"},
	{"crêem", "creem"}, {"dêem", "deem"}, {"=pólo", "polo"}, {"auto-estrada", "autoestrada"}, {0},
};
static const struct pair both_1911[] = {
	{"=aquelle", "aquele"}, {"=aquella", "aquela"}, {"=aquillo", "aquilo"}, {"=elle", "ele"}, {"=ella", "ela"}, {"=d'elle", "dele"}, {"=d'ella", "dela"}, {"=n'elle", "nele"},
	{"=n'ella", "nela"}, {"=d'este", "deste"}, {"=d'esta", "desta"}, {"=n'este", "neste"}, {"=n'esta", "nesta"}, {"^d'aquell", "daquel"}, {"^n'aquell", "naquel"}, {"=d'ahi", "daí"},
	{"=anno", "ano"}, {"=commum", "comum"}, {"^commun", "comun"}, {"=bello", "belo"}, {"=bella", "bela"}, {"cavall", "caval"}, {"^illustr", "ilustr"}, {"^theatr", "teatr"},
	{"pharmac", "farmac"}, {"philosoph", "filosof"}, {"photograph", "fotograf"}, {"telegraph", "telegraf"}, {"geograph", "geograf"}, {"orthograph", "ortograf"}, {"=phrase", "frase"},
	{"triumph", "triunf"}, {"sympath", "simpat"}, {"mysteri", "mistéri"}, {"lagrima", "lágrima"}, {"=estylo", "estilo"}, {"systema", "sistema"}, {"=typo", "tipo"}, {"rhetor", "retór"},
	{"^thes", "tes"}, {"christã", "cristã"}, {"^sciencia", "ciência"}, {"=scena", "cena"}, {"^prompt", "pront"}, {"=damno", "dano"}, {"augment", "aument"}, {"=fructo", "fruto"},
	{"^victim", "vítim"}, {"producç", "produç"}, {"affect", "afet"}, {"^affirm", "afirm"}, {"differen", "diferen"}, {"difficuld", "dificuld"}, {"^offici", "ofici"}, {"^offere", "ofere"},
	{"^occup", "ocup"}, {"^occas", "ocas"}, {"^accus", "acus"}, {"accommod", "acomod"}, {"^immens", "imens"}, {"^immedia", "imedia"}, {"^innocen", "inocen"}, {"^applic", "aplic"},
	{"^appar", "apar"}, {"^supp", "sup"}, {"^attenç", "atenç"}, {"^attrib", "atrib"}, {"=collo", "colo"}, {"^allum", "alum"}, {"intelligen", "inteligen"},
	{"^egual", "igual"}, {"=edade", "idade"}, {"=egreja", "igreja"}, {"=logar", "lugar"}, {"=sahi", "saí"}, {"=cahi", "caí"}, {"=ahi", "aí"}, {"=mez", "mês"}, {"portuguez", "português"},
	{"francez", "francês"}, {"inglez", "inglês"}, {"=quasi", "quase"}, {"=mãi", "mãe"}, {"=hontem", "ontem"}, {"^hombro", "ombro"}, {"=vae", "vai"}, {"=pae", "pai"}, {0},
};

/* Where `from` stands in w as the mark wants it; w.n when it does not. */
static size_t place(struct str w, struct str from, char mark)
{
	if (mark != '^' && mark != '=')
		return str_find(w, from);
	size_t left = w.n - from.n;
	bool fits = str_starts_ci(w, from) && (mark == '^' || left == 0 || (left == 1 && w.p[from.n] == 's'));
	return fits ? 0 : w.n;
}

/* The word with the first pair that fits, from one side to the other. A capital stays, but that of a month. */
static void respell(struct buf *word, const struct pair *pairs, bool to_old)
{
	for (const struct pair *p = pairs; p->old; p++) {
		char mark = *p->old, rest[256];
		const char *old = p->old + (mark == '^' || mark == '=');
		struct str from = str_of(to_old ? p->now : old), to = str_of(to_old ? old : p->now), w = buf_view(word);
		size_t at = place(w, from, mark), n = w.n - at - from.n;
		if (at == w.n || n >= sizeof(rest))
			continue;
		bool capital = at == 0 && w.p[0] >= 'A' && w.p[0] <= 'Z' && from.p[0] >= 'a' && to.p[0] >= 'a';
		memcpy(rest, w.p + at + from.n, n);
		word->n = at;
		buf_str(word, to);
		buf_add(word, rest, n);
		if (capital && (unsigned char)word->p[0] < 0x80)
			word->p[0] = (char)(word->p[0] - 32);
		return;
	}
}

static bool in_word(unsigned char c)
{
	return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '\'';
}

void reform_text(struct str text, enum reform era, bool portugal, struct buf *out)
{
	struct buf word;
	buf_init(&word, BUF_NO_MAX);
	buf_clear(out);
	for (size_t i = 0; i < text.n;) {
		size_t from = i;
		while (i < text.n && in_word((unsigned char)text.p[i]))
			i++;
		if (i > from) {
			buf_clear(&word);
			buf_add(&word, text.p + from, i - from);
			respell(&word, both_1911, era == REFORM_1890);
			respell(&word, portugal ? portugal_1990 : brazil_1990, era != REFORM_1990);
			buf_str(out, buf_view(&word));
		} else {
			buf_byte(out, text.p[i++]);
		}
	}
	buf_free(&word);
}

void reform_fold(struct buf *b)
{
	/* U+00C0..U+00FF without their marks. */
	static const char plain[] = "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
	size_t n = 0;
	for (size_t i = 0; i < b->n; i++) {
		unsigned char c = (unsigned char)b->p[i];
		if (c == 0xC3 && i + 1 < b->n)
			b->p[n++] = plain[(unsigned char)b->p[++i] & 0x3F];
		else
			b->p[n++] = (char)c;
	}
	b->n = n;
}
