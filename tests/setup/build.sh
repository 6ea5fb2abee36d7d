#!/usr/bin/env bash
# The release binary: build/peneira.
set -euo pipefail
tests/setup/packages.sh build
[ -f build/build.ninja ] || meson setup build --buildtype=release -Db_lto=true -Dtests=false >/dev/null
ninja -C build >build/build.log 2>&1 || { cat build/build.log >&2; exit 1; }
echo "build/peneira"
