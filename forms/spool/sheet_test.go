package spool

import (
	"errors"
	"image"
	"image/color"
	"testing"
)

// laser is a printer of 600 dots to the inch that leaves an edge of 100 dots, with A4 in it.
var laser = device{600, 600, 4960, 7016, 100, 100}

func TestMillimetresOnTheSheetAreTrue(t *testing.T) {
	for _, c := range []struct {
		about string
		on    device
		w, h  float64
		at    image.Rectangle
		turn  bool
	}{
		{"A4", laser, 210, 297, image.Rect(-100, -100, 4861, 6916), false},
		{"A5 on A4 stands in the corner, as large as it is", laser, 148, 210, image.Rect(-100, -100, 3396, 4861), false},
		{"A4 on its side", device{600, 600, 7016, 4960, 100, 100}, 297, 210, image.Rect(-100, -100, 6916, 4861), false},
		{"A4 on its side, and the driver did not turn the sheet", laser, 297, 210, image.Rect(-100, -100, 4861, 6916), true},
		{"dots that are not square", device{600, 300, 4960, 3508, 0, 0}, 210, 297, image.Rect(0, 0, 4961, 3508), false},
		{"a driver that says no sheet", device{300, 300, 0, 0, 0, 0}, 297, 210, image.Rect(0, 0, 3508, 2480), false},
		{"nothing", laser, 0, 0, image.Rect(-100, -100, -100, -100), false},
	} {
		if at, turn := c.on.place(c.w, c.h); at != c.at || turn != c.turn {
			t.Errorf("%s: %v %v", c.about, at, turn)
		}
	}
	if got := laser.dpi(); got != 300 {
		t.Errorf("drawn at %v", got)
	}
	if got := (device{dpiX: 203, dpiY: 180}).dpi(); got != 180 {
		t.Errorf("drawn at %v", got)
	}
}

// page is a picture whose dots all differ from their neighbours, except rows 70 to 200, which are white.
func page(w, h int, colour bool) *image.RGBA {
	p := image.NewRGBA(image.Rect(5, 7, 5+w, 7+h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(x * 7), uint8(x * 7), uint8(x * 7), 255}
			if colour {
				c.G, c.B = uint8(y*3), uint8(x+y)
			}
			if y >= 60 && y < 210 {
				c = color.RGBA{255, 255, 255, 255}
			}
			p.SetRGBA(5+x, 7+y, c)
		}
	}
	return p
}

// paint is what GDI does with the strips when the device's dots are the picture's.
func paint(t *testing.T, p image.Image, at image.Rectangle) (out *image.RGBA, count int) {
	t.Helper()
	out = image.NewRGBA(at)
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	next := at.Min.Y
	err := bands(p, at, func(b band) error {
		count++
		if b.at.Min.Y < next || b.at.Min.X != at.Min.X || b.at.Max.X != at.Max.X || b.at.Max.Y > at.Max.Y {
			t.Errorf("a strip at %v, after row %d of %v", b.at, next, at)
		}
		next = b.at.Max.Y
		stride := len(b.dots) / b.h
		if stride%4 != 0 || stride < b.w*b.bits/8 {
			t.Errorf("rows of %d bytes for %d dots of %d bits", stride, b.w, b.bits)
		}
		if b.at.Dx() != b.w || b.at.Dy() != b.h {
			return nil
		}
		for y := range b.h {
			row := b.dots[(b.h-1-y)*stride:]
			for x := range b.w {
				c := color.RGBA{A: 255}
				if b.bits == 8 {
					c.R, c.G, c.B = row[x], row[x], row[x]
				} else {
					c.B, c.G, c.R = row[3*x], row[3*x+1], row[3*x+2]
				}
				out.SetRGBA(b.at.Min.X+x, b.at.Min.Y+y, c)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, count
}

func TestStripsMakeThePageAgain(t *testing.T) {
	for _, colour := range []bool{false, true} {
		for _, h := range []int{1, 63, 64, 65, 300} {
			p := page(37, h, colour)
			at := image.Rect(-10, -20, 27, h-20)
			out, _ := paint(t, p, at)
			for y := range h {
				for x := range 37 {
					if got, want := out.RGBAAt(x-10, y-20), p.RGBAAt(5+x, 7+y); got != want {
						t.Fatalf("colour %v, height %d: (%d,%d) is %v, not %v", colour, h, x, y, got, want)
					}
				}
			}
		}
	}
}

func TestStripsOfAFinerPrinterHaveNoSeam(t *testing.T) {
	p := image.NewGray(image.Rect(0, 0, 10, 1000)) // black
	at := image.Rect(0, -33, 21, 2100)
	next := at.Min.Y
	err := bands(p, at, func(b band) error {
		if b.at.Min.Y != next {
			t.Errorf("a strip begins at %d, not %d", b.at.Min.Y, next)
		}
		next = b.at.Max.Y
		return nil
	})
	if err != nil || next != at.Max.Y {
		t.Errorf("the last row is %d, %v", next, err)
	}
}

func TestWhitePaperIsNotSent(t *testing.T) {
	if _, n := paint(t, page(10, 300, false), image.Rect(0, 0, 10, 300)); n != 3 {
		t.Errorf("%d strips for two inked ends and one half", n)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 10, 300)) // nothing drawn at all is paper too
	if _, n := paint(t, clear, image.Rect(0, 0, 10, 300)); n != 0 {
		t.Errorf("%d strips of an empty page", n)
	}
}

func TestAStripRefusedEndsThePage(t *testing.T) {
	no, n := errors.New("no"), 0
	err := bands(page(10, 300, false), image.Rect(0, 0, 10, 300), func(band) error { n++; return no })
	if !errors.Is(err, no) || n != 1 {
		t.Errorf("%v after %d strips", err, n)
	}
}

func TestATurnedPageHasItsTopOnTheLeft(t *testing.T) {
	p := page(4, 3, true)
	out := turned(p)
	if out.Bounds() != image.Rect(0, 0, 3, 4) {
		t.Fatal(out.Bounds())
	}
	for y := range 3 {
		for x := range 4 {
			if got, want := out.At(y, 3-x), p.At(5+x, 7+y); got != want {
				t.Errorf("(%d,%d) is %v, not %v", x, y, got, want)
			}
		}
	}
}
