package book

import (
	"context"
	"hash/maphash"
	"math"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// A4 on its side; the wider margin is where a register is bound.
var wide = paper.Size{W: 297, H: 210}

const (
	left, right = 20.0, 285.0
	width       = right - left
	numberLine  = 10.0 // baseline of the page number
	top         = 13.0
	bottom      = 198.0

	padX, padY = 0.8, 0.6
	leading    = 1.2
	drop       = 0.27 // of the letters' size, from the last baseline to the lower edge: the dot of a y with a tail

	mostSize, leastSize = 9.5, 7.5 // of the body, by how much room the columns want
	rowLeast            = 6.0      // of a row that is higher than a page
)

// setter sets the rows of a book on pages. A row is measured once, when it is read.
type setter struct {
	*ledger
	size     float64   // of the body, points
	edges    []float64 // of the columns, from left to right
	head     head
	titles   []paper.Mark // the head as it stands on the pages that go on
	sections []*section
	known    []known      // of each column
	seed     maphash.Seed // of known
	cells    shelf[cell]
	lines    shelf[string]
	row      []cell // being set
	cell     []string
}

// cell is a text and its lines.
type cell struct {
	text  string
	lines []string
}

// known are cells of a column that were set before, each where its text leads to: names of procedures, units and officers come again in
// thousands of rows.
type known [256]cell

// section is one book of a register: a year.
type section struct {
	year     int
	from, to dossier.Date
	unit     dossier.UnitTerm
	signer   dossier.UnitTerm // on the day it is signed
	rows     []row
	sum      totals
	pages    [][]item
	running  paper.Paragraph // over the pages that go on
	blockH   float64         // of what stands at the end
	headH    float64         // of the heading on the first page
}

// row is one dossier.
type row struct {
	cells      []cell
	size, high float32
	day        dossier.Date
}

// item is what stands on a page: a row, or a part of one from a line to a line, under a line with its day where that is new on the page.
type item struct {
	row      int32
	from, to int32
	high     float64
	day      day
}

type day uint8

const (
	sameDay day = iota
	newDay
	stillDay // the day goes on from the page before
)

func newSetter(l *ledger) *setter {
	s := &setter{ledger: l, known: make([]known, len(l.columns)), seed: maphash.MakeSeed()}
	sum := 0.0
	for _, c := range l.columns {
		sum += c.weight
	}
	s.size = min(mostSize, max(leastSize, math.Floor(4*mostSize*width/sum)/4))
	x := left
	s.edges = append(s.edges, x)
	for _, c := range l.columns {
		x += c.weight / sum * width
		s.edges = append(s.edges, x)
	}
	s.head = s.setHead()
	scratch := paper.New(wide, "", s.Now)
	scratch.Page()
	s.head.draw(scratch, top)
	s.titles = scratch.Pages()[0]
	return s
}

// readAll reads and sets every row.
func (s *setter) readAll(ctx context.Context) error {
	var in *section
	err := s.read(ctx, func(e *entry, stands bool) error {
		if s.isRegister() && !stands {
			return nil
		}
		year := 0
		if s.isRegister() {
			year = e.day.Year
		}
		if in == nil || in.year != year {
			in = &section{year: year}
			s.sections = append(s.sections, in)
		}
		in.sum.count(e, stands)
		if !stands {
			return nil
		}
		in.rows = append(in.rows, s.setRow(e))
		return nil
	})
	if err != nil {
		return err
	}
	if in == nil {
		in = &section{}
		if s.isRegister() {
			in.year = s.To.Year
		}
		s.sections = append(s.sections, in)
	}
	for _, in := range s.sections {
		if err := s.finish(in); err != nil {
			return err
		}
	}
	return nil
}

// finish gives a section its days and names, and its pages.
func (s *setter) finish(in *section) (err error) {
	in.from, in.to = s.From, s.To
	if in.year > 0 {
		if first := (dossier.Date{Year: in.year, Month: time.January, Day: 1}); in.from.Before(first) {
			in.from = first
		}
		if last := (dossier.Date{Year: in.year, Month: time.December, Day: 31}); last.Before(in.to) {
			in.to = last
		}
	}
	if in.unit, err = s.unit(in.to); err != nil {
		return err
	}
	in.signer = in.unit
	if !s.Now.IsZero() {
		if u, err := s.unit(dossier.DateOf(s.Now)); err == nil {
			in.signer = u
		}
	}
	scratch := paper.New(wide, "", s.Now)
	scratch.Page()
	in.headH = s.heading(scratch, in) - top
	in.blockH = s.closing(scratch, in, 0)
	in.running = s.runningTitle(in)
	s.paginate(in)
	return nil
}

// setRow sets a dossier in lines, and finds how high it is.
func (s *setter) setRow(e *entry) row {
	s.row = s.row[:0]
	for i, c := range s.columns {
		text := c.written(c.of(e))
		k := &s.known[i][maphash.String(s.seed, text)%uint64(len(known{}))]
		if k.text != text {
			*k = s.setCell(i, s.size, text)
		}
		s.row = append(s.row, *k)
	}
	return s.rowOf(float32(s.size), e.day)
}

// smaller sets a row anew in letters of another size.
func (s *setter) smaller(r row, size float32) row {
	s.row = s.row[:0]
	for i, c := range r.cells {
		s.row = append(s.row, s.setCell(i, float64(size), c.text))
	}
	return s.rowOf(size, r.day)
}

func (s *setter) rowOf(size float32, day dossier.Date) row {
	r := row{cells: s.cells.keep(s.row), size: size, day: day}
	r.high = float32(high(r.count(), float64(size)))
	return r
}

// setCell sets a text in lines no wider than its column.
func (s *setter) setCell(column int, size float64, text string) cell {
	f := paper.Font{Face: paper.Regular, Size: size}
	s.cell = breakLines(s.cell[:0], f, s.edges[column+1]-s.edges[column]-2*padX, text)
	return cell{text, s.lines.keep(s.cell)}
}

// high is how high so many lines of letters of that size are, with the room around them.
func high(lines int, size float64) float64 { return float64(lines)*size*pt*leading + 2*padY }

// count is how many lines the highest cell of a row has.
func (r row) count() int {
	most := 1
	for _, c := range r.cells {
		most = max(most, len(c.lines))
	}
	return most
}

// within makes a row no higher than most: by smaller letters, and where the smallest do not do, in parts.
func (s *setter) within(in *section, i int, most float64) []item {
	r := in.rows[i]
	for float64(r.high) > most && r.size > rowLeast {
		r = s.smaller(r, max(rowLeast, r.size-0.25))
	}
	in.rows[i] = r
	return s.parts(in, item{row: int32(i), to: int32(r.count())}, most)
}

// dayHigh is the height of a line with the day.
func (s *setter) dayHigh() float64 {
	if s.isRegister() {
		return high(1, s.size)
	}
	return 0
}

// room is the room for rows on a page of a section.
func (s *setter) room(in *section, first bool) float64 {
	room := bottom - top - s.head.high
	if first {
		room -= in.headH
	}
	return room
}

// paginate puts the rows of a section on pages. What is at its end, with the signatures, stands under at least the last two rows.
func (s *setter) paginate(in *section) {
	items := make([]item, 0, len(in.rows))
	for i, r := range in.rows {
		most := s.room(in, i == 0) - s.dayHigh()
		if float64(r.high) > most {
			items = append(items, s.within(in, i, most)...)
		} else {
			items = append(items, item{row: int32(i), to: int32(r.count()), high: float64(r.high)})
		}
	}
	used := s.fill(in, items, -1)
	last := len(in.pages) - 1
	if used+in.blockH <= s.room(in, last == 0) && (len(in.pages[last]) >= 2 || last == 0) || len(items) == 0 {
		return
	}
	// The last two rows, or parts of rows, go on with it; they are set as small as they must be.
	whole := len(items)
	limit := func(n int) float64 { return (s.room(in, whole <= 2)-in.blockH)/float64(n) - s.dayHigh() }
	n := min(2, whole)
	last2 := s.all(in, items[whole-n:], limit(n))
	if n == 1 && len(last2) == 2 { // one row in two parts: both are to stand there
		last2 = s.all(in, last2, limit(2))
	}
	items = append(items[:whole-n:whole-n], last2...)
	alone := -1
	if len(items) > 2 {
		alone = len(items) - 2
	}
	s.fill(in, items, alone)
}

// all makes items no higher than most.
func (s *setter) all(in *section, items []item, most float64) []item {
	var out []item
	for _, it := range items {
		switch isWhole := it.from == 0 && int(it.to) == in.rows[it.row].count(); {
		case it.high <= most:
			out = append(out, it)
		case isWhole:
			out = append(out, s.within(in, int(it.row), most)...)
		default: // a part already, of the smallest letters
			out = append(out, s.parts(in, it, most)...)
		}
	}
	return out
}

// parts cuts a part of a row into smaller ones.
func (s *setter) parts(in *section, it item, most float64) []item {
	size := float64(in.rows[it.row].size)
	part := max(1, int32((most-2*padY)/(size*pt*leading)+slack))
	var out []item
	for from := it.from; from < it.to; from += part {
		to := min(it.to, from+part)
		out = append(out, item{row: it.row, from: from, to: to, high: high(int(to-from), size)})
	}
	return out
}

// fill puts items on pages one after the other, the one numbered brk on a new page, and tells how much of the last page is used.
func (s *setter) fill(in *section, items []item, brk int) (used float64) {
	in.pages = [][]item{nil}
	start := 0
	var before dossier.Date
	for i := range items {
		it := &items[i]
		on := in.rows[it.row].day
		mark := func() float64 {
			switch {
			case !s.isRegister() || i > start && on == before:
				it.day = sameDay
			case on == before:
				it.day = stillDay
			default:
				it.day = newDay
			}
			if it.day == sameDay {
				return it.high
			}
			return it.high + s.dayHigh()
		}
		need := mark()
		if i > start && (i == brk || used+need > s.room(in, len(in.pages) == 1)) {
			in.pages[len(in.pages)-1] = items[start:i:i]
			in.pages = append(in.pages, nil)
			start, used = i, 0
			need = mark()
		}
		used += need
		before = on
	}
	in.pages[len(in.pages)-1] = items[start:]
	if len(items) == 0 {
		used = high(1, s.size)
	}
	return used
}
