package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
)

// TickTable is a table whose rows have a box to tick in front: Space or a click on the box ticks, Enter or a double click opens. Its first
// column is the box's own, so the first cell of every row is empty.
type TickTable struct {
	Table
	Ticked func(i int) bool
	OnTick func(i int)
}

const tickColumn = 34

// NewTickTable has no rows; columns are those behind the box.
func NewTickTable(columns ...TableColumn) *TickTable {
	t := &TickTable{Table: Table{Columns: append([]TableColumn{{Min: tickColumn}}, columns...), cuts: map[cutKey]string{}, selected: -1}}
	t.ExtendBaseWidget(t)
	return t
}

// Tick does what Space does.
func (t *TickTable) Tick() {
	if t.selected >= 0 && t.selected < t.rows && t.OnTick != nil {
		t.OnTick(t.selected)
	}
}

// TypedKey is for Fyne.
func (t *TickTable) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		t.Tick()
		return
	}
	t.Table.TypedKey(e)
}

// MouseDown is for Fyne.
func (t *TickTable) MouseDown(e *mouse.MouseEvent) {
	if t.click(e, t) && e.Position.X < tickColumn*scale() {
		t.Tick()
	}
}

// DoubleTapped is for Fyne: on the box each click has ticked already.
func (t *TickTable) DoubleTapped(e *fyne.PointEvent) {
	if e.Position.X >= tickColumn*scale() {
		t.Table.DoubleTapped(e)
	}
}

// CreateRenderer is for Fyne.
func (t *TickTable) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	return &tickTableRenderer{WidgetRenderer: t.Table.CreateRenderer(), t: t}
}

type tickTableRenderer struct {
	fyne.WidgetRenderer
	t     *TickTable
	boxes []fyne.CanvasObject
}

// boxSize grows with the text, and stays smaller than its column.
func boxSize() float32 { return 18 * min(scale(), 1.6) }

func (r *tickTableRenderer) draw() {
	t := r.t
	r.boxes = r.boxes[:0]
	first, last := t.inSight()
	size, rowH, headH := boxSize(), t.rowHeight(), t.headHeight()
	for i := first; i < last; i++ {
		x, y := float32(cellPad), headH+float32(i-first)*rowH+(rowH-1-size)/2
		box := canvas.NewRectangle(colorOf(Surface))
		box.StrokeColor, box.StrokeWidth, box.CornerRadius = colorOf(Edge), 1.2, 3
		box.Move(fyne.NewPos(x, y))
		box.Resize(fyne.NewSquareSize(size))
		r.boxes = append(r.boxes, box)
		if t.Ticked == nil || !t.Ticked(i) {
			continue
		}
		box.FillColor, box.StrokeColor = colorOf(Accent), colorOf(Accent)
		for _, l := range [][4]float32{{0.22, 0.53, 0.44, 0.75}, {0.44, 0.75, 0.8, 0.28}} {
			stroke := canvas.NewLine(colorOf(OnNavy))
			stroke.StrokeWidth = size / 9
			stroke.Position1, stroke.Position2 = fyne.NewPos(x+l[0]*size, y+l[1]*size), fyne.NewPos(x+l[2]*size, y+l[3]*size)
			r.boxes = append(r.boxes, stroke)
		}
	}
}

func (r *tickTableRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.draw()
}

func (r *tickTableRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.draw()
	canvas.Refresh(r.t)
}

func (r *tickTableRenderer) Objects() []fyne.CanvasObject {
	inner := r.WidgetRenderer.Objects()
	return append(inner[:len(inner):len(inner)], r.boxes...)
}
