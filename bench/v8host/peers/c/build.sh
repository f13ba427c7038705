#!/bin/sh
# Builds peer.wasm, hostcalls.wasm and null.wasm into the folder that is named, or beside this file.
# Needs clang and wasm-ld with the target wasm32: Debian's clang and lld. CLANG and WASM_LD
# name other ones.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
clang=${CLANG:-clang}
ld=${WASM_LD:-wasm-ld}
mkdir -p "$out"

build() {
  name=$1
  shift
  "$clang" --target=wasm32 -O3 -nostdlib -ffreestanding -fno-builtin -mbulk-memory "$@" \
    -c "$here/peer.c" -o "$out/$name.o"
  "$ld" --no-entry -z stack-size=8192 --strip-all "$out/$name.o" -o "$out/$name.wasm"
  rm "$out/$name.o"
}

build peer
build hostcalls -DHOSTCALLS_ONLY
build null -DNULL_FILTER
