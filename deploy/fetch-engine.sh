#!/usr/bin/env bash
# Fetches the library of the embedded ClickHouse, if it is not cached. The last line of stdout is its path.
set -euo pipefail
# shellcheck source=deploy/npm-package.sh
. "$(dirname "$0")/npm-package.sh"

version=26.7.3-stable.1
case "$(uname -s)-$(uname -m)" in
Linux-x86_64)
    package=@chdb/lib-linux-x64-gnu
    integrity=sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==
    ;;
*)
    die "no engine library of a known content for $(uname -s) on $(uname -m); run a ClickHouse server and set SKIMWATCH__CLICKHOUSE__URL"
    ;;
esac

engines=$(cache_dir)/engine
library=$engines/$version/libchdb.so
# A cached library counts only with the mark of the content it was checked against: this pin, not an older one.
cached() { [ -s "$library" ] && [ "$(cat "$library.integrity" 2>/dev/null)" = "$integrity" ]; }

if ! cached; then
    need npm "install Node.js 18 or newer (apt-get install nodejs npm)"
    need python3 "apt-get install python3"
    mkdir -p "$engines/$version"
    hold_lock "$engines"
fi
# The one who held the lock before may have done the work.
if ! cached; then
    need_space "$engines" 1300
    make_work "$engines"
    say "fetching the engine: $package $version (178 MB, 566 MB unpacked)"
    fetch_package "$package" "$version" "$integrity" 178 "$work"
    say "unpacking"
    tar -xzf "$work/package.tgz" -C "$work" package/libchdb.so
    rm -f "$library.integrity"
    mv "$work/package/libchdb.so" "$library"
    printf '%s\n' "$integrity" >"$library.integrity"
fi
printf '%s\n' "$library"
