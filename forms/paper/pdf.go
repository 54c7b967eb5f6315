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
	return d.write(len(d.pages), func(to taker, page int) error {
		for _, m := range d.pages[page] {
			to.take(m)
		}
		return nil
	})
}

// letterCount is how often each face has to draw each letter.
type letterCount [faceCount][lastRune + 1]int32

func (c *letterCount) takeText(_, _ float64, f Font, _ Align, s string) { c.count(f.Face, s) }

func (c *letterCount) takeLine(Line) {}

func (c *letterCount) take(m Mark) {
	switch m := m.(type) {
	case Text:
		c.count(m.Font.Face, m.S)
	case Watermark:
		c.count(Bold, m.S)
	}
}

func (c *letterCount) count(f Face, s string) {
	for _, r := range s {
		c[f][r]++
	}
}

// add counts what another has counted.
func (c *letterCount) add(other *letterCount) {
	for f := range c {
		for r, n := range other[f] {
			c[f][r] += n
		}
	}
}

// all is how many letters there are to draw.
func (c *letterCount) all() (n int) {
	for f := range c {
		for _, of := range c[f] {
			n += int(of)
		}
	}
	return n
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

// pdfPen writes marks as the operators of a page (ISO 32000-1, Annex A). It remembers what is set, so that a page says it once.
type pdfPen struct {
	sheet Size
	faces *encodings
	ops   []byte

	font   int // as last set on this page, and its size
	size   float64
	space  float64
	thick  float64
	dots   bool
	inText bool // between BT and ET, where the place of a text is said from that of the text before: x and y
	x, y   int
}

// begin forgets the page before.
func (p *pdfPen) begin() {
	*p = pdfPen{sheet: p.sheet, faces: p.faces, ops: p.ops[:0], font: noFont}
}

const noFont = -1

func (p *pdfPen) take(m Mark) { m.pdf(p) }

func (p *pdfPen) takeLine(l Line) { l.pdf(p) }

func (p *pdfPen) takeText(x, y float64, f Font, a Align, s string) {
	if a != Left {
		x = begin(x, f.Width(s), a)
	}
	p.spread(0)
	p.text(x, y, f, 0, s)
}

func (p *pdfPen) write(s string) { p.ops = append(p.ops, s...) }

// graphics ends a run of texts, within which nothing else may be drawn.
func (p *pdfPen) graphics() {
	if p.inText {
		p.write("ET\n")
		p.inText = false
	}
}

func (p *pdfPen) set(font int, size float64) {
	if font != p.font || size != p.size {
		p.ops = strconv.AppendInt(append(p.ops, "/F"...), int64(font), 10)
		p.ops = append(p.ops, ' ')
		p.hundredths(int(math.Round(size * 100)))
		p.write("Tf\n")
		p.font, p.size = font, size
	}
}

// points are millimetres in hundredths of a point.
func points(v float64) int { return int(math.Round(v / mm * 100)) }

// number writes millimetres as points with two decimals.
func (p *pdfPen) number(v float64) { p.hundredths(points(v)) }

// hundredths writes n hundredths, with no more decimals than it needs.
func (p *pdfPen) hundredths(n int) {
	if n < 0 {
		p.ops = append(p.ops, '-')
		n = -n
	}
	p.ops = strconv.AppendInt(p.ops, int64(n/100), 10)
	if n %= 100; n != 0 {
		p.ops = append(p.ops, '.', byte('0'+n/10))
		if n %= 10; n != 0 {
			p.ops = append(p.ops, byte('0'+n))
		}
	}
	p.ops = append(p.ops, ' ')
}

// point writes a place; the PDF counts from the lower edge.
func (p *pdfPen) point(x, y float64) {
	p.number(x)
	p.number(p.sheet.H - y)
}

func (p *pdfPen) stroke(thick float64, dots bool) {
	p.graphics()
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

// spread adds to every blank of the texts that follow.
func (p *pdfPen) spread(space float64) {
	if space != p.space {
		p.number(space)
		p.write("Tw\n")
		p.space = space
	}
}

func (t Text) pdf(p *pdfPen) {
	p.spread(t.Space)
	p.text(t.X, t.Y, t.Font, t.Space, t.S)
}

func (p *pdfPen) text(x, y float64, f Font, space float64, s string) {
	e := p.faces[f.Face]
	for s != "" {
		page, n := e.run(s)
		p.set(e.first+page, f.Size)
		p.moveTo(points(x), points(p.sheet.H-y))
		p.ops = append(p.ops, '(')
		for _, r := range s[:n] {
			c := e.code[r]
			if c == '(' || c == ')' || c == '\\' {
				p.ops = append(p.ops, '\\')
			}
			p.ops = append(p.ops, c)
		}
		p.write(")Tj\n")
		if n < len(s) {
			x += f.Width(s[:n]) + space*float64(strings.Count(s[:n], " "))
		}
		s = s[n:]
	}
}

// moveTo goes to where a text begins. What is told is the difference of two rounded places, so no rounding adds up.
func (p *pdfPen) moveTo(x, y int) {
	if !p.inText {
		p.write("BT\n")
		p.inText, p.x, p.y = true, 0, 0
	}
	p.hundredths(x - p.x)
	p.hundredths(y - p.y)
	p.write("Td")
	p.x, p.y = x, y
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
	p.graphics()
	p.ops = fmt.Appendf(p.ops, "q %.4f 0 0 %.4f %.2f %.2f cm\n", q.module()/mm, -q.module()/mm, q.X/mm, (p.sheet.H-q.Y)/mm)
	q.runs(func(col, row, cols, rows int) { p.ops = fmt.Appendf(p.ops, "%d %d %d %d re\n", col, row, cols, rows) })
	p.write("f Q\n")
}

// The word fills the diagonal; a toner-saving grey that a copier still shows and that text over it is read through.
func (w Watermark) pdf(p *pdfPen) {
	const size, grey, turn = 44, 0.91, 50 * math.Pi / 180
	f := Font{Bold, size}
	sin, cos := math.Sincos(turn)
	p.graphics()
	p.ops = fmt.Appendf(p.ops, "q %g g %.5f %.5f %.5f %.5f ", grey, cos, sin, -sin, cos)
	p.point(w.X+w.Sheet.W/2, w.Sheet.H/2)
	p.write("cm\n")
	// The origin is the middle of the sheet now, and the pen counts from the upper edge.
	p.text(-f.Width(w.S)/2, p.sheet.H, f, 0, w.S)
	p.graphics()
	p.write("Q\n")
	p.font = noFont // what was set within q and Q is forgotten
}

// encoding is how the letters of one face are written in a document: one byte a letter, whose codes 128 to 255 stand for the letters
// beyond ASCII that this document uses. Where it uses more than 128 of them, a second code page (and a third) follows, on the same font
// file. Two bytes a letter would need no pages, and twice the room.
type encoding struct {
	face  Face
	used  []rune
	pages [][]rune             // the letters of codes 128 and up
	first int                  // number of the first page as a font of the document; the others follow
	code  [lastRune + 1]uint8  // of a letter on its page
	page  [lastRune + 1]uint16 // of a letter beyond ASCII: its page and one
}

const firstCode, perPage = 128, 128

// encodings are those of the faces a document uses.
type encodings [faceCount]*encoding

func newEncodings(used *letterCount) *encodings {
	out, fonts := new(encodings), 0
	for face := range faceCount {
		if letters := used.letters(face); len(letters) > 0 {
			out[face] = newEncoding(face, letters, fonts)
			fonts += len(out[face].pages)
		}
	}
	return out
}

func newEncoding(face Face, used []rune, first int) *encoding {
	e := &encoding{face: face, used: used, pages: [][]rune{nil}, first: first}
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
	return e
}

// run is how many bytes of a text are on one code page, and which; letters of ASCII are on every page.
func (e *encoding) run(s string) (page, n int) {
	if len(e.pages) == 1 {
		return 0, len(s)
	}
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

// register makes the pages fonts of the document and sets each once, for fill to see how gofpdf calls them.
func (e *encoding) register(f *gofpdf.Fpdf) {
	// gofpdf writes past the end of tables while it cuts, so it gets bytes of its own.
	ttf := gofpdf.UTF8CutFont(bytes.Clone(e.face.bytes()), string(e.used))
	packed := fine.pack(ttf)
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
				def.Cw[r] = int(all.of(r).width)
			}
		}
		for i, r := range beyond {
			def.Cw[firstCode+i] = int(all.of(r).width)
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
		name := "f" + strconv.Itoa(e.first+n)
		f.AddFontFromBytes(name, "", text, packed)
		f.SetFont(name, "", 1)
	}
}
