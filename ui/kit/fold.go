package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Fold shows a screen as wide has it while there is room for need beside one another, and as tall has it where letters are too large for that:
// one thing below the other. need is for text of the usual size and grows with it. Both may hold the same things, so that only the one shown
// is in the container and may be laid out.
func Fold(wide fyne.CanvasObject, tall *Scroll, need float32) *fyne.Container {
	l := &fold{wide: wide, tall: tall, need: need}
	l.root = container.New(l, tall) // until the width is known: a window grows to what is wanted of it, and stays so
	return l.root
}

type fold struct {
	root *fyne.Container
	wide fyne.CanvasObject
	tall *Scroll
	need float32
}

func (l *fold) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l *fold) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	was, shown := objects[0], l.wide
	if size.Width < l.need*scale() {
		shown = l.tall
	}
	l.root.Objects = []fyne.CanvasObject{shown}
	shown.Move(fyne.Position{})
	shown.Resize(size)
	if was != shown { // what both hold still lies as the other left it
		Relayout(shown)
		relayoutScrolls(shown)
	}
}

// Shown is the scroll that may place what both ways of a Fold hold: tall while it is shown, else part, which is in the other.
func Shown(folded *fyne.Container, tall, part *Scroll) *Scroll {
	if folded.Objects[0] == tall {
		return tall
	}
	return part
}

// relayoutScrolls is Relayout of what o has in its scrolls.
func relayoutScrolls(o fyne.CanvasObject) {
	switch x := o.(type) {
	case *Scroll:
		x.Relayout()
	case *fyne.Container:
		for _, child := range x.Objects {
			relayoutScrolls(child)
		}
	}
}
