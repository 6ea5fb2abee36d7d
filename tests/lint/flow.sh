#!/usr/bin/env bash
# The table in README.md is the one that the binary prints.
set -u
want=$("$3" flow) || exit 1
grep -qF -- "$(head -1 <<<"$want")" "$1/README.md" || { echo "README.md has no flow table"; exit 1; }
while IFS= read -r line; do
	grep -qF -- "$line" "$1/README.md" || { echo "README.md lacks: $line"; exit 1; }
done <<<"$want"
