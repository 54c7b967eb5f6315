#!/usr/bin/env bash
# Runs the simulator on every core for so many minutes, each process with seeds of its own, or one seed alone with all its steps. The first
# seed is of chance; it stands above what it found. A seed that fails belongs in sync/sim/testdata/seeds.
set -eu
cd "$(dirname "$0")/.."
minutes=${1:-20}
alone=${2:-}
export CGO_ENABLED=0

program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
go test -tags "${TAGS:-ci}" -c -o "$program/sim" ./sync/sim
cd sync/sim
if [ -n "$alone" ]; then
  exec "$program/sim" -test.run '^TestSimulator$' -test.v -sim.seed "$alone"
fi

cores=$(nproc)
first=${FIRST:-$((RANDOM << 30 | RANDOM << 15 | RANDOM))}
echo "seeds from $first, $cores at a time, $minutes minutes"
# spent is the processor time, in seconds, that a file of what times said tells of.
spent() { tail -n 1 "$1" | sed 's/[ms]/ /g' | awk '{ print $1 * 60 + $2 + $3 * 60 + $4 }'; }
times >"$program/before"
running=()
for core in $(seq 0 $((cores - 1))); do
  GOMAXPROCS=1 "$program/sim" -test.run '^TestSimulator$' -test.timeout 0 -sim.from $((first + core)) -sim.step "$cores" -sim.minutes "$minutes" >"$program/out.$core" 2>&1 &
  running+=($!)
done
failed=0
for process in "${running[@]}"; do
  wait "$process" || failed=1
done
times >"$program/after"
cat "$program"/out.* | grep -v '^SIM' || true
cat "$program"/out.* | awk -v before="$(spent "$program/before")" -v after="$(spent "$program/after")" '
  /^SIM seeds/ { seeds += $3; days += $5; events += $7; calls += $9; per += $13; n++ }
  /^SIM (checked|network|happened|told):/ {
    what = $2; sub(/:$/, "", what); line = $0; sub(/^SIM [a-z]+: /, "", line); parts = split(line, part, ", ")
    for (i = 1; i <= parts; i++) { k = part[i]; sub(/ [0-9]+$/, "", k); v = part[i]; sub(/^.* /, "", v); sum[what, k] += v; if (!((what, k) in seen)) { seen[what, k]; keys[what] = keys[what] ? keys[what] SUBSEP k : k } }
  }
  END {
    printf "%d seeds, %d station-days, %d state events, %d calls on the line\n", seeds, days, events, calls
    printf "%.0f state events a second of the clock on each of %d cores, %.0f a second of processor time\n", per / n, n, events / (after - before)
    split("checked network happened told", order, " ")
    for (o = 1; o <= 4; o++) { w = order[o]; m = split(keys[w], ks, SUBSEP); printf "%s:", w; for (i = 1; i <= m; i++) printf("%s %s %d", (i > 1 ? "," : ""), ks[i], sum[w, ks[i]]); print "" }
  }'
[ "$failed" = 0 ] || { echo "a rule did not hold"; exit 1; }
