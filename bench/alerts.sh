#!/usr/bin/env bash
# How soon after the 204 of the report that decides it an alert stands: bench/compare/alerts.py.
#
#   bench/alerts.sh
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

# shellcheck source=bench/prepare.sh
. "$top/bench/prepare.sh"
exec python3 -m compare.alerts
