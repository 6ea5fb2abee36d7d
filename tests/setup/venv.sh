#!/usr/bin/env bash
# A Python environment with the peers that tests compare with; prints its interpreter. Without a package index the interpreter of
# the system is printed, and the tests that need a peer skip with a message. `venv.sh trainer` adds torch and what opens shards.
set -euo pipefail
v=build-test/venv
list=tests/setup/requirements.txt
if [ ! -x $v/bin/python ]; then
	python3 -m venv $v >&2 || { command -v python3; exit 0; }
fi
stamp=$v/.installed-$(sha256sum $list | cut -c1-16)
if [ ! -f "$stamp" ]; then
	if $v/bin/pip install -q --disable-pip-version-check -r $list >$v/pip.log 2>&1; then touch "$stamp"; else echo "venv: pip did not install the peers; their tests will skip: $(tail -1 $v/pip.log)" >&2; fi
fi
# Readers of shards that would bring torch with them: installed without what they depend on (tests/peers/official.py stands in for it).
alone=tests/setup/alone.txt
stamp=$v/.alone-$(sha256sum $alone | cut -c1-16)
if [ ! -f "$stamp" ]; then
	$v/bin/pip install -q --disable-pip-version-check --no-deps -r $alone >>$v/pip.log 2>&1 && touch "$stamp" || true
fi
if [ "${1:-}" = trainer ] && [ ! -f $v/.trainer ]; then
	$v/bin/pip install -q --disable-pip-version-check torch mosaicml-streaming megatron-core >&2 && touch $v/.trainer
fi
echo "$PWD/$v/bin/python"
