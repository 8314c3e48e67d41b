#!/bin/sh
# Copies the pictures that the documents show out of those that the tests took (mvn test).
# usage: choose-pictures.sh      Leaves docs/screenshots/android-*.png, each under 150 KB.
set -eu
cd "$(dirname "$0")/.."
from=target/android/screenshots to=../docs/screenshots
mkdir -p "$to"
for name in day-zh-synced buy-zh-tare slip-zh today-en-night; do
    size=$(stat -c %s "$from/$name.png")
    [ "$size" -lt 153600 ] || { echo "choose-pictures: $name has $size bytes" >&2; exit 1; }
    cp "$from/$name.png" "$to/android-$name.png"
done
