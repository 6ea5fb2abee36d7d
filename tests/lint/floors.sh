#!/usr/bin/env bash
# core includes nothing of ours but core; a stage includes core and itself; cli includes all; nobody includes tests.
set -u
cd "$1"
bad=0
for dir in core crawl extract filter dedup shard; do
	allowed="^(core|$dir)/"
	while IFS=: read -r file line text; do
		to=$(sed -E 's/.*"([^"]+)".*/\1/' <<<"$text")
		if ! grep -qE "$allowed" <<<"$to"; then
			echo "$file:$line: $dir may not include $to"
			bad=1
		fi
	done < <(grep -nE '^#include "' "$dir"/*.c "$dir"/*.h "$dir"/*/*.h 2>/dev/null)
done
exit $bad
