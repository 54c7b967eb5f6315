package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"image/color"
)

// Look is how much a button wants to be pressed.
type Look int

const (
	Plain   Look = iota // one of several things to do
	Primary             // the thing to do
	Danger              // cannot be taken back
	Tab                 // on the head of the window
)

// Button shows its key beside its words, a ring when it has the focus, and takes Space and Enter.
type Button struct {
	widget.BaseWidget
	Text    string
	Key     string // as the button shows it
	Look    Look
	Left    bool // words at the left, key at the right
	Current bool // of a Tab: this screen is shown
	OnTap   func()
	OnFocus func() // it has come into focus: a screen that scrolls brings it into sight

	disabled, focused, hovered bool
}

// NewButton is a button.
func NewButton(text, key string, look Look, tap func()) *Button {
	b := &Button{Text: text, Key: key, Look: look, OnTap: tap}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes what it says.
func (b *Button) Set(text string) {
	if b.Text != text {
		b.Text = text
		b.Refresh()
	}
}

// Enable and Disable as for any Disableable; a disabled one keeps no focus.
func (b *Button) Enable() { b.SetEnabled(true) }

// Disable greys it.
func (b *Button) Disable() { b.SetEnabled(false) }

// Disabled tells whether it is grey.
func (b *Button) Disabled() bool { return b.disabled }

// SetEnabled is Enable or Disable.
func (b *Button) SetEnabled(on bool) {
	if b.disabled == !on {
		return
	}
	b.disabled = !on
	b.Refresh()
}

// Press does what tapping does.
func (b *Button) Press() {
	if !b.disabled && b.OnTap != nil {
		b.OnTap()
	}
}

// Tapped is for Fyne.
func (b *Button) Tapped(*fyne.PointEvent) { b.Press() }

// FocusGained is for Fyne.
func (b *Button) FocusGained() {
	b.focused = true
	b.Refresh()
	if b.OnFocus != nil {
		b.OnFocus()
	}
}

// FocusLost is for Fyne.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// TypedRune is for Fyne.
func (b *Button) TypedRune(rune) {}

// TypedKey is for Fyne.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Press()
	}
}

// MouseIn is for Fyne.
func (b *Button) MouseIn(*mouse.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved is for Fyne.
func (b *Button) MouseMoved(*mouse.MouseEvent) {}

// MouseOut is for Fyne.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// CreateRenderer is for Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	r := &buttonRenderer{b: b, back: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent), cap: canvas.NewRectangle(color.Transparent),
		text: canvas.NewText("", nil), key: canvas.NewText("", nil), mark: canvas.NewRectangle(color.Transparent)}
	r.back.CornerRadius, r.ring.CornerRadius, r.cap.CornerRadius = 4, 6, 3
	r.look()
	return r
}

type buttonRenderer struct {
	b                     *Button
	back, ring, cap, mark *canvas.Rectangle
	text, key             *canvas.Text
}

func (r *buttonRenderer) look() {
	b := r.b
	fill, edge, ink, dim := Surface, Edge, Ink, Muted
	switch b.Look {
	case Primary:
		fill, edge, ink, dim = Accent, Accent, OnNavy, OnNavy
	case Danger:
		fill, edge, ink, dim = Surface, Red, Red, Red
	case Tab:
		fill, edge, ink, dim = Navy, "", OnNavyDim, OnNavyDim
		if b.Current {
			ink = OnNavy
		}
	}
	if b.disabled {
		fill, edge, ink, dim = theme.ColorNameBackground, Hairline, Muted, Muted
	}
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = colorOf(fill), nil, 0
	if b.Look == Tab && !b.disabled {
		r.back.FillColor = color.Transparent // it stands on the bar's own ground; a rounded box nobody sees costs a draw each frame
	}
	if edge != "" {
		r.back.StrokeColor, r.back.StrokeWidth = colorOf(edge), 1
	}
	if b.hovered && !b.disabled {
		switch b.Look {
		case Primary:
			r.back.FillColor = colorOf(Ring)
		case Tab:
			ink = OnNavy
		default:
			r.back.FillColor = colorOf(Soft)
		}
	}
	r.ring.StrokeColor, r.ring.StrokeWidth = nil, 0
	if b.focused {
		r.ring.StrokeColor, r.ring.StrokeWidth = colorOf(Ring), 2
		if b.Look == Tab {
			r.ring.StrokeColor = colorOf(OnNavy)
		}
	}
	r.mark.FillColor = colorOf(OnNavy)
	r.mark.Hidden = !(b.Look == Tab && b.Current)
	r.text.Text, r.text.Color, r.text.TextSize = b.Text, colorOf(ink), sizeOf(theme.SizeNameText)
	r.text.TextStyle.Bold = b.Look == Primary || b.Look == Tab && b.Current
	r.key.Text, r.key.Color, r.key.TextSize = b.Key, colorOf(dim), sizeOf(Small)
	r.cap.StrokeColor, r.cap.StrokeWidth = colorOf(dim), 1
	r.key.Hidden, r.cap.Hidden = b.Key == "", b.Key == ""
}

const buttonPad, capPad, capGap float32 = 13, 6, 9

func (r *buttonRenderer) MinSize() fyne.Size {
	text := fyne.MeasureText(r.b.Text, r.text.TextSize, fyne.TextStyle{Bold: r.b.Look == Primary || r.b.Look == Tab})
	w := text.Width + 2*buttonPad
	if r.b.Key != "" {
		w += capGap + r.key.MinSize().Width + 2*capPad
	}
	return fyne.NewSize(w, text.Height+16)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.ring.Move(fyne.NewPos(-3, -3))
	r.ring.Resize(size.AddWidthHeight(6, 6))
	if r.b.Look == Tab || r.b.Left {
		r.ring.Move(fyne.NewPos(0, 0))
		r.ring.Resize(size)
	}
	r.mark.Move(fyne.NewPos(0, size.Height-3))
	r.mark.Resize(fyne.NewSize(size.Width, 3))
	keyWidth := float32(0)
	if r.b.Key != "" {
		keyWidth = capGap + r.key.MinSize().Width + 2*capPad
	}
	r.text.Text = Cut(r.b.Text, size.Width-2*buttonPad-keyWidth+1, r.text.TextSize, r.text.TextStyle)
	text := r.text.MinSize()
	x := (size.Width - text.Width - keyWidth) / 2
	keyAt := x + text.Width + capGap
	if r.b.Left {
		x = buttonPad
		keyAt = size.Width - buttonPad - keyWidth + capGap
	}
	r.text.Move(fyne.NewPos(x, (size.Height-text.Height)/2))
	r.text.Resize(text)
	if r.b.Key == "" {
		return
	}
	key := r.key.MinSize()
	r.cap.Move(fyne.NewPos(keyAt, (size.Height-key.Height)/2-1))
	r.cap.Resize(key.AddWidthHeight(2*capPad, 2))
	r.key.Move(fyne.NewPos(keyAt+capPad, (size.Height-key.Height)/2))
	r.key.Resize(key)
}

func (r *buttonRenderer) Refresh() {
	r.look()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.mark, r.text, r.cap, r.key, r.ring}
}

func (r *buttonRenderer) Destroy() {}
