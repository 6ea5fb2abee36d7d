#!/usr/bin/env bash
# Each header compiles alone.
set -u
cd "$1"
bad=0
flags=$(pkg-config --cflags libxml-2.0 icu-uc libzstd libarchive)
for h in core/*.h crawl/*.h extract/*.h filter/*.h dedup/*.h shard/*.h cli/*.h; do
	# shellcheck disable=SC2086
	printf '#include "%s"\n' "$h" | gcc -std=gnu17 -fsyntax-only -Wall -Wextra -Wno-unused-function -I. $flags -x c - || { echo "$h does not compile alone"; bad=1; }
done
exit $bad
