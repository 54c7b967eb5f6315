package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"image/color"
)

// LinkLine is a line of a list of things to do: text that wraps, behind an empty box, and that leads somewhere when pressed.
type LinkLine struct {
	widget.BaseWidget
	Text    string
	OnTap   func()
	focused bool
	hovered bool
}

// NewLinkLine is one line.
func NewLinkLine(text string, tap func()) *LinkLine {
	l := &LinkLine{Text: text, OnTap: tap}
	l.ExtendBaseWidget(l)
	return l
}

// Tapped is for Fyne.
func (l *LinkLine) Tapped(*fyne.PointEvent) {
	if l.OnTap != nil {
		l.OnTap()
	}
}

// FocusGained is for Fyne.
func (l *LinkLine) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost is for Fyne.
func (l *LinkLine) FocusLost() { l.focused = false; l.Refresh() }

// TypedRune is for Fyne.
func (l *LinkLine) TypedRune(rune) {}

// TypedKey is for Fyne.
func (l *LinkLine) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		l.Tapped(nil)
	}
}

// MouseIn is for Fyne.
func (l *LinkLine) MouseIn(*mouse.MouseEvent) { l.hovered = true; l.Refresh() }

// MouseMoved is for Fyne.
func (l *LinkLine) MouseMoved(*mouse.MouseEvent) {}

// MouseOut is for Fyne.
func (l *LinkLine) MouseOut() { l.hovered = false; l.Refresh() }

const linkRoom = 22

// HeightFor is for our layouts.
func (l *LinkLine) HeightFor(width float32) float32 {
	return float32(len(Wrap(l.Text, width-linkRoom, sizeOf(theme.SizeNameText), fyne.TextStyle{})))*lineOf(theme.SizeNameText) + 6
}

// MinSize is for Fyne.
func (l *LinkLine) MinSize() fyne.Size {
	return fyne.NewSize(80, l.HeightFor(max(l.Size().Width, 200)))
}

// CreateRenderer is for Fyne.
func (l *LinkLine) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	r := &linkRenderer{l: l}
	r.draw()
	return r
}

type linkRenderer struct {
	l       *LinkLine
	objects []fyne.CanvasObject
}

func (r *linkRenderer) draw() {
	l := r.l
	r.objects = r.objects[:0]
	put := func(o fyne.CanvasObject, x, y float32, s fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(s)
		r.objects = append(r.objects, o)
	}
	line := lineOf(theme.SizeNameText)
	if l.hovered {
		put(canvas.NewRectangle(colorOf(Soft)), 0, 0, l.Size())
	}
	box := canvas.NewRectangle(color.Transparent)
	box.StrokeColor, box.StrokeWidth, box.CornerRadius = colorOf(Edge), 1.2, 2
	put(box, 3, 3+line/2-6, fyne.NewSize(12, 12))
	for i, s := range Wrap(l.Text, l.Size().Width-linkRoom, sizeOf(theme.SizeNameText), fyne.TextStyle{}) {
		t := canvas.NewText(s, colorOf(Accent))
		t.TextSize = sizeOf(theme.SizeNameText)
		put(t, linkRoom, 3+float32(i)*line, t.MinSize())
	}
	if l.focused {
		ring := canvas.NewRectangle(color.Transparent)
		ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(Ring), 2, 4
		put(ring, 0, 0, l.Size())
	}
}

func (r *linkRenderer) Layout(fyne.Size)             { r.draw() }
func (r *linkRenderer) MinSize() fyne.Size           { return r.l.MinSize() }
func (r *linkRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *linkRenderer) Destroy()                     {}
func (r *linkRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.l) }
