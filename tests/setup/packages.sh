#!/usr/bin/env bash
# Install the Debian packages that are missing: `packages.sh build` what building needs, `packages.sh test` what tests need too.
set -euo pipefail
build="gcc meson ninja-build pkg-config libarchive-dev zlib1g-dev libdeflate-dev libbrotli-dev libzstd-dev libxml2-dev libicu-dev
libxxhash-dev libcurl4-openssl-dev libsqlite3-dev"
test="$build python3 python3-venv zstd jq git mandoc slurm-wlm munge valgrind zsh fish"
want=$build
[ "${1:-build}" = test ] && want=$test
missing=
for p in $want; do
	dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing" >&2
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq >&2
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >&2
