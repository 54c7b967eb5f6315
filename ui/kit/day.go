package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
)

// Day is the date entry with a ring of its own, and a calendar to pick from: Down or F4 opens it, or the small button at its end.
type Day struct {
	DateEntry
	hooks
	Today   func() dossier.Date       // nil marks no day
	Holiday func(dossier.Date) string // the name of a day off, weekends apart; nil knows none

	pop *widget.PopUp
}

// NewDay is an empty one.
func NewDay() *Day {
	d := &Day{}
	d.ExtendBaseWidget(d)
	d.SetPlaceHolder("ngày/tháng/năm")
	d.OnChanged = func(string) { d.tell() }
	d.ActionItem = newDayButton(d.Open)
	return d
}

// Resize is for Fyne: a narrow field hints at the shape in fewer letters.
func (d *Day) Resize(size fyne.Size) {
	d.DateEntry.Resize(size)
	hint := "ngày/tháng/năm"
	if fyne.MeasureText(hint, sizeOf(theme.SizeNameText), fyne.TextStyle{}).Width+sizeOf(theme.SizeNameInlineIcon)+24 > size.Width {
		hint = "dd/mm/yyyy"
	}
	if d.PlaceHolder != hint {
		d.SetPlaceHolder(hint)
	}
}

// FocusGained is for Fyne.
func (d *Day) FocusGained() {
	d.focused = true
	d.DateEntry.FocusGained()
	if d.OnFocus != nil {
		d.OnFocus()
	}
}

// FocusLost is for Fyne.
func (d *Day) FocusLost() {
	d.focused = false
	d.DateEntry.FocusLost()
	if d.OnLeave != nil {
		d.OnLeave()
	}
}

// TypedKey is for Fyne.
func (d *Day) TypedKey(k *fyne.KeyEvent) {
	switch {
	case d.key(k, false):
	case k.Name == fyne.KeyDown, k.Name == fyne.KeyF4:
		d.Open()
	default:
		d.DateEntry.TypedKey(k)
	}
}

// CreateRenderer is for Fyne.
func (d *Day) CreateRenderer() fyne.WidgetRenderer {
	return newRinged(d, d.DateEntry.CreateRenderer(), &d.hooks)
}

// Open shows the month of the date typed, or else of today. What was typed stays until another day is chosen.
func (d *Day) Open() {
	where := CanvasOf(d)
	if d.Disabled() || where == nil {
		return
	}
	where.Focus(d)
	var today dossier.Date
	if d.Today != nil {
		today = d.Today()
	}
	at := today
	if date, err := d.Date(); err == nil && !date.IsZero() {
		at = date
	}
	if at.Year < firstYear || at.Year > lastYear {
		at = dossier.Date{Year: 2000, Month: 1, Day: 1}
	}
	c := NewCalendar(at)
	c.Today, c.Holiday = today, d.Holiday
	c.field, c.OnPick = d, d.SetDate
	c.OnClose = func() {
		d.pop.Hide()
		where.Focus(d)
	}
	d.pop = widget.NewPopUp(c, where)
	d.pop.ShowAtPosition(d.beside(where.Size(), d.pop.MinSize()))
	where.Focus(c)
}

// beside is where a calendar of that size goes: below the field, above where there is no room, and always inside the window.
func (d *Day) beside(window, size fyne.Size) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d)
	y := at.Y + d.Size().Height + 2
	if y+size.Height > window.Height {
		y = at.Y - size.Height - 2
		if y < 0 {
			y = max(0, window.Height-size.Height)
		}
	}
	return fyne.NewPos(max(0, min(at.X, window.Width-size.Width)), y)
}

// dayButton opens the calendar by the mouse. It is no stop of the Tab key: the key Down in the field does the same.
type dayButton struct {
	widget.BaseWidget
	tap func()
}

func newDayButton(tap func()) *dayButton {
	b := &dayButton{tap: tap}
	b.ExtendBaseWidget(b)
	return b
}

// Tapped is for Fyne.
func (b *dayButton) Tapped(*fyne.PointEvent) { b.tap() }

// CreateRenderer is for Fyne.
func (b *dayButton) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(&inline{}, newIcon(theme.CalendarIcon(), Muted, 0)))
}

// inline is as large as an icon in a line of text, whatever the size of the texts becomes.
type inline struct{}

func (inline) MinSize([]fyne.CanvasObject) fyne.Size {
	side := sizeOf(theme.SizeNameInlineIcon)
	return fyne.NewSize(side+6, side)
}

func (inline) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := min(sizeOf(theme.SizeNameInlineIcon), size.Height)
	objects[0].Resize(fyne.NewSquareSize(side))
	objects[0].Move(fyne.NewPos((size.Width-side)/2, (size.Height-side)/2))
}
