#!/bin/sh
# models.sh NAME=FILE...: {"NAME", "SHA-256 of FILE"}, a line each: what cli/tools.c says of the models inside the program.
set -eu
for m; do
	sum=$(sha256sum <"${m#*=}")
	printf '{"%s", "%s"},\n' "${m%%=*}" "${sum%% *}"
done
