package day

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// tiles are the sections of the report with the number of acts in each, all in sight: one stop of the Tab key, arrows move. The chosen one
// differs by an edge and a bar below, not by colour alone; one without acts stays, and stays quiet.
type tiles struct {
	widget.BaseWidget
	OnPick  func(dossier.DaySection)
	OnLeave func() // down, to the rows

	all     []Tile
	at      dossier.DaySection
	focused bool
}

func newTiles() *tiles {
	t := &tiles{}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tiles) set(all []Tile, at dossier.DaySection) {
	t.all, t.at = all, at
	t.Refresh()
}

func (t *tiles) index() int {
	for i, one := range t.all {
		if one.Section == t.at {
			return i
		}
	}
	return 0
}

func (t *tiles) pick(i int) {
	if n := len(t.all); n > 0 {
		t.OnPick(t.all[(i+n)%n].Section)
	}
}

// FocusGained is for Fyne.
func (t *tiles) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost is for Fyne.
func (t *tiles) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune is for Fyne.
func (t *tiles) TypedRune(rune) {}

// TypedKey is for Fyne.
func (t *tiles) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		t.pick(t.index() - 1)
	case fyne.KeyRight:
		t.pick(t.index() + 1)
	case fyne.KeyHome:
		t.pick(0)
	case fyne.KeyEnd:
		t.pick(-1)
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		t.OnLeave()
	}
}

// Tapped is for Fyne.
func (t *tiles) Tapped(e *fyne.PointEvent) {
	g := t.grid(t.Size().Width)
	for i := range t.all {
		if at := g.place(i); e.Position.X >= at.X && e.Position.X < at.X+g.size.Width && e.Position.Y >= at.Y && e.Position.Y < at.Y+g.size.Height {
			t.pick(i)
		}
	}
}

const tileGap, tilePad = 6, 8

// grid is how the tiles stand at a width: in one row or two where their names have room in two lines, else flat.
type grid struct {
	cols  int
	size  fyne.Size
	names [][]string
	flat  bool // large letters: number and name on one line, and no key
}

func (g grid) place(i int) fyne.Position {
	return fyne.NewPos(float32(i%g.cols)*(g.size.Width+tileGap), float32(i/g.cols)*(g.size.Height+tileGap))
}

func (t *tiles) grid(width float32) grid {
	var g grid
	name, count := size(theme.SizeNameCaptionText), size(theme.SizeNameSubHeadingText)
	for _, g.cols = range []int{10, 5} {
		g.size.Width = (width - tileGap*float32(g.cols-1)) / float32(g.cols)
		room, lines, fits := g.size.Width-2*tilePad, 1, true
		g.names = nil
		for i, one := range t.all {
			words := kit.Wrap(one.Title, room, name, fyne.TextStyle{Bold: true})
			for _, line := range words {
				fits = fits && measure(line, name, true) <= room
			}
			g.names, lines = append(g.names, words), max(lines, len(words))
			fits = fits && measure(strconv.Itoa(one.N), count, true)+measure("Ctrl+"+tileKeys[i], size(kit.Small), false)+10 <= room
		}
		g.size.Height = height(count) + float32(lines)*height(name) + 10
		if fits && lines <= 2 {
			return g
		}
	}
	g.flat, g.size.Height = true, height(name)+10
	for _, g.cols = range []int{5, 4, 3, 2, 1} {
		g.size.Width = (width - tileGap*float32(g.cols-1)) / float32(g.cols)
		fits := true
		for i, one := range t.all {
			g.names[i] = []string{one.Title}
			fits = fits && measure(strconv.Itoa(one.N), name, true)+7+measure(one.Title, name, true)+2*tilePad <= g.size.Width
		}
		if fits {
			break
		}
	}
	return g
}

// HeightFor is for our layouts.
func (t *tiles) HeightFor(width float32) float32 {
	if len(t.all) == 0 {
		return 0
	}
	g := t.grid(width)
	return g.place(len(t.all)-1).Y + g.size.Height
}

// MinSize is for Fyne.
func (t *tiles) MinSize() fyne.Size { return fyne.NewSize(300, t.HeightFor(max(t.Size().Width, 300))) }

// CreateRenderer is for Fyne.
func (t *tiles) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &tilesRenderer{t: t}
	r.draw()
	return r
}

type tilesRenderer struct {
	t       *tiles
	objects []fyne.CanvasObject
}

func (r *tilesRenderer) put(o fyne.CanvasObject, x, y float32, size fyne.Size) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(size)
	r.objects = append(r.objects, o)
}

func (r *tilesRenderer) text(words string, x, y, letters float32, bold bool, c fyne.ThemeColorName) {
	text := canvas.NewText(words, paint(c))
	text.TextSize, text.TextStyle.Bold = letters, bold
	r.put(text, x, y, text.MinSize())
}

func (r *tilesRenderer) draw() {
	t := r.t
	r.objects = r.objects[:0]
	if len(t.all) == 0 {
		return
	}
	g := t.grid(t.Size().Width)
	name, count, key := size(theme.SizeNameCaptionText), size(theme.SizeNameSubHeadingText), size(kit.Small)
	for i, one := range t.all {
		at, chosen, empty := g.place(i), one.Section == t.at, one.N == 0
		back := canvas.NewRectangle(paint(kit.Surface))
		back.StrokeColor, back.StrokeWidth, back.CornerRadius = paint(kit.Hairline), 1, 4
		ink := kit.Ink
		if empty {
			ink = kit.Muted
		} else {
			back.StrokeColor = paint(kit.Edge)
		}
		if chosen {
			back.FillColor, back.StrokeColor, back.StrokeWidth = paint(kit.Soft), paint(kit.Accent), 1.5
		}
		r.put(back, at.X, at.Y, g.size)
		if chosen {
			r.put(canvas.NewRectangle(paint(kit.Accent)), at.X+1, at.Y+g.size.Height-4, fyne.NewSize(g.size.Width-2, 4))
		}
		if g.flat {
			number := strconv.Itoa(one.N)
			r.text(number, at.X+tilePad, at.Y+4, name, !empty, ink)
			r.text(one.Title, at.X+tilePad+measure(number, name, true)+7, at.Y+4, name, chosen, ink)
			r.ring(chosen, at, g.size)
			continue
		}
		r.text(strconv.Itoa(one.N), at.X+tilePad, at.Y+3, count, !empty, ink)
		cap := "Ctrl+" + tileKeys[i]
		r.text(cap, at.X+g.size.Width-tilePad-measure(cap, key, false), at.Y+3+(height(count)-height(key))/2, key, false, kit.Muted)
		for n, line := range g.names[i] {
			r.text(line, at.X+tilePad, at.Y+3+height(count)+float32(n)*height(name), name, chosen, ink)
		}
		r.ring(chosen, at, g.size)
	}
}

func (r *tilesRenderer) ring(chosen bool, at fyne.Position, size fyne.Size) {
	if chosen && r.t.focused {
		ring := canvas.NewRectangle(color.Transparent)
		ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = paint(kit.Ring), 2, 6
		r.put(ring, at.X-2.5, at.Y-2.5, size.AddWidthHeight(5, 5))
	}
}

func (r *tilesRenderer) Layout(fyne.Size)             { r.draw() }
func (r *tilesRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *tilesRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tilesRenderer) Destroy()                     {}
func (r *tilesRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.t) }

func paint(name fyne.ThemeColorName) color.Color {
	return fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight)
}

func size(name fyne.ThemeSizeName) float32 { return fyne.CurrentApp().Settings().Theme().Size(name) }

func measure(text string, letters float32, bold bool) float32 {
	return fyne.MeasureText(text, letters, fyne.TextStyle{Bold: bold}).Width
}

func height(letters float32) float32 {
	return fyne.MeasureText("Ặg", letters, fyne.TextStyle{}).Height
}
