package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const manyPages = 6 * perCore

// drawPage draws a page that is unlike all others.
func drawPage(d *Doc, page int) {
	d.Watermark("chưa đối chiếu")
	d.Text(100, 10, Font{Regular, 9}, Center, fmt.Sprintf("Trang %d (\\)", page+1))
	d.Line(10, 20, 100, 20+float64(page), 0.2)
	head, _ := Set(120, Style{Size: 10, Leading: 1.2, Justify: true}, Span{Bold, "Căn cước"}, Span{Regular, " " + strings.Repeat(vietnamese()[:60+page]+" và tiếp nhận hồ sơ ", 5)}).Cut(2)
	head.Draw(d, 10, 30) // its last line is spread too
	d.Cleaned(10, 60, Font{Regular, 9}, Left, "không giãn")
	d.Rect(Box{10, 20, 30, 40}, 0.3)
	for i := range page {
		d.Cleaned(80.01+float64(i)*1.37, 100+float64(i)*3.3, Font{Italic, 7.5}, Align(i%3), "Mẫu Sơn")
	}
	d.Dots(10, 90, 120)
	d.Text(10, 130, Font{Italic, 9}, Right, "hết trang")
}

func TestStreamHasTheBytesOfTheDocOnAnyNumberOfCores(t *testing.T) {
	d := New(A5, "Sổ", time.Time{})
	for i := range manyPages {
		d.Page()
		drawPage(d, i)
	}
	want, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(cores)
		for range 3 {
			var out bytes.Buffer
			if err := Stream(&out, A5, "Sổ", time.Time{}, manyPages, func(d *Doc, page int) error { drawPage(d, page); return nil }); err != nil || !bytes.Equal(out.Bytes(), want) {
				t.Errorf("on %d cores the bytes differ (%v)", cores, err)
			}
		}
	}
}

func TestPagesStandInTheirOrder(t *testing.T) {
	var out bytes.Buffer
	if err := Stream(&out, A5, "", time.Time{}, manyPages, func(d *Doc, page int) error {
		d.Text(10, 10, Font{Regular, 9}, Left, fmt.Sprint("trang ", page))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, text := range strings.Split(strings.TrimSuffix(pdfText(t, out.Bytes()), "\f"), "\f") {
		if got, want := strings.TrimSpace(text), fmt.Sprint("trang ", i); got != want {
			t.Errorf("page %d says %q", i, got)
		}
	}
}

// The bubble fails where something goes on running.
func TestErrorMidwayEndsTheStreamWithNothingWrittenAndNothingRunning(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	errFirst, errLater := errors.New("page 17"), errors.New("a later page")
	for _, pass := range []int32{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			var asked [manyPages]atomic.Int32
			var drawing atomic.Int32
			var out bytes.Buffer
			err := Stream(&out, A5, "", time.Time{}, manyPages, func(d *Doc, page int) error {
				drawing.Add(1)
				defer drawing.Add(-1)
				drawPage(d, page)
				switch n := asked[page].Add(1); {
				case n < pass || page < 17:
					return nil
				case page == 17:
					time.Sleep(time.Second) // of the bubble: later pages fail before this one
					return errFirst
				}
				return errLater
			})
			if !errors.Is(err, errFirst) || out.Len() > 0 {
				t.Errorf("pass %d: %v, %d bytes", pass, err, out.Len())
			}
			if n := drawing.Load(); n != 0 {
				t.Errorf("pass %d: %d pages are still being drawn", pass, n)
			}
		})
	}
}

func TestNoPageIsBegunAfterOneThatFailed(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	synctest.Test(t, func(t *testing.T) {
		var last atomic.Int32
		_, err := onAllCores(manyPages, func() int { return 0 }, func(_, page int) error {
			if page == 17 {
				return errDisk
			}
			if page > 17 {
				last.Store(max(last.Load(), int32(page)))
				time.Sleep(time.Second) // of the bubble: the others are still at it when the page has failed
			}
			return nil
		})
		if !errors.Is(err, errDisk) || last.Load() > 17+3 {
			t.Errorf("page %d was begun (%v)", last.Load(), err)
		}
	})
}

// What is set within q and Q is forgotten after it.
func TestTextLikeTheWatermarkSetsItsFontItself(t *testing.T) {
	var used letterCount
	marks := []Mark{Watermark{"Mẫu", 0, A5}, Text{X: 10, Y: 10, Font: Font{Bold, 44}, S: "Mẫu"}}
	for _, m := range marks {
		used.take(m)
	}
	p := pdfPen{sheet: A5, faces: newEncodings(&used)}
	p.begin()
	for _, m := range marks {
		p.take(m)
	}
	if got := strings.Count(string(p.ops), "/F0 44 Tf"); got != 2 {
		t.Errorf("the font is set %d times\n%q", got, p.ops)
	}
}

var errDisk = errors.New("the disk is full")

// full takes so many bytes.
type full int

func (f full) Write(b []byte) (int, error) { return min(int(f), len(b)), errDisk }

func TestFullDiskIsSaid(t *testing.T) {
	for _, pages := range []int{1, manyPages} {
		for _, room := range []int{0, 1000} {
			if err := Stream(full(room), A5, "", time.Time{}, pages, func(d *Doc, page int) error { drawPage(d, page); return nil }); !errors.Is(err, errDisk) {
				t.Errorf("%d pages: %v", pages, err)
			}
		}
	}
}

func TestPagesAreNeverDrawnTwiceAtOnceWithTheSamePen(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(mostCores + 1))
	var done [500]atomic.Int32
	pens, err := onAllCores(len(done), func() *atomic.Int32 { return new(atomic.Int32) }, func(inUse *atomic.Int32, page int) error {
		if inUse.Add(1) != 1 {
			t.Error("one pen draws two pages")
		}
		runtime.Gosched()
		done[page].Add(1)
		inUse.Add(-1)
		return nil
	})
	if err != nil || len(pens) != mostCores {
		t.Errorf("%d pens, %v", len(pens), err)
	}
	for page := range done {
		if n := done[page].Load(); n != 1 {
			t.Errorf("page %d was drawn %d times", page, n)
		}
	}
	if pens, err := onAllCores(0, func() int { return 1 }, func(int, int) error { return io.EOF }); err != nil || len(pens) != 1 {
		t.Errorf("of no pages: %v, %v", pens, err)
	}
}

func TestDocumentWithoutPagesIsAFile(t *testing.T) {
	for _, pages := range []int{0, 1} {
		var out bytes.Buffer
		if err := Stream(&out, A5, "", time.Time{}, pages, func(*Doc, int) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if got := pdfText(t, out.Bytes()); got != "\f" {
			t.Errorf("%d pages: %q", pages, got)
		}
	}
}

func TestFileWhosePagesDoNotMatchIsAnError(t *testing.T) {
	around, err := New(A5, "", time.Time{}).emptyFile(3, new(encodings))
	if err != nil {
		t.Fatal(err)
	}
	one := fine.pack([]byte("q Q"))
	for name, x := range map[string]struct {
		file  []byte
		pages int
		good  bool
	}{"as it is": {around, 3, true}, "fewer": {around, 2, false}, "more": {around, 4, false}, "cut": {around[:len(around)/2], 3, false}, "empty": {nil, 3, false},
		"a table that leads nowhere": {bytes.Replace(around, []byte(" f \n000"), []byte(" f \n999"), 1), 3, false}} {
		pages := make([][]byte, x.pages)
		for i := range pages {
			pages[i] = one
		}
		if _, err := fill(x.file, pages); err == nil != x.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNumbersAreWrittenAsShortAsTheyAre(t *testing.T) {
	for n, want := range map[int]string{0: "0 ", 5: "0.05 ", -5: "-0.05 ", 50: "0.5 ", 100: "1 ", -110: "-1.1 ", 84189: "841.89 ", -100: "-1 ", 1000: "10 "} {
		var p pdfPen
		p.hundredths(n)
		if got := string(p.ops); got != want {
			t.Errorf("%d hundredths are %q, want %q", n, got, want)
		}
	}
}

// A place is told from the one before; after thousands of them it is still the rounded place itself.
func TestPlacesOfTextsDoNotDrift(t *testing.T) {
	p := pdfPen{sheet: A4}
	p.begin()
	random := rand.New(rand.NewPCG(1, 2))
	var x, y float64
	for range 5000 {
		x, y = random.Float64()*A4.W, random.Float64()*A4.H
		p.moveTo(points(x), points(p.sheet.H-y))
	}
	var sumX, sumY float64
	for td := range strings.SplitSeq(strings.TrimPrefix(string(p.ops), "BT\n"), "Td") {
		var dx, dy float64
		if _, err := fmt.Sscan(td, &dx, &dy); err != nil && td != "" {
			t.Fatal(td, err)
		}
		sumX, sumY = sumX+dx, sumY+dy
	}
	if math.Abs(sumX-x/mm) > 0.0051 || math.Abs(sumY-(A4.H-y)/mm) > 0.0051 {
		t.Errorf("at %f %f, want %f %f", sumX, sumY, x/mm, (A4.H-y)/mm)
	}
}

// What other programs say of a file with marks of every kind between its texts, on enough pages for all cores.
func TestOthersReadTheFileWithoutComplaint(t *testing.T) {
	code, err := Encode("MS-261123-0001")
	if err != nil {
		t.Fatal(err)
	}
	d := New(A5, "", time.Time{})
	for i := range manyPages {
		d.Page()
		drawPage(d, i)
		d.QR(100, 150, 20, code)
		d.Text(10, 150, Font{Bold, 9}, Left, "sau mã")
	}
	pdf, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "x.pdf")
	writeFile(t, name, pdf)
	if out, err := exec.Command("qpdf", "--check", name).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
	// pdftoppm tells of every operator that stands where it must not.
	if out, err := exec.Command("pdftoppm", "-r", "20", name, filepath.Join(t.TempDir(), "p")).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("pdftoppm: %v\n%s", err, out)
	}
	if got := strings.Count(pdfText(t, pdf), "sau mã"); got != manyPages {
		t.Errorf("read %d texts of %d", got, manyPages)
	}
}
