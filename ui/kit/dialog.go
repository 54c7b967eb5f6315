package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Dialog asks one thing before anything else goes on. Enter presses the button that has the focus, else Yes; Esc is No. What is taller than
// the window scrolls between its title and its buttons, by the arrows too.
type Dialog struct {
	OnYes func() // it stays open until Close
	OnNo  func() // nil: there is no way around it

	pop     *widget.PopUp
	whole   *fyne.Container
	frame   *fixedWidth
	slot    *slot
	width   float32
	yes, no *Button
	where   fyne.Canvas
	before  fyne.Focusable
	release func()
}

// NewDialog is a dialog that is not shown yet; it gets wider with larger texts, as far as the window goes. no is "" where the question must be answered.
func NewDialog(title string, width float32, body fyne.CanvasObject, yes, no string, look Look) *Dialog {
	d := &Dialog{frame: &fixedWidth{width}, slot: &slot{body: body}, width: width}
	head := Strong(title)
	head.SizeName = theme.SizeNameSubHeadingText
	d.yes = NewButton(yes, "Enter", look, d.Yes)
	buttons := []Cell{{Object: Gap(1), Weight: 1}}
	if no != "" {
		d.no = NewButton(no, "Esc", Plain, d.Cancel)
		buttons = append(buttons, Cell{Object: d.no})
	}
	buttons = append(buttons, Cell{Object: d.yes})
	d.whole = Pad(14, 18, 16, 18, Column(14, head, container.New(d.slot, body), Row(10, buttons...)))
	d.pop = widget.NewModalPopUp(container.New(d.frame, d.whole), nil)
	return d
}

// Asks tells whether it is a question, which a scan must not answer; what only says something may be closed for it.
func (d *Dialog) Asks() bool { return d.no != nil || d.OnNo == nil }

// dialogRoom is what stays free around a dialog.
const dialogRoom = 28

// fit makes it as wide and high as it wants, and no larger than the window.
func (d *Dialog) fit() {
	window := d.where.Size()
	d.frame.width = min(d.width*scale(), window.Width-dialogRoom)
	d.slot.most = 0
	if over := heightFor(d.whole, d.frame.width) - (window.Height - dialogRoom); over > 0 {
		inside := d.whole.Layout.(*pad)
		d.slot.most = max(60, heightFor(d.slot.body, d.frame.width-inside.left-inside.right)-over)
	}
	d.slot.hold(d.whole.Objects[0].(*fyne.Container).Objects[1].(*fyne.Container))
}

// slot holds the body of a dialog, in a scroll once it may not be as high as it wants.
type slot struct {
	body   fyne.CanvasObject
	scroll *Scroll
	most   float32 // 0 is no bound
}

func (l *slot) hold(in *fyne.Container) {
	if l.most > 0 && l.scroll == nil {
		l.scroll = NewScroll(l.body)
	}
	in.Objects = []fyne.CanvasObject{l.body}
	if l.most > 0 {
		in.Objects[0] = l.scroll
	}
}

func (l *slot) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if l.most > 0 {
		return l.most
	}
	return heightFor(l.body, width)
}

func (l *slot) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, l.heightFor(objects, objects[0].MinSize().Width))
}

func (l *slot) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
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
	d.fit()
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
	if d.where != nil {
		d.fit()
	}
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

// Scroll is for the Router: what there is no room for comes into sight.
func (d *Dialog) Scroll(key fyne.KeyName) (done bool) {
	if d.slot.most == 0 {
		return false
	}
	switch key {
	case fyne.KeyPageDown, fyne.KeyPageUp:
		d.slot.scroll.Page(key == fyne.KeyPageDown)
	case fyne.KeyDown:
		d.slot.scroll.by(lineOf(theme.SizeNameText))
	case fyne.KeyUp:
		d.slot.scroll.by(-lineOf(theme.SizeNameText))
	}
	return true
}

var (
	_ Modal            = (*Dialog)(nil)
	_ Scroller         = (*Dialog)(nil)
	_ fyne.Disableable = (*Button)(nil)
)
