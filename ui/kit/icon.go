package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// icon is a drawing in one of our colours. Fyne's image reads, colours and draws its SVG anew whenever anything around it is refreshed, also
// while it is hidden; this one is drawn when it is first seen and when its size changes.
type icon struct {
	widget.BaseWidget
	drawing fyne.Resource
	ink     fyne.ThemeColorName
	side    float32 // it wants; 0 for whatever it is given
}

func newIcon(drawing fyne.Resource, ink fyne.ThemeColorName, side float32) *icon {
	i := &icon{drawing: drawing, ink: ink, side: side}
	i.ExtendBaseWidget(i)
	return i
}

// MinSize is for Fyne.
func (i *icon) MinSize() fyne.Size { return fyne.NewSquareSize(i.side * scale()) }

// CreateRenderer is for Fyne.
func (i *icon) CreateRenderer() fyne.WidgetRenderer {
	i.ExtendBaseWidget(i)
	image := canvas.NewImageFromResource(theme.NewColoredResource(i.drawing, i.ink))
	image.FillMode = canvas.ImageFillContain
	return &iconRenderer{i: i, image: image}
}

type iconRenderer struct {
	i     *icon
	image *canvas.Image
}

func (r *iconRenderer) Layout(size fyne.Size)        { r.image.Resize(size) }
func (r *iconRenderer) MinSize() fyne.Size           { return r.i.MinSize() }
func (r *iconRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.image} }
func (r *iconRenderer) Refresh()                     {}
func (r *iconRenderer) Destroy()                     {}
