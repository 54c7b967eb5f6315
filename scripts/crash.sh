#!/usr/bin/env bash
# Cuts the power of a simulated disk for so many minutes, then lets that disk fail at every kind of moment, then kills a program at work so
# many times: what had been said to be kept must be there. A seed brings the same cuts again; kills are by chance.
set -eu
cd "$(dirname "$0")/.."
minutes=${1:-20}
kills=${2:-2000}
seed=${3:-1}

program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
CGO_ENABLED=0 go test -tags "${TAGS:-ci}" -c -o "$program/store" ./store
cd store

echo "seed $seed, $minutes minutes, then $kills kills"
failed=0
try() {
  local status=0
  "$program/store" -test.v -test.timeout 0 -test.run "$@" >"$program/out" 2>&1 || status=$?
  grep -E '^(POWER|FAULTS|KILLS|FAIL|panic)' "$program/out" || true
  [ "$status" = 0 ] && return
  failed=$status
  echo "seed $seed, exit status $status; the end of what it said:"
  tail -n 60 "$program/out"
}
try 'TestPowerCut|TestAFailingDisk' -crash.minutes "$minutes" -crash.seed "$seed"
try '^TestNothingIsLostToKillWhenEncrypted$' -crash.kills "$kills"
[ "$failed" = 0 ] && echo "Nothing was lost."
exit "$failed"
