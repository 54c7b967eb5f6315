package kit

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Groups shows a long code as it is read aloud and copied by hand: large, in numbered groups. Hidden, it shows how many there are.
type Groups struct {
	widget.BaseWidget
	groups []string
	hidden bool
}

// NewGroups is empty.
func NewGroups() *Groups {
	g := &Groups{}
	g.ExtendBaseWidget(g)
	return g
}

// Set shows a code whose groups are parted by hyphens.
func (g *Groups) Set(code string, hidden bool) {
	var groups []string
	if code != "" {
		groups = strings.Split(code, "-")
	}
	if g.hidden == hidden && strings.Join(g.groups, "-") == code {
		return
	}
	g.groups, g.hidden = groups, hidden
	g.Refresh()
}

const groupGap, groupPad float32 = 10, 8

func (g *Groups) letters() float32 { return sizeOf(theme.SizeNameHeadingText) * 1.25 }

func (g *Groups) style() fyne.TextStyle { return fyne.TextStyle{Bold: true} }

// cell is how large one group is.
func (g *Groups) cell() fyne.Size {
	code := fyne.MeasureText("000000", g.letters(), g.style())
	return fyne.NewSize(code.Width+4*groupPad, code.Height+lineOf(Small)+2*groupPad)
}

// columns are as many as there is room for, so that the rows are alike: four or two.
func (g *Groups) columns(width float32) int {
	switch each := g.cell().Width + groupGap; {
	case 4*each-groupGap <= width:
		return 4
	case 2*each-groupGap <= width:
		return 2
	}
	return 1
}

// HeightFor is for our layouts.
func (g *Groups) HeightFor(width float32) float32 {
	if len(g.groups) == 0 {
		return 0
	}
	cols := g.columns(width)
	rows := (len(g.groups) + cols - 1) / cols
	return float32(rows)*(g.cell().Height+groupGap) - groupGap
}

// MinSize is for Fyne.
func (g *Groups) MinSize() fyne.Size {
	return fyne.NewSize(g.cell().Width, g.HeightFor(max(g.Size().Width, g.cell().Width)))
}

// CreateRenderer is for Fyne.
func (g *Groups) CreateRenderer() fyne.WidgetRenderer {
	g.ExtendBaseWidget(g)
	r := &groupsRenderer{g: g}
	r.draw()
	return r
}

type groupsRenderer struct {
	g       *Groups
	objects []fyne.CanvasObject
}

func (r *groupsRenderer) draw() {
	g := r.g
	r.objects = r.objects[:0]
	put := func(o fyne.CanvasObject, x, y float32, s fyne.Size) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(s)
		r.objects = append(r.objects, o)
	}
	cols, cell := g.columns(g.Size().Width), g.cell()
	wide := (g.Size().Width+groupGap)/float32(cols) - groupGap
	for i, group := range g.groups {
		x, y := float32(i%cols)*(wide+groupGap), float32(i/cols)*(cell.Height+groupGap)
		back := canvas.NewRectangle(colorOf(Soft))
		back.StrokeColor, back.StrokeWidth, back.CornerRadius = colorOf(Hairline), 1, 4
		put(back, x, y, fyne.NewSize(wide, cell.Height))
		nth := canvas.NewText("Nhóm "+strconv.Itoa(i+1), colorOf(Muted))
		nth.TextSize = sizeOf(Small)
		put(nth, x+groupPad, y+groupPad/2, nth.MinSize())
		if g.hidden {
			group = strings.Repeat("•", len(group))
		}
		code := canvas.NewText(group, colorOf(Ink))
		code.TextSize, code.TextStyle = g.letters(), g.style()
		size := code.MinSize()
		put(code, x+(wide-size.Width)/2, y+lineOf(Small)+groupPad, size)
	}
}

func (r *groupsRenderer) Layout(fyne.Size)             { r.draw() }
func (r *groupsRenderer) MinSize() fyne.Size           { return r.g.MinSize() }
func (r *groupsRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *groupsRenderer) Destroy()                     {}
func (r *groupsRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.g) }
