#!/usr/bin/env bash
# Installs what the tests need and runs them all. Arguments go to cargo test: deploy/test.sh --test it browser
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/npm-package.sh
. deploy/npm-package.sh

# Debian's packages, by the program that each one is for.
install=()
command -v chromium >/dev/null || install+=(chromium)
command -v chromedriver >/dev/null || install+=(chromium-driver)
command -v certutil >/dev/null || install+=(libnss3-tools)
need python3 "apt-get install python3 python3-venv"
python3 -c 'import ensurepip' 2>/dev/null || install+=(python3-venv)
if [ ${#install[@]} -gt 0 ]; then
    need apt-get "the tests need chromium, chromedriver, certutil (libnss3-tools) and Python's venv; install them by hand"
    root=()
    if [ "$(id -u)" -ne 0 ]; then
        need sudo "run once as root: apt-get install ${install[*]}"
        root=(sudo)
    fi
    say "installing ${install[*]}"
    "${root[@]}" apt-get update -q >&2
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${install[@]}" >&2
fi

# Programs that are not ours, each of one version: a client of ClickHouse, a mail server, and one that tries the API by
# its description.
programs=(clickhouse-connect==1.12.0 aiosmtpd==1.4.6 schemathesis==4.32.5)
venv=$(cache_dir)/test-venv/$(IFS=+; echo "${programs[*]}")
if [ ! -e "$venv/complete" ]; then
    mkdir -p "$(cache_dir)/test-venv"
    hold_lock "$(cache_dir)/test-venv"
    if [ ! -e "$venv/complete" ]; then
        say "installing ${programs[*]}"
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "${programs[@]}" >&2
        touch "$venv/complete"
    fi
    exec 9>&-
fi

# A provider of OpenID Connect that is not ours, and a judge of how accessible pages are, with all that they are made of,
# of the versions in the lock file.
need node "install Node.js 18 or newer (apt-get install nodejs npm)"
need npm "install Node.js 18 or newer (apt-get install nodejs npm)"
packages=$(cache_dir)/test-node/$(sha256sum tests/node/package-lock.json | cut -c1-16)
if [ ! -e "$packages/complete" ]; then
    mkdir -p "$(cache_dir)/test-node"
    hold_lock "$(cache_dir)/test-node"
    if [ ! -e "$packages/complete" ]; then
        say "installing oidc-provider and axe-core"
        rm -rf "$packages"
        mkdir -p "$packages"
        cp tests/node/package.json tests/node/package-lock.json "$packages/"
        npm ci --prefix "$packages" --ignore-scripts --no-fund --no-audit --loglevel error >&2
        touch "$packages/complete"
    fi
    exec 9>&-
fi

# Two steps each: the status of a command inside `export` would be lost.
library=$(deploy/fetch-engine.sh | tail -n 1)
databases=$(deploy/fetch-ipdb.sh | tail -n 1)
export SKIMWATCH__ENGINE__LIBRARY=$library
export SKIMWATCH_TEST_IPDB=$databases
export SKIMWATCH_TEST_PYTHON=$venv/bin/python
export SKIMWATCH_TEST_NODE=$packages
SKIMWATCH_TEST_CHROMIUM=$(command -v chromium)
SKIMWATCH_TEST_CHROMEDRIVER=$(command -v chromedriver)
SKIMWATCH_TEST_CERTUTIL=$(command -v certutil)
export SKIMWATCH_TEST_CHROMIUM SKIMWATCH_TEST_CHROMEDRIVER SKIMWATCH_TEST_CERTUTIL
if [ "${CI:-}" = true ]; then
    export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
fi
exec cargo test --locked "$@"
