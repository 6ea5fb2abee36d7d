#!/usr/bin/env bash
# The pictures of README.md: the report of a run on the bundled sample, light and dark, as a browser shows it. Needs Chromium (Debian: chromium).
#   picture.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${1:-build/peneira}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "picture.sh: no chromium" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sample=tests/data/sample
"$binary" run -q -o "$scratch/out" --keep-rejects $sample/sample.arc.gz $sample/sample.warc.gz || [ $? = 3 ]
# Chromium: 1 is the light scheme, 0 the dark one.
for form in 1:report.png 0:report-dark.png; do
	"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$scratch/profile" --blink-settings=preferredColorScheme="${form%%:*}" \
		--window-size=1100,1126 --screenshot="$scratch/picture.png" "file://$scratch/out/report.html" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
	size=$(stat -c %s "$scratch/picture.png")
	[ "$size" -lt 150000 ] || { echo "picture.sh: ${form#*:} has $size bytes" >&2; exit 1; }
	cp "$scratch/picture.png" "docs/${form#*:}"
	echo "docs/${form#*:}: $size bytes"
done
