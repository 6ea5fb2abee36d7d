#!/usr/bin/env bash
# Figures, as ratios to a peer or to gzip in the same run.
#   bench.sh            every benchmark there is
#   bench.sh NAME...    these: tests/bench/NAME.sh or NAME.py
# Data come from $PENEIRA_SHARED (default: ../shared beside the checkout); without it a benchmark says so and ends.
set -euo pipefail
tests/setup/build.sh >/dev/null
tests/setup/packages.sh test
python=$(tests/setup/venv.sh | tail -1)
export PENEIRA_BENCH_PYTHON=$python PENEIRA=$PWD/build/peneira PENEIRA_SHARED=${PENEIRA_SHARED:-$(cd .. && pwd)/shared}
all() { for f in tests/bench/*.sh tests/bench/*.py; do n=$(basename "${f%.*}"); [ "$n" = bench ] || [ "$n" = "*" ] || echo "$n"; done | sort -u; }
status=0
for name in ${@:-$(all)}; do
	echo "== $name"
	if [ -f "tests/bench/$name.sh" ]; then bash "tests/bench/$name.sh" || status=1
	# -P: a benchmark called as a module of Python is not to be taken for it.
	elif [ -f "tests/bench/$name.py" ]; then "$python" -P "tests/bench/$name.py" || status=1
	else echo "no benchmark '$name'; there are: $(all | tr '\n' ' ')" >&2; status=2; fi
done
exit $status
