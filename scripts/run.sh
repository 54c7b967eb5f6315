#!/usr/bin/env bash
# Opens the window on a sample station. Where there is no display, the same program runs under Xvfb, one reception is driven by keys and
# a card scan, and what came of it is left in out/.
set -eu
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec bin/station -data out/sample -sample
fi

echo "No display here: driving one reception under Xvfb …"
rm -rf out/window
go test -tags x11,no_animations,migrated_fynedo,e2e -count=1 -run 'TestWindowReceivesPrintsAndSends$' ./cmd/station -args -out "$PWD/out/window"
echo "Screenshots and papers are in out/window:"
ls -1 out/window
