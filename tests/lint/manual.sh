#!/usr/bin/env bash
# Every command has a manual page that mandoc accepts and that names each of its options.
set -u
bad=0
for c in $("$3" completion commands); do
	page=$1/docs/man/peneira-$c.1
	[ -f "$page" ] || { echo "docs/man/peneira-$c.1 is missing"; bad=1; continue; }
	if command -v mandoc >/dev/null; then
		mandoc -T lint -W error "$page" || bad=1
	fi
	# The whole pipeline takes the options of every stage: their pages tell of them.
	pages=$page
	[ "$c" = run ] && for s in crawl extract filter dedup shard; do pages="$pages $1/docs/man/peneira-$s.1"; done
	for o in $("$3" completion options "$c" | sed 's/^--//'); do
		[ "$o" = help ] && continue
		cat $pages 2>/dev/null | sed 's/\\-/-/g' | grep -qE -- "(Fl -$o\b|-$o\b)" || { echo "peneira-$c.1 does not name --$o"; bad=1; }
	done
done
exit $bad
