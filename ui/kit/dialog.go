package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Dialog asks one thing before anything else goes on. Enter presses the button that has the focus, else Yes; Esc is No.
type Dialog struct {
	OnYes func() // it stays open until Close
	OnNo  func() // nil: there is no way around it

	pop     *widget.PopUp
	yes, no *Button
	where   fyne.Canvas
	before  fyne.Focusable
	release func()
}

// NewDialog is a dialog that is not shown yet. no is "" where the question must be answered.
func NewDialog(title string, width float32, body fyne.CanvasObject, yes, no string, look Look) *Dialog {
	d := &Dialog{}
	head := Strong(title)
	head.SizeName = theme.SizeNameSubHeadingText
	d.yes = NewButton(yes, "Enter", look, d.Yes)
	buttons := []Cell{{Object: Gap(1), Weight: 1}}
	if no != "" {
		d.no = NewButton(no, "Esc", Plain, d.Cancel)
		buttons = append(buttons, Cell{Object: d.no})
	}
	buttons = append(buttons, Cell{Object: d.yes})
	content := Pad(14, 18, 16, 18, Column(14, head, body, Row(10, buttons...)))
	d.pop = widget.NewModalPopUp(container.New(&fixedWidth{width}, content), nil)
	return d
}

type fixedWidth struct{ width float32 }

func (l *fixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, heightFor(objects[0], l.width))
}

func (l *fixedWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

// Show opens it over that canvas; focus is what has it first, nil for the button that changes nothing.
func (d *Dialog) Show(where fyne.Canvas, router *Router, focus fyne.Focusable) {
	d.where, d.before = where, where.Focused()
	d.pop.Canvas = where
	d.pop.Show()
	if router != nil {
		d.release = router.Open(d)
	}
	if focus == nil {
		focus = d.yes
		if d.no != nil {
			focus, d.yes.Key = d.no, "" // there Enter is "no": yes is a Tab away
			d.yes.Refresh()
		}
	}
	where.Focus(focus)
}

// Grow must be called when the body wants another height.
func (d *Dialog) Grow() {
	Relayout(d.pop.Content)
	d.pop.Refresh()
}

// Close takes it away and gives the focus back.
func (d *Dialog) Close() {
	if d.release != nil {
		d.release()
		d.release = nil
	}
	d.pop.Hide()
	if d.where != nil && d.before != nil {
		d.where.Focus(d.before)
	}
}

// Yes does what the dialog is about.
func (d *Dialog) Yes() {
	if d.OnYes != nil {
		d.OnYes()
	}
}

// Confirm is Enter.
func (d *Dialog) Confirm() {
	if b, ok := d.where.Focused().(*Button); ok {
		b.Press()
		return
	}
	d.Yes()
}

// Cancel is Esc.
func (d *Dialog) Cancel() {
	if d.OnNo != nil {
		d.OnNo()
	}
}

var _ Modal = (*Dialog)(nil)
var _ fyne.Disableable = (*Button)(nil)
