#!/usr/bin/env bash
# How long the pages take, and how large they are, with as many reports as a provider collects in a month.
#
#   bench/pages.sh [ROWS [FOLDER]]
#
# 100,000,000 by default: half an hour and 5 GB of disk until they are there, then two minutes; a FOLDER is kept and used again. What the
# rows are and how it measures: bench/compare/rows.py, bench/compare/pages.py.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

# shellcheck source=bench/prepare.sh
. "$top/bench/prepare.sh"
exec python3 -m compare.pages "$@"
