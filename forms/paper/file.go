package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// file is a PDF being written, page after page (ISO 32000-1, 7.5).
//
// gofpdf keeps every page unpacked to the end and makes a new packer for each: a register of ten thousand rows took it a second and
// 120 MB. We use of the format only texts, lines and fonts of our own, so a page is packed and forgotten here as soon as it is drawn.
type file struct {
	b     bytes.Buffer
	at    []int // where each object begins, by its number
	pages []int // their numbers
	pen   pdfPen
	doc   *Doc
}

// The first objects; 0 is none.
const (
	catalog = 1 + iota
	pageTree
	resources
	info
	firstFree
)

func newFile(d *Doc, used *letterCount) *file {
	f := &file{doc: d, at: make([]int, firstFree), pen: pdfPen{sheet: d.size}}
	f.b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n") // letters beyond ASCII say that it is not a text
	var fonts strings.Builder
	for face := range faceCount {
		letters := used.letters(face)
		if len(letters) == 0 {
			continue
		}
		e := newEncoding(face, letters)
		f.pen.faces[face] = e
		ttf := e.file()
		program := f.stream(pack(&fine, ttf), fmt.Sprintf(" /Length1 %d", len(ttf)))
		for i, name := range e.names {
			font, descriptor := e.font(i)
			n := f.object(0, fmt.Sprintf("<<%s /FontFile2 %d 0 R>>", descriptor, program))
			n = f.object(0, fmt.Sprintf("<<%s /FontDescriptor %d 0 R>>", font, n))
			fmt.Fprintf(&fonts, "/%s %d 0 R ", name, n)
		}
	}
	f.object(resources, "<</ProcSet [/PDF /Text] /Font <<"+fonts.String()+">>>>")
	return f
}

// object writes an object, and tells its number: the one given, or the next free one for 0.
func (f *file) object(n int, body string) int {
	if n == 0 {
		n = len(f.at)
		f.at = append(f.at, 0)
	}
	f.at[n] = f.b.Len()
	fmt.Fprintf(&f.b, "%d 0 obj\n%s\nendobj\n", n, body)
	return n
}

// stream writes what was packed.
func (f *file) stream(packed []byte, more string) int {
	n := len(f.at)
	f.at = append(f.at, f.b.Len())
	fmt.Fprintf(&f.b, "%d 0 obj\n<</Filter /FlateDecode /Length %d%s>>\nstream\n", n, len(packed), more)
	f.b.Write(packed)
	f.b.WriteString("\nendstream\nendobj\n")
	return n
}

func (f *file) page(marks []Mark) {
	f.pen.begin()
	for _, m := range marks {
		m.pdf(&f.pen)
	}
	content := f.stream(pack(&quick, f.pen.ops), "")
	f.pages = append(f.pages, f.object(0, fmt.Sprintf("<</Type /Page /Parent %d 0 R /Contents %d 0 R>>", pageTree, content)))
}

// end writes what the pages have in common and where everything is.
func (f *file) end() []byte {
	if len(f.pages) == 0 {
		f.page(nil)
	}
	var kids strings.Builder
	for _, n := range f.pages {
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	f.object(pageTree, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 %.2f %.2f] /Resources %d 0 R>>",
		len(f.pages), kids.String(), f.doc.size.W/mm, f.doc.size.H/mm, resources))
	f.object(catalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Lang (vi-VN)>>", pageTree))
	at := f.doc.at.UTC().Format("D:20060102150405Z")
	f.object(info, fmt.Sprintf("<</Title %s /Creator (TiepNhan) /CreationDate (%s) /ModDate (%s)>>", hexText(f.doc.title), at, at))
	start := f.b.Len()
	fmt.Fprintf(&f.b, "xref\n0 %d\n0000000000 65535 f \n", len(f.at))
	for _, at := range f.at[1:] {
		fmt.Fprintf(&f.b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&f.b, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(f.at), catalog, info, start)
	return f.b.Bytes()
}

// hexText is a text outside of pages: UTF-16 with its mark.
func hexText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

// Packers are kept: a new one costs more than a page. A font is packed as well as can be, a page as fast as can be.
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
	if _, err := w.Write(f.end()); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}
