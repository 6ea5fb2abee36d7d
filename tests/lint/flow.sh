#!/usr/bin/env bash
# The table in README.md is the one that the binary prints. With --write as the last argument, it is put there.
set -u
want=$("$3" flow) || exit 1
head=$(head -1 <<<"$want")
grep -qF -- "$head" "$1/README.md" || { echo "README.md has no flow table"; exit 1; }
is=$(sed -n "/^    $head\$/,/^\$/p" "$1/README.md" | sed 's/^    //')
[ "$is" = "$want" ] && exit 0
if [ "${4:-}" = --write ]; then
	sed 's/^/    /' <<<"$want" >"$1/README.md.flow"
	sed -i -e "/^    $head\$/,/^\$/{/^\$/!d}" "$1/README.md"
	line=$(grep -n 'prints this table' "$1/README.md" | head -1 | cut -d: -f1)
	sed -i -e "$((line + 1))r $1/README.md.flow" "$1/README.md"
	rm "$1/README.md.flow"
	exit 0
fi
echo "README.md has another table than peneira flow prints; tests/lint/flow.sh . build build/peneira --write puts it there"
exit 1
