package forms

import (
	"strings"

	"tiepnhan/forms/paper"
)

// passages is the table of the control slip. It is parted between blocks only, and its head stands on each part. A text too long for
// its cell stands across the table at the foot of its block; the letters there get smaller until the block is not higher than a page.
type passages struct {
	all []passage

	x       float64
	wide    [4]float64
	size    float64
	head    []paper.Paragraph
	high    float64 // of the head
	blocks  []passageBlock
	heights []float64
	sign    float64 // room to sign
}

// passageBlock is one passage laid out.
type passageBlock struct {
	names        paper.Paragraph
	when         paper.Paragraph
	giver, taker paper.Paragraph
	result, note paper.Paragraph
	across       []paper.Paragraph
	upper        float64 // height of the part with the columns
}

const (
	passagePad   = 1.1
	passageLines = 10   // a cell with more of them goes across the table
	passageBytes = 1000 // so long a text has more of them
	passageMost  = 150. // the height of a block
	passageSign  = 9.   // room to sign, where the page has none to spare
	passageName  = 3.5  // and for a name at least
	passageRule  = 0.2
)

var passageParts = [4]float64{31, 46, 24, 23}

func (t *passages) set(l *letter) {
	t.x, t.size, t.sign = l.frame.left, l.size-1, passageSign*(1+airSign*l.air)
	for i, part := range passageParts {
		t.wide[i] = l.frame.width() * part / (passageParts[0] + passageParts[1] + passageParts[2] + passageParts[3])
	}
	t.head, t.high = nil, 0
	for i, title := range [][]string{{"TÊN CƠ QUAN"}, {"THỜI GIAN GIAO, NHẬN HỒ SƠ"},
		{"KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "(Trước hạn/", "Đúng hạn/", "Quá hạn)"}, {"GHI CHÚ"}} {
		lines := [][]paper.Span{{strong(title[0])}}
		for _, line := range title[1:] {
			lines = append(lines, []paper.Span{{Face: paper.Italic, Text: line}})
		}
		p := stacked(t.inner(i), t.style(t.size-2, paper.Center), lines...)
		t.head, t.high = append(t.head, p), max(t.high, p.Height()+2*passagePad)
	}
	t.blocks, t.heights = nil, nil
	for _, p := range t.all {
		b := t.block(p)
		t.blocks, t.heights = append(t.blocks, b), append(t.heights, b.height())
	}
}

func (t *passages) style(size float64, align paper.Align) paper.Style {
	return paper.Style{Size: size, Leading: 1.15, Align: align}
}

// inner is how wide a text in that column may be.
func (t *passages) inner(column int) float64 { return t.wide[column] - 2*passagePad }

// half is the width of a name under a signature.
func (t *passages) half() float64 { return t.wide[1]/2 - 2*passagePad }

func (t *passages) block(p passage) passageBlock {
	var b passageBlock
	long := [][2]string{}
	cell := func(column int, label, text string) []paper.Span {
		spans := []paper.Span{plain(label), plain(text)}
		if len(text) <= passageBytes && paper.Set(t.inner(column), t.style(t.size, paper.Left), spans...).Lines() <= passageLines {
			return spans
		}
		long = append(long, [2]string{label, text})
		return []paper.Span{plain(label), {Face: paper.Italic, Text: "(ghi ở dưới)"}}
	}
	gives, takes := cell(0, "1. Giao: ", dotted(p.from)), cell(0, "2. Nhận: ", dotted(p.to))
	b.names = stacked(t.inner(0), t.style(t.size, paper.Left), gives, takes)
	hour, date, _ := strings.Cut(moment(p.at), " ngày")
	b.when = stacked(t.inner(1), t.style(t.size, paper.Center), []paper.Span{plain(hour)}, []paper.Span{plain("ngày" + date)})
	name := func(s string) paper.Paragraph {
		if one := paper.Fit(t.half(), 1, t.size-1.5, t.style(t.size, paper.Center), plain(s)); one.Lines() == 1 {
			return one
		}
		return paper.Fit(t.half(), 2, smallest, t.style(t.size, paper.Center), plain(s))
	}
	b.giver, b.taker = name(p.giver), name(p.taker)
	b.result = stacked(t.inner(2), t.style(t.size, paper.Center), []paper.Span{strong(p.result)}, []paper.Span{plain(p.limit)})
	b.note = paper.Set(t.inner(3), t.style(t.size-0.5, paper.Left), cell(3, "", p.note)...)
	b.upper = max(b.names.Height(), b.result.Height(), b.note.Height(), b.signs(t)) + 2*passagePad
	for size := t.size; len(long) > 0; size -= 0.25 {
		b.across = nil
		for _, text := range long {
			b.across = append(b.across, paper.Set(t.inner(0)+t.wide[1]+t.wide[2]+t.wide[3], t.style(size, paper.Left), plain(or(text[0], "Ghi chú: ")), plain(text[1])))
		}
		if b.height() <= passageMost || size <= 4 {
			break
		}
	}
	return b
}

// dotted is a name, or dots to write it on.
func dotted(s string) string { return or(s, strings.Repeat(".", 18)) }

// stacked is a paragraph of several, one under the other.
func stacked(w float64, s paper.Style, parts ...[]paper.Span) paper.Paragraph {
	var out paper.Paragraph
	for i, spans := range parts {
		if p := paper.Set(w, s, spans...); i == 0 {
			out = p
		} else {
			out = out.Then(p)
		}
	}
	return out
}

// signs is how high the second column is: when, and beneath it the two who sign.
func (b passageBlock) signs(t *passages) float64 {
	return b.when.Height() + 2*passagePad + t.label(giverLabel).Height() + t.sign + max(passageName, b.giver.Height(), b.taker.Height())
}

const giverLabel, takerLabel = "Người giao", "Người nhận"

func (t *passages) label(s string) paper.Paragraph {
	return paper.Set(t.half(), t.style(t.size-0.5, paper.Center), paper.Span{Face: paper.Italic, Text: s})
}

func (b passageBlock) height() float64 {
	high := b.upper
	for _, p := range b.across {
		high += p.Height()
	}
	if len(b.across) > 0 {
		high += 2 * passagePad
	}
	return high
}

func (t *passages) height() float64 {
	sum := t.high
	for _, h := range t.heights {
		sum += h
	}
	return sum
}

func (t *passages) cut(room float64) (head, tail block, ok bool) {
	n, sum := 0, t.high
	for n < len(t.heights) && sum+t.heights[n] <= room+slack {
		sum += t.heights[n]
		n++
	}
	if n == 0 || n == len(t.heights) {
		return nil, nil, false
	}
	first, rest := *t, *t
	first.blocks, first.heights = t.blocks[:n], t.heights[:n]
	rest.blocks, rest.heights = t.blocks[n:], t.heights[n:]
	return &first, &rest, true
}

func (t *passages) draw(d *paper.Doc, y float64) {
	right := t.x + t.wide[0] + t.wide[1] + t.wide[2] + t.wide[3]
	across := func(y float64) { d.Line(t.x, y, right, y, passageRule) }
	across(y)
	x := t.x
	for i, p := range t.head {
		p.Draw(d, x+passagePad, y+(t.high-p.Height())/2)
		d.Line(x, y, x, y+t.high, passageRule)
		x += t.wide[i]
	}
	d.Line(right, y, right, y+t.high, passageRule)
	y += t.high
	across(y)
	for _, b := range t.blocks {
		t.drawBlock(d, y, b)
		y += b.height()
		across(y)
	}
}

func (t *passages) drawBlock(d *paper.Doc, y float64, b passageBlock) {
	x, bottom := t.x, y+b.upper
	for _, w := range t.wide {
		d.Line(x, y, x, bottom, passageRule)
		x += w
	}
	d.Line(x, y, x, y+b.height(), passageRule)
	if len(b.across) > 0 {
		d.Line(t.x, bottom, t.x, y+b.height(), passageRule)
		d.Line(t.x, bottom, x, bottom, passageRule)
		under := bottom + passagePad
		for _, p := range b.across {
			under = p.Draw(d, t.x+passagePad, under)
		}
	}
	b.names.Draw(d, t.x+passagePad, y+passagePad)
	x = t.x + t.wide[0]
	line := b.when.Draw(d, x+passagePad, y+passagePad) + passagePad
	middle := x + t.wide[1]/2
	d.Line(x, line, x+t.wide[1], line, passageRule)
	d.Line(middle, line, middle, bottom, passageRule)
	for i, who := range []struct {
		label string
		name  paper.Paragraph
	}{{giverLabel, b.giver}, {takerLabel, b.taker}} {
		at := x + float64(i)*t.wide[1]/2 + passagePad
		t.label(who.label).Draw(d, at, line)
		who.name.Draw(d, at, bottom-passagePad-who.name.Height())
	}
	x += t.wide[1]
	b.result.Draw(d, x+passagePad, y+passagePad)
	b.note.Draw(d, x+t.wide[2]+passagePad, y+passagePad)
}
