package paper

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jung-kurt/gofpdf"
)

// PDF is the record as a PDF document. The same record gives the same bytes. Any number of documents may be made at once.
func (d *Doc) PDF() ([]byte, error) {
	var used letterCount
	for _, marks := range d.pages {
		used.note(marks)
	}
	f := newFile(d, &used)
	for _, marks := range d.pages {
		f.page(marks)
	}
	return f.end()
}

// pdfPen writes marks as the operators of a page (ISO 32000-1, Annex A). It remembers what is set, so that a page says it once.
type pdfPen struct {
	sheet Size
	faces [faceCount]*encoding
	ops   []byte
	f     *gofpdf.Fpdf

	font  string // as last set on this page, and its size
	size  float64
	space float64
	thick float64
	dots  bool
}

// letterCount is how often each face has to draw each letter.
type letterCount [faceCount][lastRune + 1]int32

func (c *letterCount) note(marks []Mark) {
	count := func(f Face, s string) {
		for _, r := range s {
			c[f][r]++
		}
	}
	for _, m := range marks {
		switch m := m.(type) {
		case Text:
			count(m.Font.Face, m.S)
		case Watermark:
			count(Bold, m.S)
		}
	}
}

// letters are those a face has to draw, the most frequent first: they share a code page, so that a long text seldom changes it.
func (c *letterCount) letters(f Face) []rune {
	var used []rune
	for r, n := range c[f] {
		if n > 0 {
			used = append(used, rune(r))
		}
	}
	slices.SortStableFunc(used, func(a, b rune) int { return int(c[f][b] - c[f][a]) })
	return used
}

// begin forgets the page before.
func (p *pdfPen) begin() {
	p.ops, p.font, p.size, p.space, p.thick, p.dots = p.ops[:0], "", 0, 0, 0, false
}

func (p *pdfPen) write(s string) { p.ops = append(p.ops, s...) }

func (p *pdfPen) set(font string, size float64) {
	if font != p.font || size != p.size {
		p.flush()
		p.f.SetFont(font, "", size)
		p.font, p.size = font, size
	}
}

func (p *pdfPen) flush() {
	if len(p.ops) > 0 {
		p.f.RawWriteStr(string(p.ops))
		p.ops = p.ops[:0]
	}
}

// number writes millimetres as points with two decimals.
func (p *pdfPen) number(v float64) {
	n := int64(math.Round(v / mm * 100))
	if n < 0 {
		p.ops = append(p.ops, '-')
		n = -n
	}
	p.ops = strconv.AppendInt(p.ops, n/100, 10)
	p.ops = append(p.ops, '.', byte('0'+n/10%10), byte('0'+n%10), ' ')
}

// point writes a place; the PDF counts from the lower edge.
func (p *pdfPen) point(x, y float64) {
	p.number(x)
	p.number(p.sheet.H - y)
}

func (p *pdfPen) stroke(thick float64, dots bool) {
	if thick != p.thick {
		p.number(thick)
		p.write("w\n")
		p.thick = thick
	}
	if dots != p.dots {
		if dots {
			p.write("1 J [0 ")
			p.number(dotStep)
			p.write("] 0 d\n")
		} else {
			p.write("0 J [] 0 d\n")
		}
		p.dots = dots
	}
}

func (t Text) pdf(p *pdfPen) {
	if t.Space != p.space {
		p.number(t.Space)
		p.write("Tw\n")
		p.space = t.Space
	}
	p.text(t.X, t.Y, t.Font, t.Space, t.S)
}

func (p *pdfPen) text(x, y float64, f Font, space float64, s string) {
	e := p.faces[f.Face]
	for s != "" {
		page, n := e.run(s)
		p.set(e.names[page], f.Size)
		p.write("BT ")
		p.point(x, y)
		p.write("Td (")
		for _, r := range s[:n] {
			c := byte(e.code[r])
			if c == '(' || c == ')' || c == '\\' {
				p.ops = append(p.ops, '\\')
			}
			p.ops = append(p.ops, c)
		}
		p.write(") Tj ET\n")
		if n < len(s) {
			x += f.Width(s[:n]) + space*float64(strings.Count(s[:n], " "))
		}
		s = s[n:]
	}
}

func (l Line) pdf(p *pdfPen) {
	p.stroke(l.Thick, false)
	p.point(l.X1, l.Y1)
	p.write("m ")
	p.point(l.X2, l.Y2)
	p.write("l S\n")
}

func (r Rect) pdf(p *pdfPen) {
	p.stroke(r.Thick, false)
	p.point(r.X, r.Bottom())
	p.number(r.W)
	p.number(r.H)
	p.write("re S\n")
}

func (l Dots) pdf(p *pdfPen) {
	p.stroke(dotThick, true)
	p.point(l.X1+dotThick/2, l.Y)
	p.write("m ")
	p.point(l.X2-dotThick/2, l.Y)
	p.write("l S\n")
}

// The modules are one path filled once: filled one by one, hairlines would show between them on a screen. The path counts
// in modules, which makes it short.
func (q QR) pdf(p *pdfPen) {
	p.ops = fmt.Appendf(p.ops, "q %.4f 0 0 %.4f %.2f %.2f cm\n", q.module()/mm, -q.module()/mm, q.X/mm, (p.sheet.H-q.Y)/mm)
	q.runs(func(col, row, cols, rows int) { p.ops = fmt.Appendf(p.ops, "%d %d %d %d re\n", col, row, cols, rows) })
	p.write("f Q\n")
}

// The word fills the diagonal; a toner-saving grey that a copier still shows and that text over it is read through.
func (w Watermark) pdf(p *pdfPen) {
	const size, grey, turn = 44, 0.91, 50 * math.Pi / 180
	f := Font{Bold, size}
	sin, cos := math.Sincos(turn)
	p.ops = fmt.Appendf(p.ops, "q %g g %.5f %.5f %.5f %.5f ", grey, cos, sin, -sin, cos)
	p.point(w.X+w.Sheet.W/2, w.Sheet.H/2)
	p.write("cm\n")
	// The origin is the middle of the sheet now, and the pen counts from the upper edge.
	p.text(-f.Width(w.S)/2, p.sheet.H, f, 0, w.S)
	p.write("Q\n")
	p.font = "" // what was set within q and Q is forgotten
}

// encoding is how the letters of one face are written in a document: one byte a letter, whose codes 128 to 255 stand for the letters
// beyond ASCII that this document uses. Where it uses more than 128 of them, a second code page (and a third) follows, on the same font
// file. Two bytes a letter would need no pages, and twice the room.
type encoding struct {
	face  Face
	used  []rune
	pages [][]rune             // the letters of codes 128 and up
	names []string             // of each page, as a font of the document
	code  [lastRune + 1]uint8  // of a letter on its page
	page  [lastRune + 1]uint16 // of a letter beyond ASCII: its page and one
}

const firstCode, perPage = 128, 128

func newEncoding(face Face, used []rune) *encoding {
	e := &encoding{face: face, used: used, pages: [][]rune{nil}}
	for _, r := range used {
		if r < firstCode {
			e.code[r] = uint8(r)
			continue
		}
		last := len(e.pages) - 1
		if len(e.pages[last]) == perPage {
			e.pages = append(e.pages, nil)
			last++
		}
		e.code[r], e.page[r] = uint8(firstCode+len(e.pages[last])), uint16(last+1)
		e.pages[last] = append(e.pages[last], r)
	}
	for i := range e.pages {
		e.names = append(e.names, face.String()+strconv.Itoa(i))
	}
	return e
}

// run is how many bytes of a text are on one code page, and which; letters of ASCII are on every page.
func (e *encoding) run(s string) (page, n int) {
	page = -1
	for at, r := range s {
		if on := int(e.page[r]) - 1; on >= 0 && on != page {
			if page >= 0 {
				return page, at
			}
			page = on
		}
	}
	return max(page, 0), len(s)
}

// fontDef is what gofpdf's own makefont writes into a font's JSON file.
type fontDef struct {
	Tp, Name     string
	Desc         fontDesc
	Cw           [256]int
	Diff, File   string
	OriginalSize int
}

type fontDesc struct {
	Ascent, Descent, CapHeight, Flags, ItalicAngle, StemV, MissingWidth int
	FontBBox                                                            struct{ Xmin, Ymin, Xmax, Ymax int }
}

func (e *encoding) register(f *gofpdf.Fpdf) {
	// gofpdf writes past the end of tables while it cuts, so it gets bytes of its own.
	ttf := gofpdf.UTF8CutFont(bytes.Clone(e.face.bytes()), string(e.used))
	packed := pack(&fine, ttf)
	all := metricsOf(e.face)
	def := fontDef{Tp: "TrueType", File: e.face.String() + ".z", OriginalSize: len(ttf)}
	def.Desc = fontDesc{Ascent: all.ascent, Descent: all.descent, CapHeight: all.capHeight, Flags: gofpdf.FontFlagNonsymbolic | gofpdf.FontFlagSerif,
		ItalicAngle: all.italics, StemV: 80}
	if e.face == Bold {
		def.Desc.StemV = 140
	}
	if e.face == Italic {
		def.Desc.Flags |= gofpdf.FontFlagItalic
	}
	box := &def.Desc.FontBBox
	box.Xmin, box.Ymin, box.Xmax, box.Ymax = all.bounds[0], all.bounds[1], all.bounds[2], all.bounds[3]
	for n, beyond := range e.pages {
		// Six letters and + mark a font that holds only some of its letters (ISO 32000-1, 9.6.4).
		def.Name = "TIEP" + string(rune('A'+e.face)) + string(rune('A'+n)) + "+TiepNhanSerif-" + strings.ToUpper(e.face.String()[:1]) + e.face.String()[1:]
		def.Cw = [256]int{}
		var diff strings.Builder
		for _, r := range e.used {
			if r < firstCode {
				def.Cw[r] = all.of(r).width
			}
		}
		for i, r := range beyond {
			def.Cw[firstCode+i] = all.of(r).width
			if i == 0 {
				diff.WriteString(strconv.Itoa(firstCode))
			}
			fmt.Fprintf(&diff, "/uni%04X", r)
		}
		def.Diff = diff.String()
		text, err := json.Marshal(def)
		if err != nil {
			f.SetError(err)
			return
		}
		f.AddFontFromBytes(e.names[n], "", text, packed)
	}
}
