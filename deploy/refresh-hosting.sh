#!/usr/bin/env bash
# Writes src/enrich/hosting-asns.txt anew: the autonomous systems from which no shopper browses, by a rule over the
# names of their owners. For who maintains Skimwatch; nobody else needs it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=deploy/npm-package.sh
. "$here/npm-package.sh"

# As in fetch-ipdb.sh.
version=$(sed -n 's/^version=//p' "$here/fetch-ipdb.sh")
integrity=$(sed -n 's/^asn_integrity=//p' "$here/fetch-ipdb.sh")

need npm "install Node.js 18 or newer (apt-get install nodejs npm)"
need python3 "apt-get install python3"
cache=$(cache_dir)/hosting
mkdir -p "$cache"
need_space "$cache" 200
hold_lock "$cache"
make_work "$cache"
fetch_package @ip-location-db/asn "$version" "$integrity" 19 "$work"
tar -xzf "$work/package.tgz" -C "$work"
python3 "$here/hosting-asns.py" "$work/package/asn-ipv4-num.csv" "$here/hosting-kept.txt" "$version" \
    "$here/../src/enrich/hosting-asns.txt"
