package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a part of a paragraph in one face.
type Span struct {
	Face Face
	Text string
}

// Style is how a paragraph is set.
type Style struct {
	Size    float64 // points
	Leading float64 // from baseline to baseline, in parts of Size
	Align   Align
	Justify bool    // both edges straight, but for the last line
	First   float64 // how much further in the first line begins, in millimetres
}

// step is from baseline to baseline in millimetres.
func (s Style) step() float64 { return s.Size * mm * s.Leading }

// drop is from the last baseline of a paragraph to its lower edge: room for the tail of a g and the dot of an ạ.
func (s Style) drop() float64 { return s.Size * mm * 0.24 }

// Paragraph is text set in lines of at most Width.
type Paragraph struct {
	Style Style
	Width float64
	rows  []row
	goes  bool // it goes on elsewhere: its last line is as straight as the others
}

// row is one line: pieces side by side. A piece carries the blank that follows it.
type row struct {
	pieces []Span
	indent float64 // empty before them
	width  float64 // with the indent, without a blank at its end
	blanks int     // within the line
}

// Set sets spans in lines no wider than w. A word wider than a line is cut where the line ends, never between a letter and
// its marks.
func Set(w float64, s Style, spans ...Span) Paragraph {
	return Paragraph{Style: s, Width: w, rows: breakRows(s.Size, w, s.First, spans)}
}

// Cut parts it after so many lines, to go on on the next page.
func (p Paragraph) Cut(lines int) (head, tail Paragraph) {
	lines = max(0, min(lines, len(p.rows)))
	head, tail = p, p
	head.rows, tail.rows = p.rows[:lines], p.rows[lines:]
	head.goes = len(tail.rows) > 0
	return head, tail
}

// Then is a paragraph with another of the same width and style under it.
func (p Paragraph) Then(next Paragraph) Paragraph {
	p.rows = append(p.rows[:len(p.rows):len(p.rows)], next.rows...)
	return p
}

// Lines is how many there are.
func (p Paragraph) Lines() int { return len(p.rows) }

// Height is from its upper edge to its lower.
func (p Paragraph) Height() float64 { return float64(len(p.rows)) * p.Style.step() }

// LastWidth is how wide its last line is.
func (p Paragraph) LastWidth() float64 {
	if len(p.rows) == 0 {
		return 0
	}
	return p.rows[len(p.rows)-1].width
}

// LastBase is the last baseline, from the upper edge.
func (p Paragraph) LastBase() float64 { return p.Height() - p.Style.drop() }

// Draw draws it with its upper left corner at x, y, and returns where it ends.
func (p Paragraph) Draw(d *Doc, x, y float64) float64 {
	for i, r := range p.rows {
		y += p.Style.step()
		p.row(d, x, y-p.Style.drop(), r, i == len(p.rows)-1 && !p.goes)
	}
	return y
}

func (p Paragraph) row(d *Doc, x, base float64, r row, last bool) {
	left := p.Width - r.width
	x += r.indent
	var space float64
	switch {
	case p.Style.Align == Center:
		x += left / 2
	case p.Style.Align == Right:
		x += left
	case p.Style.Justify && !last && r.blanks > 0:
		// A line that a long word left half empty would be torn apart: it stays ragged.
		if space = left / float64(r.blanks); space > p.Style.Size*mm*0.9 {
			space = 0
		}
	}
	for i, piece := range r.pieces {
		if i == len(r.pieces)-1 {
			piece.Text = strings.TrimRight(piece.Text, " ")
		}
		f := Font{piece.Face, p.Style.Size}
		wide := f.Width(piece.Text) + space*float64(strings.Count(piece.Text, " "))
		d.add(Text{X: x, Y: base, W: wide, Space: space, Font: f, S: piece.Text})
		x += wide
	}
}

// slack forgives the rounding of sums of widths.
const slack = 1e-6

// breakRows sets words one after the other; a line ends before the word that does not fit.
func breakRows(size, w, first float64, spans []Span) []row {
	var rows []row
	cur := row{indent: first, width: first}
	var blank float64 // width of the blank before the next word, 0 at the start of a line
	end := func() {
		rows = append(rows, cur)
		cur, blank = row{}, 0
	}
	for _, word := range words(spans) {
		wide := widthOf(size, word)
		if len(cur.pieces) > 0 && cur.width+blank+wide > w+slack {
			end()
		}
		for cur.width+wide > w+slack {
			var head []Span
			head, word = cut(size, w-cur.width, word)
			cur.add(head, size, 0)
			wide -= widthOf(size, head)
			end()
		}
		if len(word) == 0 {
			continue
		}
		cur.add(word, size, blank)
		blank = Font{word[len(word)-1].Face, size}.Width(" ")
	}
	if len(cur.pieces) > 0 {
		end()
	}
	return rows
}

// add puts a word at the end, after a blank of that width.
func (r *row) add(word []Span, size, blank float64) {
	if n := len(r.pieces); n > 0 {
		r.pieces[n-1].Text += " "
		r.blanks++
	}
	for _, p := range word {
		if n := len(r.pieces); n > 0 && r.pieces[n-1].Face == p.Face {
			r.pieces[n-1].Text += p.Text
		} else {
			r.pieces = append(r.pieces, p)
		}
	}
	r.width += blank + widthOf(size, word)
}

// words are the parts between blanks; a word may change its face within.
func words(spans []Span) [][]Span {
	var out [][]Span
	open := false // the last word goes on in the next span
	for _, s := range spans {
		if s.Text == "" {
			continue
		}
		first, _ := utf8.DecodeRuneInString(s.Text)
		final, _ := utf8.DecodeLastRuneInString(s.Text)
		open = open && !unicode.IsSpace(first)
		for word := range strings.FieldsSeq(Clean(s.Text)) {
			if open {
				out[len(out)-1] = append(out[len(out)-1], Span{s.Face, word})
			} else {
				out = append(out, []Span{{s.Face, word}})
			}
			open = false
		}
		open = len(out) > 0 && !unicode.IsSpace(final)
	}
	return out
}

func widthOf(size float64, word []Span) float64 {
	var sum float64
	for _, p := range word {
		sum += Font{p.Face, size}.Width(p.Text)
	}
	return sum
}

// cut takes what fits into w from the head of a word, at least one letter with its marks.
func cut(size, w float64, word []Span) (head, tail []Span) {
	var sum float64
	for i, p := range word {
		f := Font{p.Face, size}
		for at, r := range p.Text {
			sum += f.Width(string(r))
			if sum > w+slack && (i > 0 || at > 0) && !unicode.Is(unicode.M, r) {
				if at > 0 {
					head = append(head, Span{p.Face, p.Text[:at]})
				}
				return head, append([]Span{{p.Face, p.Text[at:]}}, word[i+1:]...)
			}
		}
		head = append(head, p)
	}
	return head, nil
}

// Fit is Set at the largest size, from that of the style down to least in steps of a quarter point, at which there are no
// more than that many lines.
func Fit(w float64, lines int, least float64, s Style, spans ...Span) Paragraph {
	for {
		p := Set(w, s, spans...)
		if p.Lines() <= lines || s.Size <= least {
			return p
		}
		s.Size = max(least, s.Size-0.25)
	}
}
