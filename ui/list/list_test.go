package list

import (
	"cmp"
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
	views map[dossier.View]int // where a view has not all of them
	hits  map[dossier.View]int // found by a text that begins with "?"
	reads []dossier.Query
	fail  error
	days  map[dossier.Date][]dossier.ID
	row   func(i int) dossier.Summary // nil for the usual one
}

func (r *rows) size(q dossier.Query) int {
	if n, ok := r.hits[q.View]; ok && strings.HasPrefix(q.Text, "?") {
		return n
	}
	if n, ok := r.views[q.View]; ok {
		return n
	}
	return r.n
}

func (r *rows) List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error) {
	r.reads = append(r.reads, q)
	if err := cmp.Or(ctx.Err(), r.fail); err != nil {
		return nil, err
	}
	var out []dossier.Summary
	for i := q.Offset; i < min(r.size(q), q.Offset+q.Limit); i++ {
		if r.row != nil {
			out = append(out, r.row(i))
			continue
		}
		out = append(out, dossier.Summary{ID: id(i), Number: fmt.Sprintf("%s-%d", q.Text, i),
			Name: "Người Mẫu", Procedure: "lock-eid", Status: dossier.StatusReceived})
	}
	return out, nil
}

func (r *rows) Counts(context.Context) (map[dossier.View]int, error) {
	out := map[dossier.View]int{}
	for _, v := range dossier.Views {
		out[v] = r.size(dossier.Query{View: v})
	}
	return out, r.fail
}

func (r *rows) Forms(context.Context) ([]dossier.FormInfo, error) { return uitest.Infos, r.fail }

func (r *rows) OfDay(_ context.Context, from, _ dossier.Date) ([]dossier.ID, error) {
	return r.days[from], r.fail
}

func (r *rows) Count(_ context.Context, q dossier.Query) (int, error) { return r.size(q), r.fail }

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
	for _, f := range old {
		f()
	}
	r.threads.Run()
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
	if n := len(r.p.rows); n > windows {
		t.Errorf("%d windows are kept", n)
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
	if r.s.count.Text() != "Việc cần làm: 0 hồ sơ" {
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
	at := func(days, hour int) time.Time { return dossier.DateOf(uitest.Now).AddDays(days).At(hour, 0) }
	for _, c := range []struct {
		s               dossier.Summary
		next, due, sent string
		chip            kit.Sign // of next
		late            bool     // the appointment
	}{
		{dossier.Summary{Status: dossier.StatusReceived, OwnDue: at(0, 17), Due: at(6, 17), Burns: at(0, 17), Open: true, Unsent: 1},
			"Chuyển trước 17:00 hôm nay", "25/11", "Chờ gửi", kit.ClockSign, false},
		{dossier.Summary{Status: dossier.StatusReceived, OwnDue: at(1, 11), Due: at(6, 17), Burns: at(1, 11), Open: true},
			"Chuyển trước 11:00 ngày mai", "25/11", "Đã gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusReceived, OwnDue: at(-2, 17), Due: at(2, 17), Burns: at(-2, 17), Open: true},
			"Quá hạn chuyển 2 ngày", "21/11", "Đã gửi", kit.BangSign, false},
		{dossier.Summary{Status: dossier.StatusReceived, OwnDue: at(-5, 17), Due: at(-1, 17), Burns: at(-5, 17), Open: true},
			"Quá hạn chuyển 5 ngày", "18/11", "Đã gửi", kit.BangSign, true},
		{dossier.Summary{Status: dossier.StatusProcessing, Forwarded: true, OwnDue: at(-5, 17), Due: at(0, 17), Burns: at(0, 17), Open: true, Unsent: 2},
			"Hẹn trả 17:00 hôm nay", "19/11", "Chờ gửi", kit.ClockSign, false},
		{dossier.Summary{Status: dossier.StatusProcessing, Forwarded: true, Due: at(6, 17), Burns: at(6, 17), Open: true},
			"Hẹn trả 25/11, còn 6 ngày", "25/11", "Đã gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusProcessing, Forwarded: true, Due: at(50, 17), Burns: at(50, 17), Open: true},
			"Hẹn trả 08/01/2027, còn 50 ngày", "08/01/2027", "Đã gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusProcessing, Forwarded: true, Due: at(-3, 17), Burns: at(-3, 17), Open: true},
			"Quá hạn trả 3 ngày", "16/11", "Đã gửi", kit.BangSign, true},
		{dossier.Summary{Status: dossier.StatusProcessing, Forwarded: true, Due: at(3, 17), LateAfter: at(-3, 17), Burns: at(-3, 17), Open: true}, // after an apology
			"Quá hạn trả 3 ngày", "22/11", "Đã gửi", kit.BangSign, true},
		{dossier.Summary{Status: dossier.StatusReceived, OwnDue: at(-5, 17), Due: at(3, 17), LateAfter: at(-1, 17), Burns: at(-5, 17), Open: true}, // and not forwarded
			"Quá hạn chuyển 5 ngày", "22/11", "Đã gửi", kit.BangSign, true},
		{dossier.Summary{Status: dossier.StatusDone, Due: at(3, 17), Open: true, Elsewhere: true}, "Trả kết quả", "22/11", "Do máy khác gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusAsked, Due: at(-3, 17), Open: true}, "Chờ bổ sung giấy tờ", "16/11", "Đã gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusAsked, Due: at(-3, 17), Burns: at(-3, 17), Open: true}, // asked for when it was late already
			"Quá hạn trả, chờ bổ sung", "16/11", "Đã gửi", kit.BangSign, true},
		{dossier.Summary{Status: dossier.StatusDone, Due: at(-3, 17), Open: true}, "Trả kết quả", "16/11", "Đã gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusProcessing, Forwarded: true, Open: true}, "Chờ phê duyệt", "", "Đã gửi", -1, false},
		{dossier.Summary{Status: dossier.StatusReturned, Due: at(-3, 17), SentBack: "thiếu"}, "Sửa và gửi lại", "16/11", "Cấp trên yêu cầu sửa", kit.BackSign, false},
		{dossier.Summary{Status: dossier.StatusReturned, Disputed: true}, "Xử lý trùng thao tác", "", "Đã gửi", kit.TwinSign, false},
		{dossier.Summary{Status: dossier.StatusRefused}, "", "", "Đã gửi", -1, false},
	} {
		if c.s.LateAfter.IsZero() {
			c.s.LateAfter = c.s.Due
		}
		cells := r.p.Cells(c.s)
		sign := kit.Sign(-1)
		if cells[4].Chip != nil {
			sign = cells[4].Chip.Sign
		}
		if cells[4].Text != c.next || sign != c.chip || cells[5].Text != c.due || cells[7].Text != c.sent || (cells[5].Color == kit.Red) != c.late || cells[3].Chip == nil {
			t.Errorf("%v: next %q sign %d, due %q %q, sent %q", c.s.Status, cells[4].Text, sign, cells[5].Text, cells[5].Color, cells[7].Text)
		}
		for _, cell := range cells[3:5] {
			if strings.Contains(cell.Text, "gửi về") || strings.Contains(cells[7].Text, "huyển") {
				t.Errorf("forwarding and sending are mixed: %q, %q", cell.Text, cells[7].Text)
			}
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
	if r.s.was.Marked != 2 || r.s.was.Text != "" || r.s.search.Text != "" {
		t.Errorf("Esc takes more than the search: %+v", r.s.was)
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
