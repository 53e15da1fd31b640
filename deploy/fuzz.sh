#!/usr/bin/env bash
# Builds the fuzz targets of tests/fuzz with the installed toolchain and runs each of them.
#
#   deploy/fuzz.sh [RUNS | SECONDSs] [TARGET...]
#
# RUNS executions of each target (100000), or as many as fit into its share of so many seconds ("60s").
# What it learns stays in target/fuzz/corpus, what it finds in target/fuzz/findings; tests/fuzz/corpus is only
# read. With FUZZ_SEED it begins with nothing learned and does the same each time.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

amount=${1:-100000}
[[ $amount =~ ^[0-9]+s?$ ]] || die "$amount is neither a number of runs nor of seconds: 100000, 60s"
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(parse normalize redact segment engine_face)

need cargo "install Rust"
if ! command -v c++ >/dev/null; then
    need apt-get "libFuzzer needs a C++ compiler; install one by hand"
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    say "installing g++"
    "${root[@]}" apt-get update -q >&2
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends g++ >&2
fi

work=${CARGO_TARGET_DIR:-$top/target}/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
# With --target build scripts and macros are not instrumented: they have no fuzzer to report to.
flags=(--cfg fuzzing -C passes=sancov-module)
for option in level=4 inline-8bit-counters pc-table trace-compares; do
    flags+=(-C "llvm-args=-sanitizer-coverage-$option")
done
say "building ${targets[*]}"
CARGO_TARGET_DIR=$work RUSTFLAGS="${flags[*]}" cargo build --quiet --release --locked --target "$host" \
    --manifest-path "$top/tests/fuzz/Cargo.toml" >&2

limit() {
    case $amount in
    *s) printf -- '-max_total_time=%d' $((${amount%s} / ${#targets[@]} + 1)) ;;
    *) printf -- '-runs=%d' "$amount" ;;
    esac
}

# libFuzzer's last words: "stat::number_of_executed_units: 100000"
stat() { sed -n "s/^stat::$1: *//p" "$work/$2.log" | tail -n 1; }

learned=$work/corpus
if [ -n "${FUZZ_SEED:-}" ]; then
    learned=$work/corpus-of-a-seed
    rm -rf "$learned"
fi
status=0
table=$(printf '%-12s %12s %8s %9s' target executions exec/s findings)
for target in "${targets[@]}"; do
    mkdir -p "$learned/$target" "$work/findings/$target"
    begun=$(date +%s%N)
    before=$(find "$work/findings/$target" -type f | wc -l)
    "$work/$host/release/$target" "$(limit)" "-seed=${FUZZ_SEED:-0}" -max_len=4096 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 "-artifact_prefix=$work/findings/$target/" \
        "$learned/$target" "$top/tests/fuzz/corpus/$target" >"$work/$target.log" 2>&1 || status=1
    after=$(find "$work/findings/$target" -type f | wc -l)
    executed=$(stat number_of_executed_units "$target")
    took=$((($(date +%s%N) - begun) / 1000000 + 1))
    table+=$(printf '\n%-12s %12d %8d %9d' "$target" "${executed:=0}" $((executed * 1000 / took)) $((after - before)))
    [ "$after" -eq "$before" ] || tail -n 30 "$work/$target.log" >&2
done
printf '%s\n' "$table"
exit "$status"
