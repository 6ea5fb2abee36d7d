#!/usr/bin/env bash
# Every symbol that a file exports starts with the file's stem: warc.c exports warc_* only. A stage's own X_stage and X_source count.
set -u
src=$1 build=$2 bad=0
for dir in core crawl extract filter dedup shard; do
	for obj in "$build/$dir/lib$dir.a.p"/*.c.o; do
		[ -e "$obj" ] || continue
		stem=$(basename "$obj" .c.o)
		while read -r name; do
			case $name in
			"$stem" | "$stem"_* | __asan* | __odr_asan* | __ubsan* | __sanitizer*) ;;
			*) echo "$dir/$stem.c exports $name"; bad=1 ;;
			esac
		done < <(nm -g --defined-only "$obj" | awk '$2 ~ /[TDBRVW]/ {print $3}' | grep -vE '^(asan\.|_$)')
	done
done
exit $bad
