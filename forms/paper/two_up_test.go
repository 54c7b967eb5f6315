package paper

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// numbered are A5 pages, each with one mark of every kind.
func numbered(pages int) *Doc {
	d := New(A5, "", time.Time{})
	code, err := Encode("MS-1")
	if err != nil {
		panic(err)
	}
	for i := range pages {
		d.Page()
		d.Watermark("thử")
		d.Text(20, 30, Font{Regular, 10}, Left, fmt.Sprint("trang ", i+1))
		d.Line(20, 40, 60, 40, 0.2)
		d.Rect(Box{20, 50, 10, 10}, 0.3)
		d.Dots(20, 40, 70)
		d.QR(20, 80, 16, code)
	}
	return d
}

func TestTwoUpLaysPagesSideBySideWithMarksToCut(t *testing.T) {
	want := `page 1 297x210
line 148.5 0.0 148.5 4.0 0.2mm
line 148.5 206.0 148.5 210.0 0.2mm
watermark "thử"
text 20.2 30.0 10pt regular "trang 1"
line 20.2 40.0 60.2 40.0 0.2mm
rect 20.2 50.0 10.0 10.0 0.3mm
dots 20.2 70.0 to 40.2
qr 20.2 80.0 16.0 "MS-1"
watermark "thử"
text 168.8 30.0 10pt regular "trang 2"
line 168.8 40.0 208.8 40.0 0.2mm
rect 168.8 50.0 10.0 10.0 0.3mm
dots 168.8 70.0 to 188.8
qr 168.8 80.0 16.0 "MS-1"
`
	if got := numbered(2).TwoUp().Golden(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTwoUpOfAnOddNumberLeavesTheRightHalfEmpty(t *testing.T) {
	for pages, sheets := range map[int]int{0: 0, 1: 1, 2: 1, 3: 2, 5: 3} {
		d := numbered(pages)
		before := d.Golden()
		two := d.TwoUp()
		if got := len(two.Pages()); got != sheets {
			t.Errorf("%d pages on %d sheets, want %d", pages, got, sheets)
		}
		if d.Golden() != before {
			t.Error("the document itself has changed")
		}
		if pages%2 == 0 {
			continue
		}
		for _, m := range two.Pages()[sheets-1] {
			if b := m.Bounds(); b.Right() > 148.5+0.3 {
				t.Errorf("%+v stands on the empty half", m)
			}
		}
	}
}

// The watermark of each page stays on its own half: what is cut off says what it is not.
func TestTwoUpKeepsEachWatermarkOnItsHalf(t *testing.T) {
	var halves []float64
	for _, m := range numbered(2).TwoUp().Pages()[0] {
		if w, ok := m.(Watermark); ok {
			halves = append(halves, w.Bounds().X)
			if b := w.Bounds(); b.W != A5.W || b.H != A5.H {
				t.Errorf("it fills %+v", b)
			}
		}
	}
	if len(halves) != 2 || halves[1]-halves[0] != 148.5 {
		t.Errorf("they begin at %v", halves)
	}
}

func TestTwoUpIsRepeatable(t *testing.T) {
	first, err := numbered(3).TwoUp().PDF()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := numbered(3).TwoUp().PDF(); err != nil || string(again) != string(first) {
		t.Errorf("the bytes differ (%v)", err)
	}
	if read := pdfText(t, first); strings.Count(read, "trang") != 3 {
		t.Errorf("read %q", read)
	}
}
