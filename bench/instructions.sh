#!/usr/bin/env bash
# Instructions that a report costs, by callgrind: the same on a busy machine as on a quiet one.
#
#   bench/instructions.sh [--check]
#
# Prints `parse N`, `redact N` (parse to redact) and `cold N` (the same with nothing remembered: every policy, address
# and user agent is new), a report of the mix in bench/bodies.ndjson.gz. Start and end of the program cancel out: one
# round is taken from three. With --check it fails if a number is more than 3 % above the one in
# bench/instructions.txt.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"
need cargo "install Rust"
command -v valgrind >/dev/null || die "valgrind is missing: apt-get install valgrind"

program=$(cd "$top" && cargo bench --bench instructions --locked --no-run --message-format=json 2>/dev/null |
    python3 -c 'import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("target", {}).get("name") == "instructions" and message.get("executable"):
        print(message["executable"])')
[ -n "$program" ] || die "bench/instructions.rs does not build: cargo bench --bench instructions --no-run says why"

# of WORK ROUNDS: all instructions of that run.
of() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}
reports=$("$program" parse 1)
failed=0
for work in parse redact cold; do
    n=$((($(of "$work" 3) - $(of "$work" 1)) / 2 / reports))
    echo "$work $n"
    [ "${1:-}" = --check ] || continue
    limit=$(sed -n "s/^$work //p" "$top/bench/instructions.txt")
    if [ "$n" -gt $((limit * 103 / 100)) ]; then
        echo "error: $work takes $n instructions a report, more than 3 % above $limit (bench/instructions.txt)" >&2
        failed=1
    fi
done
exit "$failed"
