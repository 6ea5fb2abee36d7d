#include "dedup/conf.h"

#include "dedup/index.h"
#include "dedup/solve.h"
#include "dedup/weights.h"

#include <math.h>
#include <xxhash.h>

static const char *const presets[] = {"default", "fineweb2", "amalia", "datatrove", "mirrors", NULL};
static const char *const survivors[] = {"longest", "oldest", "newest", "best", NULL};
static const char *const urls[] = {"all", "newest", "oldest", "longest", "count", NULL};
#define AT(field) offsetof(struct dedup_conf, field)
const struct opt conf_opts[] = {
	{OPT_CHOICE, 0, "dedup-preset", "NAME", "bands x rows, n-grams: 18x6, 5, compared; 14x8, 5; 40x15, 4; 14x8, 5 as datatrove has it; 40x4, 5, compared at 0.5", AT(preset), .choices = presets},
	{OPT_UINT, 0, "bands", "N", "bands of a signature; 0 = the preset's", AT(bands), .hi = SIGN_BANDS_MAX},
	{OPT_UINT, 0, "rows", "N", "rows of a band; 0 = the preset's", AT(rows), .hi = 1024},
	{OPT_UINT, 0, "ngram", "N", "words of an n-gram; 0 = the preset's", AT(ngram), .hi = SIGN_SHINGLE_MAX},
	{OPT_REAL, 0, "verify", "J", "compare candidates: least Jaccard similarity of a copy; 0 = take candidates as copies; default: the preset's", AT(verify), .def = NAN, .hi = 1},
	{OPT_CHOICE, 0, "survivor", "POLICY", "which of a group stays; among equals the longest, the oldest, the least id", AT(survivor), .choices = survivors},
	{OPT_TEXT, 0, "survivor-signal", "NAME", "quality signal whose highest value stays, with --survivor best", AT(survivor_signal)},
	{OPT_TEXT, 0, "prefer-hosts", "LIST", "hosts or domains, by commas, whose documents stay before all others, the first before the second", AT(prefer_hosts)},
	{OPT_CHOICE, 0, "same-url", "POLICY", "captures of one URL: keep all, only one, or all with their count as signal url_captures", AT(same_url), .choices = urls},
	{OPT_UINT, 0, "repeated-lines", "N", "take lines that N documents have out of all but the oldest; 0 = never", AT(repeated_lines), .hi = 1e9},
	{OPT_UINT, 0, "repeated-host-lines", "N", "the same among the documents of one host", AT(repeated_host_lines), .hi = 1e9},
	{OPT_UINT, 0, "repeated-words", "N", "take passages of N words or more out of all documents that have them but the oldest; 0 = never, least 20", AT(repeated_words), .hi = 10000},
	{OPT_TEXT, 0, "weights", "TABLE", "weight of a document by the size of its group, as signal cluster_weight: SIZE:WEIGHT,... or fineweb2", AT(weights)},
	{OPT_TEXT, 0, "against", "DIR", "leave out copies of the documents of this index (or of several, by commas)", AT(against)},
	{OPT_TEXT, 0, "index", "DIR", "write an index of what stays, with what --against has", AT(index)},
	{OPT_UINT, 0, "audit", "N", "compare N documents with all others by brute force, and say how good recall and precision are", AT(audit), .hi = AUDIT_MAX},
	{OPT_SIZE, 0, "memory", "SIZE", "memory to stay within", AT(memory), .def = 2147483648.0, .lo = 67108864},
	{OPT_UINT, 0, "threads", "N", "threads; 0 = one per processor", AT(threads), .hi = 1024},
	{OPT_TEXT, 0, "tmp", "DIR", "folder for scratch files", AT(tmp)},
	{0},
};

int conf_sign(const struct dedup_conf *c, struct sign_conf *s, double *threshold, struct err *e)
{
	static const struct {
		struct sign_conf sign;
		double threshold;
	} of[] = {
		{{SIGN_OWN, 5, 18, 6, 0, 0, 0}, 0.8},
		{{SIGN_OWN, 5, 14, 8, 0, 0, 0}, 0},
		{{SIGN_OWN, 4, 40, 15, 0, 0, 0}, 0},
		{{SIGN_DATATROVE, 5, 14, 8, 0, 0, 0}, 0},
		{{SIGN_OWN, 5, 40, 4, 0, 0, 0}, 0.5},
	};
	*s = of[c->preset].sign;
	*threshold = isnan(c->verify) ? of[c->preset].threshold : c->verify;
	if (c->bands)
		s->bands = (uint32_t)c->bands;
	if (c->rows)
		s->rows = (uint32_t)c->rows;
	if (c->ngram)
		s->shingle = (uint32_t)c->ngram;
	s->grams = *threshold > 0 || c->audit;
	s->names = c->index != NULL;
	s->lines = c->repeated_lines || c->repeated_host_lines;
	s->passage = (uint32_t)c->repeated_words;
	if (c->survivor == SOLVE_BEST && !c->survivor_signal)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--survivor best needs the name of a signal: --survivor-signal NAME");
	if (c->repeated_lines == 1 || c->repeated_host_lines == 1)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "a line that one document has is not repeated: --repeated-lines and --repeated-host-lines begin at 2");
	if (c->survivor_signal)
		s->policy = XXH3_64bits(c->survivor_signal, strlen(c->survivor_signal));
	if (c->prefer_hosts)
		s->policy = XXH3_64bits_withSeed(c->prefer_hosts, strlen(c->prefer_hosts), s->policy);
	struct weights w;
	int rc = weights_parse(&w, c->weights, e);
	return rc ? rc : sign_check(s, e);
}
