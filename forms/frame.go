package forms

import (
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// frame is where on a sheet things stand, and how large (Nghị định 30/2020/NĐ-CP, Phụ lục I; on A5 to scale). Millimetres and points.
type frame struct {
	left, right, top, bottom float64
	unitWidth                float64 // of the heading's left half

	small float64 // the upper agency, the State
	name  float64 // the motto, number, date
	title float64
	code  float64 // of the form, in the corner
	body  float64
	least float64 // the body is not set smaller on a single page
	flow  float64 // the body on several
	sign  float64 // room to sign
	first float64 // how much further in a paragraph of running text begins
	gap   float64 // between the parts of a document
}

// The sheets: a wider margin on the left for the file.
var (
	frameA5 = frame{left: 14, right: 138, top: 8, bottom: 202, unitWidth: 50, small: 9.5, name: 10.5, title: 13, code: 8, body: 10.75, least: 9, flow: 10.75, sign: 15, first: 7, gap: 3}
	frameA4 = frame{left: 30, right: 190, top: 16, bottom: 277, unitWidth: 68, small: 12, name: 13, title: 14, code: 10, body: 13, least: 12, flow: 13, sign: 24, first: 10, gap: 5.5}
)

func (f frame) width() float64 { return f.right - f.left }

// apart is how far a line stands from the letters above it, of its distance on A5.
func (f frame) apart() float64 { return f.gap / frameA5.gap }

// frame is that of the form's own paper.
func (s *sheet) frame() frame {
	if s.how.size == dossier.PaperA4 {
		return frameA4
	}
	return frameA5
}

// column is a part of the sheet that is filled from the top.
type column struct {
	d       *paper.Doc
	x, w, y float64
}

// Letters get smaller by a quarter for the sake of fewer lines, but not smaller than that; what is still too long takes more lines.
const (
	shrink   = 0.75
	smallest = 7.0
)

// centred sets spans in at most that many lines, smaller if it must, and tells how wide the last line is. Several lines are about as wide as
// one another: no word is left over for the last.
func (c *column) centred(lines int, most float64, spans ...paper.Span) float64 {
	p := paper.Fit(c.w, lines, max(smallest, shrink*most), paper.Style{Size: most, Leading: 1.15, Align: paper.Center}, spans...)
	for p.Lines() > 1 {
		narrower := paper.Set(p.Width-2, p.Style, spans...)
		if narrower.Lines() > p.Lines() {
			break
		}
		p = narrower
	}
	c.y = p.Draw(c.d, c.x+(c.w-p.Width)/2, c.y)
	return p.LastWidth()
}

// unit sets the name of a unit, and tells how wide its last line is. One too long for a line is parted after its level, not within it.
func (c *column) unit(size float64, face paper.Face, name string) float64 {
	if (paper.Font{Face: face, Size: size}).Width(paper.Clean(name)) > c.w {
		for _, level := range levels {
			if own, ok := strings.CutPrefix(name, "CÔNG AN "+strings.ToUpper(level)); ok {
				c.centred(1, size, paper.Span{Face: face, Text: strings.TrimSuffix(name, own)})
				name = own
				break
			}
		}
	}
	return c.centred(3, size, paper.Span{Face: face, Text: name})
}

// dated sets place and date. Where they are too long for a line, they part after the place, not within the date.
func (c *column) dated(size float64, text string) {
	f := paper.Font{Face: paper.Italic, Size: size}
	if at := strings.LastIndex(text, ", "); at > 0 && f.Width(paper.Clean(text)) > c.w {
		c.centred(2, size, paper.Span{Face: f.Face, Text: text[:at+1]})
		text = text[at+2:]
	}
	c.centred(1, size, paper.Span{Face: f.Face, Text: text})
}

// rule draws a line of that length under what stands above it.
func (c *column) rule(long, h float64) {
	middle := c.x + c.w/2
	c.d.Line(middle-long/2, c.y+0.6*h, middle+long/2, c.y+0.6*h, 0.25)
	c.y += 1.4 * h
}

// heading is the upper part of a document.
type heading struct {
	code   string       // of the form
	mark   string       // of a reprint
	unit   dossier.Unit // without a name for a citizen's own paper: the State alone
	number string       // after "Số: "; empty for none
	about  string       // under the number, after "V/v ", of a letter without a title; empty for none
	date   string       // place and date; empty for none
}

const (
	quocHieu = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	tieuNgu  = "Độc lập - Tự do - Hạnh phúc"
)

// draw draws it, and returns where it ends: the upper agency and the unit on the left, the State on the right (Nghị định 30/2020/NĐ-CP,
// Phụ lục I).
func (t heading) draw(d *paper.Doc, f frame) float64 {
	d.Text(f.right, f.top+2, paper.Font{Face: paper.Regular, Size: f.code}, paper.Right, t.code)
	if t.mark != "" {
		d.Text(f.left, f.top+2, paper.Font{Face: paper.Italic, Size: f.code}, paper.Left, t.mark)
	}
	top := f.top + 4
	if t.unit.Name == "" {
		c := column{d, f.left, f.width(), top}
		t.state(&c, f)
		return c.y
	}
	left := column{d, f.left, f.unitWidth, top}
	left.unit(f.small, paper.Regular, t.unit.Upper)
	// The rule under the unit is a third to a half as long as its name.
	left.rule(0.42*left.unit(f.small, paper.Bold, t.unit.Name), f.apart())
	if t.number != "" {
		left.centred(1, f.name, paper.Span{Text: "Số: " + t.number})
	}
	if t.about != "" {
		left.y += 0.6
		left.centred(5, f.name-1, paper.Span{Text: "V/v " + t.about})
	}
	width := f.width() - f.unitWidth - 2
	right := column{d, f.right - width, width, top}
	t.state(&right, f)
	if t.date != "" {
		right.centred(2, f.name, paper.Span{Face: paper.Italic, Text: t.date})
	}
	return max(left.y, right.y)
}

// state is quốc hiệu and tiêu ngữ with its line.
func (t heading) state(c *column, f frame) {
	c.centred(1, f.small, paper.Span{Face: paper.Bold, Text: quocHieu})
	c.rule(c.centred(1, f.name, paper.Span{Face: paper.Bold, Text: tieuNgu}), f.apart())
}

// placeAndDate is "Mẫu Sơn, ngày 05 tháng 3 năm 2026"; dots where the day is not known.
func placeAndDate(place string, on dossier.Date) string {
	if place == "" {
		return day(on)
	}
	return place + ", " + day(on)
}
