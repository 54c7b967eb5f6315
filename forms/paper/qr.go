package paper

import (
	"fmt"

	"github.com/skip2/go-qrcode"
)

// Code is the dark modules of a QR code, by row.
type Code struct {
	text string
	dots [][]bool
}

// Encode makes the QR code of s with error correction M. An s too long for any QR code, or empty, is an error.
func Encode(s string) (Code, error) {
	q, err := qrcode.New(s, qrcode.Medium)
	if err != nil {
		return Code{}, fmt.Errorf("QR code of %d bytes: %w", len(s), err)
	}
	q.DisableBorder = true
	return Code{s, q.Bitmap()}, nil
}

// Quiet is what must stay empty around the code drawn with that side, for the reader to find it: four modules.
func (c Code) Quiet(side float64) float64 { return 4 * side / float64(len(c.dots)) }

// QR draws a QR code in a square of that side, without its empty margin (see Quiet).
func (d *Doc) QR(x, y, side float64, c Code) { d.add(QR{Box{x, y, side, side}, c}) }

// QR is a QR code. Its box is that of the dark modules.
type QR struct {
	Box
	Code Code
}

// Bounds is what has to stay empty of anything else.
func (q QR) Bounds() Box {
	quiet := q.Code.Quiet(q.W)
	return Box{q.X - quiet, q.Y - quiet, q.W + 2*quiet, q.H + 2*quiet}
}

func (q QR) module() float64 { return q.W / float64(len(q.Code.dots)) }

// runs are the dark modules joined into boxes, counted in modules from the corner.
func (q QR) runs(each func(col, row, cols, rows int)) {
	size := len(q.Code.dots)
	done := make([]bool, size*size)
	dark := func(col, row int) bool {
		return col < size && row < size && q.Code.dots[row][col] && !done[row*size+col]
	}
	for row := range size {
		for col := range size {
			cols, rows := 0, 0
			for dark(col+cols, row) {
				cols++
			}
			for full := cols > 0; full; {
				rows++
				for c := range cols {
					full = full && dark(col+c, row+rows)
				}
			}
			if cols == 0 {
				continue
			}
			for r := range rows {
				for c := range cols {
					done[(row+r)*size+col+c] = true
				}
			}
			each(col, row, cols, rows)
		}
	}
}
