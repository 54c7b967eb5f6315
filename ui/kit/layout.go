package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"image/color"
)

// Flow is what gets taller when it is made narrower: text that wraps. Fyne asks for a size before it tells the width; our layouts
// ask for the height at a width instead, so that nothing jumps on the second frame.
type Flow interface {
	HeightFor(width float32) float32
}

type flowLayout interface {
	heightFor(objects []fyne.CanvasObject, width float32) float32
}

// heightFor is the height that o wants at that width.
func heightFor(o fyne.CanvasObject, width float32) float32 {
	switch x := o.(type) {
	case Flow:
		return x.HeightFor(width)
	case *fyne.Container:
		if l, ok := x.Layout.(flowLayout); ok {
			return l.heightFor(x.Objects, width)
		}
	}
	return o.MinSize().Height
}

// Column puts things below one another, each as wide as it is.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&column{gap: gap}, objects...)
}

type column struct{ gap, width float32 }

func (l *column) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for _, o := range objects {
		if o.Visible() {
			if one := heightFor(o, width); one > 0 {
				h += one + l.gap
			}
		}
	}
	return max(0, h-l.gap)
}

func (l *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w float32
	for _, o := range objects {
		if o.Visible() {
			w = max(w, o.MinSize().Width)
		}
	}
	return fyne.NewSize(w, l.heightFor(objects, max(l.width, w)))
}

func (l *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := heightFor(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		if h > 0 {
			y += h + l.gap
		}
	}
}

// Cell is one part of a row: at least Min wide (what it wants, if 0), and its Weight's share of what is left. Min is for text of the
// usual size and grows with it.
type Cell struct {
	Object fyne.CanvasObject
	Min    float32
	Weight float32
}

// Row puts cells beside one another, all from the same upper edge.
func Row(gap float32, cells ...Cell) *fyne.Container {
	l := &row{gap: gap}
	var objects []fyne.CanvasObject
	for _, c := range cells {
		l.cells = append(l.cells, c)
		objects = append(objects, c.Object)
	}
	return container.New(l, objects...)
}

type row struct {
	gap    float32
	width  float32
	cells  []Cell
	middle bool // cells of differing height stand on one middle line
}

// Middle is Row with the cells on one middle line.
func Middle(gap float32, cells ...Cell) *fyne.Container {
	c := Row(gap, cells...)
	c.Layout.(*row).middle = true
	return c
}

func (l *row) widths(width float32) []float32 {
	out := make([]float32, len(l.cells))
	var fixed, weight float32
	shown := 0
	for i, c := range l.cells {
		if !c.Object.Visible() {
			continue
		}
		shown++
		out[i] = c.Min * scale()
		if out[i] == 0 {
			out[i] = c.Object.MinSize().Width
		}
		fixed += out[i]
		weight += c.Weight
	}
	left := width - fixed - l.gap*float32(max(0, shown-1))
	for i, c := range l.cells {
		switch {
		case !c.Object.Visible():
		case left > 0 && weight > 0:
			out[i] += left * c.Weight / weight
		case left < 0 && fixed > 0:
			out[i] += left * out[i] / fixed
		}
	}
	return out
}

func (l *row) heightFor(_ []fyne.CanvasObject, width float32) float32 {
	var h float32
	for i, w := range l.widths(width) {
		if o := l.cells[i].Object; o.Visible() {
			h = max(h, heightFor(o, w))
		}
	}
	return h
}

func (l *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w float32
	shown := 0
	for _, c := range l.cells {
		if !c.Object.Visible() {
			continue
		}
		shown++
		if c.Weight > 0 {
			w += min(c.Min*scale(), c.Object.MinSize().Width)
		} else if c.Min > 0 {
			w += c.Min * scale()
		} else {
			w += c.Object.MinSize().Width
		}
	}
	w += l.gap * float32(max(0, shown-1))
	return fyne.NewSize(w, l.heightFor(objects, max(l.width, w)))
}

func (l *row) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	var x float32
	for i, w := range l.widths(size.Width) {
		o := l.cells[i].Object
		if !o.Visible() {
			continue
		}
		h := size.Height
		y := float32(0)
		if l.middle {
			h = min(heightFor(o, w), size.Height)
			y = (size.Height - h) / 2
		}
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
		x += w + l.gap
	}
}

// Pad leaves room around.
func Pad(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&pad{top, right, bottom, left}, o)
}

type pad struct{ top, right, bottom, left float32 }

func (l *pad) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for _, o := range objects {
		if o.Visible() {
			h = max(h, heightFor(o, width-l.left-l.right))
		}
	}
	return h + l.top + l.bottom
}

func (l *pad) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range objects {
		if o.Visible() {
			s = s.Max(o.MinSize())
		}
	}
	return s.AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

func (l *pad) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(l.left, l.top))
		o.Resize(size.SubtractWidthHeight(l.left+l.right, l.top+l.bottom))
	}
}

// Backed lies on a plain colour, with a thin line around it if edge is given.
func Backed(fill, edge fyne.ThemeColorName, o fyne.CanvasObject) *fyne.Container {
	return container.New(&pad{}, newPlane(fill, edge), o)
}

// Panel is a white part of a screen under its title.
func Panel(title string, objects ...fyne.CanvasObject) *fyne.Container {
	if title != "" {
		head := NewParagraph(title)
		head.Bold, head.Color = true, Accent
		objects = append([]fyne.CanvasObject{head}, objects...)
	}
	return Backed(Surface, Hairline, Pad(11, 14, 13, 14, Column(9, objects...)))
}

// Rule is a thin line.
func Rule() fyne.CanvasObject {
	r := canvas.NewRectangle(colorOf(Hairline))
	r.SetMinSize(fyne.NewSize(1, 1))
	return r
}

// Gap is empty room of that height.
func Gap(height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, height))
	return r
}

// Scroll is a column of flowing things that may be taller than its place.
type Scroll struct {
	widget.BaseWidget
	inner  *container.Scroll
	holder *holder
}

type holder struct {
	width   float32
	content fyne.CanvasObject
}

func (h *holder) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, heightFor(h.content, max(0, h.width-ScrollRoom-ringRoom))+2*ringRoom)
}

func (h *holder) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	width := max(0, size.Width-ScrollRoom-ringRoom)
	h.content.Move(fyne.NewPos(ringRoom, ringRoom))
	h.content.Resize(fyne.NewSize(width, max(size.Height-2*ringRoom, heightFor(h.content, width))))
}

// ScrollRoom is kept free at the right for the scroll bar, ringRoom all around so that no focus ring is cut off.
const (
	ScrollRoom = 12
	ringRoom   = 4
)

// NewScroll shows content.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{holder: &holder{content: content}}
	s.inner = container.NewVScroll(container.New(s.holder, content))
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is for Fyne.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.inner) }

// MinSize is small: that is what it is for.
func (s *Scroll) MinSize() fyne.Size { return fyne.NewSize(200, 80) }

// Resize is for Fyne.
func (s *Scroll) Resize(size fyne.Size) {
	if size == s.Size() {
		return
	}
	s.holder.width = size.Width
	s.BaseWidget.Resize(size)
	s.inner.Refresh()
}

// Relayout must be called after the content grew, shrank or changed.
func (s *Scroll) Relayout() {
	s.inner.Refresh()
	Relayout(s.inner.Content)
	s.inner.Refresh()
}

// Top goes back to the beginning.
func (s *Scroll) Top() {
	s.inner.Offset = fyne.Position{}
	s.inner.Refresh()
}

// Page goes on, or back, by what is in sight but for a line or two.
func (s *Scroll) Page(down bool) {
	page := max(40, s.inner.Size().Height-48)
	if !down {
		page = -page
	}
	s.by(page)
}

func (s *Scroll) by(y float32) {
	s.inner.Offset.Y = max(0, min(s.inner.Offset.Y+y, s.inner.Content.Size().Height-s.inner.Size().Height))
	s.inner.Refresh()
}

// Reveal brings o into sight, with some room around it. The window knows where things are only once they were painted, so it is reckoned
// here.
func (s *Scroll) Reveal(o fyne.CanvasObject) { s.RevealPart(o, 0, o.Size().Height) }

// RevealPart is Reveal of what begins that far below the upper edge of o and is that high.
func (s *Scroll) RevealPart(o fyne.CanvasObject, from, height float32) {
	at, ok := below(s.inner.Content, o)
	if !ok {
		return
	}
	const room = 40
	at += from
	top, bottom := max(0, at-room), at+height+room
	if at < 2*room {
		top = 0 // the title above the first field belongs to it
	}
	offset := s.inner.Offset.Y
	switch {
	case bottom-offset > s.inner.Size().Height:
		offset = min(bottom-s.inner.Size().Height, top)
		if height+2*room < s.inner.Size().Height {
			offset = bottom - s.inner.Size().Height
		}
	case top < offset:
		offset = top
	default:
		return
	}
	s.inner.Offset.Y = max(0, min(offset, s.inner.Content.Size().Height-s.inner.Size().Height))
	s.inner.Refresh()
}

// below is how far o lies below the upper edge of root, if it is somewhere in it.
func below(root, o fyne.CanvasObject) (float32, bool) {
	if root == o {
		return 0, true
	}
	if c, ok := root.(*fyne.Container); ok {
		for _, child := range c.Objects {
			if y, ok := below(child, o); ok {
				return child.Position().Y + y, true
			}
		}
	}
	return 0, false
}

// Relayout places everything in o anew: a container that keeps its size would otherwise not look at its children again.
func Relayout(o fyne.CanvasObject) {
	c, ok := o.(*fyne.Container)
	if !ok {
		return
	}
	if c.Layout != nil {
		c.Layout.Layout(c.Objects, c.Size())
	}
	for _, child := range c.Objects {
		Relayout(child)
	}
	canvas.Refresh(c)
}

// Split is a screen in two: left takes what right leaves, right is a share of the width within bounds.
func Split(left, right fyne.CanvasObject, share, least, most float32) *fyne.Container {
	return container.New(&split{share, least, most}, left, right)
}

type split struct{ share, least, most float32 }

const splitGap = 2

func (l *split) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(a.Width+splitGap+max(b.Width, l.least*scale()), max(a.Height, b.Height))
}

func (l *split) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(max(size.Width*l.share, l.least*scale()), l.most*scale())
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width-w-splitGap, size.Height))
	objects[1].Move(fyne.NewPos(size.Width-w, 0))
	objects[1].Resize(fyne.NewSize(w, size.Height))
}

// Frame keeps top and bottom as high as they want and gives middle the rest.
func Frame(top, bottom, middle fyne.CanvasObject, gap float32) *fyne.Container {
	l := &frame{gap: gap, top: top, bottom: bottom, middle: middle}
	var objects []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{top, middle, bottom} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return container.New(l, objects...)
}

type frame struct {
	gap, width          float32
	top, bottom, middle fyne.CanvasObject
}

func (l *frame) height(o fyne.CanvasObject, width float32) float32 {
	if o == nil || !o.Visible() {
		return 0
	}
	if h := heightFor(o, width); h > 0 {
		return h + l.gap
	}
	return 0
}

func (l *frame) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w float32
	for _, o := range objects {
		if o.Visible() {
			w = max(w, o.MinSize().Width)
		}
	}
	at := max(l.width, w)
	return fyne.NewSize(w, l.height(l.top, at)+l.height(l.bottom, at)+l.middle.MinSize().Height)
}

func (l *frame) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	top, bottom := l.height(l.top, size.Width), l.height(l.bottom, size.Width)
	if l.top != nil {
		l.top.Move(fyne.NewPos(0, 0))
		l.top.Resize(fyne.NewSize(size.Width, max(0, top-l.gap)))
	}
	l.middle.Move(fyne.NewPos(0, top))
	l.middle.Resize(fyne.NewSize(size.Width, max(0, size.Height-top-bottom)))
	if l.bottom != nil {
		l.bottom.Move(fyne.NewPos(0, size.Height-bottom+l.gap))
		l.bottom.Resize(fyne.NewSize(size.Width, max(0, bottom-l.gap)))
	}
}
