package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Sign is a small shape that tells a state without its colour. They are drawn: the typeface has none of them.
type Sign int

const (
	RingSign Sign = iota
	DotSign
	TriangleSign
	DiamondSign
	SquareSign
	TickSign
	CrossSign
	ClockSign // time runs
	BangSign  // time has run out
	BackSign  // it came back
	TwinSign  // two that cannot both stand
)

// SignSize is how wide and high a sign is.
func SignSize() float32 { return sizeOf(theme.SizeNameCaptionText) * 0.72 }

// Draw is the sign with its upper left corner there.
func (s Sign) Draw(x, y, size float32, name fyne.ThemeColorName) []fyne.CanvasObject {
	c := colorOf(name)
	place := func(o fyne.CanvasObject, inset float32) []fyne.CanvasObject {
		o.Move(fyne.NewPos(x+inset, y+inset))
		o.Resize(fyne.NewSize(size-2*inset, size-2*inset))
		return []fyne.CanvasObject{o}
	}
	line := func(x1, y1, x2, y2 float32) fyne.CanvasObject {
		l := canvas.NewLine(c)
		l.StrokeWidth = 1.8
		l.Position1, l.Position2 = fyne.NewPos(x+x1*size, y+y1*size), fyne.NewPos(x+x2*size, y+y2*size)
		return l
	}
	switch s {
	case DotSign:
		return place(canvas.NewCircle(c), 0.5)
	case TriangleSign:
		return []fyne.CanvasObject{line(0.5, 0.05, 0.02, 0.95), line(0.5, 0.05, 0.98, 0.95), line(0.02, 0.95, 0.98, 0.95)}
	case DiamondSign:
		return []fyne.CanvasObject{line(0.5, 0, 0, 0.5), line(0, 0.5, 0.5, 1), line(0.5, 1, 1, 0.5), line(1, 0.5, 0.5, 0)}
	case SquareSign:
		return place(canvas.NewRectangle(c), 0.5)
	case TickSign:
		return []fyne.CanvasObject{line(0.02, 0.55, 0.38, 0.92), line(0.38, 0.92, 0.98, 0.12)}
	case CrossSign:
		return []fyne.CanvasObject{line(0.08, 0.08, 0.92, 0.92), line(0.92, 0.08, 0.08, 0.92)}
	case ClockSign:
		face := canvas.NewCircle(color.Transparent)
		face.StrokeColor, face.StrokeWidth = c, 1.4
		return append(place(face, 0), line(0.5, 0.2, 0.5, 0.56), line(0.5, 0.52, 0.78, 0.52))
	case BangSign:
		stroke, dot := canvas.NewRectangle(c), canvas.NewRectangle(c)
		stroke.Move(fyne.NewPos(x+0.36*size, y))
		stroke.Resize(fyne.NewSize(0.28*size, 0.56*size))
		dot.Move(fyne.NewPos(x+0.36*size, y+0.76*size))
		dot.Resize(fyne.NewSize(0.28*size, 0.24*size))
		return []fyne.CanvasObject{stroke, dot}
	case BackSign:
		return []fyne.CanvasObject{line(0.02, 0.5, 0.98, 0.5), line(0.02, 0.5, 0.44, 0.1), line(0.02, 0.5, 0.44, 0.9)}
	case TwinSign:
		var both []fyne.CanvasObject
		for _, at := range [][2]float32{{0, 0}, {0.32, 0.32}} {
			one := canvas.NewRectangle(color.Transparent)
			one.StrokeColor, one.StrokeWidth = c, 1.3
			one.Move(fyne.NewPos(x+at[0]*size, y+at[1]*size))
			one.Resize(fyne.NewSquareSize(0.68 * size))
			both = append(both, one)
		}
		return both
	}
	ring := canvas.NewCircle(color.Transparent)
	ring.StrokeColor, ring.StrokeWidth = c, 1.6
	return place(ring, 0.5)
}

type signIcon struct {
	widget.BaseWidget
	sign  Sign
	color fyne.ThemeColorName
}

func (i *signIcon) CreateRenderer() fyne.WidgetRenderer {
	return &signRenderer{i: i, objects: i.sign.Draw(0, (lineOf(theme.SizeNameText)-SignSize())/2, SignSize(), i.color)}
}

type signRenderer struct {
	i       *signIcon
	objects []fyne.CanvasObject
}

func (r *signRenderer) Layout(fyne.Size) {}
func (r *signRenderer) MinSize() fyne.Size {
	return fyne.NewSize(SignSize(), lineOf(theme.SizeNameText))
}
func (r *signRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *signRenderer) Destroy()                     {}
func (r *signRenderer) Refresh()                     {}

// Marked is a paragraph behind a sign of its colour.
func Marked(sign Sign, p *Paragraph) *fyne.Container {
	icon := &signIcon{sign: sign, color: p.Color}
	icon.ExtendBaseWidget(icon)
	return Row(7, Cell{Object: Column(0, icon)}, Cell{Object: p, Min: 20, Weight: 1})
}
