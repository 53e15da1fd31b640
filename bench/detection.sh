#!/usr/bin/env bash
# How well the detector finds card skimming, on scenarios with labels, by the program as released; prints a table per scenario.
#
#   bench/detection.sh [--seeds 21,22,23] [--families NAME,...] [--shared DIR] [--preset NAME] [--program PATH]
#                      [--days N] [--warmup-days N] [--keep DIR] [--json FILE] [--write] [--check]
#   bench/detection.sh --ablate      what each weight of the configuration is worth
#
# Builds skimwatch unless PATH names it. Needs nothing but Python 3.11. --shared (or SKIMWATCH_SCENARIOS) adds the families of an
# external simulator with the same file formats, which the floors in bench/detection/floors.toml are for; bench/README.md explains.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/npm-package.sh
. "$top/deploy/npm-package.sh"

need python3 "apt-get install python3"
program=()
case " $* " in
*" --program"* | *" --help "* | *" -h "*) ;;
*)
    need cargo "install Rust, or name a built skimwatch with --program"
    (cd "$top" && cargo build --quiet --release --locked)
    program=(--program "${CARGO_TARGET_DIR:-$top/target}/release/skimwatch")
    ;;
esac
export PYTHONPATH=$top/bench PYTHONDONTWRITEBYTECODE=1
exec python3 -m detection "${program[@]}" "$@"
