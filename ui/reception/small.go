package reception

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/ui/kit"
)

func colorOf(name fyne.ThemeColorName) color.Color {
	return fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight)
}

func sizeOf(name fyne.ThemeSizeName) float32 { return fyne.CurrentApp().Settings().Theme().Size(name) }

func lineOf(name fyne.ThemeSizeName) float32 {
	return fyne.MeasureText("Ặg", sizeOf(name), fyne.TextStyle{}).Height
}

// aside is something that can be done besides, with its key. The Tab key goes by: who fills in the paper line by line does not need it, and
// who wants it has the key.
type aside struct {
	widget.BaseWidget
	text, key string
	tap       func()
	hovered   bool
}

func newAside(text, key string, tap func()) *aside {
	a := &aside{text: text, key: key, tap: tap}
	a.ExtendBaseWidget(a)
	return a
}

// Set changes what it says.
func (a *aside) Set(text string) {
	if a.text != text {
		a.text = text
		a.Refresh()
	}
}

// Tapped is for Fyne.
func (a *aside) Tapped(*fyne.PointEvent) { a.tap() }

// MouseIn is for Fyne.
func (a *aside) MouseIn(*mouse.MouseEvent) { a.hovered = true; a.Refresh() }

// MouseMoved is for Fyne.
func (a *aside) MouseMoved(*mouse.MouseEvent) {}

// MouseOut is for Fyne.
func (a *aside) MouseOut() { a.hovered = false; a.Refresh() }

const asidePad, asideGap = 6, 8

func (a *aside) keyWidth() float32 {
	return fyne.MeasureText(a.key, sizeOf(kit.Small), fyne.TextStyle{}).Width + 2*asidePad
}

func (a *aside) lines(width float32) []string {
	return kit.Wrap(a.text, width-a.keyWidth()-asideGap-2, sizeOf(theme.SizeNameCaptionText), fyne.TextStyle{})
}

// HeightFor is for our layouts.
func (a *aside) HeightFor(width float32) float32 {
	return float32(len(a.lines(width)))*lineOf(theme.SizeNameCaptionText) + 4
}

// MinSize is for Fyne.
func (a *aside) MinSize() fyne.Size { return fyne.NewSize(120, a.HeightFor(max(a.Size().Width, 200))) }

// CreateRenderer is for Fyne.
func (a *aside) CreateRenderer() fyne.WidgetRenderer {
	a.ExtendBaseWidget(a)
	return &drawn{o: a, draw: a.draw}
}

func (a *aside) draw(put func(o fyne.CanvasObject, x, y float32, s fyne.Size)) {
	ink := kit.Accent
	line, at := lineOf(theme.SizeNameCaptionText), float32(2)
	keySize := fyne.MeasureText(a.key, sizeOf(kit.Small), fyne.TextStyle{})
	cap := canvas.NewRectangle(color.Transparent)
	cap.StrokeColor, cap.StrokeWidth, cap.CornerRadius = colorOf(kit.Edge), 1, 3
	put(cap, 1, at+(line-keySize.Height)/2-1, fyne.NewSize(a.keyWidth(), keySize.Height+2))
	key := canvas.NewText(a.key, colorOf(kit.Muted))
	key.TextSize = sizeOf(kit.Small)
	put(key, 1+asidePad, at+(line-keySize.Height)/2, keySize)
	for _, text := range a.lines(a.Size().Width) {
		t := canvas.NewText(text, colorOf(ink))
		t.TextSize = sizeOf(theme.SizeNameCaptionText)
		put(t, a.keyWidth()+asideGap, at, t.MinSize())
		if a.hovered {
			under := canvas.NewRectangle(colorOf(ink))
			put(under, a.keyWidth()+asideGap, at+line-1, fyne.NewSize(t.MinSize().Width, 1))
		}
		at += line
	}
}

// drawn renders a widget that is made of flat shapes.
type drawn struct {
	o       fyne.Widget
	draw    func(put func(o fyne.CanvasObject, x, y float32, s fyne.Size))
	objects []fyne.CanvasObject
}

func (r *drawn) again() {
	r.objects = nil
	r.draw(func(o fyne.CanvasObject, x, y float32, s fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(s)
		r.objects = append(r.objects, o)
	})
}

func (r *drawn) Layout(fyne.Size)             { r.again() }
func (r *drawn) MinSize() fyne.Size           { return r.o.MinSize() }
func (r *drawn) Objects() []fyne.CanvasObject { return r.objects }
func (r *drawn) Destroy()                     {}
func (r *drawn) Refresh()                     { r.again(); canvas.Refresh(r.o) }

// visit is an earlier dossier: it opens when pressed. One that is still open has a filled dot, one that has ended an empty ring.
type visit struct {
	widget.BaseWidget
	line             EarlierLine
	tap              func()
	reveal           func(fyne.CanvasObject)
	focused, hovered bool
}

func newVisit(line EarlierLine, tap func(), reveal func(fyne.CanvasObject)) *visit {
	v := &visit{line: line, tap: tap, reveal: reveal}
	v.ExtendBaseWidget(v)
	return v
}

// Tapped is for Fyne.
func (v *visit) Tapped(*fyne.PointEvent) { v.tap() }

// FocusGained is for Fyne.
func (v *visit) FocusGained() { v.focused = true; v.Refresh(); v.reveal(v) }

// FocusLost is for Fyne.
func (v *visit) FocusLost() { v.focused = false; v.Refresh() }

// TypedRune is for Fyne.
func (v *visit) TypedRune(rune) {}

// TypedKey is for Fyne.
func (v *visit) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		v.tap()
	}
}

// MouseIn is for Fyne.
func (v *visit) MouseIn(*mouse.MouseEvent) { v.hovered = true; v.Refresh() }

// MouseMoved is for Fyne.
func (v *visit) MouseMoved(*mouse.MouseEvent) {}

// MouseOut is for Fyne.
func (v *visit) MouseOut() { v.hovered = false; v.Refresh() }

const visitRoom = 18

func (v *visit) lines(width float32) (head, text []string) {
	return kit.Wrap(v.line.Head, width-visitRoom, sizeOf(theme.SizeNameText), fyne.TextStyle{}),
		kit.Wrap(v.line.Text, width-visitRoom, sizeOf(theme.SizeNameCaptionText), fyne.TextStyle{})
}

// HeightFor is for our layouts.
func (v *visit) HeightFor(width float32) float32 {
	head, text := v.lines(width)
	return float32(len(head))*lineOf(theme.SizeNameText) + float32(len(text))*lineOf(theme.SizeNameCaptionText) + 8
}

// MinSize is for Fyne.
func (v *visit) MinSize() fyne.Size { return fyne.NewSize(80, v.HeightFor(max(v.Size().Width, 200))) }

// CreateRenderer is for Fyne.
func (v *visit) CreateRenderer() fyne.WidgetRenderer {
	v.ExtendBaseWidget(v)
	return &drawn{o: v, draw: v.draw}
}

func (v *visit) draw(put func(o fyne.CanvasObject, x, y float32, s fyne.Size)) {
	if v.hovered {
		put(canvas.NewRectangle(colorOf(kit.Soft)), 0, 0, v.Size())
	}
	line := lineOf(theme.SizeNameText)
	dot := canvas.NewCircle(color.Transparent)
	dot.StrokeColor, dot.StrokeWidth = colorOf(kit.Muted), 1.4
	if v.line.Open {
		dot.FillColor, dot.StrokeColor = colorOf(kit.Amber), colorOf(kit.Amber)
	}
	put(dot, 1, 4+line/2-5, fyne.NewSize(10, 10))
	head, text := v.lines(v.Size().Width)
	at := float32(4)
	for _, s := range head {
		t := canvas.NewText(s, colorOf(kit.Accent))
		t.TextSize = sizeOf(theme.SizeNameText)
		put(t, visitRoom, at, t.MinSize())
		at += line
	}
	for _, s := range text {
		t := canvas.NewText(s, colorOf(kit.Muted))
		t.TextSize = sizeOf(theme.SizeNameCaptionText)
		put(t, visitRoom, at, t.MinSize())
		at += lineOf(theme.SizeNameCaptionText)
	}
	if v.focused {
		ring := canvas.NewRectangle(color.Transparent)
		ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(kit.Ring), 2, 4
		put(ring, -3, 0, fyne.NewSize(v.Size().Width+6, v.Size().Height))
	}
}
