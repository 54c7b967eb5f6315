package paper

import (
	"fmt"
	"math"
	"strings"
)

// Golden is the record as text, a line for each mark, positions in millimetres:
//
//	page 1 148x210
//	text 22.4 42.0 11pt bold "GIẤY TIẾP NHẬN HỒ SƠ"
func (d *Doc) Golden() string {
	var b strings.Builder
	for i, marks := range d.pages {
		fmt.Fprintf(&b, "page %d %gx%g\n", i+1, d.size.W, d.size.H)
		for _, m := range marks {
			b.WriteString(m.golden())
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (t Text) golden() string {
	s := fmt.Sprintf("text %.1f %.1f %gpt %s %q", t.X, t.Y, math.Round(t.Font.Size*100)/100, t.Font.Face, t.S)
	if t.Space != 0 {
		s += fmt.Sprintf(" to %.1f", t.X+t.W)
	}
	return s
}

func (l Line) golden() string {
	return fmt.Sprintf("line %.1f %.1f %.1f %.1f %gmm", l.X1, l.Y1, l.X2, l.Y2, l.Thick)
}

func (r Rect) golden() string {
	return fmt.Sprintf("rect %.1f %.1f %.1f %.1f %gmm", r.X, r.Y, r.W, r.H, r.Thick)
}

func (l Dots) golden() string { return fmt.Sprintf("dots %.1f %.1f to %.1f", l.X1, l.Y, l.X2) }

func (w Watermark) golden() string { return fmt.Sprintf("watermark %q", w.S) }

func (q QR) golden() string { return fmt.Sprintf("qr %.1f %.1f %.1f %q", q.X, q.Y, q.W, q.Code.text) }
