#include "cli/card.h"
#include "cli/check.h"
#include "cli/classify.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/diff.h"
#include "cli/flow.h"
#include "cli/help.h"
#include "cli/query.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/show.h"
#include "cli/sieve.h"
#include "cli/stats.h"
#include "cli/status.h"
#include "cli/tokenize.h"
#include "cli/train.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

const struct command commands[] = {
	{"run", "All of it", "[options] -o DIR FILE|FOLDER...", "the whole pipeline, resumable, into DIR",
	 "  peneira run -o corpus IAH-2004*.arc.gz\n"
	 "  peneira run -o corpus --tokenizer tokenizer.json --keep-rejects archives/\n"
	 "  peneira run --slurm --partition main --time 4:00:00 -o corpus @archives.txt\n",
	 cmd_run},
	{"status", "All of it", "[--json] DIR", "what is done, running and failed, here or on a cluster",
	 "  peneira status corpus\n"
	 "  peneira status --json corpus | jq .failed\n"
	 "  watch -n 60 peneira status corpus\n",
	 cmd_status},
	{"crawl", "The sieves, in the order of the fall", "[options] [FILE...]", "archives in, captured pages out (WARC)",
	 "  peneira crawl -o pages.warc.gz IAH-2004*.arc.gz\n"
	 "  peneira crawl X.warc.gz | peneira extract | jq -r .title\n"
	 "  peneira crawl --from 2001 --to 2004 --rejects left-out.jsonl -o pages.warc.gz X.arc.gz\n",
	 cmd_crawl},
	{"extract", "The sieves, in the order of the fall", "[options] [FILE...]", "captured pages in, main text out (JSON lines)",
	 "  peneira extract X.warc.gz -o text.jsonl.zst\n"
	 "  peneira extract --rejects empty.jsonl X.arc.gz | jq -r .text\n"
	 "  peneira crawl X.warc.gz | peneira extract -q | jq -r .page_type | sort | uniq -c\n",
	 cmd_extract},
	{"filter", "The sieves, in the order of the fall", "[options] [FILE...]", "text in; language, variety, quality; what passes out",
	 "  peneira filter text.jsonl.zst -o good.jsonl.zst --rejects bad.jsonl.zst\n"
	 "  zstdcat text.jsonl.zst | peneira filter | jq -r .variety | sort | uniq -c\n"
	 "  peneira filter --keep all --preset none text.jsonl.zst | jq -c '[.id, .signals]'\n",
	 cmd_filter},
	{"dedup", "The sieves, in the order of the fall", "[options] [FILE...]", "texts in, first ones out",
	 "  peneira dedup good.jsonl.zst -o unique.jsonl.zst --rejects copies.jsonl.zst\n"
	 "  peneira dedup --memory 1G a.jsonl.zst b.jsonl.zst -o unique.jsonl.zst\n"
	 "  peneira dedup --audit 1000 good.jsonl.zst -o unique.jsonl.zst\n",
	 cmd_dedup},
	{"shard", "The sieves, in the order of the fall", "[options] -o DIR [FILE...]", "texts in, training shards out (MDS, Megatron)",
	 "  peneira shard -o shards unique.jsonl.zst\n"
	 "  peneira shard --tokenizer tokenizer.json --format mds,megatron -o shards unique.jsonl.zst\n"
	 "  peneira shard --remove urls.txt -o shards\n",
	 cmd_shard},
	{"stats", "Looking", "[options] DIR|FILE...", "counts, tokens, histograms of a corpus, by any column",
	 "  peneira stats corpus\n"
	 "  peneira stats --by year,variety corpus\n"
	 "  peneira stats --by host --top 20 --where \"variety = 'pt-PT'\" corpus\n",
	 cmd_stats},
	{"query", "Looking", "[options] DIR|FILE... 'SQL'", "SQL over every captured page, kept or not",
	 "  peneira query corpus .schema\n"
	 "  peneira query corpus 'SELECT reason, count(*) FROM captures GROUP BY reason'\n"
	 "  peneira query corpus --what-if 'variety_score > 0.9 AND words >= 100'\n",
	 cmd_query},
	{"report", "Looking", "[options] DIR", "one HTML page with the funnel, years, hosts, scores, samples",
	 "  peneira report corpus\n"
	 "  peneira report --language pt corpus -o relatorio.html\n"
	 "  peneira report corpus -o - | gzip > report.html.gz\n",
	 cmd_report},
	{"diff", "Looking", "[options] DIR DIR", "what two corpora differ in: options, counts, documents gained and lost",
	 "  peneira diff corpus-2023 corpus-2024\n"
	 "  peneira diff --list 20 corpus stricter\n"
	 "  peneira diff --json corpus stricter | jq .documents\n",
	 cmd_diff},
	{"card", "Looking", "[options] DIR", "a dataset card or a datasheet of a corpus",
	 "  peneira card corpus -o corpus/README.md\n"
	 "  peneira card --name 'Arquivo 2004' --license cc-by-4.0 corpus\n"
	 "  peneira card --datasheet corpus -o DATASHEET.md\n",
	 cmd_card},
	{"show", "Looking", "[options] DIR|FILE --id|--url|--offset X", "one captured page with its whole life: scores, reasons, copies, text",
	 "  peneira show corpus --url http://www.example.pt/\n"
	 "  peneira show corpus --file IAH-20040301.arc.gz --offset 52143\n"
	 "  peneira show corpus --id urn:uuid:6d058047-ede2-4a13-be79-90c17c631dd4 --json | jq .signals\n",
	 cmd_show},
	{"check", "Looking", "[--json] FILE|DIR...", "is it whole? counts, digests, end marks of archives, documents, corpora",
	 "  peneira check IAH-2004*.arc.gz\n"
	 "  peneira check --json X.warc.gz | jq .records\n"
	 "  peneira check corpus\n",
	 cmd_check},
	{"flow", "Looking", "", "what each stage reads, writes and leaves out",
	 "  peneira flow\n"
	 "  peneira flow | less\n"
	 "  peneira flow | grep -A 3 ^dedup\n",
	 cmd_flow},
	{"classify", "The models alone", "[options] [FILE...]", "language and variety of texts: JSON lines {id, text} or plain lines in",
	 "  echo 'O autocarro está a chegar à paragem.' | peneira classify\n"
	 "  peneira classify texts.jsonl -o labels.jsonl\n"
	 "  peneira classify --portugal-above 0.9 texts.jsonl.zst | jq -r .variety | sort | uniq -c\n",
	 cmd_classify},
	{"tokenize", "The models alone", "[options] [FILE...]", "texts to token ids: JSON lines {id, text} or plain lines in",
	 "  echo 'O autocarro está a chegar.' | peneira tokenize\n"
	 "  peneira tokenize --tokenizer tokenizer.json texts.jsonl -o ids.jsonl\n"
	 "  peneira tokenize --count texts.jsonl.zst | jq -s 'map(.count) | add'\n",
	 cmd_tokenize},
	{"train", "The models alone", "--task NAME -o MODEL FILE...", "a language or variety model from labelled JSON lines",
	 "  peneira train --task variety -o variety.bin train.jsonl.zst\n"
	 "  peneira train --task language -o language.bin gate.jsonl.zst train.jsonl.zst\n"
	 "  peneira classify --variety-model variety.bin text.jsonl\n",
	 cmd_train},
	{"help", "Help", "[COMMAND]", "the list of commands, or all about one of them",
	 "  peneira help\n"
	 "  peneira help filter\n"
	 "  peneira filter -h\n",
	 cmd_help},
	{"completion", "Help", "bash|zsh|fish", "completion for a shell: source <(peneira completion bash)",
	 "  source <(peneira completion bash)\n"
	 "  peneira completion zsh > _peneira\n"
	 "  peneira completion fish > peneira.fish\n",
	 cmd_completion},
	{"version", "Help", "", "versions of the program and its libraries",
	 "  peneira version\n"
	 "  peneira --version\n"
	 "  peneira version | grep -o 'SQLite.*'\n",
	 cmd_version},
	{0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		fprintf(stderr, "peneira: a command is missing\nsee: peneira help\n");
		return EXIT_USAGE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		name = "version";
	const struct command *c = command_find(name);
	if (!c) {
		fprintf(stderr, "peneira: no command '%s'\nsee: peneira help\n", name);
		return EXIT_USAGE;
	}
	return c->run(argc - 1, argv + 1);
}
