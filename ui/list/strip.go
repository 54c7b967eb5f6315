package list

import (
	"fmt"
	"image/color"
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// strip is the views with the number of rows in each, all in sight: one stop of the Tab key, arrows move. What has rows shows its sign and
// colour; what has none stays, and stays quiet. The chosen one differs by an edge and a bar below, not by colour alone.
type strip struct {
	widget.BaseWidget
	OnPick  func(dossier.View)
	OnLeave func() // down, to the rows

	at      dossier.View
	counts  map[dossier.View]int // nil while they are not known
	focused bool
	hovered int // -1 for none
	last    grid
}

func newStrip() *strip {
	s := &strip{hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

// Set shows which is chosen, and the counts.
func (s *strip) Set(at dossier.View, counts map[dossier.View]int) {
	if s.at == at && maps.Equal(s.counts, counts) && (s.counts == nil) == (counts == nil) {
		return
	}
	s.at, s.counts, s.last = at, counts, grid{}
	s.Refresh()
}

func (s *strip) pick(i int) { s.OnPick(heaps[(i+len(heaps))%len(heaps)].view) }

func (s *strip) index() int {
	for i, h := range heaps {
		if h.view == s.at {
			return i
		}
	}
	return 0
}

// FocusGained is for Fyne.
func (s *strip) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost is for Fyne.
func (s *strip) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune is for Fyne.
func (s *strip) TypedRune(rune) {}

// TypedKey is for Fyne.
func (s *strip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.pick(s.index() - 1)
	case fyne.KeyRight:
		s.pick(s.index() + 1)
	case fyne.KeyHome:
		s.pick(0)
	case fyne.KeyEnd:
		s.pick(-1)
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		s.OnLeave()
	}
}

func (s *strip) tileAt(p fyne.Position) int {
	g := s.grid(s.Size().Width)
	for i := range heaps {
		if at := g.place(i); p.X >= at.X && p.X < at.X+g.size.Width && p.Y >= at.Y && p.Y < at.Y+g.size.Height {
			return i
		}
	}
	return -1
}

// Tapped is for Fyne.
func (s *strip) Tapped(e *fyne.PointEvent) {
	if i := s.tileAt(e.Position); i >= 0 {
		s.pick(i)
	}
}

// MouseIn is for Fyne.
func (s *strip) MouseIn(e *mouse.MouseEvent) { s.MouseMoved(e) }

// MouseMoved is for Fyne.
func (s *strip) MouseMoved(e *mouse.MouseEvent) { s.hover(s.tileAt(e.Position)) }

// MouseOut is for Fyne.
func (s *strip) MouseOut() { s.hover(-1) }

func (s *strip) hover(i int) {
	if s.hovered != i {
		s.hovered = i
		s.Refresh()
	}
}

const tileGap, tilePad = 6, 7

// grid is how the tiles stand at a width: all beside one another where their names fit in two lines, else
// in rows, with shorter names where they are too long for one.
type grid struct {
	cols  int
	size  fyne.Size
	names [][]string
	ctrl  bool // there is room to write Ctrl on the keys

	width, letters float32 // it was worked out for
}

func (g grid) place(i int) fyne.Position {
	return fyne.NewPos(float32(i%g.cols)*(g.size.Width+tileGap), float32(i/g.cols)*(g.size.Height+tileGap))
}

func (s *strip) grid(width float32) grid {
	g := grid{width: width, letters: size(theme.SizeNameText)}
	if g.width == s.last.width && g.letters == s.last.letters {
		return s.last
	}
	name, count, key := size(theme.SizeNameCaptionText), size(theme.SizeNameText), size(kit.Small)
	for _, g.cols = range []int{len(heaps), 5, 3} {
		g.size.Width = (width - tileGap*float32(g.cols-1)) / float32(g.cols)
		room := g.size.Width - 2*tilePad
		lines, fits := 1, true
		g.names, g.ctrl = nil, true
		for i, h := range heaps {
			words := kit.Wrap(h.title, room, name, fyne.TextStyle{Bold: true})
			if g.cols < len(heaps) && len(words) > 1 {
				words = kit.Wrap(h.short, room, name, fyne.TextStyle{Bold: true})
			}
			for _, line := range words {
				fits = fits && measure(line, name, true) <= room
			}
			g.names, lines = append(g.names, words), max(lines, len(words))
			left := room - measure(s.number(h.view), count, true) - signRoom(h)
			fits = fits && left >= measure(keyOf(i, false), key, false)+2*capPad+4
			g.ctrl = g.ctrl && left >= measure(keyOf(i, true), key, false)+2*capPad+4
		}
		g.size.Height = measureHeight(count) + 3 + float32(lines)*measureHeight(name) + 11
		if fits && lines <= 2 {
			break
		}
	}
	s.last = g
	return g
}

func signRoom(h heap) float32 {
	if h.chip == nil {
		return 0
	}
	return kit.SignSize() + 6
}

func keyOf(i int, ctrl bool) string {
	if ctrl {
		return fmt.Sprintf("Ctrl+%d", i+1)
	}
	return fmt.Sprint(i + 1)
}

func (s *strip) number(v dossier.View) string {
	if s.counts == nil {
		return "…"
	}
	return Thousands(s.counts[v])
}

// HeightFor is for our layouts.
func (s *strip) HeightFor(width float32) float32 {
	g := s.grid(width)
	return g.place(len(heaps)-1).Y + g.size.Height
}

// MinSize is for Fyne.
func (s *strip) MinSize() fyne.Size {
	return fyne.NewSize(300, s.HeightFor(max(s.Size().Width, 300)))
}

// CreateRenderer is for Fyne.
func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &stripRenderer{s: s}
	r.draw()
	return r
}

type stripRenderer struct {
	s       *strip
	objects []fyne.CanvasObject
}

const capPad = 5

func (r *stripRenderer) put(o fyne.CanvasObject, x, y float32, size fyne.Size) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(size)
	r.objects = append(r.objects, o)
}

func (r *stripRenderer) text(words string, x, y, letters float32, bold bool, c fyne.ThemeColorName) {
	t := canvas.NewText(words, paint(c))
	t.TextSize, t.TextStyle.Bold = letters, bold
	r.put(t, x, y, t.MinSize())
}

func (r *stripRenderer) draw() {
	s := r.s
	r.objects = r.objects[:0]
	g := s.grid(s.Size().Width)
	name, count, key := size(theme.SizeNameCaptionText), size(theme.SizeNameText), size(kit.Small)
	for i, h := range heaps {
		at, chosen, empty := g.place(i), h.view == s.at, s.counts[h.view] == 0
		back := canvas.NewRectangle(paint(kit.Surface))
		back.StrokeColor, back.StrokeWidth, back.CornerRadius = paint(kit.Hairline), 1, 4
		if !empty {
			back.StrokeColor = paint(kit.Edge)
		}
		if chosen || i == s.hovered {
			back.FillColor = paint(kit.Soft)
		}
		if chosen {
			back.StrokeColor, back.StrokeWidth = paint(kit.Accent), 1.5
		}
		r.put(back, at.X, at.Y, g.size)
		if chosen {
			r.put(canvas.NewRectangle(paint(kit.Accent)), at.X+1, at.Y+g.size.Height-4, fyne.NewSize(g.size.Width-2, 4))
		}
		ink, strong := kit.Ink, !empty
		if h.chip != nil && !empty {
			ink = h.chip.Color
		} else if empty {
			ink = kit.Muted
		}
		x, y, line := at.X+tilePad, at.Y+4, measureHeight(count)
		if h.chip != nil {
			r.objects = append(r.objects, h.chip.Sign.Draw(x, y+(line-kit.SignSize())/2, kit.SignSize(), ink)...)
		}
		r.text(s.number(h.view), x+signRoom(h), y, count, strong, ink)
		cap := keyOf(i, g.ctrl)
		w, high := measure(cap, key, false), measureHeight(key)
		box := canvas.NewRectangle(color.Transparent)
		box.StrokeColor, box.StrokeWidth, box.CornerRadius = paint(kit.Edge), 1, 3
		right := at.X + g.size.Width - tilePad - w - capPad
		r.put(box, right-capPad, y+(line-high)/2-1, fyne.NewSize(w+2*capPad, high+2))
		r.text(cap, right, y+(line-high)/2, key, false, kit.Muted)
		words := kit.Ink
		if empty && !chosen {
			words = kit.Muted
		}
		for n, one := range g.names[i] {
			r.text(one, x, y+line+3+float32(n)*measureHeight(name), name, chosen, words)
		}
		if chosen && s.focused {
			ring := canvas.NewRectangle(color.Transparent)
			ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = paint(kit.Ring), 2, 6
			r.put(ring, at.X-2.5, at.Y-2.5, g.size.AddWidthHeight(5, 5))
		}
	}
}

func (r *stripRenderer) Layout(fyne.Size)             { r.draw() }
func (r *stripRenderer) MinSize() fyne.Size           { return r.s.MinSize() }
func (r *stripRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *stripRenderer) Destroy()                     {}
func (r *stripRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.s) }

func paint(name fyne.ThemeColorName) color.Color {
	return fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight)
}

func size(name fyne.ThemeSizeName) float32 {
	return fyne.CurrentApp().Settings().Theme().Size(name)
}

func measure(text string, letters float32, bold bool) float32 {
	return fyne.MeasureText(text, letters, fyne.TextStyle{Bold: bold}).Width
}

func measureHeight(letters float32) float32 {
	return fyne.MeasureText("Ặg", letters, fyne.TextStyle{}).Height
}
