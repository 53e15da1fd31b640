#!/usr/bin/env bash
# Compares the write path with what it could cost at least and with what others cost, and prints the tables.
#
#   bench/compare.sh [--rounds N] [--seconds N] [--only PART,...] [--save]
#
# Builds skimwatch and bench/limits as released, into target/. GO_CSP_COLLECTOR=PATH adds that program, and nginx is
# added where it is installed with its Lua module. Less than ten minutes by default; bench/README.md explains the tables.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

need wrk "apt-get install wrk"
need openssl "apt-get install openssl"
[ "$(nproc)" -ge 2 ] || die "one core is not enough: the server has one and the client another"

# shellcheck source=bench/prepare.sh
. "$top/bench/prepare.sh"
build_limits
exec python3 -m compare "$@"
