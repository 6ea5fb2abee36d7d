#!/usr/bin/env bash
# Files with kernels for one processor compile for another: their plain forms are all there.
set -euo pipefail
cd "$(dirname "$0")/../.."
cc=aarch64-linux-gnu-gcc
command -v $cc >/dev/null || { echo "no $cc: not looked at"; exit 77; }
for f in $(grep -lE '__x86_64__|immintrin\.h' core/*.c crawl/*.c extract/*.c filter/*.c dedup/*.c shard/*.c cli/*.c); do
	$cc -std=gnu17 -fsyntax-only -Wall -Wextra -Werror -D_FILE_OFFSET_BITS=64 -I. -idirafter /usr/include "$f"
done
