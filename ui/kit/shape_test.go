package kit

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
)

var amber = shape{AmberSoft, Amber, 0.7, 4}

// A box has its edge and its colour, fades out at its corners, and is drawn for the dots there are.
func TestShapeIsDrawnForTheDotsOfTheScreen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	for _, scale := range []float32{1, 1.3, 1.5, 2} {
		key := shapeDots{amber, 100, 27, scale}
		p := key.draw()
		margin := int(key.soft())
		if p.Rect.Dx() != 100+2*margin || p.Rect.Dy() != 27+2*margin {
			t.Errorf("%v: %v", scale, p.Rect)
		}
		if _, _, _, a := p.At(0, 0).RGBA(); a != 0 {
			t.Errorf("%v: the corner is not clear: %d", scale, a)
		}
		r, g, b, a := colorOf(AmberSoft).RGBA()
		if r2, g2, b2, a2 := p.At(margin+50, margin+13).RGBA(); r2 != r || g2 != g || b2 != b || a2 != a {
			t.Errorf("%v: inside it is %v", scale, p.At(margin+50, margin+13))
		}
		edge, inside := p.RGBAAt(margin+50, margin), p.RGBAAt(margin+50, margin+13)
		if int(edge.R)+int(edge.G)+int(edge.B) > int(inside.R)+int(inside.G)+int(inside.B)-150 {
			t.Errorf("%v: the edge %v is hardly darker than %v", scale, edge, inside)
		}
		for x := range p.Rect.Dx() { // the same from all sides
			for y := range p.Rect.Dy() {
				if c := p.RGBAAt(x, y); c != p.RGBAAt(p.Rect.Dx()-1-x, y) || c != p.RGBAAt(x, p.Rect.Dy()-1-y) {
					t.Fatalf("%v: lopsided at %d, %d", scale, x, y)
				}
			}
		}
	}
}

func TestShapesAreDrawnOnceAndShownManyTimes(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	var s shapes
	o := canvas.NewRectangle(nil)
	size := fyne.NewSize(100, 26.6)
	var before []*canvas.Image
	for range 3 {
		s.begin()
		a, b, other := s.take(o, amber, 10, 10, size), s.take(o, amber, 10, 50, size), s.take(o, amber, 10, 90, fyne.NewSize(90, 26.6))
		if a == b || a.Image != b.Image || a.Image == other.Image {
			t.Error("two at once must be two objects of one picture, and another size another picture")
		}
		if a.Position() != fyne.NewPos(9, 9) || a.Size() != fyne.NewSize(102, 29) {
			t.Errorf("%v, %v", a.Position(), a.Size())
		}
		if before != nil && (before[0] != a || before[1] != b) {
			t.Error("made anew for another layout")
		}
		before = []*canvas.Image{a, b}
	}
	for i := range 3 * mostShapes {
		s.begin()
		s.take(o, amber, 0, 0, fyne.NewSize(20+float32(i), 27))
		if len(s.made) > mostShapes+1 {
			t.Fatalf("%d are kept", len(s.made))
		}
	}
}

// An even colour fills its place to the edges where no shader is drawn, and takes none where there is none.
func TestEvenColourFillsItsPlace(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	c := software.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetContent(newPlane(Navy, ""))
	c.Resize(fyne.NewSize(40, 20))
	want := colorOf(Navy)
	for _, at := range []image.Point{{0, 0}, {39, 0}, {0, 19}, {39, 19}, {20, 10}} {
		r, g, b, a := c.Capture().At(at.X, at.Y).RGBA()
		if r2, g2, b2, a2 := want.RGBA(); r != r2 || g != g2 || b != b2 || a != a2 {
			t.Errorf("at %v it is %v", at, c.Capture().At(at.X, at.Y))
		}
	}
	if shown := newEven(Navy).place(canvas.NewRectangle(nil), 0, 0, 40, 0); shown != nil {
		t.Errorf("%v of no height", shown)
	}
}
