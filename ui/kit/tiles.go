package kit

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tile is one heap to choose, and how much is in it.
type Tile struct {
	Title string
	Short string // where the title is too long for a line; "" for none
	Count string
	Empty bool   // it stays, and stays quiet
	Chip  *Chip  // its sign and colour, once there is something in it; nil for none
	Key   string // that chooses it, with Ctrl
}

// Tiles are heaps with the number in each, all in sight: one stop of the Tab key, arrows move. The chosen one differs by an edge and a bar
// below, not by colour alone.
type Tiles struct {
	widget.BaseWidget
	OnPick    func(i int)
	OnLeave   func() // down, to what they are heaps of
	CountSize fyne.ThemeSizeName

	all     []Tile
	at      int
	focused bool
	hovered int // -1 for none
	last    tileGrid
}

// NewTiles has none.
func NewTiles() *Tiles {
	t := &Tiles{CountSize: theme.SizeNameText, hovered: -1}
	t.ExtendBaseWidget(t)
	return t
}

// Set shows them, and which is chosen.
func (t *Tiles) Set(all []Tile, at int) {
	if t.at == at && slices.Equal(t.all, all) {
		return
	}
	t.all, t.at, t.last = all, at, tileGrid{}
	t.Refresh()
}

func (t *Tiles) pick(i int) {
	if n := len(t.all); n > 0 {
		t.OnPick((i + n) % n)
	}
}

// FocusGained is for Fyne.
func (t *Tiles) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost is for Fyne.
func (t *Tiles) FocusLost() { t.focused = false; t.Refresh() }

// TypedRune is for Fyne.
func (t *Tiles) TypedRune(rune) {}

// TypedKey is for Fyne.
func (t *Tiles) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		t.pick(t.at - 1)
	case fyne.KeyRight:
		t.pick(t.at + 1)
	case fyne.KeyHome:
		t.pick(0)
	case fyne.KeyEnd:
		t.pick(-1)
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		t.OnLeave()
	}
}

func (t *Tiles) tileAt(p fyne.Position) int {
	g := t.grid(t.Size().Width)
	for i := range t.all {
		if at := g.place(i); p.X >= at.X && p.X < at.X+g.size.Width && p.Y >= at.Y && p.Y < at.Y+g.size.Height {
			return i
		}
	}
	return -1
}

// Tapped is for Fyne.
func (t *Tiles) Tapped(e *fyne.PointEvent) {
	if i := t.tileAt(e.Position); i >= 0 {
		t.pick(i)
	}
}

// MouseIn is for Fyne.
func (t *Tiles) MouseIn(e *mouse.MouseEvent) { t.MouseMoved(e) }

// MouseMoved is for Fyne.
func (t *Tiles) MouseMoved(e *mouse.MouseEvent) { t.hover(t.tileAt(e.Position)) }

// MouseOut is for Fyne.
func (t *Tiles) MouseOut() { t.hover(-1) }

func (t *Tiles) hover(i int) {
	if t.hovered != i {
		t.hovered = i
		t.Refresh()
	}
}

const tileGap, tilePad, tileCap = 6, 7, 5

// lead is left between a count and the name below it; larger letters have room enough of their own.
func (t *Tiles) lead() float32 {
	if t.CountSize == theme.SizeNameText {
		return 3
	}
	return 0
}

// tileGrid is how the tiles stand at a width: all beside one another where their names fit in two lines, else in rows, with shorter names
// where there are any, and where there are none as flat tiles of one line without a key.
type tileGrid struct {
	cols  int
	size  fyne.Size
	names [][]string
	ctrl  bool // there is room to write Ctrl on the keys
	flat  bool

	width, letters float32 // it was worked out for
}

func (g tileGrid) place(i int) fyne.Position {
	return fyne.NewPos(float32(i%g.cols)*(g.size.Width+tileGap), float32(i/g.cols)*(g.size.Height+tileGap))
}

func (g *tileGrid) divide(cols int) {
	g.cols = cols
	g.size.Width = (g.width - tileGap*float32(cols-1)) / float32(cols)
}

func (t *Tiles) grid(width float32) tileGrid {
	g := tileGrid{width: width, letters: sizeOf(theme.SizeNameText)}
	if g.width != t.last.width || g.letters != t.last.letters {
		if !t.inRows(&g) {
			t.flat(&g)
		}
		t.last = g
	}
	return t.last
}

// inRows tells whether the tiles can stand in rows; those with short names always can.
func (t *Tiles) inRows(g *tileGrid) bool {
	name, count, key := sizeOf(theme.SizeNameCaptionText), sizeOf(t.CountSize), sizeOf(Small)
	short := len(t.all) > 0 && t.all[0].Short != ""
	rows := []int{max(1, len(t.all)), 5}
	if short {
		rows = append(rows, 3)
	}
	for _, cols := range rows {
		g.divide(cols)
		room := g.size.Width - 2*tilePad
		lines, fits := 1, true
		g.names, g.ctrl = nil, true
		for _, one := range t.all {
			words := Wrap(one.Title, room, name, fyne.TextStyle{Bold: true})
			if cols < len(t.all) && len(words) > 1 && short {
				words = Wrap(one.Short, room, name, fyne.TextStyle{Bold: true})
			}
			for _, line := range words {
				fits = fits && measure(line, name, true) <= room
			}
			g.names, lines = append(g.names, words), max(lines, len(words))
			left := room - measure(one.Count, count, true) - signRoom(one)
			fits = fits && left >= measure(one.Key, key, false)+2*tileCap+4
			g.ctrl = g.ctrl && left >= measure("Ctrl+"+one.Key, key, false)+2*tileCap+4
		}
		g.size.Height = measureHeight(count) + t.lead() + float32(lines)*measureHeight(name) + 11
		if fits && lines <= 2 {
			return true
		}
	}
	return short
}

// flat puts number and name on one line, which is what there is room for in the largest letters.
func (t *Tiles) flat(g *tileGrid) {
	name := sizeOf(theme.SizeNameCaptionText)
	g.flat, g.size.Height = true, measureHeight(name)+10
	for cols := 5; cols > 0; cols-- {
		g.divide(cols)
		fits := true
		for _, one := range t.all {
			fits = fits && measure(one.Count, name, true)+7+measure(one.Title, name, true)+2*tilePad <= g.size.Width
		}
		if fits {
			return
		}
	}
}

func signRoom(t Tile) float32 {
	if t.Chip == nil {
		return 0
	}
	return SignSize() + 6
}

func measure(text string, letters float32, bold bool) float32 {
	return fyne.MeasureText(text, letters, fyne.TextStyle{Bold: bold}).Width
}

func measureHeight(letters float32) float32 {
	return fyne.MeasureText("Ặg", letters, fyne.TextStyle{}).Height
}

// HeightFor is for our layouts.
func (t *Tiles) HeightFor(width float32) float32 {
	if len(t.all) == 0 {
		return 0
	}
	g := t.grid(width)
	return g.place(len(t.all)-1).Y + g.size.Height
}

// MinSize is for Fyne.
func (t *Tiles) MinSize() fyne.Size { return fyne.NewSize(300, t.HeightFor(max(t.Size().Width, 300))) }

// CreateRenderer is for Fyne.
func (t *Tiles) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &tilesRenderer{t: t}
	r.draw()
	return r
}

type tilesRenderer struct {
	t       *Tiles
	boxes   shapes
	objects []fyne.CanvasObject
}

func (r *tilesRenderer) put(o fyne.CanvasObject, x, y float32, size fyne.Size) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(size)
	r.objects = append(r.objects, o)
}

func (r *tilesRenderer) text(words string, x, y, letters float32, bold bool, c fyne.ThemeColorName) {
	t := canvas.NewText(words, colorOf(c))
	t.TextSize, t.TextStyle.Bold = letters, bold
	r.put(t, x, y, t.MinSize())
}

func (r *tilesRenderer) box(of shape, x, y float32, size fyne.Size) {
	r.objects = append(r.objects, r.boxes.take(r.t, of, x, y, size))
}

func (r *tilesRenderer) draw() {
	t := r.t
	r.objects = r.objects[:0]
	r.boxes.begin()
	if len(t.all) == 0 {
		return
	}
	g := t.grid(t.Size().Width)
	for i, one := range t.all {
		at, chosen := g.place(i), i == t.at
		back := shape{fill: Surface, edge: Hairline, thick: 1, round: 4}
		if !one.Empty {
			back.edge = Edge
		}
		if chosen || i == t.hovered {
			back.fill = Soft
		}
		if chosen {
			back.edge, back.thick = Accent, 1.5
		}
		r.box(back, at.X, at.Y, g.size)
		if chosen {
			r.put(canvas.NewRectangle(colorOf(Accent)), at.X+1, at.Y+g.size.Height-4, fyne.NewSize(g.size.Width-2, 4))
		}
		if g.flat {
			r.line(one, chosen, at)
		} else {
			r.words(one, chosen, at, g, g.names[i])
		}
		if chosen && t.focused {
			ring := canvas.NewRectangle(color.Transparent)
			ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(Ring), 2, 6
			r.put(ring, at.X-2.5, at.Y-2.5, g.size.AddWidthHeight(5, 5))
		}
	}
}

// words are what stands in a tile of a row.
func (r *tilesRenderer) words(one Tile, chosen bool, at fyne.Position, g tileGrid, names []string) {
	name, count, key := sizeOf(theme.SizeNameCaptionText), sizeOf(r.t.CountSize), sizeOf(Small)
	ink, quiet := Ink, Ink
	if one.Empty {
		ink = Muted
	} else if one.Chip != nil {
		ink = one.Chip.Color
	}
	if one.Empty && !chosen {
		quiet = Muted
	}
	x, y, line := at.X+tilePad, at.Y+4, measureHeight(count)
	if one.Chip != nil {
		r.objects = append(r.objects, one.Chip.Sign.Draw(x, y+(line-SignSize())/2, SignSize(), ink)...)
	}
	r.text(one.Count, x+signRoom(one), y, count, !one.Empty, ink)
	words := one.Key
	if g.ctrl {
		words = "Ctrl+" + one.Key
	}
	w, high := measure(words, key, false), measureHeight(key)
	right := at.X + g.size.Width - tilePad - w - tileCap
	r.box(shape{edge: Edge, thick: 1, round: 3}, right-tileCap, y+(line-high)/2-1, fyne.NewSize(w+2*tileCap, high+2))
	r.text(words, right, y+(line-high)/2, key, false, Muted)
	for n, part := range names {
		r.text(part, x, y+line+r.t.lead()+float32(n)*measureHeight(name), name, chosen, quiet)
	}
}

// line is what stands in a flat tile.
func (r *tilesRenderer) line(one Tile, chosen bool, at fyne.Position) {
	name, ink := sizeOf(theme.SizeNameCaptionText), Ink
	if one.Empty && !chosen {
		ink = Muted
	}
	r.text(one.Count, at.X+tilePad, at.Y+4, name, !one.Empty, ink)
	r.text(one.Title, at.X+tilePad+measure(one.Count, name, true)+7, at.Y+4, name, chosen, ink)
}

func (r *tilesRenderer) Layout(fyne.Size)             { r.draw() }
func (r *tilesRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *tilesRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tilesRenderer) Destroy()                     {}
func (r *tilesRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.t) }
