#!/usr/bin/env bash
# Install what tests need, build with sanitizers, run all tests, end with "N passed, N failed".
#   test.sh [--trainer] [meson test arguments, e.g. --suite unit, or test names]
set -euo pipefail
trainer=
[ "${1:-}" = --trainer ] && trainer=1 && shift
tests/setup/packages.sh test
b=build-test
[ -f $b/build.ninja ] || meson setup $b --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
	-Dtests=true >$b.setup.log 2>&1 || { cat $b.setup.log >&2; exit 1; }
rm -f $b.setup.log
ninja -C $b >$b/build.log 2>&1 || { grep -E 'error|FAILED|undefined' -A8 $b/build.log >&2 || cat $b/build.log >&2; exit 1; }
python=$(tests/setup/venv.sh ${trainer:+trainer} | tail -1)
export PENEIRA_TEST_PYTHON=$python PENEIRA_SHARED=${PENEIRA_SHARED:-$(cd .. && pwd)/shared}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}
status=0
meson test -C $b --print-errorlogs --no-rebuild "$@" || status=$?
exec python3 tests/setup/count.py $b/meson-logs/testlog.junit.xml "$status"
