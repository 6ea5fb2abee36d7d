#!/usr/bin/env bash
# Fuzz campaigns with libFuzzer (clang): each target in turn for some minutes, from its corpus; what it finds is left in build-fuzz/found, and the
# corpus that grew is minimised into build-fuzz/corpus (a few of those, by hand, go to tests/fuzz/corpus).
#   campaign.sh MINUTES [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/../.."
minutes=${1:?how many minutes for each}
shift
b=build-fuzz
command -v clang >/dev/null || { echo "campaign.sh: clang is missing (Debian: clang, libclang-rt-14-dev)" >&2; exit 1; }
[ -f $b/build.ninja ] || CC=clang meson setup $b --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link -Dfuzz=libfuzzer -Dtests=true >/dev/null
targets=${*:-$(sed -n "s/^  '\([a-z_]*\)': '.*/\1/p" tests/fuzz/meson.build)}
# shellcheck disable=SC2086
ninja -C $b $(printf 'tests/fuzz/fuzz_%s ' $targets) >$b/build.log 2>&1 || { tail -30 $b/build.log >&2; exit 1; }
bad=0
for t in $targets; do
	mkdir -p "$b/corpus/$t" "$b/grown/$t" "$b/found"
	seeds=tests/fuzz/corpus/$t
	[ -d "$seeds" ] || seeds=
	# shellcheck disable=SC2086
	if ! ASAN_OPTIONS=allocator_may_return_null=1 "$b/tests/fuzz/fuzz_$t" -max_total_time=$((minutes * 60)) -timeout=20 -rss_limit_mb=3000 -max_len=65536 -print_final_stats=1 \
		-artifact_prefix="$b/found/$t-" "$b/grown/$t" $seeds >"$b/found/$t.log" 2>&1; then
		echo "$t: FOUND something: $b/found/$t.log"
		bad=1
	fi
	# shellcheck disable=SC2086
	"$b/tests/fuzz/fuzz_$t" -merge=1 "$b/corpus/$t" "$b/grown/$t" $seeds >/dev/null 2>&1 || true
	echo "$t: $(sed -n 's/^stat::number_of_executed_units: */runs /p' "$b/found/$t.log"), corpus $(find "$b/corpus/$t" -type f | wc -l) files"
done
exit $bad
