#!/usr/bin/env bash
# Packages, from what git has at HEAD:
#   package.sh deb      a Debian package (dpkg-buildpackage) with lintian's opinion, into build-package/
#   package.sh twice    two builds in two folders: the same bytes?
#   package.sh image    a container image (podman, buildah or docker)
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
source_into() { mkdir -p "$1"; git -C "$root" archive HEAD | tar -x -C "$1"; }
case "${1:-}" in
deb)
	source_into "$scratch/peneira"
	(cd "$scratch/peneira" && DEB_BUILD_OPTIONS=parallel=2 dpkg-buildpackage -us -uc -b >"$scratch/log" 2>&1) || { tail -40 "$scratch/log" >&2; exit 1; }
	mkdir -p build-package
	cp "$scratch"/peneira*.deb build-package/
	if command -v lintian >/dev/null; then lintian --allow-root --fail-on error --no-tag-display-limit "$scratch"/peneira_*.deb; fi
	ls -l build-package/*.deb
	;;
twice)
	for place in one two/deeper; do
		source_into "$scratch/$place/source"
		(cd "$scratch/$place" && meson setup build source --buildtype=release -Dtests=false --prefix=/usr >/dev/null && CCACHE_DISABLE=1 ninja -j2 -C build >log 2>&1 &&
			DESTDIR=$PWD/out meson install -C build --no-rebuild >/dev/null) || { tail -20 "$scratch/$place/log" >&2; exit 1; }
		! grep -qaF "$scratch" "$scratch/$place/out/usr/bin/peneira" || { echo "the binary names the folder that it was built in"; exit 1; }
	done
	diff -r "$scratch/one/out" "$scratch/two/deeper/out" && echo "two builds, the same bytes: $(sha256sum <"$scratch/one/out/usr/bin/peneira" | cut -c1-16)"
	;;
image)
	tool=$(command -v podman || command -v buildah || command -v docker) || { echo "package.sh: no podman, buildah or docker" >&2; exit 1; }
	"$tool" build -f debian/Containerfile -t peneira .
	;;
*)
	echo "usage: package.sh deb | twice | image" >&2
	exit 2
	;;
esac
