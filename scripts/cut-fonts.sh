#!/bin/sh
# Makes assets/fonts/*.ttf from Liberation Serif 2 (Debian: fonts-liberation2, fonttools). The cut faces are committed, so
# this runs only when a letter is to be added.
#
# A face is cut to the letters we print and freed of hints and layout tables, because gofpdf reads all of a face for
# every document, and drawn on a grid of 1000 instead of 2048, which makes its outlines in a PDF smaller. Liberation is a
# Reserved Font Name of the OFL: a cut face may not carry it, hence "TiepNhan Serif".
set -eu
from=${1:-/usr/share/fonts/truetype/liberation2}
to=$(dirname "$0")/../assets/fonts

letters=U+0020-007E                         # ASCII
letters=$letters,U+00A1-00AC,U+00AE-00FF    # Latin-1, without the invisible
letters=$letters,U+0100-017F                # names from Europe, and č ĭ ŏ ŭ of Ê Đê, Gia Rai and Ba Na
letters=$letters,U+0180,U+0243              # ƀ of the same
letters=$letters,U+01A0,U+01A1,U+01AF,U+01B0,U+1EA0-1EF9 # Vietnamese
letters=$letters,U+0300-0303,U+0306,U+0309,U+031B,U+0323 # marks that have no precomposed letter (ê̆)
letters=$letters,U+02BC,U+2013,U+2014,U+2018-201E,U+2022,U+2026,U+2030,U+2032,U+2033
letters=$letters,U+20AB,U+20AC,U+2116,U+2122,U+2212,U+2264,U+2265,U+25A1

for face in Regular Bold Italic; do
	pyftsubset "$from/LiberationSerif-$face.ttf" --output-file="$to/TiepNhanSerif-$face.ttf" \
		--unicodes="$letters" --no-hinting --desubroutinize --layout-features='' --glyph-names=no \
		--notdef-outline --name-IDs=0,1,2,4,6,13,14 --name-languages=0x0409 --no-legacy-cmap --no-symbol-cmap \
		--drop-tables+=GDEF,GPOS,GSUB,FFTM,gasp,kern,DSIG --no-recalc-timestamp
	"${PYTHON:-python3}" - "$to/TiepNhanSerif-$face.ttf" "$face" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

path, face = sys.argv[1:]
font = TTFont(path, recalcTimestamp=False)
scale_upem(font, 1000)
font["post"].formatType = 3.0
names = {1: "TiepNhan Serif", 2: face, 4: "TiepNhan Serif " + face, 6: "TiepNhanSerif-" + face}
table = font["name"]
table.names = [n for n in table.names if n.platformID == 3]
for record in table.names:
    if record.nameID in names:
        record.string = names[record.nameID]
    assert record.nameID in (0, 13, 14) or "Liberation" not in str(record), record
font.save(path)
PYTHON
done
