#!/usr/bin/env bash
# Fills a ClickHouse of its own with reports as a provider would have them, and prints what a stored one takes.
#
#   bench/storage.sh [ROWS]
#
# 20,000,000 by default, in some minutes; nothing is left behind. What they are made of: bench/compare/rows.py.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

# shellcheck source=bench/prepare.sh
. "$top/bench/prepare.sh"
exec python3 -m compare.storage "$@"
