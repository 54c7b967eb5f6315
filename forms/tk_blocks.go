package forms

import (
	"math"
	"strings"
	"unicode"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The rows of a layout as blocks of a letter.

// spaced is a label that something follows.
func spaced(label string) string {
	if label = strings.TrimSpace(label); label != "" {
		label += " "
	}
	return label
}

func toBlocks(s *sheet, r layoutRow) []block {
	who := s.filled(r.Value)
	if paper.Clean(who) == "" {
		return []block{newField(r.Label, "", 1)}
	}
	return []block{&text{spans: []paper.Span{plain(spaced(r.Label)), strong(who)}, middle: true, after: 0.6}}
}

func headingBlocks(_ *sheet, r layoutRow) []block {
	return []block{&text{spans: []paper.Span{strong(r.Label)}, leads: true, after: 0.25}}
}

func lineBlocks(s *sheet, r layoutRow) []block {
	return []block{newField(r.Label, s.filled(r.Value), r.Lines)}
}

func pairBlocks(s *sheet, r layoutRow) []block {
	a, b := r.Options[0], r.Options[1]
	return []block{&twin{pair{first: row(spaced(a.Label), s.filled(a.Value)), other: row(spaced(b.Label), s.filled(b.Value))}}}
}

func boxesBlocks(s *sheet, r layoutRow) []block {
	value := paper.Clean(s.filled(r.Value))
	letters := make([]string, r.Count)
	n := 0
	for _, c := range value {
		if n == r.Count || unicode.Is(unicode.M, c) {
			// What has no box of its own is written out whole, so that nothing is lost.
			return []block{newField(r.Label, value, 1)}
		}
		letters[n] = string(c)
		n++
	}
	return []block{&boxes{label: r.Label, groups: [][]string{letters}, after: rowGap}}
}

func dateBlocks(s *sheet, r layoutRow) []block {
	groups := [][]string{make([]string, 2), make([]string, 2), make([]string, 4)}
	if find := dateValues[r.Value]; find != nil {
		if on := find(s); on.Valid() {
			for i, part := range strings.Split(on.String(), "/") {
				groups[i] = strings.Split(part, "")
			}
		}
	}
	return []block{&boxes{label: r.Label, groups: groups, after: rowGap}}
}

func choiceBlocks(s *sheet, r layoutRow) []block {
	out := &ticks{label: r.Label, after: rowGap}
	for _, o := range r.Options {
		out.options = append(out.options, tickable{label: o.Label, on: s.ticked(o.Value)})
	}
	return []block{out}
}

func itemsBlocks(s *sheet, r layoutRow) []block {
	out := &ticks{label: r.Label, columns: 2, after: rowGap}
	for _, o := range r.Options {
		out.options = append(out.options, tickable{label: o.Label, on: s.ticked(o.Value), dots: true})
	}
	return []block{out}
}

func textBlocks(_ *sheet, r layoutRow) []block {
	var out []block
	for line := range strings.SplitSeq(r.Label, "\n") {
		if paper.Clean(line) != "" {
			out = append(out, running(plain(line)))
		}
	}
	return out
}

func placeDateBlocks(s *sheet, _ layoutRow) []block {
	return []block{&signatures{dated: s.placeAndDate()}}
}

func signatureBlocks(s *sheet, r layoutRow) []block {
	out := new(signatures)
	for _, o := range r.Options {
		out.who = append(out.who, signer{strings.TrimSpace(o.Label), o.How, s.filled(o.Value)})
	}
	return []block{out}
}

// filled is a value of the dossier.
func (s *sheet) filled(key string) string {
	if find := lineValues[key]; find != nil {
		return find(s)
	}
	return ""
}

func (s *sheet) ticked(key string) bool {
	find := tickValues[key]
	return find != nil && find(s)
}

// placeAndDate is where and when the paper is signed: where it is handed in, on the day it is handed in at the desk. Of what comes by another
// way the day is written by hand.
func (s *sheet) placeAndDate() string {
	day := dossier.Date{}
	if !s.isBlank() && s.in.Channel == dossier.AtDesk {
		day = dossier.DateOf(s.in.ReceivedAt)
	}
	return placeAndDate(or(s.handedTo().Place, "...................."), day)
}

// field is a row with a value, or with dots to write on, and as many dotted lines more as it is to have: one at least where the label leaves
// too little of its own line.
type field struct {
	text
	lines int // to write on
	below int // of them below the label
}

func newField(label, value string, lines int) *field {
	return &field{text: *row(spaced(label), value), lines: max(1, lines)}
}

// hand is the least room to write something by hand.
const hand = 25

func (f *field) set(l *letter) {
	f.dots = paper.Clean(f.spans[1].Text) == ""
	f.text.set(l)
	if f.below = 0; f.dots {
		f.below = f.lines - 1
		if f.p.Lines() == 0 || f.p.Width-f.p.LastWidth() < hand {
			f.dots, f.below = false, max(1, f.below)
		}
	}
	f.h += float64(f.below) * f.line()
}

// line is how high a line to write on is.
func (f *field) line() float64 { return f.step + 0.7*f.gap }

func (f *field) draw(d *paper.Doc, y float64) {
	f.text.draw(d, y)
	y += f.p.Height()
	for range f.below {
		y += f.line()
		d.Dots(f.x, f.x+f.p.Width, y-f.size()*0.24)
	}
}

// size is that of the letters in millimetres.
func (f *field) size() float64 { return f.p.Style.Size * mm }

func (f *field) cut(room float64) (block, block, bool) {
	if f.below > 0 {
		return nil, nil, false
	}
	return f.text.cut(room)
}

// twin is a pair that is parted where both halves have room.
type twin struct{ pair }

func (p *twin) loosen(lines float64) { p.first.loosen(lines); p.other.loosen(lines) }

func (p *twin) set(l *letter) {
	width := l.frame.width()
	need := func(t *text) float64 {
		w := 0.0
		for _, span := range t.spans {
			w += paper.Font{Face: span.Face, Size: l.size}.Width(span.Text)
		}
		if t.dots {
			w += hand
		}
		return w + 2
	}
	p.part = 0.5
	if a, b := need(p.first), need(p.other); (a > width/2 || b > width/2) && a+b < width {
		p.part = (a + (width-a-b)/2) / width
	}
	p.pair.set(l)
}

// boxes are a label and boxes of one letter each, in groups with a stroke between them. They end at the right edge, so that those of several
// rows stand under one another.
type boxes struct {
	label  string
	groups [][]string

	frame  frame
	p      paper.Paragraph
	size   float64
	beside bool
	after  float64 // room below them, in lines
	gap    float64
}

const (
	boxSide  = 6.2
	boxThick = 0.2
	boxApart = 3.4 // between two groups
)

func (b *boxes) loosen(lines float64) { b.after += lines }

func (b *boxes) wide() float64 {
	n := 0
	for _, g := range b.groups {
		n += len(g)
	}
	return float64(n)*boxSide + float64(len(b.groups)-1)*boxApart
}

func (b *boxes) set(l *letter) {
	b.frame, b.size, b.gap = l.frame, l.size, l.apart(b.after)
	st := paper.Style{Size: l.size, Leading: leading}
	b.p = paper.Set(b.frame.width(), st, plain(b.label))
	b.beside = b.p.Lines() <= 1 && b.p.LastWidth()+3+b.wide() <= b.frame.width()
}

func (b *boxes) height() float64 {
	if b.beside {
		return boxSide + b.gap
	}
	return b.p.Height() + 0.8 + boxSide + b.gap
}

func (b *boxes) draw(d *paper.Doc, y float64) {
	if b.beside {
		b.p.Draw(d, b.frame.left, y+boxSide/2-b.p.Height()*0.5)
	} else {
		y = b.p.Draw(d, b.frame.left, y) + 0.8
	}
	font := paper.Font{Size: b.size}
	x, base := b.frame.right-b.wide(), y+boxSide*0.7
	for i, group := range b.groups {
		if i > 0 {
			d.Text(x+boxApart/2, base, font, paper.Center, "/")
			x += boxApart
		}
		for _, letter := range group {
			d.Rect(paper.Box{X: x, Y: y, W: boxSide, H: boxSide}, boxThick)
			d.Text(x+boxSide/2, base, font, paper.Center, letter)
			x += boxSide
		}
	}
}

func (b *boxes) cut(float64) (block, block, bool) { return nil, nil, false }

// ticks are a label and things to tick, after it if all of them fit on its line. If not, they stand in columns: to the right of a short label,
// else below it. Things with dots to write on always stand below.
type ticks struct {
	label   string
	columns int // at most; 0 for as many as fit
	options []tickable
	after   float64 // room below them, in lines

	frame  frame
	step   float64
	size   float64
	h      float64
	placed []placed
}

type tickable struct {
	label    string
	on, dots bool
}

// placed is a paragraph of ticks and where it stands in them; the label has no square.
type placed struct {
	p      paper.Paragraph
	x, y   float64
	square bool
	on     bool
	dots   float64 // where they end; 0 for none
}

func (c *ticks) loosen(lines float64) { c.after += lines }

const (
	tab     = 5.0 // how far apart things in one line may begin
	between = 5.0 // two things side by side
)

func (c *ticks) set(l *letter) {
	c.frame, c.step, c.size, c.placed = l.frame, l.step(), l.size, nil
	gap := l.apart(c.after)
	width, pitch := c.frame.width(), c.step+0.7*gap
	st := paper.Style{Size: l.size, Leading: leading}
	x, y := 0.0, 0.0
	label := paper.Set(width, st, plain(c.label))
	if label.Lines() > 0 {
		c.placed = append(c.placed, placed{p: label})
		x, y = label.LastWidth()+4, float64(label.Lines()-1)*c.step
	}
	if line, ok := c.inLine(x, y, st); ok && c.columns == 0 {
		c.placed = append(c.placed, line...)
		c.h = y + c.step + gap
		return
	}
	if c.columns > 0 || x > width*0.4 {
		if x > 0 {
			y += pitch
		}
		x = 0
	} else {
		x = math.Ceil(x/tab-slack) * tab
	}
	n := c.fitting(width - x)
	wide := (width - x - float64(n-1)*between) / float64(n)
	for i := 0; i < len(c.options); i += n {
		end := y
		for j, o := range c.options[i:min(i+n, len(c.options))] {
			one := placed{p: paper.Set(wide-c.square()-2, st, plain(o.label)), x: x + float64(j)*(wide+between), y: y, square: true, on: o.on}
			if o.dots {
				one.dots = one.x + wide
			}
			c.placed = append(c.placed, one)
			end = max(end, y+float64(one.p.Lines()-1)*c.step)
		}
		y = end + pitch
	}
	c.h = y - pitch + c.step + gap
}

// inLine are the things one after the other, if they fit on the line.
func (c *ticks) inLine(x, y float64, st paper.Style) ([]placed, bool) {
	var out []placed
	for _, o := range c.options {
		x = math.Ceil(x/tab-slack) * tab
		out = append(out, placed{p: paper.Set(c.frame.width(), st, plain(o.label)), x: x, y: y, square: true, on: o.on})
		x += c.wide(o)
		if x > c.frame.width()+slack {
			return nil, false
		}
		x += between
	}
	return out, true
}

// fitting is in how many columns of that room the things fit.
func (c *ticks) fitting(room float64) int {
	widest := 0.0
	for _, o := range c.options {
		w := c.wide(o)
		if o.dots {
			w += hand
		}
		widest = max(widest, w)
	}
	n := int((room + between) / (widest + between))
	if c.columns > 0 {
		n = min(n, c.columns)
	}
	return max(1, min(n, len(c.options)))
}

func (c *ticks) wide(o tickable) float64 {
	return c.square() + 2 + paper.Font{Size: c.size}.Width(paper.Clean(o.label))
}

func (c *ticks) square() float64 { return c.size * mm * 0.75 }

func (c *ticks) height() float64 { return c.h }

func (c *ticks) draw(d *paper.Doc, y float64) {
	side := c.square()
	for _, one := range c.placed {
		x := c.frame.left + one.x
		if !one.square {
			one.p.Draw(d, x, y+one.y)
			continue
		}
		at := paper.Box{X: x, Y: y + one.y + c.step - c.size*mm*0.24 - side*0.9, W: side, H: side}
		d.Rect(at, boxThick)
		if one.on { // drawn, because not every face has the sign
			d.Line(at.X+side*0.18, at.Y+side*0.52, at.X+side*0.42, at.Y+side*0.80, 0.45)
			d.Line(at.X+side*0.42, at.Y+side*0.80, at.X+side*0.84, at.Y+side*0.18, 0.45)
		}
		x += side + 2
		one.p.Draw(d, x, y+one.y)
		if one.dots > 0 {
			d.Dots(x+one.p.LastWidth()+1, c.frame.left+one.dots, y+one.y+one.p.LastBase())
		}
	}
}

func (c *ticks) cut(float64) (block, block, bool) { return nil, nil, false }
