package kit

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// MenuItem is one line of a menu.
type MenuItem struct {
	Title string
	Sub   string // smaller, below
	Why   string // it cannot be chosen, because
}

// Menu is a short list to choose one thing from: one stop of the Tab key, arrows move over what can be chosen, Enter chooses, a digit
// chooses at once. What cannot be chosen is grey and says why.
type Menu struct {
	widget.BaseWidget
	OnPick func(i int)
	OnMove func(from, height float32) // another item is marked: a screen that scrolls brings that part into sight
	OnRune func(r rune)               // every character typed: the screen makes a choice of a digit, because a card reader types digits too

	items   []MenuItem
	at      int
	focused bool
}

// NewMenu is empty.
func NewMenu() *Menu {
	m := &Menu{}
	m.ExtendBaseWidget(m)
	return m
}

// SetItems changes what there is; the first that can be chosen is marked.
func (m *Menu) SetItems(items []MenuItem) {
	m.items, m.at = items, -1
	m.step(1)
	m.Refresh()
}

// Digit is the item of that digit, -1 for none: those that can be chosen are numbered from 1, the tenth with 0.
func (m *Menu) Digit(r rune) int {
	n := int(r - '0')
	if n == 0 {
		n = 10
	}
	for i, item := range m.items {
		if item.Why == "" {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

func (m *Menu) step(by int) {
	for i := m.at + by; i >= 0 && i < len(m.items); i += by {
		if m.items[i].Why == "" {
			m.at = i
			m.Refresh()
			if m.OnMove != nil && m.focused {
				c := m.cells(m.Size().Width)[i]
				m.OnMove(c.y, c.height)
			}
			return
		}
	}
}

func (m *Menu) pick(i int) {
	if i >= 0 && i < len(m.items) && m.items[i].Why == "" && m.OnPick != nil {
		m.OnPick(i)
	}
}

// FocusGained is for Fyne.
func (m *Menu) FocusGained() { m.focused = true; m.Refresh() }

// FocusLost is for Fyne.
func (m *Menu) FocusLost() { m.focused = false; m.Refresh() }

// TypedRune is for Fyne.
func (m *Menu) TypedRune(r rune) {
	if m.OnRune != nil {
		m.OnRune(r)
	}
}

// TypedKey is for Fyne.
func (m *Menu) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		m.step(1)
	case fyne.KeyUp:
		m.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.pick(m.at)
	}
}

// Tapped is for Fyne.
func (m *Menu) Tapped(e *fyne.PointEvent) {
	for i, c := range m.cells(m.Size().Width) {
		if e.Position.Y >= c.y && e.Position.Y < c.y+c.height {
			m.pick(i)
			return
		}
	}
}

type menuCell struct {
	y, height       float32
	title, sub, why []string
}

const menuGap, menuPad, digitRoom = 6, 10, 32

func (m *Menu) cells(width float32) []menuCell {
	title, small := lineOf(theme.SizeNameText), lineOf(theme.SizeNameCaptionText)
	var y float32
	out := make([]menuCell, len(m.items))
	for i, item := range m.items {
		room := width - 2*menuPad - digitRoom
		if item.Why != "" {
			room = width - 2*menuPad
		}
		wrap := func(text string, size fyne.ThemeSizeName) []string {
			if text == "" {
				return nil
			}
			return Wrap(text, room, sizeOf(size), fyne.TextStyle{})
		}
		c := menuCell{y: y, title: wrap(item.Title, theme.SizeNameText), sub: wrap(item.Sub, theme.SizeNameCaptionText), why: wrap(item.Why, theme.SizeNameCaptionText)}
		c.height = float32(len(c.title))*title + float32(len(c.sub)+len(c.why))*small + 14
		if item.Why != "" {
			c.height -= 8
		}
		out[i] = c
		y += c.height + menuGap
	}
	return out
}

// HeightFor is for our layouts.
func (m *Menu) HeightFor(width float32) float32 {
	cells := m.cells(width)
	if len(cells) == 0 {
		return 0
	}
	last := cells[len(cells)-1]
	return last.y + last.height
}

// MinSize is for Fyne.
func (m *Menu) MinSize() fyne.Size {
	return fyne.NewSize(120, m.HeightFor(max(m.Size().Width, 300)))
}

// CreateRenderer is for Fyne.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	r := &menuRenderer{m: m}
	r.draw()
	return r
}

type menuRenderer struct {
	m       *Menu
	objects []fyne.CanvasObject
}

func (r *menuRenderer) draw() {
	m := r.m
	r.objects = r.objects[:0]
	put := func(o fyne.CanvasObject, x, y float32, s fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(s)
		r.objects = append(r.objects, o)
	}
	width, digit := m.Size().Width, 0
	for i, c := range m.cells(width) {
		can := m.items[i].Why == ""
		x, y, ink := float32(menuPad), c.y+7, Ink
		if can {
			back := canvas.NewRectangle(colorOf(Surface))
			back.StrokeColor, back.StrokeWidth, back.CornerRadius = colorOf(Edge), 1, 4
			if i == m.at {
				back.FillColor, back.StrokeColor, back.StrokeWidth = colorOf(Soft), colorOf(Accent), 1.5
			}
			put(back, 0, c.y, fyne.NewSize(width, c.height))
			if digit++; digit <= 10 {
				k := canvas.NewText(fmt.Sprint(digit%10), colorOf(Muted))
				k.TextSize = sizeOf(Small)
				s := k.MinSize()
				cap := canvas.NewRectangle(color.Transparent)
				cap.StrokeColor, cap.StrokeWidth, cap.CornerRadius = colorOf(Edge), 1, 3
				ky := y + (lineOf(theme.SizeNameText)-s.Height)/2
				put(cap, x, ky-1, s.AddWidthHeight(2*capPad, 2))
				put(k, x+capPad, ky, s)
			}
			x += digitRoom
		} else {
			ink, y = Muted, c.y+3
		}
		lines := func(texts []string, size fyne.ThemeSizeName, ink fyne.ThemeColorName) {
			for _, s := range texts {
				t := canvas.NewText(s, colorOf(ink))
				t.TextSize = sizeOf(size)
				put(t, x, y, t.MinSize())
				y += lineOf(size)
			}
		}
		lines(c.title, theme.SizeNameText, ink)
		lines(c.sub, theme.SizeNameCaptionText, Muted)
		lines(c.why, theme.SizeNameCaptionText, Muted)
		if m.focused && i == m.at {
			ring := canvas.NewRectangle(color.Transparent)
			ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(Ring), 2, 6
			put(ring, -2.5, c.y-2.5, fyne.NewSize(width+5, c.height+5))
		}
	}
}

func (r *menuRenderer) Layout(fyne.Size)             { r.draw() }
func (r *menuRenderer) MinSize() fyne.Size           { return r.m.MinSize() }
func (r *menuRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *menuRenderer) Destroy()                     {}
func (r *menuRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.m) }
