#!/usr/bin/env bash
# Writes src/services/third-party-web.tsv anew, from the version of third-party-web that is named here. The public
# suffix list is the one that the program is built with. For who maintains Skimwatch; nobody else needs it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=deploy/npm-package.sh
. "$here/npm-package.sh"

version=0.30.0
integrity=sha512-p+PfyL5U0ediGzvwPzMSdD9MnC8rHW6nWJJVLIQvqN7RsSqfaZ+7n4c9GILqH36EYR0eXB9CzAeCRnKFr/9uJg==

need npm "install Node.js 18 or newer (apt-get install nodejs npm)"
need python3 "apt-get install python3"
need cargo "install Rust"
cache=$(cache_dir)/services
mkdir -p "$cache"
hold_lock "$cache"
make_work "$cache"
fetch_package third-party-web "$version" "$integrity" 3 "$work"
tar -xzf "$work/package.tgz" -C "$work"
cargo metadata --format-version 1 --locked --manifest-path "$here/../Cargo.toml" >"$work/metadata.json"
suffixes=$(python3 -c 'import json, os, sys
packages = json.load(sys.stdin)["packages"]
crate = next(p for p in packages if p["name"] == "psl")
print(os.path.join(os.path.dirname(crate["manifest_path"]), "data/rules.txt"))' <"$work/metadata.json")
[ -f "$suffixes" ] || die "$suffixes is missing: the crate psl no longer brings its list; look where it is now"
python3 "$here/services-to-tsv.py" "$work/package/dist/entities-nostats.json" "$suffixes" "$version" \
    "$here/../src/services/third-party-web.tsv"
