package list

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// rows is a store of any number of made-up rows.
type rows struct {
	n     int
	reads []dossier.Query
	fail  error
	days  map[dossier.Date][]dossier.ID
}

func (r *rows) List(_ context.Context, q dossier.Query) ([]dossier.Summary, error) {
	r.reads = append(r.reads, q)
	if r.fail != nil {
		return nil, r.fail
	}
	var out []dossier.Summary
	for i := q.Offset; i < min(r.n, q.Offset+q.Limit); i++ {
		out = append(out, dossier.Summary{ID: dossier.ID{byte(i >> 16), byte(i >> 8), byte(i)}, Number: fmt.Sprintf("%s-%d", q.Text, i),
			Name: "Người Mẫu", Procedure: "lock-eid", Status: dossier.StatusReceived})
	}
	return out, nil
}

func (r *rows) Forms(context.Context) ([]dossier.FormInfo, error) { return uitest.Infos, r.fail }

func (r *rows) OfDay(_ context.Context, from, _ dossier.Date) ([]dossier.ID, error) {
	return r.days[from], r.fail
}

func (r *rows) Count(context.Context, dossier.Query) (int, error) { return r.n, r.fail }

type room struct {
	desk    *rows
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	opened  []dossier.ID
	orders  []desk.Order
	titles  []string
}

func open(t *testing.T, n int) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{desk: &rows{n: n}, threads: &uitest.Threads{}}
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), Open: func(id dossier.ID) { r.opened = append(r.opened, id) },
		Preview:  func(o desk.Order, title string) { r.orders, r.titles = append(r.orders, o), append(r.titles, title) },
		Upstream: func() string { return "Công an tỉnh Mẫu" }, Now: func() time.Time { return uitest.Now }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1280, 700))
	r.p.Refresh()
	r.threads.Run()
	r.s.Focus()
	return r
}

func (r *room) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		if k == fyne.KeySpace || !r.p.Key(kit.Event{Key: k, Down: true}) { // the router gives no space to a screen
			r.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
		r.threads.Run()
	}
}

func TestSearchWaitsForThePauseAndReadsOnce(t *testing.T) {
	r := open(t, 500)
	r.desk.reads = nil
	test.Type(r.w.Canvas().Focused(), "an")
	if r.threads.Run(); len(r.desk.reads) != 0 {
		t.Error("every letter is a search")
	}
	r.threads.Pass(time.Second)
	if len(r.desk.reads) != 1 || r.desk.reads[0].Text != "an" {
		t.Errorf("searched %v", r.desk.reads)
	}
}

func TestOlderAnswerIsDropped(t *testing.T) {
	r := open(t, 500)
	r.p.Find("cũ")
	old := r.threads.Take()
	r.p.Find("mới")
	r.threads.Run()
	for _, f := range old {
		f()
	}
	if row, ok := r.p.Row(0); !ok || !strings.HasPrefix(row.Number, "mới") {
		t.Errorf("row %q", row.Number)
	}
}

func TestAHundredThousandRowsAreReadInWindows(t *testing.T) {
	r := open(t, 100_000)
	if len(r.desk.reads) != 1 {
		t.Errorf("%d reads to begin with", len(r.desk.reads))
	}
	r.w.Canvas().Focus(r.s.table)
	r.press(fyne.KeyEnd)
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != (dossier.ID{1, 0x86, 0x9f}) {
		t.Errorf("opened %v, want the last of them", r.opened)
	}
	for range 900 {
		r.press(fyne.KeyPageUp)
	}
	if n := len(r.p.rows); n > windows+1 {
		t.Errorf("%d windows are kept", n)
	}
	if len(r.p.asked) != len(r.p.rows) {
		t.Errorf("%d windows asked for, %d there: one would never come again", len(r.p.asked), len(r.p.rows))
	}
}

func TestArrowsMoveWhileTheSearchHasTheFocus(t *testing.T) {
	r := open(t, 50)
	r.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != (dossier.ID{0, 0, 1}) {
		t.Errorf("opened %v", r.opened)
	}
}

func TestEnterOnAnEmptyListOpensNothing(t *testing.T) {
	r := open(t, 0)
	r.press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyPageDown, fyne.KeyReturn)
	if len(r.opened) != 0 {
		t.Errorf("opened %v", r.opened)
	}
	if r.s.count.Text() != "0 hồ sơ, mới nhất trước" {
		t.Error(r.s.count.Text())
	}
}

func TestStoreErrorIsSaidAndGoesAway(t *testing.T) {
	r := open(t, 10)
	r.desk.fail = uitest.ErrDisk
	r.p.Refresh()
	r.threads.Run()
	if len(r.s.wrong.Objects) == 0 {
		t.Fatal("nothing is said")
	}
	if _, ok := r.p.Row(3); !ok {
		t.Error("what was there is gone")
	}
	r.desk.fail = nil
	r.p.Refresh()
	r.threads.Run()
	if len(r.s.wrong.Objects) != 0 {
		t.Error("the error stays")
	}
}

func TestRowsSayNoMoreThanIsTrue(t *testing.T) {
	r := open(t, 1)
	past, later := uitest.Now.AddDate(0, 0, -3), uitest.Now.AddDate(0, 0, 3)
	for _, c := range []struct {
		s          dossier.Summary
		due, sent  string
		late, chip bool
	}{
		{dossier.Summary{Status: dossier.StatusReceived, Due: past, Unsent: 1}, "16/11/2026 Quá hạn", "Chờ gửi", true, true},
		{dossier.Summary{Status: dossier.StatusReceived, Due: later}, "22/11/2026", "Đã gửi về Công an tỉnh Mẫu", false, true},
		{dossier.Summary{Status: dossier.StatusProcessing, Due: later, Forwarded: true, Unsent: 2}, "22/11/2026", "Chờ gửi", false, true},
		{dossier.Summary{Status: dossier.StatusAsked, Due: past}, "16/11/2026", "Đã gửi về Công an tỉnh Mẫu", false, true},
		{dossier.Summary{Status: dossier.StatusReturned, Due: past, SentBack: "thiếu"}, "16/11/2026", "Cấp trên yêu cầu sửa", false, true},
		{dossier.Summary{Status: dossier.StatusRefused}, "", "Đã gửi về Công an tỉnh Mẫu", false, true},
	} {
		cells := r.p.Cells(c.s)
		if cells[5].Text != c.due || cells[6].Text != c.sent || (cells[5].Color == kit.Red) != c.late || cells[3].Chip == nil {
			t.Errorf("%v: due %q, sent %q", c.s.Status, cells[5].Text, cells[6].Text)
		}
	}
	signs := map[kit.Sign]bool{}
	for _, s := range []dossier.Status{dossier.StatusReceived, dossier.StatusProcessing, dossier.StatusAsked, dossier.StatusDone, dossier.StatusReturned, dossier.StatusRefused} {
		signs[kit.StatusChip(s).Sign] = true
	}
	if len(signs) != 6 {
		t.Errorf("the six common states have %d shapes", len(signs))
	}
}

func (r *room) ctrl(k fyne.KeyName) bool {
	took := r.p.Key(kit.Event{Key: k, Ctrl: true, Down: true})
	r.threads.Run()
	return took
}

func id(i int) dossier.ID { return dossier.ID{byte(i >> 16), byte(i >> 8), byte(i)} }

func TestMarkedRowsArePrintedInTheOrderOfTheirNumbers(t *testing.T) {
	r := open(t, 300)
	r.press(fyne.KeyInsert, fyne.KeyInsert) // 0 and 1, from the search
	r.w.Canvas().Focus(r.s.table)
	r.press(fyne.KeyDown, fyne.KeyDown, fyne.KeySpace) // 4
	r.press(fyne.KeyHome, fyne.KeySpace)               // 0 taken back
	if r.s.was.Marked != 2 || r.s.marked.Text() != "Đã đánh dấu 2 hồ sơ. Nhấn Esc để bỏ dấu." || r.s.print.Text != "In 2 hồ sơ" {
		t.Fatalf("%d marked, %q", r.s.was.Marked, r.s.marked.Text())
	}
	r.p.Find("lê") // marks stay when something else is looked for
	r.threads.Run()
	r.press("F8")
	if b := r.s.was.Batch; b == nil || b.Marked != 2 || b.Values["form"] != "receipt" || len(b.Questions[0].Rows) != 1 {
		t.Fatalf("%+v", b)
	}
	r.press(fyne.KeyDown)
	r.press("F9")
	if len(r.orders) != 1 || len(r.orders[0].Dossiers) != 2 || r.orders[0].Dossiers[0] != id(1) || r.orders[0].Dossiers[1] != id(4) || r.orders[0].Form == "receipt" {
		t.Errorf("%+v", r.orders)
	}
	if r.s.was.Batch != nil || r.s.was.Marked != 2 || !strings.HasSuffix(r.titles[0], ", 2 hồ sơ") {
		t.Errorf("afterwards %+v, %q", r.s.was, r.titles)
	}
	r.press(fyne.KeyEscape)
	if r.s.was.Marked != 0 {
		t.Error("Esc leaves the marks")
	}
}

func TestAllFoundAreMarkedUpTo500(t *testing.T) {
	r := open(t, 1200)
	if !r.ctrl("A") || r.s.was.Marked != MostMarked || r.s.was.Note == "" {
		t.Errorf("%d marked, %q", r.s.was.Marked, r.s.was.Note)
	}
	r.w.Canvas().Focus(r.s.table)
	r.press(fyne.KeyEnd, fyne.KeySpace)
	if r.s.was.Marked != MostMarked {
		t.Errorf("%d marked", r.s.was.Marked)
	}
	r.press(fyne.KeyEscape)
	r.s.Focus()
	test.Type(r.w.Canvas().Focused(), "an")
	if r.ctrl("A") || r.s.was.Marked != 0 {
		t.Error("Ctrl+A in the search does not choose its letters")
	}
}

func TestWholeDayIsPrintedWhereNoneIsMarked(t *testing.T) {
	r := open(t, 30)
	day := dossier.DateOf(uitest.Now)
	r.desk.days = map[dossier.Date][]dossier.ID{day.AddDays(-1): {id(7), id(8)}}
	r.press("F8")
	if b := r.s.was.Batch; b == nil || b.Values["day"] != "19/11/2026" || b.Said["day"].Text != "" {
		t.Fatalf("%+v", b)
	}
	r.press("F9")
	if b := r.s.was.Batch; b == nil || !strings.Contains(b.Said["day"].Text, "19/11/2026") || b.Busy {
		t.Fatalf("an empty day: %+v", b)
	}
	r.p.Day("18/1")
	r.press("F9")
	if b := r.s.was.Batch; b.Said["day"].Text == "" || len(r.orders) != 0 {
		t.Fatalf("half a day: %+v", b)
	}
	r.p.Day("18/11/2026")
	r.desk.fail = uitest.ErrDisk
	r.press("F9")
	if b := r.s.was.Batch; b.Wrong == "" || b.Busy {
		t.Fatalf("a full disk: %+v", b)
	}
	r.desk.fail = nil
	r.press("F9")
	if len(r.orders) != 1 || len(r.orders[0].Dossiers) != 2 || r.titles[0] != "BM.01, ngày 18/11/2026" {
		t.Errorf("%+v %q", r.orders, r.titles)
	}
	r.press("F8", fyne.KeyEscape)
	if r.s.was.Batch != nil || r.w.Canvas().Focused() != r.s.search {
		t.Error("Esc does not lead back to the rows")
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	r := open(t, 1000)
	for _, key := range []fyne.KeyName{"F8", "F8"} {
		if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
			t.Errorf("wants %v", m)
		}
		r.press(key)
	}
}

func BenchmarkDownKeyAmong100000(b *testing.B) {
	test.NewApp().Settings().SetTheme(kit.NewTheme(1))
	threads := &uitest.Threads{}
	p := New(World{Desk: &rows{n: 100_000}, Threads: threads.Kit(), Open: func(dossier.ID) {},
		Upstream: func() string { return "Công an tỉnh Mẫu" }, Now: func() time.Time { return uitest.Now }})
	s := NewScreen(p)
	w := test.NewWindow(s.Content())
	w.Resize(fyne.NewSize(1280, 800))
	p.Refresh()
	threads.Run()
	for b.Loop() {
		s.table.Step(fyne.KeyDown)
		threads.Run()
	}
}
