package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// file is a PDF being written by gofpdf, page after page. What stands on a page we write as the operators of the format ourselves, and we
// pack the pages (see packPages); fonts, pages and the file around them are gofpdf's.
type file struct {
	f   *gofpdf.Fpdf
	pen pdfPen
}

func newFile(d *Doc, used *letterCount) *file {
	f := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: d.size.W, Ht: d.size.H}})
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetCompression(false)
	f.SetCatalogSort(true)
	f.SetCreationDate(d.at.UTC())
	f.SetModificationDate(d.at.UTC())
	f.SetTitle(d.title, true)
	f.SetCreator("TiepNhan", false)
	out := &file{f: f, pen: pdfPen{f: f, sheet: d.size}}
	for face := range faceCount {
		if letters := used.letters(face); len(letters) > 0 {
			out.pen.faces[face] = newEncoding(face, letters)
			out.pen.faces[face].register(f)
		}
	}
	return out
}

func (f *file) page(marks []Mark) {
	f.f.AddPage()
	f.pen.begin()
	for _, m := range marks {
		m.pdf(&f.pen)
	}
	f.pen.flush()
}

func (f *file) end() ([]byte, error) {
	var plain taker
	if err := f.f.Output(&plain); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return packPages(plain)
}

// taker takes what is written without a copy where it comes in one piece, as gofpdf's does: a register is tens of megabytes.
type taker []byte

func (t *taker) Write(b []byte) (int, error) {
	if *t == nil {
		*t = b
	} else {
		*t = append(slices.Clip(*t), b...)
	}
	return len(b), nil
}

// packPages packs the pages of a PDF that gofpdf has just written without. gofpdf can pack, but makes a new packer of a megabyte for each
// page: a register of ten thousand rows took it twice as long.
func packPages(pdf []byte) ([]byte, error) {
	table := bytes.LastIndex(pdf, []byte("\nxref\n")) + 1
	trailer := bytes.LastIndex(pdf, []byte("\ntrailer\n")) + 1
	start := bytes.LastIndex(pdf, []byte("\nstartxref\n")) + 1
	lines := bytes.Split(pdf[table:max(table, trailer)], []byte("\n"))
	if table == 0 || trailer < table || start < trailer || len(lines) < 4 {
		return nil, fmt.Errorf("write PDF: no table of its objects")
	}
	type object struct{ n, at int }
	var objects []object
	for n, line := range lines[3 : len(lines)-1] { // after "xref", "0 N" and the free one
		at, err := strconv.Atoi(string(line[:min(10, len(line))]))
		if err != nil || at >= table {
			return nil, fmt.Errorf("write PDF: object %d at %q", n+1, line)
		}
		objects = append(objects, object{n, at})
	}
	inOrder := slices.SortedFunc(slices.Values(objects), func(a, b object) int { return a.at - b.at })
	packers := &fine
	if len(pdf) > 1<<20 { // a register: it is waited for, and its size matters less
		packers = &quick
	}
	out := make([]byte, 0, len(pdf)/3)
	out = append(out, pdf[:inOrder[0].at]...)
	for i, o := range inOrder {
		end := table
		if i+1 < len(inOrder) {
			end = inOrder[i+1].at
		}
		objects[o.n].at = len(out)
		out = appendPacked(out, pdf[o.at:end], packers)
	}
	at := len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range objects {
		out = fmt.Appendf(out, "%010d 00000 n \n", o.at)
	}
	out = append(out, pdf[trailer:start]...)
	return fmt.Appendf(out, "startxref\n%d\n%%%%EOF\n", at), nil
}

// appendPacked appends an object, packed where it is what stands on a page: of gofpdf's streams those alone say nothing but their length.
func appendPacked(out, object []byte, packers *sync.Pool) []byte {
	head, rest, isPage := bytes.Cut(object, []byte("<</Length "))
	length, rest, _ := bytes.Cut(rest, []byte(">>\nstream\n"))
	n, err := strconv.Atoi(string(length))
	if !isPage || err != nil || n > len(rest) {
		return append(out, object...)
	}
	packed := pack(packers, rest[:n])
	out = append(out, head...)
	out = fmt.Appendf(out, "<</Filter /FlateDecode /Length %d>>\nstream\n", len(packed))
	out = append(out, packed...)
	return append(out, rest[n:]...)
}

// Packers are kept: a new one costs more than a page. Fonts and what a citizen waits for are packed small, the pages of a register fast.
var (
	fine  = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}
	quick = sync.Pool{New: func() any { z, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed); return z }}
)

func pack(packers *sync.Pool, b []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(b)/4 + 64)
	z := packers.Get().(*zlib.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // into memory: cannot fail
	_ = z.Close()
	return out.Bytes()
}

// Stream writes a document of any number of pages as a PDF and never holds the marks of more than one: draw is asked for each page
// twice, to learn which letters there are and to write it, and must draw the same both times. Its first error ends it, with nothing
// written. The bytes are those the same pages have as a Doc.
func Stream(w io.Writer, size Size, title string, at time.Time, pages int, draw func(d *Doc, page int) error) error {
	d := New(size, title, at)
	d.Page()
	one := func(page int) ([]Mark, error) {
		d.pages[0] = d.pages[0][:0]
		err := draw(d, page)
		return d.pages[0], err
	}
	var used letterCount
	for i := range pages {
		marks, err := one(i)
		if err != nil {
			return err
		}
		used.note(marks)
	}
	f := newFile(d, &used)
	for i := range pages {
		marks, err := one(i)
		if err != nil {
			return err
		}
		f.page(marks)
	}
	pdf, err := f.end()
	if err != nil {
		return err
	}
	if _, err := w.Write(pdf); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}
