#!/usr/bin/env bash
# Installs what building and testing need on Debian 12 or Ubuntu, and only what is missing.
set -eu

packages=(
  gcc libc6-dev pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
  xvfb xauth libgl1-mesa-dri # a window where there is no display
  poppler-utils qpdf         # pdftotext, pdftoppm, qpdf: the tests read the paper back
  cups-daemon                # the tests print on a spooler of their own
)

command -v go >/dev/null || { echo "Go is missing: see https://go.dev/dl (1.26 or later)." >&2; exit 1; }
command -v dpkg-query >/dev/null || exit 0 # not Debian: the packages are the reader's to find

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Please install as root: apt-get install ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
