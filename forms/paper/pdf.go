package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jung-kurt/gofpdf"
)

// PDF is the record as a PDF document. The same record gives the same bytes. Any number of documents may be made at once.
func (d *Doc) PDF() ([]byte, error) {
	p := newPen(d)
	for _, marks := range d.pages {
		p.page()
		for _, m := range marks {
			m.pdf(p)
		}
	}
	var out bytes.Buffer
	if err := p.f.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return out.Bytes(), nil
}

// pdfPen draws marks with gofpdf. It remembers what is set, so that a page says it once.
type pdfPen struct {
	f     *gofpdf.Fpdf
	sheet Size
	faces [faceCount]*encoding
	font  string // "family size" as last set on this page
	space float64
	thick float64
	dots  bool
}

func newPen(d *Doc) *pdfPen {
	f := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: d.size.W, Ht: d.size.H}})
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetCreationDate(d.at.UTC())
	f.SetModificationDate(d.at.UTC())
	f.SetTitle(d.title, true)
	f.SetCreator("TiepNhan", false)
	p := &pdfPen{f: f, sheet: d.size}
	for face, used := range d.letters() {
		if len(used) > 0 {
			p.faces[face] = newEncoding(Face(face), used)
			p.faces[face].register(f)
		}
	}
	return p
}

// letters are the runes each face has to draw, in order.
func (d *Doc) letters() (used [faceCount][]rune) {
	var seen [faceCount][lastRune + 1]bool
	note := func(f Face, s string) {
		for _, r := range s {
			if !seen[f][r] {
				seen[f][r] = true
				used[f] = append(used[f], r)
			}
		}
	}
	for _, marks := range d.pages {
		for _, m := range marks {
			switch m := m.(type) {
			case Text:
				note(m.Font.Face, m.S)
			case Watermark:
				note(Bold, m.S)
			}
		}
	}
	for f := range used {
		slices.Sort(used[f])
	}
	return used
}

func (p *pdfPen) page() {
	p.f.AddPage()
	p.font, p.space, p.thick, p.dots = "", 0, 0, false
}

func (p *pdfPen) set(family string, size float64) {
	if key := family + " " + strconv.FormatFloat(size, 'f', 2, 64); key != p.font {
		p.f.SetFont(family, "", size)
		p.font = key
	}
}

func (p *pdfPen) stroke(thick float64, dots bool) {
	if thick != p.thick {
		p.f.SetLineWidth(thick)
		p.thick = thick
	}
	if dots != p.dots {
		style, pattern := "butt", []float64{}
		if dots {
			style, pattern = "round", []float64{0, dotStep}
		}
		p.f.SetLineCapStyle(style)
		p.f.SetDashPattern(pattern, 0)
		p.dots = dots
	}
}

func (t Text) pdf(p *pdfPen) {
	if t.Space != p.space {
		p.f.SetWordSpacing(t.Space)
		p.space = t.Space
	}
	p.text(t.X, t.Y, t.Font, t.Space, t.S)
}

func (p *pdfPen) text(x, y float64, f Font, space float64, s string) {
	for _, run := range p.faces[f.Face].encode(s) {
		p.set(run.family, f.Size)
		p.f.Text(x, y, run.codes)
		x += f.Width(run.text) + space*float64(strings.Count(run.text, " "))
	}
}

func (l Line) pdf(p *pdfPen) {
	p.stroke(l.Thick, false)
	p.f.Line(l.X1, l.Y1, l.X2, l.Y2)
}

func (r Rect) pdf(p *pdfPen) {
	p.stroke(r.Thick, false)
	p.f.Rect(r.X, r.Y, r.W, r.H, "D")
}

func (l Dots) pdf(p *pdfPen) {
	p.stroke(dotThick, true)
	p.f.Line(l.X1+dotThick/2, l.Y, l.X2-dotThick/2, l.Y)
}

// The modules are one path filled once: filled one by one, hairlines would show between them on a screen. The path counts
// in modules, which makes it short.
func (q QR) pdf(p *pdfPen) {
	var b strings.Builder
	fmt.Fprintf(&b, "q %.4f 0 0 %.4f %.2f %.2f cm\n", q.module()/mm, -q.module()/mm, q.X/mm, (p.sheet.H-q.Y)/mm)
	q.runs(func(col, row, cols, rows int) { fmt.Fprintf(&b, "%d %d %d %d re\n", col, row, cols, rows) })
	p.f.RawWriteStr(b.String() + "f Q")
}

// The word fills the diagonal; a toner-saving grey that a copier still shows and that text over it is read through.
func (w Watermark) pdf(p *pdfPen) {
	const size, grey = 44, 232
	f := Font{Bold, size}
	x, y := w.Sheet.W/2, w.Sheet.H/2
	p.f.TransformBegin()
	p.f.TransformRotate(50, x, y)
	p.f.SetTextColor(grey, grey, grey)
	p.text(x-f.Width(w.S)/2, y, f, 0, w.S)
	p.f.SetTextColor(0, 0, 0)
	p.f.TransformEnd()
	p.font = ""
}

// encoding is how the letters of one face are written in a document.
//
// gofpdf offers two ways. With AddUTF8FontFromBytes it turns a table of 65,536 widths into JSON for every face, which alone
// takes longer than all the rest of a receipt, and writes two bytes a letter. So we take the other, AddFontFromBytes: a
// font of one byte a letter whose codes 128 to 255 we give to the letters beyond ASCII that this document uses. Where it
// uses more than 128 of them, a second code page (and a third) follows, on the same font file.
type encoding struct {
	face  Face
	used  []rune
	pages [][]rune // the letters of codes 128 and up
	code  map[rune]uint8
	page  map[rune]int // of letters beyond ASCII
}

const firstCode, perPage = 128, 128

func newEncoding(face Face, used []rune) *encoding {
	e := &encoding{face: face, used: used, code: map[rune]uint8{}, page: map[rune]int{}, pages: [][]rune{nil}}
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
		e.code[r], e.page[r] = uint8(firstCode+len(e.pages[last])), last
		e.pages[last] = append(e.pages[last], r)
	}
	return e
}

type codeRun struct{ family, codes, text string }

// encode splits a text where the code page changes; letters of ASCII are on every page.
func (e *encoding) encode(s string) []codeRun {
	var runs []codeRun
	codes := make([]byte, 0, len(s))
	page, from := -1, 0
	end := func(to int) {
		if to > from {
			runs = append(runs, codeRun{e.family(max(page, 0)), string(codes), s[from:to]})
			codes, from = codes[:0], to
		}
	}
	for at, r := range s {
		if on, beyond := e.page[r]; beyond && on != page {
			if page >= 0 {
				end(at)
			}
			page = on
		}
		codes = append(codes, e.code[r])
	}
	end(len(s))
	return runs
}

func (e *encoding) family(page int) string { return e.face.String() + strconv.Itoa(page) }

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
	packed := pack(ttf)
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
		f.AddFontFromBytes(e.family(n), "", text, packed)
	}
}

var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// pack compresses; a new writer costs more than its work here, so they are kept.
func pack(b []byte) []byte {
	var out bytes.Buffer
	z := packers.Get().(*zlib.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // into memory: cannot fail
	_ = z.Close()
	return out.Bytes()
}
