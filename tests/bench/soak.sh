#!/usr/bin/env bash
# Soak: generated archives with random damage, run once undisturbed and once with little memory and killed at random moments until it gets through: the
# same bytes in docs, meta, shards.
#   soak.sh GB [SEED]      (20 for the real thing; the binary is build/peneira or $PENEIRA)
set -euo pipefail
cd "$(dirname "$0")/../.."
gb=${1:?how many GB} seed=${2:-1} peneira=$(realpath "${PENEIRA:-build/peneira}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 tests/bench/soak.py "$scratch/in" "$gb" "$seed"
opts=(run -q --no-report --max-bad 1000000 --slice 4M)
began=$SECONDS
"$peneira" "${opts[@]}" -j 2 -o "$scratch/calm" "$scratch"/in/*.warc.gz
calm=$((SECONDS - began + 1))
echo "undisturbed: $calm s"
kills=0 RANDOM=$seed status=137
while [ $status != 0 ]; do
	status=0
	# Each try may last a little longer than the one before, so that it ends.
	limit=$(awk -v r=$RANDOM -v n=$kills -v t=$calm 'BEGIN { printf "%.2f", 0.05 + t * (r / 32768) * (0.3 + n / 20) }')
	timeout -s KILL "$limit" "$peneira" "${opts[@]}" -j $((1 + RANDOM % 4)) --memory 64M -o "$scratch/wild" "$scratch"/in/*.warc.gz 2>"$scratch/log" || status=$?
	case $status in 0) ;; 137) kills=$((kills + 1)) ;; *) cat "$scratch/log" >&2; exit 1 ;; esac
done
for part in docs meta shards; do
	diff -r "$scratch/calm/$part" "$scratch/wild/$part" || { echo "soak: $part differ"; exit 1; }
done
"$peneira" check "$scratch/wild" >/dev/null
echo "killed $kills times, 64 MB: the same bytes; $("$peneira" stats --json "$scratch/wild" | tr -d '\n' | cut -c1-160)"
