package kit

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
)

// dateField is a window with a date field in it and the router before it.
type dateField struct {
	t      *testing.T
	form   *Form
	day    *Day
	window fyne.Window
	router *Router
	keys   []fyne.KeyName // that reached the screen
	told   []string
	left   int
}

func openField(t *testing.T, w, h float32) *dateField {
	t.Helper()
	f := &dateField{t: t, form: NewForm(true)}
	f.form.Today = func() dossier.Date { return dossier.Date{Year: 2026, Month: 11, Day: 19} }
	f.form.Holiday = func(d dossier.Date) string {
		if d == (dossier.Date{Year: 2026, Month: 11, Day: 24}) {
			return "Ngày Văn hóa Việt Nam"
		}
		return ""
	}
	f.form.OnDay = func(_, text string, d dossier.Date, err error) { f.told = append(f.told, text) }
	f.form.OnLeave = func(string) { f.left++ }
	f.form.Ask([]Section{{Rows: [][]Field{{{Key: "from", Kind: Date, Label: "Từ ngày"}}, {{Key: "name", Label: "Tên"}}}}})
	f.window = window(t, f.form.Body(), w, h)
	f.day = f.form.fields["from"].day
	f.router = &Router{Focus: f.window.Canvas().Focused, OnKey: func(e Event) bool { f.keys = append(f.keys, e.Key); return e.Key == fyne.KeyF9 }}
	f.form.Focus("from")
	return f
}

func (f *dateField) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		if !f.router.Key(Event{Key: k, Down: true}) {
			f.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
		f.router.Key(Event{Key: k})
	}
}

func (f *dateField) write(text string) {
	for _, r := range text {
		if !f.router.Char(r) {
			f.window.Canvas().Focused().TypedRune(r)
		}
	}
}

func (f *dateField) calendar() *Calendar {
	f.t.Helper()
	c, ok := f.window.Canvas().Focused().(*Calendar)
	if !ok {
		f.t.Fatalf("no calendar has the focus: %T", f.window.Canvas().Focused())
	}
	return c
}

func TestDateIsPickedByKeysAlone(t *testing.T) {
	for _, x := range []struct{ typed, keys, want string }{
		{"", "Down Return", "19/11/2026"}, // today
		{"", "F4 Right Right Return", "21/11/2026"},
		{"", "Down Down Left Return", "25/11/2026"},
		{"", "Down Home Return", "16/11/2026"},
		{"", "Down End Return", "22/11/2026"},
		{"", "Down Up Up Up Return", "29/10/2026"},
		{"31102026", "Down Next Return", "30/11/2026"},
		{"31032024", "Down Prior Return", "29/02/2024"},
		{"31012026", "Down Prior Space", "31/12/2025"},
		{"0711", "Down Return", "19/11/2026"}, // no date yet
		{"07122007", "Down Escape", "07/12/2007"},
		{"0712", "Down Right Escape", "07/12/"},
	} {
		f := openField(t, 700, 500)
		f.write(x.typed)
		for _, k := range strings.Fields(x.keys) {
			f.press(fyne.KeyName(k))
		}
		if f.day.Text != x.want || f.window.Canvas().Focused() != f.day || f.window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s, %s: %q, %T has the focus", x.typed, x.keys, f.day.Text, f.window.Canvas().Focused())
		}
		if f.left != 0 {
			t.Errorf("%s: opening the calendar was taken for leaving the field", x.keys)
		}
		if n := len(f.told); n > 0 && f.told[n-1] != x.want {
			t.Errorf("%s: told %v", x.keys, f.told)
		}
	}
}

func TestYearsAreTurnedWithShift(t *testing.T) {
	f := openField(t, 700, 500)
	f.press(fyne.KeyDown)
	c := f.calendar()
	c.KeyDown(&fyne.KeyEvent{Name: mouse.KeyShiftLeft})
	f.press(fyne.KeyPageUp, fyne.KeyPageUp)
	c.KeyUp(&fyne.KeyEvent{Name: mouse.KeyShiftLeft})
	f.press(fyne.KeyPageDown, fyne.KeyReturn)
	if f.day.Text != "19/12/2024" {
		t.Error(f.day.Text)
	}
}

func TestCalendarKeepsTheKeysOfTheScreenAway(t *testing.T) {
	f := openField(t, 700, 500)
	f.press(fyne.KeyDown)
	f.keys = nil
	f.press(fyne.KeyF9, fyne.KeyF3, fyne.KeyPageDown)
	if len(f.keys) != 0 {
		t.Errorf("%v reached the screen below", f.keys)
	}
	f.press(fyne.KeyEscape, fyne.KeyF9)
	if len(f.keys) != 1 {
		t.Errorf("after Esc: %v", f.keys)
	}
}

func TestTypingGoesOnInTheField(t *testing.T) {
	f := openField(t, 700, 500)
	f.press(fyne.KeyDown)
	f.write("07122007")
	if f.day.Text != "07/12/2007" || f.window.Canvas().Overlays().Top() != nil {
		t.Errorf("%q", f.day.Text)
	}
}

func TestCardIsReadOverAnOpenCalendar(t *testing.T) {
	f := openField(t, 700, 500)
	now := time.Now()
	f.router.Now = func() time.Time { now = now.Add(5 * time.Millisecond); return now }
	f.router.After = func(time.Duration, func()) {}
	card := ""
	f.router.OnCard = func(text string) { card = text }
	f.write("0712")
	now = now.Add(time.Second)
	f.press(fyne.KeyDown)
	f.write("001307012345|012345678|Nguyễn Thị Bình Mẫu|07/12/2007|Nữ|Tổ 5|02/01/2022")
	f.press(fyne.KeyReturn)
	if f.day.Text != "07/12/" || !strings.HasPrefix(card, "001307012345|") || f.window.Canvas().Overlays().Top() != nil {
		t.Errorf("%q, card %q", f.day.Text, card)
	}
}

func TestDateIsPickedByTheMouse(t *testing.T) {
	f := openField(t, 700, 500)
	f.form.Focus("name")
	test.Tap(f.day.ActionItem.(fyne.Tappable))
	c := f.calendar()
	tap := func(at fyne.Position, s fyne.Size) {
		c.Tapped(&fyne.PointEvent{Position: at.AddXY(s.Width/2, s.Height/2)})
	}
	tap(c.arrow(true))
	tap(c.arrow(true))
	tap(c.arrow(false))
	tap(c.place(10)) // December 2026 begins on a Tuesday: the 11th is the second Friday
	if f.day.Text != "10/12/2026" {
		t.Error(f.day.Text)
	}
	if f.window.Canvas().Focused() != f.day {
		t.Errorf("%T has the focus", f.window.Canvas().Focused())
	}
}

func TestCalendarOfADisabledFieldStaysShut(t *testing.T) {
	f := openField(t, 700, 500)
	f.day.Disable()
	f.day.Open()
	if f.window.Canvas().Overlays().Top() != nil {
		t.Error("it opened")
	}
}

// TestCalendarSaysMoreThanColours looks at November 2026: the 24th is off, the 19th is today.
func TestCalendarSaysMoreThanColours(t *testing.T) {
	f := openField(t, 700, 500)
	f.press(fyne.KeyDown, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	c := f.calendar()
	shapes := func(i int) (frames, bars int) {
		at, s := c.place(i)
		for _, o := range test.WidgetRenderer(c).Objects() {
			r, ok := o.(*canvas.Rectangle)
			if !ok || r.Position().X < at.X || r.Position().Y < at.Y || r.Position().X+r.Size().Width > at.X+s.Width || r.Position().Y+r.Size().Height > at.Y+s.Height {
				continue
			}
			if r.StrokeWidth == 1.5 {
				frames++
			}
			if r.Size().Height == 2 {
				bars++
			}
		}
		return frames, bars
	}
	// The grid begins on Monday 26 October.
	if frames, bars := shapes(24); frames != 1 || bars != 0 {
		t.Errorf("today: %d frames, %d bars", frames, bars)
	}
	if frames, bars := shapes(29); frames != 0 || bars != 1 {
		t.Errorf("the day off: %d frames, %d bars", frames, bars)
	}
	if got := texts(c); !strings.Contains(got, "T2 T3 T4 T5 T6 T7 CN") || strings.Contains(got, "Văn hóa") {
		t.Error(got)
	}
	f.press(fyne.KeyRight)
	if got := texts(c); !strings.Contains(got, "thứ Ba, 24/11/2026 Ngày nghỉ: Ngày Văn hóa Việt Nam") {
		t.Error(got)
	}
}

func texts(w fyne.Widget) string {
	var out []string
	for _, o := range test.WidgetRenderer(w).Objects() {
		if x, ok := o.(*canvas.Text); ok {
			out = append(out, x.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestCalendarStaysInTheWindow(t *testing.T) {
	for _, scale := range []float32{1, 2} {
		for _, size := range []fyne.Size{fyne.NewSize(1024, 600), fyne.NewSize(500, 470)} {
			f := openField(t, size.Width, size.Height)
			fyne.CurrentApp().Settings().SetTheme(NewTheme(scale))
			f.day.Open()
			c := f.calendar()
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c)
			if at.X < 0 || at.Y < 0 || at.X+c.Size().Width > size.Width || at.Y+c.Size().Height > size.Height && scale == 1 {
				t.Errorf("%v at %v: %v large at %v", size, scale, c.Size(), at)
			}
		}
	}
}

func TestCalendarGoesNoFurtherThanDatesDo(t *testing.T) {
	c := NewCalendar(dossier.Date{Year: firstYear, Month: 1, Day: 1})
	window(t, c, 400, 400)
	typed(c, fyne.KeyUp, fyne.KeyPageUp, fyne.KeyLeft)
	if c.At() != (dossier.Date{Year: firstYear, Month: 1, Day: 1}) {
		t.Error(c.At())
	}
}

// TestLongDialogScrolls shows one that is taller than the window: its title and buttons stay in sight, the arrows bring the rest.
func TestLongDialogScrolls(t *testing.T) {
	win := window(t, NewEntry(), 600, 300)
	var all []fyne.CanvasObject
	for range 40 {
		all = append(all, NewParagraph("Một dòng"))
	}
	var r Router
	r.Focus = win.Canvas().Focused
	d := NewDialog("Dài", 400, Column(4, all...), "Đóng", "", Primary)
	d.Show(win.Canvas(), &r, nil)
	if h := d.pop.Content.Size().Height; h > 300 || h < 200 {
		t.Errorf("%v high", h)
	}
	driver := fyne.CurrentApp().Driver()
	if at := driver.AbsolutePositionForObject(d.yes); at.Y+d.yes.Size().Height > 300 {
		t.Errorf("its button is at %v", at)
	}
	for _, x := range []struct {
		key  fyne.KeyName
		down bool
	}{{fyne.KeyPageDown, true}, {fyne.KeyDown, true}, {fyne.KeyUp, false}, {fyne.KeyPageUp, false}} {
		was := d.slot.scroll.inner.Offset.Y
		if !r.Key(Event{Key: x.key, Down: true}) || (d.slot.scroll.inner.Offset.Y > was) != x.down {
			t.Errorf("%s: from %v to %v", x.key, was, d.slot.scroll.inner.Offset.Y)
		}
	}
}

func TestCharacterAloneIsAKeyWhereNobodyWrites(t *testing.T) {
	f := openField(t, 700, 500)
	now := time.Now()
	f.router.Now = func() time.Time { now = now.Add(5 * time.Millisecond); return now }
	var alone []rune
	f.router.OnChar = func(r rune) bool { alone = append(alone, r); return r == '?' }
	f.write("?")
	f.form.Focus("name")
	f.write("?")
	if f.form.fields["name"].entry.Text != "?" || len(alone) != 0 {
		t.Errorf("a field: %q, %q", f.form.fields["name"].entry.Text, string(alone))
	}
	f.window.Canvas().Unfocus()
	now = now.Add(time.Second)
	if !f.router.Char('?') || string(alone) != "?" {
		t.Errorf("no field: %q", string(alone))
	}
	if f.router.Char('?'); string(alone) != "?" {
		t.Error("one of many characters was taken for a key")
	}
}

// TestCalendarPictures keeps pictures of it where TIEPNHAN_SHOTS says.
func TestCalendarPictures(t *testing.T) {
	if os.Getenv("TIEPNHAN_SHOTS") == "" {
		t.Skip("nobody wants pictures")
	}
	for name, x := range map[string]struct {
		scale float32
		keys  []fyne.KeyName
	}{"kit-1-calendar": {1, nil}, "kit-2-calendar-holiday": {1, []fyne.KeyName{fyne.KeyDown, fyne.KeyLeft, fyne.KeyLeft}}, "kit-3-calendar-200": {2, []fyne.KeyName{fyne.KeyRight}}} {
		f := openField(t, 1024, 600)
		fyne.CurrentApp().Settings().SetTheme(NewTheme(x.scale))
		f.press(fyne.KeyDown)
		f.press(x.keys...)
		shot(t, name, f.window.Canvas().Capture())
	}
}

// shot is uitest.Shoot, which rests on this package.
func shot(t *testing.T, name string, picture image.Image) {
	t.Helper()
	f, err := os.Create(filepath.Join(os.Getenv("TIEPNHAN_SHOTS"), name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
