package kit

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
)

func window(t *testing.T, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	win := test.NewTempWindow(t, o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return win
}

func typed(f fyne.Focusable, keys ...fyne.KeyName) {
	for _, k := range keys {
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// ring finds the 2 px stroke in the colour of the focus among what a widget draws.
func ring(w fyne.Widget) bool {
	for _, o := range test.WidgetRenderer(w).Objects() {
		if r, ok := o.(*canvas.Rectangle); ok {
			if r.StrokeWidth == 2 && r.StrokeColor == colorOf(Ring) || r.FillColor == colorOf(Ring) && (r.Size().Width == 2 || r.Size().Height == 2) {
				return true
			}
		}
		if i, ok := o.(*canvas.Image); ok && i.Image != nil { // its inner half; the outer one fades
			got, want := parts(i.Image.At(i.Image.Bounds().Dx()/2, 2)), parts(colorOf(Ring))
			if math.Abs(float64(got[0]-want[0])) < 0.2 && math.Abs(float64(got[1]-want[1])) < 0.2 && got[3] == 1 {
				return true
			}
		}
	}
	return false
}

func TestEveryWidgetShowsTheFocus(t *testing.T) {
	choice := NewChoice(0)
	choice.SetOptions([]Option{{Value: "a", Title: "A"}, {Value: "b", Title: "B"}})
	table := NewTable(TableColumn{Title: "Số", Min: 100})
	table.Row = func(int) ([]TableCell, bool) { return nil, false }
	all := []fyne.Widget{NewEntry(), NewLines(3), NewDay(), NewButton("Lưu", "F9", Primary, nil), NewButton("Về", "", Plain, nil),
		choice, NewCheck("Phiếu", ""), NewLinkLine("Nhập", nil), table}
	var objects []fyne.CanvasObject
	for _, w := range all {
		objects = append(objects, w)
	}
	win := window(t, Column(4, objects...), 600, 800)
	for _, w := range all {
		if ring(w) {
			t.Errorf("%T shows a ring without the focus", w)
		}
		win.Canvas().Focus(w.(fyne.Focusable))
		if !ring(w) {
			t.Errorf("%T shows no ring", w)
		}
		win.Canvas().Unfocus()
		if ring(w) {
			t.Errorf("%T keeps its ring", w)
		}
	}
}

func TestTabLeavesEveryEntry(t *testing.T) {
	lines, after := NewLines(3), NewEntry()
	win := window(t, Column(4, lines, after), 400, 300)
	win.Canvas().Focus(lines)
	if lines.AcceptsTab() {
		t.Fatal("an entry of several lines keeps the Tab key")
	}
	win.Canvas().FocusNext()
	if win.Canvas().Focused() != after {
		t.Error("Tab does not lead on")
	}
}

func TestEntryOfFiguresTakesNothingElse(t *testing.T) {
	e := NewEntry()
	e.Digits = true
	window(t, e, 200, 40)
	for _, c := range "0a1|2 3" {
		e.TypedRune(c)
	}
	if e.Text != "0123" {
		t.Errorf("typed: %q", e.Text)
	}
	e.SetText("")
	clip := test.NewClipboard()
	clip.SetContent("001 307 012 345\n")
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if e.Text != "001307012345" {
		t.Errorf("pasted: %q", e.Text)
	}
}

func TestChoiceIsMadeByArrows(t *testing.T) {
	c := NewChoice(2)
	c.SetOptions([]Option{{Value: "a", Title: "A"}, {Value: "b", Title: "B"}, {Value: "c", Title: "C"}, {Value: "d", Title: "D"}})
	var picked []string
	c.OnPick = func(v string) { picked = append(picked, v) }
	left := 0
	c.OnEnter = func() { left++ }
	window(t, c, 400, 200)
	typed(c, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight, fyne.KeyUp, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyUp, fyne.KeyReturn)
	if got := strings.Join(picked, ""); got != "acdbadb" {
		t.Errorf("picked %s", got)
	}
	if left != 1 {
		t.Error("Enter does not lead on once something is chosen")
	}
	c.SetValue("")
	typed(c, fyne.KeyReturn)
	if c.Value() != "a" || left != 1 {
		t.Errorf("Enter on nothing chosen gives %q, left %d", c.Value(), left)
	}
	c.SetOptions(nil)
	typed(c, fyne.KeyDown, fyne.KeyReturn, fyne.KeySpace) // must not panic
}

func TestButtonIsPressedBySpaceAndEnterUnlessGrey(t *testing.T) {
	n := 0
	b := NewButton("Gửi", "F5", Plain, func() { n++ })
	window(t, b, 200, 40)
	typed(b, fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab)
	b.Disable()
	typed(b, fyne.KeySpace)
	test.Tap(b)
	if n != 3 {
		t.Errorf("pressed %d times, want 3", n)
	}
}

func TestTableShowsOnlyWhatIsInSight(t *testing.T) {
	table := NewTable(TableColumn{Title: "Số", Min: 100}, TableColumn{Title: "Tên", Min: 100, Weight: 1}, TableColumn{Title: "Lúc", Min: 300, Drop: 1})
	asked := map[int]bool{}
	table.Row = func(i int) ([]TableCell, bool) {
		asked[i] = true
		return []TableCell{{Text: fmt.Sprint(i)}, {Text: strings.Repeat("Tên rất dài ", 40)}, {Text: "x", Chip: &Chip{DotSign, Accent, Soft}}}, true
	}
	opened := -1
	table.OnOpen = func(i int) { opened = i }
	window(t, table, 400, 300)
	table.SetRows(100_000)
	if len(asked) > 40 {
		t.Errorf("%d rows read for a window of 8", len(asked))
	}
	if w := table.widths(400); w[2] != 0 || w[0] == 0 {
		t.Errorf("widths %v: the column that may go should have gone", w)
	}
	typed(table, fyne.KeyEnd)
	if table.Selected() != 99_999 {
		t.Errorf("End: row %d", table.Selected())
	}
	first, last := table.inSight()
	if last != 100_000 || first < 99_980 {
		t.Errorf("End: rows %d to %d in sight", first, last)
	}
	typed(table, fyne.KeyHome, fyne.KeyPageDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	if opened != table.page()-1 {
		t.Errorf("opened %d, want %d", opened, table.page()-1)
	}
	table.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1e9)})
	if _, last := table.inSight(); last != 100_000 {
		t.Errorf("the wheel ends at %d", last)
	}
	table.SetRows(0)
	typed(table, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnd)
	if opened != table.page()-1 {
		t.Error("an empty table opened something")
	}
	table.SetRows(3)
	if table.Selected() != 0 {
		t.Errorf("row %d is chosen of three new ones", table.Selected())
	}
}

func TestWrapLosesNothing(t *testing.T) {
	test.NewTempApp(t)
	for _, text := range []string{"Nguyễn Thị Bình Mẫu", strings.Repeat("a", 10_000), strings.Repeat("Đặng ", 2000), "", "một\nhai", "  hai   khoảng  "} {
		for _, width := range []float32{20, 80, 400} {
			lines := Wrap(text, width, 15, fyne.TextStyle{})
			for _, l := range lines {
				if w := fyne.MeasureText(l, 15, fyne.TextStyle{}).Width; w > width+1 && len([]rune(l)) > 1 {
					t.Fatalf("%.20q: a line of %.0f in %.0f", text, w, width)
				}
			}
			plain := func(s string) string { return strings.Join(strings.Fields(s), "") }
			if plain(strings.Join(lines, "")) != plain(text) {
				t.Fatalf("%.20q at %.0f: letters were lost", text, width)
			}
		}
	}
}

func TestCutFits(t *testing.T) {
	test.NewTempApp(t)
	long := strings.Repeat("Cơ quan ", 5000)
	for _, width := range []float32{30, 100, 333} {
		for _, s := range []string{Cut(long, width, 15, fyne.TextStyle{}), CutHead("MAU.01-261119-0001", width, 15, fyne.TextStyle{})} {
			if w := fyne.MeasureText(s, 15, fyne.TextStyle{}).Width; w > width {
				t.Errorf("%q is %.0f wide, want %.0f", s, w, width)
			}
		}
	}
	if got := CutHead("MAU.01-261119-0001", 100, 15, fyne.TextStyle{}); !strings.HasSuffix(got, "0001") {
		t.Errorf("%q lost what tells it from the others", got)
	}
}

func TestFormKeepsWhatIsTypedWhenQuestionsChange(t *testing.T) {
	f := NewForm(false)
	scroll := NewScroll(f.Body())
	f.OnGrow = scroll.Relayout
	win := window(t, scroll, 600, 400)
	var said []string
	f.OnText = func(k, v string) { said = append(said, k+"="+v) }
	ask := func(keys ...string) {
		var rows [][]Field
		for _, k := range keys {
			rows = append(rows, []Field{{Key: k, Label: k}})
		}
		f.Ask([]Section{{Title: "T", Rows: rows}})
	}
	ask("name", "phone")
	f.Focus("name")
	test.Type(win.Canvas().Focused(), "An")
	ask("number", "name")
	if win.Canvas().Focused() == nil || f.fields["name"].entry.Text != "An" {
		t.Error("a question that stays lost its text or the focus")
	}
	f.Fill(map[string]string{"name": "An", "number": "1"}, map[string]Said{"number": {Text: "Sai"}})
	if strings.Join(said, " ") != "name=A name=An" {
		t.Errorf("filling in by the program was taken for typing: %v", said)
	}
	if !f.fields["number"].entry.bad || f.fields["name"].entry.bad {
		t.Error("the red edge is not at the wrong field alone")
	}
	if f.Focus("phone") {
		t.Error("a question that is gone took the focus")
	}
}

func TestDateFieldTellsUnfinishedDates(t *testing.T) {
	f := NewForm(true)
	f.Ask([]Section{{Rows: [][]Field{{{Key: "born", Kind: Date}}}}})
	win := window(t, f.Body(), 300, 100)
	var last dossier.Date
	var wrong error
	f.OnDay = func(_, _ string, d dossier.Date, err error) { last, wrong = d, err }
	f.Focus("born")
	test.Type(win.Canvas().Focused(), "0712")
	if dossier.Code(wrong) != "date.unfinished" {
		t.Errorf("half a date: %v", wrong)
	}
	test.Type(win.Canvas().Focused(), "2007")
	if wrong != nil || last.ISO() != "2007-12-07" {
		t.Errorf("a whole date: %v %v", last, wrong)
	}
	f.Fill(map[string]string{}, nil)
	if f.fields["born"].day.Text != "" {
		t.Error("a cleared form keeps a date")
	}
}

func TestDialogLosesNothingByEnter(t *testing.T) {
	win := window(t, NewEntry(), 600, 400)
	var r Router
	r.Focus = win.Canvas().Focused
	yes, no := 0, 0
	show := func(focus fyne.Focusable) *Dialog {
		d := NewDialog("Xóa?", 300, NewParagraph("Sẽ mất."), "Xóa", "Giữ lại", Danger)
		d.OnYes = func() { yes++; d.Close() }
		d.OnNo = func() { no++; d.Close() }
		d.Show(win.Canvas(), &r, focus)
		return d
	}
	press := func(k fyne.KeyName) {
		if !r.Key(Event{Key: k, Down: true}) {
			if f := win.Canvas().Focused(); f != nil {
				f.TypedKey(&fyne.KeyEvent{Name: k})
			}
		}
		r.Key(Event{Key: k})
	}
	if d := show(nil); d.yes.Key == "Enter" {
		t.Error("the button shows Enter, but Enter is the other one's")
	}
	press(fyne.KeyReturn) // the button that loses nothing has the focus
	if yes != 0 || no != 1 {
		t.Fatalf("Enter right away: yes %d, no %d", yes, no)
	}
	show(nil)
	press(fyne.KeyEscape)
	if no != 2 {
		t.Errorf("Esc: no %d", no)
	}
	show(nil)
	win.Canvas().FocusNext()
	press(fyne.KeyReturn)
	if yes != 1 || no != 2 {
		t.Errorf("Tab, Enter: yes %d, no %d", yes, no)
	}
	if win.Canvas().Overlays().Top() != nil {
		t.Error("a dialog stayed")
	}
}

func TestMomentIsSaidInHanoi(t *testing.T) {
	if got := Moment(dossier.Date{Year: 2026, Month: 11, Day: 25}.At(17, 0).UTC()); got != "17:00 thứ Tư, 25/11/2026" {
		t.Error(got)
	}
}

func TestScrollRevealsWhatWasNeverPainted(t *testing.T) {
	var all []fyne.CanvasObject
	for range 40 {
		all = append(all, NewEntry())
	}
	scroll := NewScroll(Column(4, Panel("T", all...)))
	window(t, scroll, 300, 200)
	scroll.Reveal(all[39])
	if y := all[39].Position().Y - scroll.inner.Offset.Y; scroll.inner.Offset.Y == 0 || y < 0 || y > 200 {
		t.Errorf("offset %v", scroll.inner.Offset.Y)
	}
	scroll.Reveal(all[0])
	if scroll.inner.Offset.Y != 0 {
		t.Errorf("offset %v, want the top", scroll.inner.Offset.Y)
	}
	scroll.Reveal(NewEntry()) // somewhere else: nothing happens
}

// Due on the 19th and looked at on the 23rd is four days late, whatever the hours.
func TestSpanCountsDaysByTheirDates(t *testing.T) {
	due := dossier.Date{Year: 2026, Month: 11, Day: 19}.At(17, 0)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{due.Add(59 * time.Second), "dưới 1 phút"},
		{due.Add(59 * time.Minute), "59 phút"},
		{dossier.Date{Year: 2026, Month: 11, Day: 20}.At(16, 59), "23 giờ"},
		{dossier.Date{Year: 2026, Month: 11, Day: 20}.At(17, 0), "1 ngày"},
		{dossier.Date{Year: 2026, Month: 11, Day: 20}.At(23, 59), "1 ngày"},
		{dossier.Date{Year: 2026, Month: 11, Day: 23}.At(7, 30), "4 ngày"},
		{dossier.Date{Year: 2026, Month: 11, Day: 23}.At(9, 57).UTC(), "4 ngày"},
		{dossier.Date{Year: 2026, Month: 11, Day: 23}.At(17, 30), "4 ngày"},
		{dossier.Date{Year: 2027, Month: 1, Day: 8}.At(7, 30), "50 ngày"},
	} {
		if got := Span(due, c.at); got != c.want {
			t.Errorf("%v: %q, want %q", c.at, got, c.want)
		}
	}
}
