# shellcheck shell=bash
# Sourced by the benchmarks, which set $top and know `need` of deploy/npm-package.sh: what they run is as released, and
# the engine and the Python packages of this folder are found.

# build_limits: the least that a collector could do, for those that compare with it.
build_limits() {
    CARGO_TARGET_DIR=$top/target/bench cargo build --quiet --release --locked --manifest-path "$top/bench/limits/Cargo.toml"
}

need cargo "install Rust"
need python3 "apt-get install python3"
(cd "$top" && cargo build --quiet --release --locked)
if [ -z "${SKIMWATCH__ENGINE__LIBRARY:-}" ]; then
    SKIMWATCH__ENGINE__LIBRARY=$("$top/deploy/fetch-engine.sh" | tail -n 1)
    export SKIMWATCH__ENGINE__LIBRARY
fi
export PYTHONPATH=$top/bench PYTHONDONTWRITEBYTECODE=1
