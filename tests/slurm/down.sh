#!/usr/bin/env bash
# down.sh FOLDER: stop what up.sh started, by its pid files, and remove the folder.
set -u
for f in "$1"/run/slurmd.*.pid "$1"/run/slurmctld.pid "$1"/run/munged.pid; do
	[ -s "$f" ] || continue
	pid=$(cat "$f")
	kill "$pid" 2>/dev/null
	for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
done
rm -rf "$1"
