package forms

import (
	"fmt"
	"sort"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// letter is a document that is set from the top: heading, title, and then blocks that flow over as many pages as they need.
//
// It is set in the frame's body size. Where a page has room left, its parts move apart, and there is more room to sign. Where it does not
// fit on one page, it is set smaller in steps of a quarter point down to the frame's least; where that is not enough either, it goes on,
// in the size the frame has for that, over further pages, each with its number at the top (Nghị định 30/2020/NĐ-CP, Phụ lục I). No page
// begins with the last line of a paragraph or ends with the first of one, a line that leads to what follows it stands on the same page,
// and the signatures never stand on a page alone.
type letter struct {
	*sheet
	frame    frame
	heading  heading
	qr       string // beside the title; empty for none
	title    string // in capitals as drawn; empty for a letter that has none
	subtitle string // under the title, what it is about, in bold and with a line under it
	copy     string // under that, which of several copies it is; empty for none
	national string // under that, the dossier's code; empty for none
	blocks   []block
	foot     string // at the bottom of the last page; empty for none

	footnote paper.Paragraph
	size     float64 // of the body
	air      float64 // 0 to 1: how far its parts have moved apart
	doc      *paper.Doc
	y        float64
	number   int // of the page
}

// block is a part of a letter.
type block interface {
	// set lays it out at that size.
	set(l *letter)
	height() float64
	// draw draws it whole with its upper edge at y.
	draw(d *paper.Doc, y float64)
	// cut parts it so that the first part is at most so high; false when it cannot be parted there.
	cut(room float64) (head, tail block, ok bool)
}

// newLetter is a letter of the form, dated on that day, from the unit as it was named then.
func (s *sheet) newLetter(on dossier.Date) *letter {
	unit := s.unitOn(on).Unit
	return &letter{sheet: s, frame: s.frame(), title: s.form.Title,
		heading: heading{code: s.form.Code, mark: s.reprint(), unit: unit, date: placeAndDate(unit.Place, on)}}
}

// add puts blocks at the end.
func (l *letter) add(blocks ...block) { l.blocks = append(l.blocks, blocks...) }

// draw draws the letter into the sheet's document. Code: form.too-long when its head or a block that cannot be parted is higher than a page.
func (l *letter) draw() error {
	l.fit()
	return l.pages()
}

// fit finds the size, and lays the blocks out in it.
func (l *letter) fit() {
	if l.foot != "" {
		l.footnote = paper.Set(l.frame.width(), paper.Style{Size: l.frame.code, Leading: leading, Justify: true}, paper.Span{Face: paper.Italic, Text: l.foot})
		l.frame.bottom -= l.footnote.Height() + footRoom
	}
	f := l.frame
	l.begin(l.document())
	room := f.bottom - l.y
	high := func(step int) float64 {
		l.size = f.body - 0.25*float64(step)
		return l.set()
	}
	least := high(0)
	if least > room+slack {
		steps := int((f.body - f.least) / 0.25)
		step := 1 + sort.Search(steps, func(i int) bool { return high(1+i) <= room+slack })
		if step > steps {
			l.size = f.flow
			l.set()
			return
		}
		least = high(step)
	}
	// What is left of the page moves the blocks apart: they grow evenly.
	l.air = 1
	if most := l.set(); most > room+slack {
		l.air = 0.99 * max(0, room-least) / (most - least)
		l.set()
	}
}

// begin begins the first page in a document, with heading and title.
func (l *letter) begin(d *paper.Doc) {
	l.doc, l.number = d, 0
	l.page()
	l.y = l.heading.draw(d, l.frame)
	l.drawTitle()
}

// set lays all blocks out, and tells how high they are together.
func (l *letter) set() float64 {
	sum := 0.0
	for _, b := range l.blocks {
		b.set(l)
		sum += b.height()
	}
	return sum
}

// pages draws everything as it was laid out.
func (l *letter) pages() error {
	l.begin(l.sheet.doc)
	if l.y > l.frame.bottom {
		return l.tooLong()
	}
	rest := l.blocks
	for len(rest) > 0 {
		b := rest[0]
		rest = rest[1:]
		room := l.frame.bottom - l.y
		together := b.height()+l.bound(b, rest) <= room+slack
		head, tail, parted := block(nil), block(nil), false
		if !together {
			head, tail, parted = b.cut(min(room, b.height()-l.step()*2))
		}
		switch {
		case parted:
			head.draw(l.doc, l.y)
			rest = append([]block{tail}, rest...)
			l.page()
		case together, l.fresh() && b.height() <= room+slack: // no page can hold it and what it is bound to
			b.draw(l.doc, l.y)
			l.y += b.height()
		case l.fresh():
			return l.tooLong()
		default:
			rest = append([]block{b}, rest...)
			l.page()
		}
	}
	if l.foot != "" {
		f := l.frame
		l.doc.Line(f.left, f.bottom+footRoom-1, f.left+30, f.bottom+footRoom-1, 0.2)
		l.footnote.Draw(l.doc, f.left, f.bottom+footRoom)
	}
	return nil
}

// footRoom is the room above the foot.
const footRoom = 4.0

// bound is how much of what follows must stand on the page on which b ends: the signatures, one closing line and the signatures, or the
// beginning of what b leads to.
func (l *letter) bound(b block, rest []block) float64 {
	if len(rest) == 0 {
		return 0
	}
	if _, ok := rest[0].(*signatures); ok {
		return rest[0].height()
	}
	if line, ok := rest[0].(*text); ok && line.p.Lines() < 2 && len(rest) > 1 {
		if _, ok := rest[1].(*signatures); ok {
			return line.height() + rest[1].height()
		}
	}
	if t, ok := b.(*text); !ok || !t.leads {
		return 0
	}
	switch next := rest[0].(type) {
	case *grid:
		return min(next.height(), next.heights[0]+next.heights[1])
	case *text:
		if next.p.Lines() > 3 {
			return 2 * next.step
		}
	}
	return rest[0].height()
}

const slack = 1e-6

func (l *letter) tooLong() error {
	return dossier.Invalid("form", "form.too-long", "number", l.Dossier.Number)
}

// fresh tells whether nothing but the page's own number stands on it yet.
func (l *letter) fresh() bool { return l.number > 1 && l.y <= l.frame.top+l.top()+slack }

// top is how much of a further page its number takes.
func (l *letter) top() float64 { return l.frame.name * mm * 2 }

func (l *letter) page() {
	l.sheet.page(l.doc)
	l.number++
	l.y = l.frame.top
	if l.number > 1 {
		f, small, number := l.frame, paper.Font{Face: paper.Italic, Size: l.frame.code}, paper.Font{Size: l.frame.name}
		l.doc.Text(f.left, f.top+2, small, paper.Left, l.heading.mark)
		l.doc.Text(f.right, f.top+2, small, paper.Right, l.copy)
		// In the middle, or after a mark that reaches so far.
		said := fmt.Sprint(l.number)
		x := max((f.left+f.right)/2, f.left+small.Width(l.heading.mark)+2+number.Width(said)/2)
		l.doc.Text(x, f.top+f.name*mm, number, paper.Center, said)
		l.y += l.top()
	}
}

// mm is a point in millimetres.
const mm = 25.4 / 72

// drawTitle is the name of the document, and what it is about; beside it the QR code of the dossier's number.
func (l *letter) drawTitle() {
	f := l.frame
	beside, above, bottom := 0.0, f.gap, l.y
	lines := l.titleLines(f.width())
	if code, err := paper.Encode(l.qr); err == nil { // an empty one has none
		// A line may fill what is left to it to the last hair: it stands clear of what must stay empty around the code.
		const side, spare = 15, 0.1
		quiet := code.Quiet(side)
		l.doc.QR(f.left, l.y+quiet, side, code)
		beside, bottom = side+quiet+spare, l.y+2*quiet+side
		lines = l.titleLines(f.width() - 2*beside)
		high := float64(len(lines)) * f.title
		for _, line := range []string{l.copy, l.national} {
			if line != "" {
				high += f.name
			}
		}
		above = max(above, quiet+(side-high*mm*1.15)/2) // in the middle of it
	}
	c := column{l.doc, f.left + beside, f.width() - 2*beside, l.y + above}
	for _, line := range lines {
		c.centred(2, f.title, strong(line))
	}
	if l.subtitle != "" {
		c.rule(0.42*c.centred(4, f.name, strong(l.subtitle)), f.apart())
	}
	if l.copy != "" {
		c.y += 0.4
		c.centred(1, f.name, paper.Span{Face: paper.Italic, Text: l.copy})
	}
	if l.national != "" {
		c.y += 0.4
		c.centred(2, f.name, plain("Mã hồ sơ: "), strong(l.national))
	}
	l.y = max(c.y+f.gap-0.5, bottom)
}

// titleLines parts a title that is too long for a line where it may be parted for the ear as well.
func (l *letter) titleLines(w float64) []string {
	title := strings.ToUpper(l.title)
	if title == "" {
		return nil
	}
	if (paper.Font{Face: paper.Bold, Size: l.frame.title}).Width(title) <= w {
		return []string{title}
	}
	for _, turn := range []string{" GIẢI QUYẾT HỒ SƠ", " HOÀN THIỆN", " VÀ HẸN", " GIA HẠN", " DÙNG CHO", " CĂN CƯỚC ĐIỆN TỬ CHO"} {
		if i := strings.Index(title, turn); i > 0 {
			return []string{title[:i], title[i+1:]}
		}
	}
	return []string{title}
}

func (l *letter) step() float64 { return l.size * mm * leading }

const leading = 1.17

// apart is the room below a block in millimetres, of that many lines where the page has none to spare.
func (l *letter) apart(lines float64) float64 { return (lines + airMost*l.air) * l.step() }

// How far parts of a letter move apart, in lines, and by how much of itself the room to sign grows, where one page has room for that.
const (
	airMost = 0.45
	airSign = 0.35
)

// text is a paragraph across the page. Justified, unless it is to stand in the middle.
type text struct {
	spans  []paper.Span
	first  bool // its first line begins further in, as running text does
	middle bool
	leads  bool    // to what follows: no page ends with it
	dots   bool    // to its end, to write on
	whole  bool    // on one line, a little smaller if that is enough
	after  float64 // room below it, in lines

	x, h, gap float64
	p         paper.Paragraph
	step      float64
}

// para is a paragraph; running one of the running text of a letter.
func para(spans ...paper.Span) *text    { return &text{spans: spans, after: 0.3} }
func running(spans ...paper.Span) *text { return &text{spans: spans, first: true, after: 0.4} }

// leadIn is a paragraph that leads to what follows.
func leadIn(s string) *text { return &text{spans: []paper.Span{plain(s)}, leads: true, after: 0.3} }

// row is a label and its value, dots to write on where there is none.
func row(label, value string) *text {
	return &text{spans: []paper.Span{{Text: label}, {Text: value}}, dots: paper.Clean(value) == "", after: rowGap}
}

// rowGap is the room below a row, in lines.
const rowGap = 0.22

// bold is a row whose value is what people look for.
func bold(label, value string) *text {
	r := row(label, value)
	r.spans[1].Face = paper.Bold
	return r
}

// plain and strong are spans of running text.
func plain(s string) paper.Span  { return paper.Span{Text: s} }
func strong(s string) paper.Span { return paper.Span{Face: paper.Bold, Text: s} }

func (t *text) set(l *letter) {
	t.step, t.x = l.step(), l.frame.left
	st := paper.Style{Size: l.size, Leading: leading, Justify: !t.middle}
	if t.first {
		st.First = l.frame.first
	}
	if t.middle {
		st.Align = paper.Center
	}
	t.p = paper.Set(l.frame.width(), st, t.spans...)
	if t.whole {
		if one := paper.Fit(l.frame.width(), 1, l.size-0.75, st, t.spans...); one.Lines() == 1 {
			t.p = one
		}
	}
	t.gap = t.after * t.step
	if !t.leads { // what leads to something stays near it
		t.gap = l.apart(t.after)
	}
	t.h = t.p.Height() + t.gap
}

func (t *text) loosen(lines float64) { t.after += lines }

func (t *text) height() float64 { return t.h }

func (t *text) draw(d *paper.Doc, y float64) {
	if t.dots {
		d.Dots(t.x+t.p.LastWidth()+1, t.x+t.p.Width, y+t.p.LastBase())
	}
	t.p.Draw(d, t.x, y)
}

// cut keeps two lines at least on either side.
func (t *text) cut(room float64) (block, block, bool) {
	n := min(int((room+slack)/t.step), t.p.Lines()-2)
	if n < 2 {
		return nil, nil, false
	}
	head, tail := *t, *t
	head.p, tail.p = t.p.Cut(n)
	head.dots, head.gap = false, 0
	head.h, tail.h = head.p.Height(), tail.p.Height()+t.gap
	return &head, &tail, true
}

// pair is two short rows side by side, the first in that part of the width; one above the other where one is too long for that.
type pair struct {
	part         float64
	first, other *text
	beside       bool
}

func (p *pair) set(l *letter) {
	width := l.frame.width()
	st := paper.Style{Size: l.size, Leading: leading}
	a := paper.Set(width*p.part-2, st, p.first.spans...)
	b := paper.Set(width*(1-p.part), st, p.other.spans...)
	p.first.set(l)
	p.other.set(l)
	if p.beside = a.Lines() <= 1 && b.Lines() <= 1; p.beside {
		p.first.p, p.other.p = a, b
		p.other.x += width * p.part
	}
}

func (p *pair) height() float64 {
	if p.beside {
		return max(p.first.height(), p.other.height())
	}
	return p.first.height() + p.other.height()
}

func (p *pair) draw(d *paper.Doc, y float64) {
	p.first.draw(d, y)
	if !p.beside {
		y += p.first.height()
	}
	p.other.draw(d, y)
}

// cut parts it only where one row stands above the other, as two rows are parted.
func (p *pair) cut(room float64) (block, block, bool) {
	if p.beside {
		return nil, nil, false
	}
	under := room - p.first.height()
	if head, tail, ok := p.other.cut(under); ok {
		return &pair{first: p.first, other: head.(*text)}, tail, true
	}
	if under >= -slack {
		return p.first, p.other, true
	}
	head, tail, ok := p.first.cut(room)
	if !ok {
		return nil, nil, false
	}
	return head, &pair{first: tail.(*text), other: p.other}, true
}

// grid is a table. It is parted between rows, and its head stands on each part. One without rows has an empty one, to write in.
type grid struct {
	columns []paper.Column // widths in parts of the whole
	rows    [][]string
	t       paper.Table
	x       float64
	heights []float64 // of the head and each row
	gap     float64
}

func (g *grid) set(l *letter) {
	if len(g.rows) == 0 {
		g.rows = [][]string{make([]string, len(g.columns))}
	}
	g.x, g.gap = l.frame.left, l.apart(0.35)
	g.t = paper.Table{Columns: make([]paper.Column, len(g.columns)), Rows: g.rows, Style: paper.Style{Size: l.size - 0.5, Leading: leading}, Pad: 1.1}
	whole := 0.0
	for _, c := range g.columns {
		whole += c.Width
	}
	for i, c := range g.columns {
		c.Width *= l.frame.width() / whole
		g.t.Columns[i] = c
	}
	g.heights = g.t.Heights()
}

func (g *grid) height() float64 {
	sum := g.gap
	for _, h := range g.heights {
		sum += h
	}
	return sum
}

func (g *grid) draw(d *paper.Doc, y float64) { g.t.Draw(d, g.x, y) }

func (g *grid) cut(room float64) (block, block, bool) {
	n, sum := 0, g.heights[0]
	for _, h := range g.heights[1:] {
		if sum += h; sum > room+slack {
			break
		}
		n++
	}
	if n == 0 || n == len(g.t.Rows) {
		return nil, nil, false
	}
	head, tail := *g, *g
	head.t.Rows, tail.t.Rows = g.t.Rows[:n], g.t.Rows[n:]
	head.heights = g.heights[:n+1]
	tail.heights = append([]float64{g.heights[0]}, g.heights[n+1:]...)
	head.gap = 0
	return &head, &tail, true
}

// signatures stand side by side, with the names under them; at the left there may be a list of who gets the letter ("Nơi nhận").
type signatures struct {
	dated string // place and date above who signs; empty where the heading has them
	who   []signer
	to    []string
	x     float64
	h     float64
	frame frame
	size  float64
	room  float64
}

// signer is who signs: in what capacity, how, and the name.
type signer struct{ capacity, how, name string }

const (
	signAndName = "(Ký và ghi rõ họ tên)"
	signAndSeal = "(Ký tên và đóng dấu)"
)

func (s *signatures) set(l *letter) {
	s.frame, s.size, s.room, s.x = l.frame, min(l.frame.name, l.size), l.frame.sign*min(1, l.size/l.frame.body)*(1+airSign*l.air), l.frame.left
	scratch := paper.New(paper.A4, "", l.in.ReceivedAt)
	scratch.Page()
	s.h = s.at(scratch, 0)
}

func (s *signatures) height() float64 { return s.h }

func (s *signatures) draw(d *paper.Doc, y float64) { s.at(d, y) }

func (s *signatures) cut(float64) (block, block, bool) { return nil, nil, false }

// at draws them, and returns where they end. A single one stands on the right half.
func (s *signatures) at(d *paper.Doc, y float64) float64 {
	y += s.frame.gap
	const between = 6
	w := (s.frame.width() - between) / 2
	if s.dated != "" {
		c := column{d, s.x + w + between, w, y}
		c.dated(s.size, s.dated)
		y = c.y
	}
	end := y
	if len(s.to) > 0 {
		c := column{d, s.x, w, y}
		for i, line := range append([]string{"Nơi nhận:"}, s.to...) {
			span := paper.Span{Text: line}
			size := s.size - 1.5
			if i == 0 {
				span.Face, size = paper.Italic, s.size-0.5
			}
			c.y = paper.Set(w, paper.Style{Size: size, Leading: 1.15}, span).Draw(d, c.x, c.y)
		}
		end = c.y
	}
	for i, who := range s.who {
		right := float64(i)
		if len(s.who) == 1 {
			right = 1
		}
		c := column{d, s.x + right*(w+between), w, y}
		c.centred(2, s.size, paper.Span{Face: paper.Bold, Text: who.capacity})
		c.centred(1, s.size, paper.Span{Face: paper.Italic, Text: who.how})
		c.y += s.room
		if who.name != "" {
			c.centred(2, s.size, paper.Span{Face: paper.Bold, Text: who.name})
		}
		end = max(end, c.y)
	}
	return end
}
