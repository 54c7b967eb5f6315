#!/usr/bin/env bash
# Runs the tests of what is kept (the layer below SQLite, the key ring, the store) as Windows programs under Wine; ONLY is a pattern of tests.
# Debian: wine64, gcc-mingw-w64-x86-64-win32. Wine 8 lacks two things Go wants: a source of chance, of which a stand-in is made here, and
# removing a folder the POSIX way, so a test that failed at tidying up alone has passed.
set -eu
cd "$(dirname "$0")/.."
only=${1:-.}
for tool in wine x86_64-w64-mingw32-gcc; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install wine64 gcc-mingw-w64-x86-64-win32"; exit 1; }
done
root=$PWD
place=$(mktemp -d)
export WINEPREFIX=$place/wine WINEDEBUG=-all
trap 'wineserver -k 2>/dev/null || true; rm -rf "$place"' EXIT
wineboot -i >/dev/null 2>&1 || true
x86_64-w64-mingw32-gcc -shared -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" -x c - -ladvapi32 <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE b, SIZE_T n) { return SystemFunction036(b, (ULONG)n); }
C

failed=0
for part in store/vfs store/keyring store; do
  GOOS=windows CGO_ENABLED=0 go test -tags "${TAGS:-ci}" -c -o "$place/test.exe" "./$part"
  (cd "$root/$part" && timeout 1200 wine "$place/test.exe" -test.v -test.short -test.run "$only") >"$place/out" 2>&1 || true
  tr -d '\r' <"$place/out" | awk -v part="$part" '
    /^=== RUN/ { said = "" }
    /^(panic|fatal error):/ { print; broken = 1 }
    /_test\.go:[0-9]+:|^ +testing\.go:/ { if ($0 !~ /TempDir RemoveAll cleanup|: \[rapid\] OK|: .* [0-9]+ states, /) said = said "\n" $0 }
    /^--- PASS/ { passed++ }
    /^--- SKIP/ { skipped++ }
    /^--- FAIL/ { if (said == "") passed++; else { print $0 said; wrong++ } said = "" }
    END { printf "%s: %d passed, %d skipped, %d failed\n", part, passed, skipped, wrong; exit !passed || wrong || broken }' || failed=1
done
exit "$failed"
