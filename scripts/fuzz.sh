#!/usr/bin/env bash
# Lets chance write to every decoder, each for so many seconds. What it found worth keeping (a new way through the code) is put beside the test,
# in testdata/fuzz, where every go test tries it again; of each decoder the smallest so many. A failure ends it, and its input is there too.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-20}
keep=${2:-40}

cache=$(go env GOCACHE)/fuzz/$(go list -m)
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r package; do
  for target in $(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$package"/*_test.go); do
    echo "$package $target"
    CGO_ENABLED=0 go test -tags "${TAGS:-ci}" -run '^$' -fuzz "^$target\$" -fuzzminimizetime 10x -fuzztime "${seconds}s" "$package" | tail -n 3
    found="$cache/${package#./}/$target"
    [ -d "$found" ] || continue
    mkdir -p "$package/testdata/fuzz/$target"
    find "$found" -type f -size -16k -printf '%s %p\n' | sort -n | head -n "$keep" | cut -d' ' -f2- | xargs -r -I{} cp -n {} "$package/testdata/fuzz/$target/"
  done
done
