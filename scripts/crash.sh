#!/usr/bin/env bash
# Cuts the power of a simulated disk for so many minutes, then lets that disk fail at every kind of moment for as many, then kills a store at
# work so many times, and the station too: what had been said to be kept must be there. A seed brings the same cuts again; kills are by chance.
set -eu
cd "$(dirname "$0")/.."
minutes=${1:-20}
kills=${2:-2000}
seed=${3:-1}

program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
for part in store cmd/station; do
  CGO_ENABLED=0 go test -tags "${TAGS:-ci}" -c -o "$program/${part##*/}" "./$part"
done

echo "seed $seed, $minutes minutes each, then $kills kills of each"
failed=0
try() {
  local status=0 part=$1
  shift
  (cd "$part" && "$program/${part##*/}" -test.v -test.timeout 0 -test.run "$@") >"$program/out" 2>&1 || status=$?
  grep -E '^(POWER|FAULTS|KILLS|FAIL|panic)' "$program/out" || true
  [ "$status" = 0 ] && return
  failed=$status
  echo "seed $seed, exit status $status; the end of what it said:"
  tail -n 60 "$program/out"
}
try store TestPowerCut -crash.minutes "$minutes" -crash.seed "$seed"
try store TestAFailingDisk -crash.minutes "$minutes" -crash.seed "$seed"
try store '^TestNothingIsLostToKillWhenEncrypted$' -crash.kills "$kills"
try cmd/station '^TestNothingIsLostWhenTheProgramIsKilled$' -crash.kills "$kills"
[ "$failed" = 0 ] && echo "Nothing was lost."
exit "$failed"
