#!/usr/bin/env bash
# Build, run the whole pipeline on the sample archive that the repository brings, and say what came out.
set -euo pipefail
tests/setup/build.sh >/dev/null
out=demo-out
rm -rf $out
sample=tests/data/sample
build/peneira run -o $out --keep-rejects $sample/sample.arc.gz $sample/sample.warc.gz
size() { du -sh "$1" | cut -f1; }
documents=$(build/peneira stats $out --json 2>/dev/null | tr -d ' \n' | grep -oE '"documents":[0-9]+' | head -1 | cut -d: -f2 || true)
echo
echo "1. Corpus: ${documents:-?} documents in $out/docs ($(size $out/docs)): zstdcat $out/docs/*.zst | head -1"
echo "2. Shards for a trainer: $out/shards ($(size $out/shards)), MDS and Megatron, tokenized with the built-in 32k tokenizer"
echo "3. Every capture, kept or not, one row each: build/peneira query $out 'SELECT reason, count(*) FROM captures GROUP BY reason'"
echo "4. The same for people: open $out/report.html in a browser"
echo "5. Next, your own archives: build/peneira run -o OUT FILE.arc.gz FILE.warc.gz ...   (build/peneira help)"
