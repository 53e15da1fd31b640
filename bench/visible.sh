#!/usr/bin/env bash
# How long after its 204 a report is seen by a query, at rest and under load; and whether merges, queries and an outage of
# ClickHouse hold acknowledgements up.
#
#   bench/visible.sh
#
# About eight minutes. What it does in each phase: bench/compare/visible.py. ENGINE_ON=DIR puts ClickHouse's files there.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

need cargo "install Rust"
need python3 "apt-get install python3"
(cd "$top" && cargo build --quiet --release --locked)
CARGO_TARGET_DIR=$top/target/bench cargo build --quiet --release --locked --manifest-path "$top/bench/limits/Cargo.toml"
if [ -z "${SKIMWATCH__ENGINE__LIBRARY:-}" ]; then
    SKIMWATCH__ENGINE__LIBRARY=$("$top/deploy/fetch-engine.sh" | tail -n 1)
    export SKIMWATCH__ENGINE__LIBRARY
fi
export PYTHONPATH=$top/bench PYTHONDONTWRITEBYTECODE=1
exec python3 -m compare.visible
