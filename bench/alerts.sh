#!/usr/bin/env bash
# How soon after the 204 of the report that decides it an alert stands: bench/compare/alerts.py.
#
#   bench/alerts.sh
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
exec python3 -m compare.alerts
