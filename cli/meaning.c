#include "cli/meaning.h"

#include "cli/chain.h"

static const struct why portuguese_of[] = {
	{"crawl.status", "o estado HTTP não é 200, nem um dos pedidos"},
	{"crawl.mime", "nem declarada nem reconhecida como HTML, ou de um tipo que não foi pedido"},
	{"crawl.size", "maior do que --max-size, ou menor do que --min-size"},
	{"crawl.damaged", "o registo está cortado, ou não tem resposta HTTP"},
	{"crawl.revisit", "repete uma captura que não vem antes dela"},
	{"crawl.url", "o endereço está numa lista, ou falta nela"},
	{"crawl.brazil", "endereço brasileiro, e foi dado --rules brazil"},
	{"crawl.date", "capturada fora de --from e --to"},
	{"crawl.empty", "a resposta não tem corpo"},
	{"crawl.noai", "a resposta diz noai aos robôs"},
	{"crawl.tdm", "a resposta reserva a prospeção de textos e dados"},
	{"extract.not_html", "não tem marcação"},
	{"extract.empty", "não se encontrou texto principal"},
	{"extract.limit", "mais texto ou mais blocos do que uma página pode ter"},
	{"filter.utf8", "o texto não é UTF-8 válido"},
	{"filter.language", "não é português, ou não com certeza suficiente"},
	{"filter.variety", "não é a variedade pedida com --keep"},
	{"filter.words", "palavras a menos ou a mais (Gopher)"},
	{"filter.word_length", "comprimento médio das palavras (Gopher)"},
	{"filter.hash_ratio", "demasiados sinais # (Gopher)"},
	{"filter.ellipsis_ratio", "demasiadas reticências (Gopher)"},
	{"filter.bullet_lines", "demasiadas linhas que começam por marca de lista (Gopher)"},
	{"filter.ellipsis_lines", "demasiadas linhas que acabam em reticências (Gopher)"},
	{"filter.alpha_words", "poucas palavras com uma letra (Gopher)"},
	{"filter.stop_words", "poucas palavras gramaticais diferentes (Gopher)"},
	{"filter.dup_line_frac", "linhas repetidas (Gopher)"},
	{"filter.dup_line_chars", "caracteres em linhas repetidas (Gopher)"},
	{"filter.dup_para_frac", "parágrafos repetidos (Gopher)"},
	{"filter.dup_para_chars", "caracteres em parágrafos repetidos (Gopher)"},
	{"filter.top_2_gram", "um par de palavras ocupa demasiado do texto (Gopher)"},
	{"filter.top_3_gram", "um grupo de três palavras ocupa demasiado do texto (Gopher)"},
	{"filter.top_4_gram", "um grupo de quatro palavras ocupa demasiado do texto (Gopher)"},
	{"filter.dup_5_grams", "grupos de 5 palavras repetidos (Gopher)"},
	{"filter.dup_6_grams", "grupos de 6 palavras repetidos (Gopher)"},
	{"filter.dup_7_grams", "grupos de 7 palavras repetidos (Gopher)"},
	{"filter.dup_8_grams", "grupos de 8 palavras repetidos (Gopher)"},
	{"filter.dup_9_grams", "grupos de 9 palavras repetidos (Gopher)"},
	{"filter.dup_10_grams", "grupos de 10 palavras repetidos (Gopher)"},
	{"filter.line_punct", "poucas linhas acabam em pontuação (FineWeb)"},
	{"filter.short_lines", "demasiadas linhas curtas (FineWeb)"},
	{"filter.char_dup_ratio", "caracteres em linhas repetidas (FineWeb)"},
	{"filter.new_line_ratio", "demasiadas linhas para as palavras (FineWeb)"},
	{"filter.third_line", "menos de três linhas longas (C4)"},
	{"filter.blocklist", "o endereço está numa lista de bloqueio"},
	{"filter.lorem_ipsum", "lorem ipsum (C4)"},
	{"filter.curly_bracket", "uma chaveta (C4)"},
	{"filter.c4_sentences", "menos de cinco frases em linhas boas (C4)"},
	{"filter.contaminated", "partilha uma sequência longa de palavras com um teste de referência"},
	{"filter.placeholder", "página de erro, provisória ou estacionada"},
	{"filter.adult", "demasiadas palavras obscenas"},
	{"filter.toxic", "demasiados insultos"},
	{"filter.places", "uma lista de nomes de lugares"},
	{"filter.quality_score", "menos parecido com os bons exemplos do que se pediu"},
	{"filter.links", "uma lista de ligações"},
	{"filter.key_phrase", "a mesma expressão vezes sem conta, como para motores de busca"},
	{"filter.foreign_words", "palavras de outra língua no meio do texto, como as que a tradução automática deixa"},
	{"filter.link_density", "mais ligações por palavra do que o limite pedido"},
	{"filter.perplexity", "texto demasiado estranho, ou demasiado previsível, para o modelo de perplexidade"},
	{"dedup.capture", "os mesmos bytes que um documento que fica"},
	{"dedup.exact", "as mesmas palavras que um documento que fica"},
	{"dedup.near", "quase as mesmas palavras que um documento que fica"},
	{"dedup.url", "fica outra captura do mesmo endereço"},
	{"dedup.repeated", "só linhas e passagens que outros documentos têm"},
	{"dedup.against", "cópia de um documento do índice"},
	{"shard.short", "menos tokens do que --min-tokens"},
	{"shard.long", "mais tokens do que --max-tokens"},
	{"input.damaged", "a linha não é um objeto JSON, ou passa de 64 MiB"},
	{0},
};

static const char *look_up(const struct why *w, struct str reason)
{
	for (; w && w->name; w++)
		if (str_eq(str_of(w->name), reason))
			return w->meaning;
	return NULL;
}

bool meaning_translated(struct str reason)
{
	return look_up(portuguese_of, reason) != NULL;
}

const char *meaning_of(struct str reason, bool portuguese)
{
	const char *text = portuguese ? look_up(portuguese_of, reason) : NULL;
	for (int i = 0; !text && i < CHAIN_N; i++)
		text = look_up(chain[i]->drops, reason);
	return text ? text : "";
}
