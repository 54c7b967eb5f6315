package paper

// TwoUp is the document with its pages side by side on sheets of twice their width, and a thin mark where to cut: for a printer that has
// A4 only, two A5 pages lie on one sheet. An odd last page leaves the right half empty.
func (d *Doc) TwoUp() *Doc {
	out := &Doc{size: Size{d.size.H * a4Wide, d.size.H}, title: d.title, at: d.at}
	half := out.size.W / 2
	for i, marks := range d.pages {
		if i%2 == 0 {
			out.Page()
			out.Line(half, 0, half, cutMark, ruleThick)
			out.Line(half, out.size.H-cutMark, half, out.size.H, ruleThick)
		}
		dx := (half - d.size.W) / 2
		if i%2 == 1 {
			dx += half
		}
		for _, m := range marks {
			out.add(m.moved(dx))
		}
	}
	return out
}

const (
	a4Wide  = 297.0 / 210
	cutMark = 4.0
)

func (t Text) moved(dx float64) Mark { t.X += dx; return t }

func (l Line) moved(dx float64) Mark { l.X1 += dx; l.X2 += dx; return l }

func (r Rect) moved(dx float64) Mark { r.X += dx; return r }

func (l Dots) moved(dx float64) Mark { l.X1 += dx; l.X2 += dx; return l }

func (q QR) moved(dx float64) Mark { q.X += dx; return q }

func (w Watermark) moved(dx float64) Mark { w.X += dx; return w }
