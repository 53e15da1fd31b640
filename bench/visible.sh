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

# shellcheck source=bench/prepare.sh
. "$top/bench/prepare.sh"
build_limits
exec python3 -m compare.visible
