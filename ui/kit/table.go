package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TableColumn is one column. Those with the highest Drop go first when there is not room for all.
type TableColumn struct {
	Title  string
	Min    float32
	Weight float32
	Drop   int    // 0 stays
	Tail   bool   // when too long, the end is what stays
	Sort   string // what a click on the title sorts by; "" for nothing
}

// Chip is a state in words with a sign: shape and colour both tell it.
type Chip struct {
	Sign  Sign
	Color fyne.ThemeColorName
	Soft  fyne.ThemeColorName
}

// TableCell is one text of a row.
type TableCell struct {
	Text  string
	Also  string              // behind it, quieter; both are cut before one is pushed out
	Color fyne.ThemeColorName // "" is Ink
	Bold  bool
	Chip  *Chip
}

// Table shows rows of any number: only those in sight exist. It is flat canvas objects in a pool, because Fyne's labels shape their text
// anew on every refresh; and it handles the keys Fyne's list does not.
type Table struct {
	widget.BaseWidget
	Columns  []TableColumn
	Row      func(i int) (cells []TableCell, ok bool) // false: not here yet, ask again after Refresh
	OnSelect func(i int)
	OnOpen   func(i int)
	OnNone   func()           // Enter where there are none
	OnSort   func(key string) // a title was clicked
	Sorted   string           // the Sort of the column the rows stand in the order of
	Falling  bool             // from its end
	Empty    string           // said when there are none
	Least    int              // rows that stay in sight in the smallest window; 0 for a height that suits most

	rows     int
	selected int
	offset   float32
	focused  bool
	cuts     map[cutKey]string
	metrics  tableMetrics
}

// tableMetrics are the sizes of a theme, worked out once for each.
type tableMetrics struct {
	letters, small, line, smallLine, rowH, headH, sign float32
}

func (t *Table) metric() *tableMetrics {
	letters := sizeOf(theme.SizeNameText)
	if m := &t.metrics; m.letters != letters {
		line, smallLine := lineOf(theme.SizeNameText), lineOf(theme.SizeNameCaptionText)
		*m = tableMetrics{letters, sizeOf(theme.SizeNameCaptionText), line, smallLine, line + 15, smallLine + 14, SignSize()}
	}
	return &t.metrics
}

type cutKey struct {
	text  string
	width float32
	bold  bool
	size  float32
}

// NewTable has no rows.
func NewTable(columns ...TableColumn) *Table {
	t := &Table{Columns: columns, cuts: map[cutKey]string{}, selected: -1}
	t.ExtendBaseWidget(t)
	return t
}

// SetRows says how many there are; the selection stays if it can.
func (t *Table) SetRows(n int) {
	t.rows = n
	if t.selected >= n {
		t.selected = n - 1
	}
	if t.selected < 0 && n > 0 {
		t.selected = 0
	}
	t.offset = max(0, min(t.offset, t.maxOffset()))
	t.Refresh()
}

// Top goes to the first row.
func (t *Table) Top() {
	t.offset, t.selected = 0, min(0, t.rows-1)
	t.Refresh()
}

// Selected is the chosen row, -1 without any.
func (t *Table) Selected() int { return t.selected }

// Select chooses a row and brings it into sight.
func (t *Table) Select(i int) {
	i = max(0, min(i, t.rows-1))
	if t.rows == 0 {
		return
	}
	t.selected = i
	if first, _ := t.inSight(); i < first {
		t.offset = float32(i) * t.rowHeight()
	} else if i >= first+t.page() {
		t.offset = float32(i-t.page()+1) * t.rowHeight()
	}
	t.Refresh()
	if t.OnSelect != nil {
		t.OnSelect(i)
	}
}

// Shift chooses the row that the chosen one has become, since rows came or went before it: it stays where it is on the screen.
func (t *Table) Shift(i int) {
	if i == t.selected || i < 0 || i >= t.rows {
		return
	}
	if t.selected >= 0 {
		t.offset = max(0, min(t.offset+float32(i-t.selected)*t.rowHeight(), t.maxOffset()))
	}
	t.selected = i
	t.Refresh()
}

// Step takes the keys that move the selection; true if it was one.
func (t *Table) Step(key fyne.KeyName) bool {
	page := max(1, t.page()-1)
	switch key {
	case fyne.KeyDown:
		t.Select(t.selected + 1)
	case fyne.KeyUp:
		t.Select(t.selected - 1)
	case fyne.KeyPageDown:
		t.Select(t.selected + page)
	case fyne.KeyPageUp:
		t.Select(t.selected - page)
	case fyne.KeyHome:
		t.Select(0)
	case fyne.KeyEnd:
		t.Select(t.rows - 1)
	default:
		return false
	}
	return true
}

// Open opens the chosen row.
func (t *Table) Open() {
	if t.rows == 0 && t.OnNone != nil {
		t.OnNone()
	}
	if t.selected >= 0 && t.selected < t.rows && t.OnOpen != nil {
		t.OnOpen(t.selected)
	}
}

// TypedKey is for Fyne.
func (t *Table) TypedKey(e *fyne.KeyEvent) {
	if t.Step(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.Open()
	}
}

// TypedRune is for Fyne.
func (t *Table) TypedRune(rune) {}

// FocusGained is for Fyne.
func (t *Table) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost is for Fyne.
func (t *Table) FocusLost() { t.focused = false; t.Refresh() }

// MouseDown is for Fyne: the row is chosen before anybody waits for a second click.
func (t *Table) MouseDown(e *mouse.MouseEvent) { t.click(e, t) }

// click tells whether it chose a row.
func (t *Table) click(e *mouse.MouseEvent, focus fyne.Focusable) bool {
	y := e.Position.Y - t.headHeight()
	if y < 0 {
		t.clickTitle(e.Position.X)
		return false
	}
	if c := CanvasOf(t); c != nil {
		c.Focus(focus)
	}
	first, last := t.inSight()
	i := first + int(y/t.rowHeight())
	if i >= last {
		return false
	}
	t.Select(i)
	return true
}

func (t *Table) clickTitle(at float32) {
	x := float32(1)
	for i, w := range t.widths(t.Size().Width - 2 - ScrollRoom) {
		if at >= x && at < x+w && t.Columns[i].Sort != "" && t.OnSort != nil {
			t.OnSort(t.Columns[i].Sort)
			return
		}
		x += w
	}
}

// MouseUp is for Fyne.
func (t *Table) MouseUp(*mouse.MouseEvent) {}

// DoubleTapped is for Fyne.
func (t *Table) DoubleTapped(e *fyne.PointEvent) {
	if e.Position.Y > t.headHeight() {
		t.Open()
	}
}

// Scrolled is for Fyne.
func (t *Table) Scrolled(e *fyne.ScrollEvent) {
	t.offset = max(0, min(t.offset-e.Scrolled.DY, t.maxOffset()))
	t.Refresh()
}

// MinSize is for Fyne.
func (t *Table) MinSize() fyne.Size {
	if t.Least > 0 {
		return fyne.NewSize(300, t.headHeight()+float32(t.Least)*t.rowHeight()+2)
	}
	return fyne.NewSize(300, 160)
}

func (t *Table) rowHeight() float32 { return t.metric().rowH }

func (t *Table) headHeight() float32 { return t.metric().headH }

func (t *Table) viewHeight() float32 { return max(0, t.Size().Height-t.headHeight()) }

// inSight are the rows drawn: whole ones only, because a canvas text cannot be clipped.
func (t *Table) inSight() (first, last int) {
	first = int(t.offset/t.rowHeight() + 0.5)
	return first, min(t.rows, first+t.page())
}

func (t *Table) page() int { return max(1, int(t.viewHeight()/t.rowHeight())) }

func (t *Table) maxOffset() float32 { return float32(max(0, t.rows-t.page())) * t.rowHeight() }

func (t *Table) cut(s string, width, size float32, bold, tail bool) string {
	k := cutKey{s, width, bold, size}
	if out, ok := t.cuts[k]; ok {
		return out
	}
	if len(t.cuts) > 4000 {
		clear(t.cuts)
	}
	style := fyne.TextStyle{Bold: bold}
	out := Cut(s, width, size, style)
	if tail {
		out = CutHead(s, width, size, style)
	}
	t.cuts[k] = out
	return out
}

// widths are those of the columns, 0 for one left out.
func (t *Table) widths(width float32) []float32 {
	out := make([]float32, len(t.Columns))
	sum, weight := float32(0), float32(0)
	for i, c := range t.Columns {
		out[i] = c.Min * scale()
		sum += out[i]
	}
	for sum > width {
		drop := -1
		for i, c := range t.Columns {
			if c.Drop > 0 && out[i] > 0 && (drop < 0 || c.Drop > t.Columns[drop].Drop) {
				drop = i
			}
		}
		if drop < 0 {
			break
		}
		sum -= out[drop]
		out[drop] = 0
	}
	for i, c := range t.Columns {
		if sum > width {
			out[i] *= width / sum
		}
		if out[i] > 0 {
			weight += c.Weight
		}
	}
	for i, c := range t.Columns {
		if out[i] > 0 && weight > 0 && sum < width {
			out[i] += (width - sum) * c.Weight / weight
		}
	}
	return out
}

// CreateRenderer is for Fyne.
func (t *Table) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &tableRenderer{t: t, bar: canvas.NewRectangle(color.Transparent), back: newEven(Surface), chosen: newEven(Soft),
		edge: newEven(Accent), head: newEven(theme.ColorNameBackground), rule: newEven(Edge)}
	for i := range r.sides {
		r.sides[i] = canvas.NewRectangle(color.Transparent)
	}
	return r
}

type tableRenderer struct {
	t                              *Table
	back, chosen, edge, head, rule *even
	sides                          [4]*canvas.Rectangle
	bar                            *canvas.Rectangle
	empty                          []*canvas.Text
	titles                         []*canvas.Text
	pool                           []*tableRow
	chips                          shapes
	objects                        []fyne.CanvasObject
}

type tableRow struct {
	text []*canvas.Text
	also []*canvas.Text
	rule *even
}

const cellPad = 10

func (r *tableRenderer) Layout(size fyne.Size) {
	t := r.t
	t.offset = max(0, min(t.offset, t.maxOffset()))
	r.objects = r.objects[:0]
	r.chips.begin()
	m := t.metric()
	rowH, headH := m.rowH, m.headH
	widths := t.widths(size.Width - 2 - ScrollRoom)
	first, last := t.inSight()

	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
		r.objects = append(r.objects, o)
	}
	fill := func(e *even, x, y, w, h float32) { r.objects = append(r.objects, e.place(t, x, y, w, h)...) }
	fill(r.back, 0, 0, size.Width, size.Height)
	if t.selected >= first && t.selected < last {
		y := headH + float32(t.selected-first)*rowH
		fill(r.chosen, 0, y, size.Width, rowH-1)
		fill(r.edge, 0, y, 3, rowH-1)
	}
	for i := first; i < last; i++ {
		cells, ok := t.Row(i)
		r.row(i-first, cells, ok, headH+float32(i-first)*rowH, widths, place)
	}
	fill(r.head, 0, 0, size.Width, headH)
	x := float32(1)
	for i, c := range t.Columns {
		if len(r.titles) <= i {
			r.titles = append(r.titles, canvas.NewText("", nil))
		}
		if widths[i] == 0 {
			continue
		}
		title := r.titles[i]
		title.TextSize, title.TextStyle.Bold, title.Color = m.small, true, colorOf(Muted)
		room := widths[i] - cellPad - 2
		sorted := c.Sort != "" && c.Sort == t.Sorted
		if sorted {
			title.Color = colorOf(Accent)
			room -= m.sign + 6
		}
		title.Text = t.cut(c.Title, room, title.TextSize, true, false)
		place(title, x+cellPad, 7, widths[i]-cellPad, headH-14)
		if sorted {
			r.arrow(x+cellPad+fyne.MeasureText(title.Text, title.TextSize, title.TextStyle).Width+6, (headH-m.sign)/2)
		}
		x += widths[i]
	}
	fill(r.rule, 0, headH-1, size.Width, 1)
	if t.rows == 0 && t.Empty != "" {
		letters, line := m.letters, m.line
		for i, words := range Wrap(t.Empty, size.Width-40, letters, fyne.TextStyle{}) {
			if len(r.empty) <= i {
				r.empty = append(r.empty, canvas.NewText("", nil))
			}
			text := r.empty[i]
			text.Text, text.Color, text.TextSize, text.Alignment = words, colorOf(Muted), letters, fyne.TextAlignCenter
			place(text, 20, headH+36+float32(i)*(line+4), size.Width-40, line)
		}
	}
	if whole := float32(t.rows) * rowH; t.rows > t.page() {
		h := max(28, t.viewHeight()*t.viewHeight()/whole)
		r.bar.FillColor, r.bar.CornerRadius = colorOf(Edge), 3
		place(r.bar, size.Width-8, headH+2+(t.viewHeight()-h-4)*t.offset/max(1, t.maxOffset()), 6, h)
	}
	edge, thick := colorOf(Hairline), float32(1)
	if t.focused {
		edge, thick = colorOf(Ring), 2
	}
	for i, side := range r.sides { // four plain bars: the stroke of a rectangle is cut off at the edge of what scrolls
		side.FillColor = edge
		switch i {
		case 0:
			place(side, 0, 0, size.Width, thick)
		case 1:
			place(side, 0, size.Height-thick, size.Width, thick)
		case 2:
			place(side, 0, 0, thick, size.Height)
		case 3:
			place(side, size.Width-thick, 0, thick, size.Height)
		}
	}
}

// arrow stands behind the title the rows are sorted by: up from the first of its kind, down from the last.
func (r *tableRenderer) arrow(x, y float32) {
	size, tip, end := r.t.metric().sign, float32(0.15), float32(0.75)
	if r.t.Falling {
		tip, end = 0.85, 0.25
	}
	for _, side := range []float32{0.1, 0.9} {
		l := canvas.NewLine(colorOf(Accent))
		l.StrokeWidth = 1.8
		l.Position1, l.Position2 = fyne.NewPos(x+0.5*size, y+tip*size), fyne.NewPos(x+side*size, y+end*size)
		r.objects = append(r.objects, l)
	}
}

func (r *tableRenderer) row(n int, cells []TableCell, ok bool, y float32, widths []float32,
	place func(fyne.CanvasObject, float32, float32, float32, float32)) {
	t := r.t
	for len(r.pool) <= n {
		row := &tableRow{rule: newEven(Hairline)}
		for range t.Columns {
			row.text = append(row.text, canvas.NewText("", nil))
			row.also = append(row.also, canvas.NewText("", nil))
		}
		r.pool = append(r.pool, row)
	}
	m := t.metric()
	rowH, size, line := m.rowH, m.letters, m.line
	row := r.pool[n]
	r.objects = append(r.objects, row.rule.place(t, 0, y+rowH-1, t.Size().Width, 1)...)
	if !ok {
		cells = []TableCell{{Text: "…", Color: Muted}}
	}
	x := float32(1)
	for i, w := range widths {
		if w == 0 || i >= len(cells) {
			x += w
			continue
		}
		c, text := cells[i], row.text[i]
		ink := c.Color
		if ink == "" {
			ink = Ink
		}
		text.TextStyle.Bold = c.Bold
		text.TextSize = size
		at, room, s := x+cellPad, w-cellPad-2, c.Text
		if c.Chip != nil && c.Text != "" {
			ink = c.Chip.Color
			sign := m.sign
			at, room = at+8+sign+6, room-20-sign-6
			text.TextSize = m.small
			s = t.cut(s, room, text.TextSize, c.Bold, false)
			width := fyne.MeasureText(s, text.TextSize, text.TextStyle).Width
			back := r.chips.take(t, shape{c.Chip.Soft, c.Chip.Color, 0.7, 4}, at-14-sign, y+4, fyne.NewSize(width+sign+22, rowH-9))
			r.objects = append(append(r.objects, back), c.Chip.Sign.Draw(at-6-sign, y+(rowH-sign)/2-0.5, sign, c.Chip.Color)...)
		} else if c.Also != "" {
			s, room = r.also(row.also[i], c, at, y+(rowH-line)/2-0.5, room, line)
		} else {
			s = t.cut(s, room, size, c.Bold, t.Columns[i].Tail)
		}
		text.Text, text.Color = s, colorOf(ink)
		h := line
		if c.Chip != nil {
			h = m.smallLine
		}
		place(text, at, y+(rowH-h)/2-0.5, room, h)
		x += w
	}
}

// also draws what stands behind a text and gives the text and its room: where both do not fit, the text
// gives way as far as two fifths: behind it stands a person, and before it often an office with a long name.
func (r *tableRenderer) also(text *canvas.Text, c TableCell, x, y, room, line float32) (string, float32) {
	const gap = 5
	size := r.t.metric().letters
	style := fyne.TextStyle{Bold: c.Bold}
	first, second := fyne.MeasureText(c.Text, size, style).Width, fyne.MeasureText(c.Also, size, fyne.TextStyle{}).Width
	if first+gap+second > room {
		first = max(0.4*room, room-gap-second)
	}
	s := r.t.cut(c.Text, first, size, c.Bold, false)
	first = min(first, fyne.MeasureText(s, size, style).Width)
	text.Text, text.Color, text.TextSize = r.t.cut(c.Also, room-first-gap, size, false, false), colorOf(Muted), size
	text.Move(fyne.NewPos(x+first+gap, y))
	text.Resize(fyne.NewSize(room-first-gap, line))
	r.objects = append(r.objects, text)
	return s, first
}

func (r *tableRenderer) MinSize() fyne.Size { return r.t.MinSize() }

func (r *tableRenderer) Refresh() {
	r.Layout(r.t.Size())
	canvas.Refresh(r.t) // the painter keeps texts by what they say, so they need no word of their own
}

func (r *tableRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tableRenderer) Destroy()                     {}
