#!/bin/sh
# Builds the core for this machine in the workspace's own target folder and writes its Kotlin bindings.
# usage: gen-core.sh CRATE_DIR OUT_DIR      (OUT_DIR absolute)
# Leaves OUT_DIR/kotlin/**.kt and OUT_DIR/lib/libcourtyard_mobile.so
set -eu
crate=$1 out=$2
mkdir -p "$out/lib" "$out/kotlin"
[ -d "$crate" ] || exit 0
cd "$crate" # uniffi-bindgen runs `cargo metadata` in the current folder
target=${CARGO_TARGET_DIR:-$crate/../target}
# One build for both: different feature sets would rebuild each other's crates.
cargo build --quiet --locked --target-dir "$target" -p courtyard-mobile --features bindgen
"$target/debug/uniffi-bindgen" generate --library "$target/debug/libcourtyard_mobile.so" \
    --language kotlin --no-format --out-dir "$out/kotlin"
cp "$target/debug/libcourtyard_mobile.so" "$out/lib/"
