#!/usr/bin/env bash
# How well main text is found in pages of hosts that the model did not see: the models are trained anew, one for each fourth of the hosts
# (ten minutes). Needs what extract/tables/train_main_text.py needs; PENEIRA_TRAIN_PYTHON is a Python that has it.
set -euo pipefail
python=${PENEIRA_TRAIN_PYTHON:-python3}
[ -d "${PENEIRA_SHARED:?}/data/extract" ] || { echo "no pages in $PENEIRA_SHARED/data/extract"; exit 0; }
"$python" -c 'import brotli, fastwarc, lightgbm, lxml, numpy' 2>/dev/null || { echo "$python lacks brotli, fastwarc, lightgbm, lxml or numpy (PENEIRA_TRAIN_PYTHON)"; exit 0; }
ninja -C build extract/dump_features >/dev/null
"$python" extract/tables/train_main_text.py build/extract/dump_features --score
