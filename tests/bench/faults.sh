# Every call that changes a file, killed and failed, and 50 runs killed at random moments: each must be completed by the same command, with the same bytes.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cc -shared -fPIC -O1 -o "$scratch/fault.so" tests/fault/fault.c -ldl
PENEIRA_FAULTS=all python3 tests/fault/run_faults.py "$PENEIRA" "$scratch/fault.so" >"$scratch/out" || true
for kind in 'kill at' 'fail at' killed; do
	echo "$kind: $(grep -c "^ok [0-9]* - $kind" "$scratch/out") points completed, $(grep -c "^not ok [0-9]* - $kind" "$scratch/out") not"
done
! grep -A1 '^not ok' "$scratch/out"
