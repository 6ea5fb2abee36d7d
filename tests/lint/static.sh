#!/usr/bin/env bash
# Static analysis: gcc -fanalyzer and clang-tidy (.clang-tidy), to be at zero. Some minutes; not part of ./dev test.
#   static.sh [gcc|tidy|all] [FILE.c...]
set -u
cd "$(dirname "$0")/../.."
what=${1:-all}
[ $# -gt 0 ] && shift
flags="-std=gnu17 -D_FILE_OFFSET_BITS=64 -DPENEIRA_VERSION=\"0\" -I. $(pkg-config --cflags libxml-2.0 icu-uc libzstd libarchive sqlite3)"
files=${*:-$(ls core/*.c crawl/*.c extract/*.c filter/*.c dedup/*.c shard/*.c cli/*.c)}
# One line each: FILE WARNING REASON of what is known to be wrong.
known=tests/lint/static.known
one() { # FILE: its warnings, but those that are known
	{
		case $what in gcc | all) gcc -O1 -fanalyzer -Wno-analyzer-too-complex $flags -c -o /dev/null "$1" 2>&1 ;; esac
		case $what in tidy | all) command -v clang-tidy >/dev/null && clang-tidy --quiet "$1" -- $flags 2>/dev/null ;; esac
	} | grep -E 'warning:' | while IFS= read -r line; do
		check=$(sed -E 's/.*\[(-W[^]]*|[a-zA-Z.-]+)[^]]*\]$/\1/' <<<"$line")
		grep -qE "^$1 $check " "$known" || echo "$line"
	done
}
found=$(for f in $files; do one "$f"; done)
[ -z "$found" ] && { echo "static analysis: nothing in $(wc -w <<<"$files") files"; exit 0; }
echo "$found"
exit 1
