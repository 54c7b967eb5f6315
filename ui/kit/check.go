package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"image/color"
)

// Check is a box to tick beside text that wraps.
type Check struct {
	widget.BaseWidget
	Title   string
	Sub     string
	OnTick  func(on bool)
	OnFocus func()
	OnEnter func()

	on, focused, bad bool
}

// NewCheck is not ticked.
func NewCheck(title, sub string) *Check {
	c := &Check{Title: title, Sub: sub}
	c.ExtendBaseWidget(c)
	return c
}

// On tells whether it is ticked.
func (c *Check) On() bool { return c.on }

// Set shows it ticked or not and tells nobody.
func (c *Check) Set(on, bad bool) {
	if c.on != on || c.bad != bad {
		c.on, c.bad = on, bad
		c.Refresh()
	}
}

func (c *Check) toggle() {
	c.on = !c.on
	c.Refresh()
	if c.OnTick != nil {
		c.OnTick(c.on)
	}
}

// Tapped is for Fyne.
func (c *Check) Tapped(*fyne.PointEvent) {
	if cv := CanvasOf(c); cv != nil {
		cv.Focus(c)
	}
	c.toggle()
}

// FocusGained is for Fyne.
func (c *Check) FocusGained() {
	c.focused = true
	c.Refresh()
	if c.OnFocus != nil {
		c.OnFocus()
	}
}

// FocusLost is for Fyne.
func (c *Check) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune is for Fyne.
func (c *Check) TypedRune(rune) {}

// TypedKey is for Fyne.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace:
		c.toggle()
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.OnEnter != nil {
			c.OnEnter()
		}
	}
}

const checkRoom = 28

func (c *Check) lines(width float32) (title, sub []string) {
	title = Wrap(c.Title, width-checkRoom*scale(), sizeOf(theme.SizeNameText), fyne.TextStyle{})
	if c.Sub != "" {
		sub = Wrap(c.Sub, width-checkRoom*scale(), sizeOf(theme.SizeNameCaptionText), fyne.TextStyle{})
	}
	return title, sub
}

// HeightFor is for our layouts.
func (c *Check) HeightFor(width float32) float32 {
	title, sub := c.lines(width)
	return float32(len(title))*lineOf(theme.SizeNameText) + float32(len(sub))*lineOf(theme.SizeNameCaptionText) + 10
}

func lineOf(name fyne.ThemeSizeName) float32 {
	return fyne.MeasureText("Ặg", sizeOf(name), fyne.TextStyle{}).Height
}

// MinSize is for Fyne.
func (c *Check) MinSize() fyne.Size {
	w := c.Size().Width
	if w == 0 {
		w = 300
	}
	return fyne.NewSize(100, c.HeightFor(w))
}

// CreateRenderer is for Fyne.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &checkRenderer{c: c}
	r.draw()
	return r
}

type checkRenderer struct {
	c       *Check
	objects []fyne.CanvasObject
}

func (r *checkRenderer) draw() {
	c := r.c
	r.objects = r.objects[:0]
	put := func(o fyne.CanvasObject, x, y float32, s fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(s)
		r.objects = append(r.objects, o)
	}
	line := lineOf(theme.SizeNameText)
	box := canvas.NewRectangle(colorOf(Surface))
	box.StrokeColor, box.StrokeWidth, box.CornerRadius = colorOf(Edge), 1.2, 3
	if c.bad {
		box.StrokeColor = colorOf(Red)
	}
	if c.on {
		box.FillColor, box.StrokeColor = colorOf(Accent), colorOf(Accent)
	}
	side := scale()
	y := 5 + line/2 - 9*side
	put(box, 1, y, fyne.NewSquareSize(18*side))
	if c.on {
		for _, l := range [][4]float32{{4, 9.5, 8, 13.5}, {8, 13.5, 14.5, 5}} {
			stroke := canvas.NewLine(colorOf(OnNavy))
			stroke.StrokeWidth = 2 * side
			stroke.Position1, stroke.Position2 = fyne.NewPos(1+l[0]*side, y+l[1]*side), fyne.NewPos(1+l[2]*side, y+l[3]*side)
			r.objects = append(r.objects, stroke)
		}
	}
	title, sub := c.lines(c.Size().Width)
	at := float32(5)
	for _, s := range title {
		t := canvas.NewText(s, colorOf(Ink))
		t.TextSize = sizeOf(theme.SizeNameText)
		put(t, checkRoom*scale(), at, t.MinSize())
		at += line
	}
	for _, s := range sub {
		t := canvas.NewText(s, colorOf(Muted))
		t.TextSize = sizeOf(theme.SizeNameCaptionText)
		put(t, checkRoom*scale(), at, t.MinSize())
		at += lineOf(theme.SizeNameCaptionText)
	}
	if c.focused {
		ring := canvas.NewRectangle(color.Transparent)
		ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(Ring), 2, 4
		put(ring, -3, 1, fyne.NewSize(c.Size().Width+4, c.Size().Height-2))
	}
}

func (r *checkRenderer) Layout(fyne.Size)             { r.draw() }
func (r *checkRenderer) MinSize() fyne.Size           { return r.c.MinSize() }
func (r *checkRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *checkRenderer) Destroy()                     {}
func (r *checkRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.c) }
