package kit

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Option is one thing to choose.
type Option struct {
	Value string
	Title string
	Sub   string // smaller, below: a citation
	Key   string // as it is shown; the screen does what it says
}

// Choice is one of several, all in sight: one stop of the Tab key, arrows move, as on paper one box is ticked. The chosen one differs in
// shape (a filled dot, a thick edge) and not in colour alone.
type Choice struct {
	widget.BaseWidget
	OnPick  func(value string)
	OnFocus func()
	OnLeave func()
	OnEnter func()

	options []Option
	columns int // 0: as many as there are
	value   string
	at      int // where the arrows are
	bad     bool
	focused bool
}

// NewChoice has that many columns, 0 for all in one row.
func NewChoice(columns int) *Choice {
	c := &Choice{columns: columns}
	c.ExtendBaseWidget(c)
	return c
}

// SetOptions changes what there is to choose.
func (c *Choice) SetOptions(options []Option) {
	if slices.Equal(options, c.options) {
		return
	}
	c.options = slices.Clone(options)
	c.find()
	c.Refresh()
}

// Value is what is chosen, "" for nothing.
func (c *Choice) Value() string { return c.value }

// SetValue shows what is chosen and tells nobody.
func (c *Choice) SetValue(value string) {
	if c.value == value {
		return
	}
	c.value = value
	c.find()
	c.Refresh()
}

func (c *Choice) find() {
	c.at = max(0, slices.IndexFunc(c.options, func(o Option) bool { return o.Value == c.value }))
}

func (c *Choice) pick(i int) {
	if i < 0 || i >= len(c.options) {
		return
	}
	c.at = i
	if v := c.options[i].Value; v != c.value {
		c.value = v
		c.Refresh()
		if c.OnPick != nil {
			c.OnPick(v)
		}
	}
}

// FocusGained is for Fyne.
func (c *Choice) FocusGained() {
	c.focused = true
	c.Refresh()
	if c.OnFocus != nil {
		c.OnFocus()
	}
}

// FocusLost is for Fyne.
func (c *Choice) FocusLost() {
	c.focused = false
	c.Refresh()
	if c.OnLeave != nil {
		c.OnLeave()
	}
}

// TypedRune is for Fyne.
func (c *Choice) TypedRune(rune) {}

// TypedKey is for Fyne.
func (c *Choice) TypedKey(e *fyne.KeyEvent) {
	n := len(c.options)
	if n == 0 {
		return
	}
	cols := c.cols()
	switch e.Name {
	case fyne.KeyLeft:
		c.step(-1)
	case fyne.KeyRight:
		c.step(+1)
	case fyne.KeyUp:
		if c.value == "" || cols == n {
			c.step(-1)
		} else {
			c.pick(c.at - cols)
		}
	case fyne.KeyDown:
		if c.value == "" || cols == n {
			c.step(+1)
		} else {
			c.pick(c.at + cols)
		}
	case fyne.KeySpace:
		c.pick(c.at)
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.value == "" {
			c.pick(c.at)
		} else if c.OnEnter != nil {
			c.OnEnter()
		}
	}
}

// step goes to the neighbour; to the first or the last while nothing is chosen.
func (c *Choice) step(by int) {
	n := len(c.options)
	switch {
	case c.value != "":
		c.pick((c.at + by + n) % n)
	case by > 0:
		c.pick(0)
	default:
		c.pick(n - 1)
	}
}

func (c *Choice) cols() int {
	if c.columns <= 0 {
		return max(1, len(c.options))
	}
	return min(c.columns, max(1, len(c.options)))
}

// Tapped is for Fyne.
func (c *Choice) Tapped(e *fyne.PointEvent) {
	for i, r := range c.cells(c.Size().Width) {
		if e.Position.X >= r.pos.X && e.Position.X < r.pos.X+r.size.Width && e.Position.Y >= r.pos.Y && e.Position.Y < r.pos.Y+r.size.Height {
			c.pick(i)
		}
	}
	if cv := CanvasOf(c); cv != nil {
		cv.Focus(c)
	}
}

type choiceCell struct {
	pos        fyne.Position
	size       fyne.Size
	title, sub []string
}

const choiceGap, choicePad, dotRoom = 6, 9, 24

// cells are where the options stand at that width.
func (c *Choice) cells(width float32) []choiceCell {
	cols := c.cols()
	titleSize, subSize, keySize := sizeOf(theme.SizeNameText), sizeOf(theme.SizeNameCaptionText), sizeOf(Small)
	line := fyne.MeasureText("Ặg", titleSize, fyne.TextStyle{}).Height
	subLine := fyne.MeasureText("Ặg", subSize, fyne.TextStyle{}).Height
	widths := make([]float32, cols)
	if c.columns == 0 { // one row: each as wide as its words, the rest shared out
		var sum float32
		for i, o := range c.options {
			widths[i] = c.natural(o)
			sum += widths[i] + choiceGap
		}
		if sum -= choiceGap; sum > width {
			for i := range widths {
				widths[i] *= (width - choiceGap*float32(cols-1)) / (sum - choiceGap*float32(cols-1))
			}
		}
	} else {
		for i := range widths {
			widths[i] = (width - choiceGap*float32(cols-1)) / float32(cols)
		}
	}
	out := make([]choiceCell, len(c.options))
	var y float32
	for from := 0; from < len(c.options); from += cols {
		var x, h float32
		to := min(from+cols, len(c.options))
		for i := from; i < to; i++ {
			o, w := c.options[i], widths[i-from]
			room := w - 2*choicePad - dotRoom*scale()
			if o.Key != "" {
				room -= fyne.MeasureText(o.Key, keySize, fyne.TextStyle{}).Width + 2*capPad + capGap
			}
			cell := choiceCell{pos: fyne.NewPos(x, y), title: Wrap(o.Title, room, titleSize, fyne.TextStyle{})}
			if o.Sub != "" {
				cell.sub = Wrap(o.Sub, room, subSize, fyne.TextStyle{})
			}
			cell.size = fyne.NewSize(w, float32(len(cell.title))*line+float32(len(cell.sub))*subLine+12)
			h = max(h, cell.size.Height)
			out[i] = cell
			x += w + choiceGap
		}
		for i := from; i < to; i++ {
			out[i].size.Height = h
		}
		y += h + choiceGap
	}
	return out
}

func (c *Choice) natural(o Option) float32 {
	return fyne.MeasureText(o.Title, sizeOf(theme.SizeNameText), fyne.TextStyle{}).Width + 2*choicePad + dotRoom*scale() + 2
}

// HeightFor is for our layouts.
func (c *Choice) HeightFor(width float32) float32 {
	cells := c.cells(width)
	if len(cells) == 0 {
		return 0
	}
	last := cells[len(cells)-1]
	return last.pos.Y + last.size.Height
}

// MinSize is for Fyne.
func (c *Choice) MinSize() fyne.Size {
	w := c.Size().Width
	if w == 0 {
		w = 400
	}
	least := float32(120)
	if c.columns == 0 { // as wide as its words, where there is room
		least = -choiceGap
		for _, o := range c.options {
			least += c.natural(o) + choiceGap
		}
	}
	return fyne.NewSize(least, c.HeightFor(w))
}

// CreateRenderer is for Fyne.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &choiceRenderer{c: c}
	r.draw()
	return r
}

type choiceRenderer struct {
	c       *Choice
	objects []fyne.CanvasObject
}

func (r *choiceRenderer) draw() {
	c := r.c
	r.objects = r.objects[:0]
	titleSize, subSize, keySize := sizeOf(theme.SizeNameText), sizeOf(theme.SizeNameCaptionText), sizeOf(Small)
	put := func(o fyne.CanvasObject, x, y float32, s fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(s)
		r.objects = append(r.objects, o)
	}
	for i, cell := range c.cells(c.Size().Width) {
		o := c.options[i]
		chosen := o.Value == c.value && c.value != ""
		back := canvas.NewRectangle(colorOf(Surface))
		back.StrokeColor, back.StrokeWidth, back.CornerRadius = colorOf(Edge), 1, 4
		if c.bad {
			back.StrokeColor = colorOf(Red)
		}
		if chosen {
			back.FillColor, back.StrokeColor, back.StrokeWidth = colorOf(Soft), colorOf(Accent), 1.5
		}
		put(back, cell.pos.X, cell.pos.Y, cell.size)
		x, y := cell.pos.X+choicePad, cell.pos.Y+6
		line := fyne.MeasureText("Ặg", titleSize, fyne.TextStyle{}).Height
		dot := canvas.NewCircle(colorOf(Surface))
		dot.StrokeColor, dot.StrokeWidth = colorOf(Edge), 1.2
		if chosen {
			dot.StrokeColor = colorOf(Accent)
		}
		mid := y + line/2
		if len(cell.title)+len(cell.sub) == 1 {
			mid = cell.pos.Y + cell.size.Height/2
			y = mid - line/2
		}
		side := 14 * scale()
		put(dot, x, mid-side/2, fyne.NewSquareSize(side))
		if chosen {
			put(canvas.NewCircle(colorOf(Accent)), x+side/4, mid-side/4, fyne.NewSquareSize(side/2))
		}
		x += dotRoom * scale()
		for _, s := range cell.title {
			t := canvas.NewText(s, colorOf(Ink))
			t.TextSize = titleSize
			put(t, x, y, t.MinSize())
			y += line
		}
		for _, s := range cell.sub {
			t := canvas.NewText(s, colorOf(Muted))
			t.TextSize = subSize
			put(t, x, y, t.MinSize())
			y += t.MinSize().Height
		}
		if o.Key != "" {
			k := canvas.NewText(o.Key, colorOf(Muted))
			k.TextSize = keySize
			s := k.MinSize()
			kx, ky := cell.pos.X+cell.size.Width-choicePad-s.Width-capPad, mid-s.Height/2
			cap := canvas.NewRectangle(color.Transparent)
			cap.StrokeColor, cap.StrokeWidth, cap.CornerRadius = colorOf(Edge), 1, 3
			put(cap, kx-capPad, ky-1, s.AddWidthHeight(2*capPad, 2))
			put(k, kx, ky, s)
		}
		if c.focused && (chosen || c.value == "" && i == c.at) {
			ring := canvas.NewRectangle(color.Transparent)
			ring.StrokeColor, ring.StrokeWidth, ring.CornerRadius = colorOf(Ring), 2, 6
			put(ring, cell.pos.X-2.5, cell.pos.Y-2.5, cell.size.AddWidthHeight(5, 5))
		}
	}
}

func (r *choiceRenderer) Layout(fyne.Size)             { r.draw() }
func (r *choiceRenderer) MinSize() fyne.Size           { return r.c.MinSize() }
func (r *choiceRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *choiceRenderer) Destroy()                     {}
func (r *choiceRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.c) }
