package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// plane is a large even colour, with a thin line and rounded corners around it if edge is given. Where a PC has no graphics processor every dot of
// a rectangle goes through Fyne's shader, some ten milliseconds for a whole window. So only the edges are rectangles.
type plane struct {
	widget.BaseWidget
	fill, edge fyne.ThemeColorName
}

func newPlane(fill, edge fyne.ThemeColorName) *plane {
	p := &plane{fill: fill, edge: edge}
	p.ExtendBaseWidget(p)
	return p
}

// MinSize is nothing: it lies behind what has a size.
func (p *plane) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer is for Fyne.
func (p *plane) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &planeRenderer{p: p, inner: newEven(p.fill)}
	if p.edge == "" {
		return r
	}
	band := func() *canvas.Rectangle {
		b := canvas.NewRectangle(colorOf(p.fill))
		b.StrokeColor, b.StrokeWidth = colorOf(p.edge), 1
		return b
	}
	r.top, r.bottom = band(), band()
	r.top.TopLeftCornerRadius, r.top.TopRightCornerRadius = planeRound, planeRound
	r.bottom.BottomLeftCornerRadius, r.bottom.BottomRightCornerRadius = planeRound, planeRound
	r.left, r.right = canvas.NewRectangle(colorOf(p.edge)), canvas.NewRectangle(colorOf(p.edge))
	return r
}

const planeRound, planeBand = 4, 8

type planeRenderer struct {
	p                        *plane
	inner                    *even
	top, bottom, left, right *canvas.Rectangle
	objects                  []fyne.CanvasObject
}

func (r *planeRenderer) Layout(size fyne.Size) {
	w, h := size.Width, size.Height
	r.objects = r.objects[:0]
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
		r.objects = append(r.objects, o)
	}
	if r.p.edge == "" {
		r.objects = append(r.objects, r.inner.place(r.p, 0, 0, w, h)...)
		return
	}
	if h < 2*planeBand { // one band is all of it
		r.top.CornerRadius = planeRound
		place(r.top, 0, 0, w, h)
		return
	}
	r.top.CornerRadius = 0
	place(r.top, 0, 0, w, planeBand)
	place(r.bottom, 0, h-planeBand, w, planeBand)
	const joint = planeBand - 1 // into the bands: at half dots there was a gap between them
	place(r.left, 0, joint, 1, h-2*joint)
	place(r.right, w-1, joint, 1, h-2*joint)
	r.objects = append(r.objects, r.inner.place(r.p, 1, planeRound, w-2, h-2*planeRound)...) // it covers the ends of the bands
}

func (r *planeRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *planeRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *planeRenderer) Refresh()                     {}
func (r *planeRenderer) Destroy()                     {}
