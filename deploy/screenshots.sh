#!/usr/bin/env bash
# Makes a picture of every page: deploy/screenshots.sh [FOLDER]. In both languages, light and dark, on a desk and in a hand.
set -euo pipefail
folder=$(realpath -m "${1:-screenshots}")
cd "$(dirname "$0")/.."
if ! fc-list :lang=ja 2>/dev/null | grep -q .; then
    printf 'warning: no font here has Japanese letters (apt-get install fonts-noto-cjk)\n' >&2
fi
export SKIMWATCH_TEST_PICTURES=$folder
deploy/test.sh --test it -- --ignored --exact --nocapture screen::pictures::pictures
printf 'the pictures are in %s\n' "$folder" >&2
