#!/usr/bin/env bash
# Functions that this code does without, and white space that it does not end lines with.
set -u
cd "$1"
bad=0
if grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|alloca)\(' core/*.c crawl/*.c extract/*.c filter/*.c dedup/*.c shard/*.c cli/*.c; then
	echo "banned function"
	bad=1
fi
if grep -nE '[ 	]+$' core/*.[ch] crawl/*.[ch] extract/*.[ch] filter/*.[ch] dedup/*.[ch] shard/*.[ch] cli/*.[ch]; then
	echo "white space at the end of a line"
	bad=1
fi
exit $bad
