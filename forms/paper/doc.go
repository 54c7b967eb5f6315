// Package paper is a sheet in millimetres. A form draws on a Doc, which only records: as golden text a person can read
// and a test can compare, or as a PDF whose bytes are the same in every run. Both are made from the one record, so what
// the golden says is what is printed.
//
// The origin is the top left corner. The y of a text is its baseline. Sizes of letters are in points, all else is in
// millimetres. Any string may be drawn: what cannot be printed is replaced (see Clean), and nothing aborts a document.
package paper

import "time"

// Size is that of a sheet.
type Size struct{ W, H float64 }

// The sheets of the one-stop forms (domain: slips A5, registers A4).
var (
	A5 = Size{148, 210}
	A4 = Size{210, 297}
)

// Box is a part of a sheet.
type Box struct{ X, Y, W, H float64 }

// Right is the x of its right edge.
func (b Box) Right() float64 { return b.X + b.W }

// Bottom is the y of its lower edge.
func (b Box) Bottom() float64 { return b.Y + b.H }

// Align is where a text stands relative to its x.
type Align uint8

const (
	Left   Align = iota // it begins there
	Center              // its middle is there
	Right               // it ends there
)

// Mark is one thing on a page. Bounds is the ink it may leave.
type Mark interface {
	Bounds() Box
	golden() string
	pdf(*pdfPen)
	moved(dx float64) Mark
}

// Doc is a document being drawn.
type Doc struct {
	size  Size
	title string
	at    time.Time
	pages [][]Mark
	to    taker // takes the marks in place of the record; see Stream
}

// taker takes marks as they are drawn. Lines, and texts as they were asked for, come in their own ways: as Marks, the half million of a
// register would each be measured and cost a piece of memory, twice.
type taker interface {
	take(Mark)
	takeText(x, y float64, f Font, a Align, s string)
	takeLine(Line)
}

// New is a document without pages. The title (which must name no person) and the time are what the PDF says of itself; the
// zero time is written as 1970, never as now, which would differ in every run.
func New(size Size, title string, at time.Time) *Doc {
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	return &Doc{size: size, title: Clean(title), at: at}
}

// Page begins the next page. Nothing can be drawn before the first.
func (d *Doc) Page() { d.pages = append(d.pages, nil) }

// Pages are the marks of each page in the order they were drawn.
func (d *Doc) Pages() [][]Mark { return d.pages }

func (d *Doc) add(m Mark) {
	if d.to != nil {
		d.to.take(m)
		return
	}
	last := len(d.pages) - 1
	d.pages[last] = append(d.pages[last], m)
}

// Text draws one line of text, and says how wide it is.
func (d *Doc) Text(x, y float64, f Font, a Align, s string) float64 {
	s = Clean(s)
	d.Cleaned(x, y, f, a, s)
	return f.Width(s)
}

// Cleaned is Text for what Clean has returned, or a part of it: a register has hundreds of thousands of them.
func (d *Doc) Cleaned(x, y float64, f Font, a Align, s string) {
	switch {
	case s == "":
	case d.to != nil:
		d.to.takeText(x, y, f, a, s)
	default:
		w := f.Width(s)
		d.add(Text{X: begin(x, w, a), Y: y, W: w, Font: f, S: s})
	}
}

// begin is where a text of that width begins.
func begin(x, w float64, a Align) float64 {
	switch a {
	case Center:
		return x - w/2
	case Right:
		return x - w
	}
	return x
}

// Line draws a straight line of that thickness.
func (d *Doc) Line(x1, y1, x2, y2, thick float64) {
	l := Line{x1, y1, x2, y2, thick}
	if d.to != nil {
		d.to.takeLine(l)
		return
	}
	d.add(l)
}

// Again draws what was drawn before, on this document or another of its size.
func (d *Doc) Again(marks []Mark) {
	for _, m := range marks {
		d.add(m)
	}
}

// Rect draws the outline of a box.
func (d *Doc) Rect(b Box, thick float64) { d.add(Rect{b, thick}) }

// Dots draws a dotted line to write on.
func (d *Doc) Dots(x1, x2, y float64) {
	if x2 > x1 {
		d.add(Dots{x1, x2, y})
	}
}

// Watermark draws a faint word across the page. It is drawn first, so that everything else lies over it.
func (d *Doc) Watermark(s string) {
	d.add(Watermark{Clean(s), 0, d.size})
}

// Text is a line of text. Space is what is added to every blank in it, to fill a justified line.
type Text struct {
	X, Y, W, Space float64
	Font           Font
	S              string
}

// Bounds is as high as its own letters reach.
func (t Text) Bounds() Box {
	up, down := t.Font.reach(t.S)
	return Box{t.X, t.Y - up, t.W, up + down}
}

// Line is a straight line.
type Line struct{ X1, Y1, X2, Y2, Thick float64 }

func (l Line) Bounds() Box {
	return Box{min(l.X1, l.X2), min(l.Y1, l.Y2), max(l.X1, l.X2) - min(l.X1, l.X2), max(l.Y1, l.Y2) - min(l.Y1, l.Y2)}
}

// Rect is the outline of a box.
type Rect struct {
	Box
	Thick float64
}

func (r Rect) Bounds() Box { return r.Box }

// Dots is a dotted line to write on.
type Dots struct{ X1, X2, Y float64 }

func (l Dots) Bounds() Box { return Box{l.X1, l.Y - dotThick/2, l.X2 - l.X1, dotThick} }

// Watermark is a faint word across a page that begins at X.
type Watermark struct {
	S     string
	X     float64
	Sheet Size
}

func (w Watermark) Bounds() Box { return Box{w.X, 0, w.Sheet.W, w.Sheet.H} }

const (
	dotThick = 0.3 // of a dotted line: dot and distance as of a row of full stops in 11 points
	dotStep  = 0.95
)
