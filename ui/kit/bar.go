package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Bar shows a share of a whole; below 0 nobody knows how much there is, and a short piece at the beginning says only that it goes on.
func Bar(share float32) fyne.CanvasObject {
	return container.New(filled(share), Backed(Soft, Accent, Gap(1)), Backed(Accent, "", Gap(1)))
}

type filled float32

const barHeight = 10

func (f filled) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(80, barHeight) }

func (f filled) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	share := float32(f)
	if share < 0 {
		share = 0.06
	}
	objects[0].Resize(size)
	objects[1].Resize(fyne.NewSize(size.Width*share, size.Height))
}
