#!/usr/bin/env bash
# Fills a ClickHouse of its own with reports as a provider would have them, and prints what a stored one takes.
#
#   bench/storage.sh [ROWS]
#
# 20,000,000 by default, in some minutes; nothing is left behind. What they are made of: bench/compare/storage.py.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

need cargo "install Rust"
need python3 "apt-get install python3"
(cd "$top" && cargo build --quiet --release --locked)
if [ -z "${SKIMWATCH__ENGINE__LIBRARY:-}" ]; then
    SKIMWATCH__ENGINE__LIBRARY=$("$top/deploy/fetch-engine.sh" | tail -n 1)
    export SKIMWATCH__ENGINE__LIBRARY
fi
export PYTHONPATH=$top/bench PYTHONDONTWRITEBYTECODE=1
exec python3 -m compare.storage "$@"
