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

// Stream writes a document of any number of pages as a PDF and never holds the marks of a page: draw is asked for each page twice, to learn
// which letters there are and to write it, and must draw the same both times. It is asked for several pages at once. The error of the first
// page that has one ends it, with nothing written. The bytes are those the same pages have as a Doc.
func Stream(w io.Writer, size Size, title string, at time.Time, pages int, draw func(d *Doc, page int) error) error {
	d := New(size, title, at)
	pdf, err := d.write(pages, func(to taker, page int) error {
		return draw(&Doc{size: d.size, title: d.title, at: d.at, to: to}, page)
	})
	if err != nil {
		return err
	}
	if _, err := w.Write(pdf); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}

// write makes the file: draw gives the marks of a page. What stands on the pages we write as the operators of the format ourselves, and pack
// it; fonts, pages and the file around them are gofpdf's.
func (d *Doc) write(pages int, draw func(to taker, page int) error) ([]byte, error) {
	counts, err := onAllCores(pages, func() *letterCount { return new(letterCount) }, func(c *letterCount, page int) error { return draw(c, page) })
	if err != nil {
		return nil, err
	}
	used := counts[0]
	for _, c := range counts[1:] {
		used.add(c)
	}
	faces := newEncodings(used)
	packers := fine
	if used.all() > aRegister {
		packers = quick
	}
	packed := make([][]byte, max(1, pages)) // no file is without a page
	if pages == 0 {
		packed[0] = packers.pack(nil)
	}
	_, err = onAllCores(pages, func() *pdfPen { return &pdfPen{sheet: d.size, faces: faces} }, func(p *pdfPen, page int) error {
		p.begin()
		if err := draw(p, page); err != nil {
			return err
		}
		p.graphics()
		packed[page] = packers.pack(p.ops)
		return nil
	})
	if err != nil {
		return nil, err
	}
	around, err := d.emptyFile(len(packed), faces)
	if err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return fill(around, packed)
}

// emptyFile is the file with nothing on its pages.
func (d *Doc) emptyFile(pages int, faces *encodings) ([]byte, error) {
	f := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: d.size.W, Ht: d.size.H}})
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetCompression(false)
	f.SetCatalogSort(true)
	f.SetCreationDate(d.at.UTC())
	f.SetModificationDate(d.at.UTC())
	f.SetTitle(d.title, true)
	f.SetCreator("TiepNhan", false)
	for range pages {
		f.AddPage()
	}
	for _, e := range faces {
		if e != nil {
			e.register(f)
		}
	}
	var out bytes.Buffer
	err := f.Output(&out)
	return out.Bytes(), err
}

// fill puts what stands on the pages into a file that gofpdf has written with nothing on them. Through gofpdf it would be copied four times,
// and gofpdf makes a new packer of a megabyte for each page: a register of ten thousand rows took twice as long and three times the memory.
func fill(pdf []byte, pages [][]byte) ([]byte, error) {
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
	size := len(pdf) + len(pages)*len(packedStream)
	for _, p := range pages {
		size += len(p)
	}
	out := append(make([]byte, 0, size), pdf[:inOrder[0].at]...)
	var fonts [][]byte
	for i, o := range inOrder {
		end := table
		if i+1 < len(inOrder) {
			end = inOrder[i+1].at
		}
		whole := pdf[o.at:end]
		objects[o.n].at = len(out)
		// Of gofpdf's streams those of the pages alone say nothing but their length.
		head, stream, isPage := bytes.Cut(whole, []byte("<</Length "))
		length, stream, _ := bytes.Cut(stream, []byte(">>\nstream\n"))
		n, err := strconv.Atoi(string(length))
		switch isPage = isPage && err == nil && n <= len(stream); {
		case isPage && len(pages) == 0:
			return nil, fmt.Errorf("write PDF: more pages than were drawn")
		case isPage:
			out = append(out, head...)
			out = fmt.Appendf(out, packedStream, len(pages[0]))
			out = append(out, pages[0]...)
			out = append(out, '\n')
			out = append(out, stream[n:]...)
			fonts, pages = fontsSet(stream[:n]), pages[1:]
		case bytes.Contains(whole, []byte("\n/Font <<\n")):
			out = append(out, renamed(whole, fonts)...)
		default:
			out = append(out, whole...)
		}
	}
	if len(pages) > 0 {
		return nil, fmt.Errorf("write PDF: %d pages have no place", len(pages))
	}
	at := len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range objects {
		out = fmt.Appendf(out, "%010d 00000 n \n", o.at)
	}
	out = append(out, pdf[trailer:start]...)
	return fmt.Appendf(out, "startxref\n%d\n%%%%EOF\n", at), nil
}

const packedStream = "<</Filter /FlateDecode /Length %d>>\nstream\n"

// fontsSet are the names of the fonts a page of gofpdf's sets, in order.
func fontsSet(page []byte) (names [][]byte) {
	for line := range bytes.Lines(page) {
		if rest, ok := bytes.CutPrefix(line, []byte("BT /F")); ok {
			name, _, _ := bytes.Cut(rest, []byte(" "))
			names = append(names, name)
		}
	}
	return names
}

// renamed calls the fonts by their numbers, as our pages do; gofpdf's names of forty letters would make up a tenth of a page.
func renamed(resources []byte, names [][]byte) []byte {
	for i, name := range names {
		resources = bytes.Replace(resources, name, strconv.AppendInt(nil, int64(i), 10), 1)
	}
	return resources
}

// packers are kept: a new one costs more than a page.
type packers struct{ sync.Pool }

// Fonts and what a citizen waits for are packed small, the pages of a register fast: it is waited for, and its size matters less.
var fine, quick = packersOf(zlib.DefaultCompression), packersOf(zlib.BestSpeed)

// aRegister is how many letters no day's receipts have.
const aRegister = 500_000

type packer struct {
	z   *zlib.Writer
	out bytes.Buffer
}

func packersOf(level int) *packers {
	return &packers{sync.Pool{New: func() any {
		z, _ := zlib.NewWriterLevel(nil, level) // of these levels there are
		return &packer{z: z}
	}}}
}

func (p *packers) pack(b []byte) []byte {
	one := p.Get().(*packer)
	defer p.Put(one)
	one.out.Reset()
	one.z.Reset(&one.out)
	_, _ = one.z.Write(b) // into memory: cannot fail
	_ = one.z.Close()
	return bytes.Clone(one.out.Bytes())
}
