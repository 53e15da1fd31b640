# shellcheck shell=bash
# Sourced by the fetch scripts: one package of the npm registry, of one version, with one content.

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# The directory that survives a `git clean`: $XDG_CACHE_HOME/skimwatch.
cache_dir() { printf '%s/skimwatch' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }

# need_space DIR MEGABYTES
need_space() {
    local free
    free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$2" ] || die "$1 has $free MB free and $2 MB are needed; set XDG_CACHE_HOME to a larger disk"
}

# hold_lock DIR: one fetch at a time in DIR, until this process ends.
hold_lock() {
    exec 9>"$1/.lock"
    flock -n 9 && return
    say "another fetch into $1 is running; waiting for it"
    flock 9
}

# make_work DIR: $work, a directory in DIR. It and what still runs go when this script ends, also by a signal.
make_work() {
    rm -rf "$1"/.fetch.* # of a fetch that was killed
    work=$(mktemp -d "$1/.fetch.XXXXXX")
    trap 'stop_jobs; rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
}

stop_jobs() {
    local running
    running=$(jobs -p)
    # shellcheck disable=SC2086 # one word for each process
    [ -z "$running" ] || kill $running 2>/dev/null || true
    wait
}

# Megabytes so far, on one line of a terminal, else a line each ten seconds. Ends when killed.
show_progress() {
    local dir=$1 what=$2 total=$3 size i
    for ((i = 1; ; i++)); do
        sleep 1
        size=$(du -sm "$dir" 2>/dev/null | cut -f1)
        if [ -t 2 ]; then
            printf '\r%s: %s of %s MB' "$what" "${size:-0}" "$total" >&2
        elif ((i % 10 == 0)); then
            say "$what: ${size:-0} of $total MB"
        fi
    done
}

# fetch_package NAME VERSION INTEGRITY MEGABYTES DIR: leaves DIR/package.tgz, checked by us against
# INTEGRITY, which stands in our own source and does not come from where the package comes from.
fetch_package() {
    local name=$1 version=$2 integrity=$3 megabytes=$4 dir=$5 npm watcher got status=0
    mkdir -p "$dir/npm" "$dir/packed"
    # A cache of its own shows the progress and leaves nothing behind in the user's.
    npm pack "$name@$version" --pack-destination "$dir/packed" --cache "$dir/npm" --loglevel error \
        --fetch-timeout 3600000 >"$dir/npm.log" 2>&1 9>&- &
    npm=$!
    show_progress "$dir/npm" "$name" "$megabytes" 9>&- &
    watcher=$!
    # In the background, as bash hears a signal while it waits but not while a command runs.
    wait "$npm" || status=$?
    kill "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null || true
    if [ -t 2 ]; then printf '\n' >&2; fi
    if [ "$status" -ne 0 ]; then
        if grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH' "$dir/npm.log"; then
            die "the npm registry cannot be reached: $name was not fetched; connect and start again"
        fi
        tail -n 15 "$dir/npm.log" >&2
        die "npm could not fetch $name@$version"
    fi
    rm -rf "$dir/npm"
    mv "$dir"/packed/*.tgz "$dir/package.tgz"
    got=sha512-$(python3 -c 'import base64, hashlib, sys
digest = hashlib.sha512()
with open(sys.argv[1], "rb") as file:
    while block := file.read(1 << 20):
        digest.update(block)
print(base64.b64encode(digest.digest()).decode())' "$dir/package.tgz")
    [ "$got" = "$integrity" ] || die "$name@$version is not what this version was built with; nothing of it was kept
  expected $integrity
  got      $got"
}
