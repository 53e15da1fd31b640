#!/usr/bin/env bash
# From a fresh clone to a campaign on screen: checks what is needed, fetches the engine and the IP databases
# while it builds, and runs the demo in the foreground. With --serve: a collector for shops of one's own in
# place of the demo. Start it again at any time; what is there is not made twice.
#
# Usage: deploy/quickstart.sh [--serve | --check | --build-only]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/npm-package.sh
. deploy/npm-package.sh

case "${1:-}" in
'' | --serve | --check | --build-only) mode=${1:-} ;;
*) die "usage: deploy/quickstart.sh [--serve | --check | --build-only]" ;;
esac

# The demo has a folder of its own: made-up merchants do not mix with real ones.
own=$PWD/data
[ "$mode" = --serve ] || own=$PWD/data/demo
data=${SKIMWATCH__DATA_DIR:-$own}
intake=${SKIMWATCH__INTAKE__LISTEN:-127.0.0.1:8080}
web=${SKIMWATCH__WEB__LISTEN:-127.0.0.1:8081}
shop=${SKIMWATCH__DEMO__LISTEN:-127.0.0.1:8082}
program=${CARGO_TARGET_DIR:-target}/release/skimwatch
if [ -n "${SKIMWATCH__CLICKHOUSE__URL:-}" ] || [ -n "${SKIMWATCH__ENGINE__LIBRARY:-}" ]; then
    engine=given
else
    engine=fetched
fi

# --- what must be there -------------------------------------------------------------------------------------

missing=0
lack() { say "missing: $1"; say "         $2"; missing=1; }

# at_least HAVE WANT: versions, number by number.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

taken() { (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null; }

check() {
    local rust
    rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    if ! command -v cargo >/dev/null; then
        lack "cargo (Rust $rust or newer)" "install Rust by rustup; Debian's is too old"
    elif ! at_least "$(rustc --version | cut -d' ' -f2)" "$rust"; then
        lack "Rust $rust or newer (here: $(rustc --version))" "rustup update stable"
    fi
    command -v cc >/dev/null || lack "a C compiler" "apt-get install build-essential"
    command -v make >/dev/null || lack "make" "apt-get install build-essential"
    command -v python3 >/dev/null || lack "Python 3" "apt-get install python3"
    command -v node >/dev/null || lack "Node.js" "apt-get install nodejs"
    command -v npm >/dev/null || lack "npm" "apt-get install npm"
    command -v curl >/dev/null || lack "curl" "apt-get install curl"
    local free
    free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge 4000 ] || lack "disk: $free MB free here, 4000 MB wanted" "make room, or clone to a larger disk"
    local setting doors=("INTAKE $intake" "WEB $web")
    [ "$mode" = --serve ] || doors+=("DEMO $shop")
    for setting in "${doors[@]}"; do
        ! taken "${setting#* }" || lack "a free port: something listens on ${setting#* }" \
            "stop it, or set SKIMWATCH__${setting% *}__LISTEN=127.0.0.1:ANOTHER"
    done
    [ "$missing" -eq 0 ] || exit 1
}

# --- engine, IP databases, build: all at once -----------------------------------------------------------------

prepare() {
    mkdir -p target
    make_work target
    local fetching=() databases
    if [ "$engine" = fetched ]; then
        deploy/fetch-engine.sh >"$work/engine" &
        fetching=($!)
    fi
    deploy/fetch-ipdb.sh >"$work/ipdb" &
    local ipdb=$!
    cargo build --release --locked || die "the build failed; what it said stands above"
    if [ "$engine" = fetched ]; then
        wait "${fetching[0]}" || die "without the engine nothing can be stored; start again once that is mended"
        SKIMWATCH__ENGINE__LIBRARY=$(tail -n 1 "$work/engine")
        export SKIMWATCH__ENGINE__LIBRARY
    fi
    if wait "$ipdb"; then
        databases=$(tail -n 1 "$work/ipdb")
        export SKIMWATCH__ENRICH__COUNTRY_DB=${SKIMWATCH__ENRICH__COUNTRY_DB:-$databases/country.mmdb}
        export SKIMWATCH__ENRICH__ASN_DB=${SKIMWATCH__ENRICH__ASN_DB:-$databases/asn.mmdb}
    else
        say "no IP databases: the country and the network operator of reports stay unknown"
    fi
    rm -rf "$work"
    trap - EXIT INT TERM
}

# --- demo -----------------------------------------------------------------------------------------------------

demo() {
    mkdir -p "$data"
    export SKIMWATCH__DATA_DIR=$data SKIMWATCH__INTAKE__LISTEN=$intake SKIMWATCH__WEB__LISTEN=$web
    export SKIMWATCH__DEMO__LISTEN=$shop
    # It says where to look, and ends with Ctrl-C.
    exec "$program" demo
}

# --- serve ----------------------------------------------------------------------------------------------------

token() {
    local file=$data/bootstrap-token
    if [ ! -s "$file" ]; then
        (umask 077 && python3 -c 'import secrets; print(secrets.token_urlsafe(32))' >"$file")
    fi
    cat "$file"
}

wait_until_ready() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        kill -0 "$1" 2>/dev/null || die "skimwatch ended at once; what it said stands above"
        if curl -fso /dev/null "http://$web/readyz"; then return; fi
        sleep 0.2
    done
    die "skimwatch is not ready after a minute; what it said stands above"
}

tell() {
    cat <<TEXT

Skimwatch is ready.

Send this header with the checkout page (report only: nothing is blocked; allow what your page really uses):

  Content-Security-Policy-Report-Only: default-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'self'; object-src 'none'; report-uri http://$intake/r/demo-shop

For a real shop the collector needs a public name and HTTPS: browsers send nothing from an https: page to an http: address.

A first report by hand:

  curl -i http://$intake/r/demo-shop -H 'Content-Type: application/csp-report' --data '{"csp-report":{"document-uri":"https://shop.example.test/checkout","effective-directive":"connect-src","blocked-uri":"https://evil.example/c?card=4111111111111111","disposition":"report"}}'

And what was kept of it (the card number was not):

  ${environment}$program sql "SELECT received_at, site, directive, destination, blocked, card_brand FROM skimwatch.reports"

  pages            http://$web/login#token=$SKIMWATCH__WEB__BOOTSTRAP_TOKEN
  counts           curl -H "Authorization: Bearer \$(cat '$data/bootstrap-token')" http://$web/api/v1/stats
  is it ready      http://$web/readyz
  metrics          http://$web/metrics
  data             $data

Ctrl-C stops it. deploy/quickstart.sh --serve starts it again.

TEXT
}

serve() {
    mkdir -p "$data"
    export SKIMWATCH__DATA_DIR=$data SKIMWATCH__INTAKE__LISTEN=$intake SKIMWATCH__WEB__LISTEN=$web
    SKIMWATCH__WEB__BOOTSTRAP_TOKEN=$(token)
    export SKIMWATCH__WEB__BOOTSTRAP_TOKEN
    # A second shell needs the same settings to find the same data.
    environment="SKIMWATCH__DATA_DIR='$data' "
    if [ -n "${SKIMWATCH__ENGINE__LIBRARY:-}" ]; then
        environment+="SKIMWATCH__ENGINE__LIBRARY='$SKIMWATCH__ENGINE__LIBRARY' "
    fi
    "$program" import deploy/sample-merchants.json
    "$program" serve &
    local server=$!
    # Ctrl-C reaches the whole group; the server hands its spool over before it ends, and we wait for that.
    # shellcheck disable=SC2064 # the process of now
    trap "kill -TERM $server 2>/dev/null || true" INT TERM EXIT
    wait_until_ready "$server"
    tell
    local status=0
    while kill -0 "$server" 2>/dev/null; do
        status=0
        wait "$server" || status=$?
    done
    trap - EXIT
    exit "$status"
}

check
if [ "$mode" = --check ]; then
    say "everything is here"
    exit
fi
prepare
if [ "$mode" = --build-only ]; then
    say "built: $program"
    exit
fi
if [ "$mode" = --serve ]; then serve; else demo; fi
