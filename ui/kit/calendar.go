package kit

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
)

// Calendar is one month to pick a day from. Weeks begin on Monday. The arrows go by day and week, PageUp and PageDown by month and with Shift
// by year, Home and End to the ends of the week; Enter takes the day and Esc goes back. It is a Modal by having the focus: the keys of the
// screen below wait. Whoever types instead goes on typing in the field.
type Calendar struct {
	widget.BaseWidget
	OnPick  func(dossier.Date)
	OnClose func() // it was left, with a day or without

	Today   dossier.Date
	Holiday func(dossier.Date) string // the name of a day off, weekends apart; nil knows none

	field   *Day
	at      dossier.Date // the day the keys stand on
	under   int          // the mouse: a day of the grid, or one of the arrows above it; none is -1
	shifted bool
}

// The years a date of a dossier can be of; a day of birth too.
const firstYear, lastYear = 1850, 2150

const (
	calendarWeeks        = 6
	arrowBack, arrowOn   = 100, 101
	noDay                = -1
	calendarPad, headGap = float32(10), float32(4)
)

// NewCalendar shows the month of a day.
func NewCalendar(at dossier.Date) *Calendar {
	c := &Calendar{at: at, under: noDay}
	c.ExtendBaseWidget(c)
	return c
}

// At is the day the keys stand on.
func (c *Calendar) At() dossier.Date { return c.at }

func (c *Calendar) goTo(d dossier.Date) {
	if d.Year < firstYear || d.Year > lastYear {
		return
	}
	c.at = d
	c.Refresh()
}

// months goes by months; the 31st becomes the last day of a shorter one.
func (c *Calendar) months(n int) {
	to := dossier.DateOf(dossier.Date{Year: c.at.Year, Month: c.at.Month, Day: 1}.At(12, 0).AddDate(0, n, 0))
	for to.Day = c.at.Day; !to.Valid(); {
		to.Day--
	}
	c.goTo(to)
}

// first is the day in the upper left corner: a Monday.
func (c *Calendar) first() dossier.Date {
	one := dossier.Date{Year: c.at.Year, Month: c.at.Month, Day: 1}
	return one.AddDays(-weekday(one))
}

// weekday counts from Monday, which is 0.
func weekday(d dossier.Date) int { return (int(d.Weekday()) + 6) % 7 }

func (c *Calendar) pick(d dossier.Date) {
	if d.Year < firstYear || d.Year > lastYear {
		return
	}
	if c.OnPick != nil {
		c.OnPick(d)
	}
	c.Cancel()
}

// Confirm is Enter, Cancel is Esc: for the Router.
func (c *Calendar) Confirm() { c.pick(c.at) }

// Cancel closes it.
func (c *Calendar) Cancel() {
	if c.OnClose != nil {
		c.OnClose()
	}
}

// FocusGained is for Fyne.
func (c *Calendar) FocusGained() {}

// FocusLost is for Fyne.
func (c *Calendar) FocusLost() { c.shifted = false }

// TypedRune is for Fyne: a character is meant for the field.
func (c *Calendar) TypedRune(r rune) {
	c.Cancel()
	if c.field != nil {
		c.field.TypedRune(r)
	}
}

// Snapshot is for the Router: what a card reader types goes into the field.
func (c *Calendar) Snapshot() (restore func()) {
	if c.field == nil {
		return func() {}
	}
	text := c.field.Text
	return func() { c.field.SetText(text) }
}

// KeyDown is for Fyne: Shift makes months years.
func (c *Calendar) KeyDown(e *fyne.KeyEvent) { c.shift(e, true) }

// KeyUp is for Fyne.
func (c *Calendar) KeyUp(e *fyne.KeyEvent) { c.shift(e, false) }

func (c *Calendar) shift(e *fyne.KeyEvent, down bool) {
	if e.Name == mouse.KeyShiftLeft || e.Name == mouse.KeyShiftRight {
		c.shifted = down
	}
}

// TypedKey is for Fyne.
func (c *Calendar) TypedKey(e *fyne.KeyEvent) {
	months := 1
	if c.shifted {
		months = 12
	}
	switch e.Name {
	case fyne.KeyLeft:
		c.goTo(c.at.AddDays(-1))
	case fyne.KeyRight:
		c.goTo(c.at.AddDays(1))
	case fyne.KeyUp:
		c.goTo(c.at.AddDays(-7))
	case fyne.KeyDown:
		c.goTo(c.at.AddDays(7))
	case fyne.KeyPageUp:
		c.months(-months)
	case fyne.KeyPageDown:
		c.months(months)
	case fyne.KeyHome:
		c.goTo(c.at.AddDays(-weekday(c.at)))
	case fyne.KeyEnd:
		c.goTo(c.at.AddDays(6 - weekday(c.at)))
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.Confirm()
	case fyne.KeyEscape:
		c.Cancel()
	}
}

// Tapped is for Fyne.
func (c *Calendar) Tapped(e *fyne.PointEvent) {
	switch i := c.hit(e.Position); {
	case i == arrowBack:
		c.months(-1)
	case i == arrowOn:
		c.months(1)
	case i >= 0:
		c.pick(c.first().AddDays(i))
	}
}

// MouseIn is for Fyne.
func (c *Calendar) MouseIn(e *mouse.MouseEvent) { c.MouseMoved(e) }

// MouseMoved is for Fyne.
func (c *Calendar) MouseMoved(e *mouse.MouseEvent) {
	if i := c.hit(e.Position); i != c.under {
		c.under = i
		c.Refresh()
	}
}

// MouseOut is for Fyne.
func (c *Calendar) MouseOut() {
	c.under = noDay
	c.Refresh()
}

// cell is the place of one day.
func (c *Calendar) cell() fyne.Size {
	text := fyne.MeasureText("30", sizeOf(theme.SizeNameText), fyne.TextStyle{Bold: true})
	return fyne.NewSize(text.Width+18*scale(), text.Height+9)
}

// head is the height of the month's name, names the height of the days' of the week.
func (c *Calendar) head() float32  { return lineOf(theme.SizeNameText) + 8 }
func (c *Calendar) names() float32 { return lineOf(theme.SizeNameCaptionText) + 4 }
func (c *Calendar) grid() float32  { return calendarPad + c.head() + headGap + c.names() }

func (c *Calendar) place(i int) (fyne.Position, fyne.Size) {
	cell := c.cell()
	return fyne.NewPos(calendarPad+float32(i%7)*cell.Width, c.grid()+float32(i/7)*cell.Height), cell
}

func (c *Calendar) arrow(on bool) (fyne.Position, fyne.Size) {
	cell := c.cell()
	x := calendarPad
	if on {
		x += 6 * cell.Width
	}
	return fyne.NewPos(x, calendarPad), fyne.NewSize(cell.Width, c.head())
}

func (c *Calendar) hit(p fyne.Position) int {
	in := func(at fyne.Position, s fyne.Size) bool {
		return p.X >= at.X && p.Y >= at.Y && p.X < at.X+s.Width && p.Y < at.Y+s.Height
	}
	if in(c.arrow(false)) {
		return arrowBack
	}
	if in(c.arrow(true)) {
		return arrowOn
	}
	for i := range 7 * calendarWeeks {
		if in(c.place(i)) {
			return i
		}
	}
	return noDay
}

// words tell the day the keys stand on, and how it is off.
func (c *Calendar) words() string {
	out := weekdays[c.at.Weekday()] + ", " + c.at.String()
	if c.at == c.Today {
		out += " (hôm nay)"
	}
	return out
}

func (c *Calendar) off(d dossier.Date) string {
	if c.Holiday == nil {
		return ""
	}
	return c.Holiday(d)
}

// MinSize is for Fyne.
func (c *Calendar) MinSize() fyne.Size {
	cell := c.cell()
	return fyne.NewSize(7*cell.Width+2*calendarPad, c.grid()+calendarWeeks*cell.Height+6+2*lineOf(theme.SizeNameCaptionText)+calendarPad)
}

// CreateRenderer is for Fyne.
func (c *Calendar) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	r := &calendarRenderer{c: c}
	r.draw()
	return r
}

type calendarRenderer struct {
	c       *Calendar
	objects []fyne.CanvasObject
}

func (r *calendarRenderer) put(o fyne.CanvasObject, at fyne.Position, s fyne.Size) {
	o.Move(at)
	o.Resize(s)
	r.objects = append(r.objects, o)
}

func (r *calendarRenderer) text(words string, ink fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool, at fyne.Position, in fyne.Size) {
	t := canvas.NewText(Cut(words, in.Width, sizeOf(size), fyne.TextStyle{Bold: bold}), colorOf(ink))
	t.TextSize, t.TextStyle.Bold = sizeOf(size), bold
	s := t.MinSize()
	r.put(t, at.AddXY((in.Width-s.Width)/2, (in.Height-s.Height)/2), s)
}

func (r *calendarRenderer) draw() {
	c := r.c
	r.objects = r.objects[:0]
	size := c.MinSize()
	edge := canvas.NewRectangle(colorOf(Surface))
	edge.StrokeColor, edge.StrokeWidth, edge.CornerRadius = colorOf(Edge), 1, 4
	r.put(edge, fyne.NewPos(0, 0), size)
	r.top(size.Width)
	for i := range 7 * calendarWeeks {
		r.day(i)
	}
	line := lineOf(theme.SizeNameCaptionText)
	y := c.grid() + calendarWeeks*c.cell().Height + 6
	room := fyne.NewSize(size.Width-2*calendarPad, line)
	r.text(c.words(), Ink, theme.SizeNameCaptionText, false, fyne.NewPos(calendarPad, y), room)
	if off := c.off(c.at); off != "" {
		r.text("Ngày nghỉ: "+off, Red, theme.SizeNameCaptionText, false, fyne.NewPos(calendarPad, y+line), room)
	} else {
		r.text("PageUp/PageDown: tháng, +Shift: năm", Muted, Small, false, fyne.NewPos(calendarPad, y+line), room)
	}
}

// top is the month with an arrow at each side, and the days of the week.
func (r *calendarRenderer) top(width float32) {
	c := r.c
	at, s := c.arrow(false)
	r.text(fmt.Sprintf("Tháng %d năm %d", c.at.Month, c.at.Year), Ink, theme.SizeNameText, true, fyne.NewPos(0, at.Y), fyne.NewSize(width, s.Height))
	for on, i := range map[bool]int{false: arrowBack, true: arrowOn} {
		at, s := c.arrow(on)
		if c.under == i {
			back := canvas.NewRectangle(colorOf(Soft))
			back.CornerRadius = 4
			r.put(back, at, s)
		}
		tip, tail := at.X+s.Width/2-4, at.X+s.Width/2+4
		if on {
			tip, tail = tail, tip
		}
		for _, end := range []float32{-6, 6} {
			l := canvas.NewLine(colorOf(Ink))
			l.StrokeWidth = 2
			l.Position1, l.Position2 = fyne.NewPos(tip, at.Y+s.Height/2), fyne.NewPos(tail, at.Y+s.Height/2+end)
			r.objects = append(r.objects, l)
		}
	}
	for i, name := range [...]string{"T2", "T3", "T4", "T5", "T6", "T7", "CN"} {
		at, s := c.place(i)
		r.text(name, Muted, theme.SizeNameCaptionText, false, fyne.NewPos(at.X, at.Y-c.names()), fyne.NewSize(s.Width, c.names()))
	}
}

// day draws one day: a weekend stands on grey, a day off has a bar below, today a frame, and the day of the keys is filled.
func (r *calendarRenderer) day(i int) {
	c := r.c
	d := c.first().AddDays(i)
	at, s := c.place(i)
	ink, bold, off := Ink, false, c.off(d) != ""
	if d.Month != c.at.Month {
		ink = Muted
	}
	back := canvas.NewRectangle(color.Transparent)
	back.CornerRadius = 4
	if i%7 >= 5 {
		back.FillColor, back.CornerRadius = colorOf(theme.ColorNameBackground), 0
	}
	if off {
		ink = Red
	}
	r.put(back, at, s)
	if c.under == i && d != c.at {
		over := canvas.NewRectangle(colorOf(Soft))
		over.CornerRadius = 4
		r.put(over, at.AddXY(1, 1), s.SubtractWidthHeight(2, 2))
	}
	if d == c.Today {
		frame := canvas.NewRectangle(color.Transparent)
		frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = colorOf(Accent), 1.5, 4
		r.put(frame, at.AddXY(1.5, 1.5), s.SubtractWidthHeight(3, 3))
		bold = true
	}
	if d == c.at {
		full := canvas.NewRectangle(colorOf(Accent))
		full.StrokeColor, full.StrokeWidth, full.CornerRadius = colorOf(Ring), 2, 4
		r.put(full, at.AddXY(1, 1), s.SubtractWidthHeight(2, 2))
		ink, bold = OnNavy, true
	}
	r.text(fmt.Sprint(d.Day), ink, theme.SizeNameText, bold, at, s)
	if off {
		bar := canvas.NewRectangle(colorOf(ink))
		r.put(bar, at.AddXY(s.Width/2-7, s.Height-5), fyne.NewSize(14, 2))
	}
}

func (r *calendarRenderer) Layout(fyne.Size)             {}
func (r *calendarRenderer) MinSize() fyne.Size           { return r.c.MinSize() }
func (r *calendarRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *calendarRenderer) Destroy()                     {}
func (r *calendarRenderer) Refresh()                     { r.draw(); canvas.Refresh(r.c) }

var (
	_ Modal    = (*Calendar)(nil)
	_ Restorer = (*Calendar)(nil)
)
