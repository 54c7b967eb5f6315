package day

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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

type room struct {
	t       *testing.T
	store   *uitest.Store
	threads *uitest.Threads
	desk    *desk.Desk
	p       *Presenter
	s       *Screen
	w       fyne.Window
	set     dossier.Settings
	done    []string // what was asked of the rest of the window
	orders  []desk.Order
	books   []desk.BookOrder
	trouble bool
}

func open(t *testing.T) *room { return openAt(t, fyne.NewSize(1024, 540), 1, true) }

func openAt(t *testing.T, size fyne.Size, scale float32, filled bool) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(scale))
	r := &room{t: t, set: uitest.Station(), threads: &uitest.Threads{}}
	r.set.Units[0].Head = "Trung tá Hoàng Văn Trưởng"
	r.set.Officers = append(r.set.Officers, dossier.Officer{ID: "canbo2", Name: "Lê Thị Kiểm Tra"})
	r.store = uitest.NewStore(&r.set)
	var err error
	if r.desk, err = uitest.NewDesk(r.store, &uitest.Line{Store: r.store, Is: true}, &uitest.Paper{}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	r.desk.Store = daily{r.store, map[string]int{}}
	if filled {
		if err := uitest.Fill(t.Context(), r.desk, r.store); err != nil {
			t.Fatal(err)
		}
	}
	say := func(format string, args ...any) { r.done = append(r.done, fmt.Sprintf(format, args...)) }
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), Trouble: func(error, func()) bool { return r.trouble },
		PreviewBook:  func(o desk.BookOrder) { r.books = append(r.books, o) },
		PreviewOrder: func(o desk.Order, title string) { r.orders = append(r.orders, o); say("order %s", title) },
		PreviewDay:   func(id dossier.EventID, title string) { say("day %v %s", id.IsZero(), title) },
		Send:         func() { say("send") }, List: func(v dossier.View) { say("list %s", v) }, Open: func(id dossier.ID) { say("open %s", id) }, Now: r.desk.Now})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.p.Enter()
	if s := r.s.was; s.Read || s.Empty != "Đang đọc…" {
		t.Errorf("before it is read: %+v", s)
	}
	r.threads.Run()
	return r
}

// daily numbers each day anew, as the real store does.
type daily struct {
	*uitest.Store
	given map[string]int
}

func (d daily) Receive(ctx context.Context, o dossier.Opening, build func(string) ([]dossier.Event, error)) (dossier.Dossier, error) {
	return d.Store.Receive(ctx, o, func(string) ([]dossier.Event, error) {
		key := o.Day.ISO() + string(o.Series)
		d.given[key]++
		if o.Series == dossier.RefusalSeries {
			return build(dossier.FormatRefusal("MAU.01", o.Day, d.given[key]))
		}
		return build(dossier.FormatNumber("MAU.01", o.Day, d.given[key]))
	})
}

func (r *room) press(keys ...string) {
	r.t.Helper()
	for _, k := range keys {
		name, ctrl := strings.CutPrefix(k, "Ctrl+")
		e := kit.Event{Key: fyne.KeyName(name), Ctrl: ctrl, Down: true}
		if !r.p.Key(e) && !ctrl {
			c := r.w.Canvas()
			switch {
			case e.Key == fyne.KeyTab:
				c.FocusNext()
			case c.Focused() != nil:
				c.Focused().TypedKey(&fyne.KeyEvent{Name: e.Key})
			}
		}
		r.threads.Run()
	}
}

func (r *room) write(text string) {
	for _, c := range text {
		r.w.Canvas().Focused().TypedRune(c)
	}
}

func (r *room) shoot(name string) {
	r.t.Helper()
	if err := uitest.Shoot(name, r.w.Canvas().Capture()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) check(words string) Check {
	r.t.Helper()
	for _, c := range r.s.was.Checks {
		if strings.Contains(c.Text, words) {
			return c
		}
	}
	r.t.Errorf("no check says %q: %+v", words, r.s.was.Checks)
	return Check{}
}

func TestDayIsToldAtAGlance(t *testing.T) {
	r := open(t)
	s := r.s.was
	if !s.Read || s.Mode != Today || s.Title != "Chốt ngày 19/11/2026" || s.Rows != 15 || !strings.HasPrefix(s.About, "Lần thứ 1 của máy này. 15 thao tác, ghi từ 09:12") {
		t.Fatalf("%+v", s)
	}
	var tiles []string
	for _, tile := range s.Tiles {
		tiles = append(tiles, fmt.Sprint(tile.Title, " ", tile.N))
	}
	want := []string{"Tất cả 15", "Tiếp nhận 7", "Từ chối 1", "Bổ sung 1", "Đã chuyển 2", "Có kết quả 2", "Trả kết quả 1", "Rút, dừng, hủy 1", "Đính chính 0", "Việc khác 0"}
	if !slices.Equal(tiles, want) {
		t.Errorf("%q", tiles)
	}
	for words, tone := range map[string]kit.Tone{"Số hồ sơ liên tục": kit.Good, "Không còn hồ sơ đến hạn": kit.Good, "1 hồ sơ quá hạn trả kết quả; 1 hồ sơ chậm bước": kit.Bad,
		"Còn 7 thao tác chờ gửi về Công an tỉnh Mẫu.": kit.Warn, "Biên nhận gần nhất: số 000127": kit.Info, "1 hồ sơ đang chờ bổ sung": kit.Info, "và 3 dãy số khác": kit.Good} {
		if c := r.check(words); c.Tone != tone {
			t.Errorf("%+v", c)
		}
	}
	r.shoot("day-today")
}

func TestSectionsFilterTheRowsByKeys(t *testing.T) {
	r := open(t)
	for key, n := range map[string]int{"Ctrl+2": 7, "Ctrl+3": 1, "Ctrl+5": 2, "Ctrl+9": 0, "Ctrl+1": 15} {
		if r.press(key); r.s.was.Rows != n {
			t.Errorf("%s: %d rows, want %d", key, r.s.was.Rows, n)
		}
	}
	r.press("Ctrl+4")
	if row, ok := r.p.Row(0); !ok || row.Kind != dossier.AskedPapers || !strings.Contains(r.s.note.Text(), "Phiếu TK01 thiếu chữ ký") {
		t.Errorf("%+v, %q", row, r.s.note.Text())
	}
	r.w.Canvas().Focus(r.s.acts)
	r.press("Return")
	if len(r.done) != 1 || !strings.HasPrefix(r.done[0], "open ") {
		t.Errorf("%q", r.done)
	}
	r.w.Canvas().Focus(r.s.tiles)
	r.press("Right")
	if r.s.was.Section != dossier.DayForwarded {
		t.Errorf("%s", r.s.was.Section)
	}
	if r.press("Down"); r.w.Canvas().Focused() != fyne.Focusable(r.s.acts) {
		t.Error("Down does not lead to the rows")
	}
}

func TestRowOfAnotherDaySaysItsDay(t *testing.T) {
	r := open(t)
	found := false
	for i := range r.s.was.Rows {
		cells, _ := r.p.Cells(i)
		row, _ := r.p.Row(i)
		switch day := dossier.DateOf(row.At); {
		case day == r.p.today.Date && strings.Contains(cells[0].Text, "/"):
			t.Errorf("%q", cells[0].Text)
		case day != r.p.today.Date:
			found = true
			if !strings.HasSuffix(cells[0].Text, row.At.In(dossier.Hanoi).Format("02/01")) || !strings.Contains(r.p.Note(i), "ghi vào máy lúc") {
				t.Errorf("%q, %q", cells[0].Text, r.p.Note(i))
			}
		}
	}
	if !found {
		t.Error("the sample has none")
	}
}

func TestChecksLeadToWhatCanBeDone(t *testing.T) {
	r := open(t)
	r.press("Ctrl+T", "Ctrl+Q", "F4", "F6", "Ctrl+P")
	if c := r.check("thao tác chờ gửi"); c.Key != "F5" || c.Tone != kit.Warn || c.Do == nil {
		t.Errorf("%+v", c)
	} else {
		c.Do()
	}
	want := []string{"list today", "list late", "day true Báo cáo ngày 19/11/2026 (chưa chốt)", "send"}
	if !slices.Equal(r.done, want) {
		t.Errorf("%q", r.done)
	}
	if len(r.books) != 2 || r.books[0].Form != intakeRegister || r.books[1].Form != trackingRegister || r.books[0].From != dossier.DateOf(uitest.Now).AddDays(-7) || r.books[0].To != dossier.DateOf(uitest.Now) {
		t.Errorf("%+v", r.books)
	}
}

func TestQuietDayHasNothingRed(t *testing.T) {
	r := openAt(t, fyne.NewSize(1024, 540), 1, false)
	for _, c := range r.s.was.Checks {
		if c.Tone == kit.Bad || c.Tone == kit.Warn || c.Do != nil {
			t.Errorf("%+v", c)
		}
	}
	if s := r.s.was; s.Empty != "Chưa có gì mới để chốt." || s.About != "Lần thứ 1 của máy này. Chưa có thao tác nào." {
		t.Errorf("%q %q", s.Empty, s.About)
	}
	r.shoot("day-empty")
}

func TestGapIsSaidInRed(t *testing.T) {
	r := open(t)
	r.p.today.Report.Series[0].Lost, r.p.today.Report.Series[0].Missing = 1, []dossier.Block{{First: 3, Last: 3}}
	r.p.render()
	if c := r.check("không liên tục"); c.Tone != kit.Bad || c.Sign != kit.TriangleSign || !strings.Contains(c.Text, "thiếu 0003") {
		t.Errorf("%+v", c)
	}
}

func TestDayIsClosedByKeysAlone(t *testing.T) {
	r := open(t)
	r.press("F9")
	if s := r.s.was; s.Said["checker"].Text == "" || s.Busy != "" || len(r.store.Calls) == 0 {
		t.Fatalf("closed without a second name: %+v", s.Said)
	}
	r.shoot("day-said")
	if _, ok := r.w.Canvas().Focused().(*kit.Choice); !ok {
		t.Fatalf("the focus is at %T", r.w.Canvas().Focused())
	}
	r.press("Down")
	if s := r.s.was; s.Values["checker"] != "Trung tá Hoàng Văn Trưởng" || s.Values["closed"] != "Trần Thử Nghiệm" || s.Said["checker"].Text != "" {
		t.Fatalf("%+v", s.Values)
	}
	r.press("Return")
	r.write("Máy in hết mực.")
	r.press("F9")
	s := r.s.was
	if s.Mode != Closed || s.Alert == nil || s.Alert.Tone != kit.Good || s.Rows != 15 || s.Broken || !strings.Contains(strings.Join(s.Facts, "\n"), "Ghi chú: Máy in hết mực.") {
		t.Fatalf("%+v", s)
	}
	r.shoot("day-closed")
	r.press("Ctrl+P")
	if got := r.done[len(r.done)-1]; got != "day false Báo cáo chốt ngày 19/11/2026" {
		t.Error(got)
	}
	if r.press("Escape"); r.s.was.Mode != Past || r.s.was.Rows != 1 {
		t.Errorf("%+v", r.s.was)
	}
	r.shoot("day-past")
	if r.press("Return"); r.s.was.Mode != Closed || r.s.was.Alert != nil {
		t.Errorf("%+v", r.s.was)
	}
	if r.press("Escape", "Ctrl+P", "Escape"); r.s.was.Mode != Today || r.s.was.Rows != 0 || !strings.Contains(r.s.was.About, "từ lần chốt trước, lúc 19/11/2026") {
		t.Errorf("%+v", r.s.was)
	}
	r.press("F9")
	if s := r.s.was; s.Alert == nil || !strings.Contains(s.Alert.Text, "chưa có thao tác nào mới") {
		t.Errorf("%+v", s.Alert)
	}
}

func TestCheckerMayBeSomebodyElse(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", other)
	r.press("F9")
	if r.s.was.Said["checked"].Text == "" {
		t.Fatalf("%+v", r.s.was.Said)
	}
	r.write("Phạm Văn Khách")
	r.press("F9")
	if r.s.was.Mode != Closed || r.p.shown.Closing.Checked != "Phạm Văn Khách" {
		t.Errorf("%+v", r.s.was)
	}
}

func TestStationOfOneOfficerAsksForAName(t *testing.T) {
	r := open(t)
	r.p.settings.Officers, r.p.settings.Units = r.p.settings.Officers[:1], nil
	r.p.render()
	r.press("F9")
	if r.s.was.Said["checked"].Text == "" {
		t.Errorf("%+v", r.s.was.Said)
	}
	r.p.Text("checked", "TRẦN thử nghiệm")
	if r.press("F9"); !strings.Contains(r.s.was.Said["checked"].Text, "khác người chốt") {
		t.Errorf("%+v", r.s.was.Said)
	}
}

func TestActThatCameMeanwhileIsShownBeforeItIsSigned(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", "Lê Thị Kiểm Tra")
	r.p.Text("note", "giữ lại")
	if _, err := r.desk.Do(t.Context(), dossier.Notified, r.store.IDs()[0], &dossier.Notify{To: "Mẫu", How: "điện thoại"}); err != nil {
		t.Fatal(err)
	}
	r.press("F9")
	if s := r.s.was; s.Mode != Today || s.Rows != 16 || s.Alert == nil || s.Alert.Tone != kit.Warn || s.Values["note"] != "giữ lại" {
		t.Fatalf("%+v", s)
	}
	if r.press("F9"); r.s.was.Mode != Closed || r.s.was.Rows != 16 {
		t.Errorf("%+v", r.s.was)
	}
}

func TestF9TwiceClosesOnce(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", "Lê Thị Kiểm Tra")
	r.p.Close()
	r.p.Close()
	r.p.Refresh() // somebody kept something meanwhile
	r.threads.Run()
	if days, _ := r.desk.Days(t.Context()); len(days) != 1 || r.s.was.Mode != Closed || r.s.was.Busy != "" {
		t.Errorf("%d closings, %+v", len(days), r.s.was)
	}
}

func TestPapersOfTheDayArePrintedTogether(t *testing.T) {
	r := open(t)
	r.press("F8")
	if s := r.s.was; s.Mode != Papers || s.Form != "control-slip" || len(s.Forms) != 7 {
		t.Fatalf("%+v", s)
	}
	r.shoot("day-papers")
	if r.press("Escape"); r.s.was.Mode != Today {
		t.Fatalf("%+v", r.s.was)
	}
	r.press("F8", "F8")
	if len(r.orders) != 1 || len(r.orders[0].Dossiers) != 8 || r.orders[0].Form != "control-slip" || r.done[0] != "order BM.05, ngày 19/11/2026" || r.s.was.Mode != Today {
		t.Errorf("%+v %q", r.orders, r.done)
	}
	quiet := openAt(t, fyne.NewSize(1024, 540), 1, false)
	if quiet.press("F8"); quiet.s.was.Mode != Today || quiet.s.was.Alert == nil {
		t.Errorf("%+v", quiet.s.was)
	}
}

func TestBrokenDayIsSaidAndNotPrinted(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", "Lê Thị Kiểm Tra")
	r.press("F9", "Escape")
	r.p.Desk = changed{r.desk, dossier.Invalid("", "day.broken", "day", "19/11/2026", "nth", "1")}
	r.press("Return")
	if s := r.s.was; s.Mode != Closed || !s.Broken || s.Alert == nil || s.Alert.Tone != kit.Bad || strings.Contains(s.Alert.Text, "{") {
		t.Fatalf("%+v", s)
	}
	r.shoot("day-broken")
	before := len(r.done)
	if r.press("Ctrl+P"); len(r.done) != before {
		t.Errorf("%q", r.done)
	}
	r.press("Escape")
	r.p.Desk = changed{r.desk, dossier.Invalid("", "day.elsewhere")}
	if r.press("Return"); r.s.was.Alert == nil || r.s.was.Alert.Tone != kit.Info {
		t.Errorf("%+v", r.s.was.Alert)
	}
}

type changed struct {
	*desk.Desk
	err error
}

func (c changed) ClosedDay(ctx context.Context, id dossier.EventID) (dossier.Day, error) {
	day, err := c.Desk.ClosedDay(ctx, id)
	return day, errors.Join(err, c.err)
}

func TestStoreThatCannotBeReadIsSaid(t *testing.T) {
	r := open(t)
	r.store.Before = func(call string) error {
		if call == "Closings" {
			return uitest.ErrDisk
		}
		return nil
	}
	r.p.Refresh()
	r.threads.Run()
	if s := r.s.was; s.Alert == nil || s.Alert.Tone != kit.Bad || s.Rows != 15 {
		t.Errorf("%+v", s.Alert)
	}
	r.p.alert = nil
	if r.press("F9"); r.s.was.Alert != nil && r.s.was.Mode == Closed {
		t.Error("closed")
	}
	r.trouble = true
	r.p.alert = nil
	r.p.Refresh()
	if r.threads.Run(); r.s.was.Alert != nil {
		t.Error("said twice")
	}
}

func TestFullDiskKeepsWhatWasTyped(t *testing.T) {
	r := open(t)
	r.p.Pick("checker", "Lê Thị Kiểm Tra")
	r.p.Text("note", "giữ lại")
	r.store.Before = func(call string) error {
		if call == "Record day-closed" {
			return dossier.Invalid("", "store.full", "dir", "x")
		}
		return nil
	}
	r.press("F9")
	if s := r.s.was; s.Mode != Today || s.Alert == nil || s.Alert.Tone != kit.Bad || s.Values["note"] != "giữ lại" || s.Busy != "" {
		t.Errorf("%+v", s)
	}
}

func TestOldAnswerIsDropped(t *testing.T) {
	r := open(t)
	r.p.Refresh()
	old := r.threads.Take()
	if _, err := r.desk.Do(t.Context(), dossier.Notified, r.store.IDs()[0], &dossier.Notify{To: "Mẫu", How: "điện thoại"}); err != nil {
		t.Fatal(err)
	}
	r.p.Refresh()
	r.store.Before = func(string) error { return uitest.ErrDisk }
	for _, f := range old {
		f()
	}
	r.store.Before = nil
	r.threads.Run()
	if s := r.s.was; s.Rows != 16 || s.Alert != nil {
		t.Errorf("%d rows, %+v", s.Rows, s.Alert)
	}
}

func TestEveryStopIsReachedByTab(t *testing.T) {
	r := open(t)
	seen := map[fyne.Focusable]bool{}
	for range 40 {
		r.press("Tab")
		seen[r.w.Canvas().Focused()] = true
	}
	for name, f := range map[string]fyne.Focusable{"tiles": r.s.tiles, "rows": r.s.acts, "close": r.s.close, "register": r.s.buttons["F4"], "send": r.s.buttons["F5"]} {
		if !seen[f] {
			t.Errorf("Tab never comes to %s", name)
		}
	}
}

// The officer came to close the day and saw no button for it: it was below the checks and the names, out of sight.
func TestWhatTheScreenIsForIsInSight(t *testing.T) {
	for _, size := range []fyne.Size{fyne.NewSize(1280, 690), fyne.NewSize(1024, 470)} {
		r := openAt(t, size, 1, true)
		seen := func(what string, b *kit.Button) {
			t.Helper()
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
			if bottom := at.Y + b.Size().Height; at.Y <= 0 || bottom > size.Height || b.Size().Height < b.MinSize().Height {
				t.Errorf("%v: %s ends at %v", size, what, bottom)
			}
		}
		seen("closing", r.s.close)
		r.p.Pick("checker", "Lê Thị Kiểm Tra")
		for _, key := range []string{"F9", "Ctrl+L"} {
			r.press(key)
			seen("the way back after "+key, r.s.buttons["Esc"])
		}
	}
}

func TestScreenFitsEveryWindow(t *testing.T) {
	if m := open(t).s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
		t.Errorf("wants %v", m)
	}
	for _, one := range []struct {
		name  string
		size  fyne.Size
		scale float32
	}{{"1024", fyne.NewSize(1024, 470), 1}, {"1366-150", fyne.NewSize(1366, 640), 1.5}, {"1280-200", fyne.NewSize(1280, 690), 2}} {
		r := openAt(t, one.size, one.scale, true)
		r.shoot("day-" + one.name)
		if m := r.s.Content().MinSize(); m.Width > one.size.Width || m.Height > one.size.Height {
			t.Errorf("%s wants %v", one.name, m)
		}
	}
}

func TestDayOfThousandsIsShownAtOnce(t *testing.T) {
	r := open(t)
	rows := make([]dossier.DayRow, 5000)
	for i := range rows {
		rows[i] = dossier.DayRow{Kind: dossier.Received, Number: fmt.Sprintf("MAU.01-261119-%04d", i), Name: "Nguyễn Văn Mẫu", At: uitest.Now, Written: uitest.Now}
	}
	r.p.today.Rows = rows
	r.p.filter()
	r.p.render()
	began := time.Now()
	for range 50 {
		r.p.Section(dossier.DayReceived)
		r.p.Section("")
	}
	if took := time.Since(began) / 100; took > 60*time.Millisecond {
		t.Errorf("a change of section takes %v", took)
	}
}

// A disk was put back: what the other copy of it signed for already is named, so that nobody looks for it in this report.
func TestWhatStandsInAnotherReportIsSaid(t *testing.T) {
	r := open(t)
	said := func(report dossier.DayReport) bool {
		return slices.ContainsFunc(r.p.checks(report), func(c Check) bool {
			return c.Text == "3 thao tác đã nằm trong báo cáo khác của máy này, không tính lại."
		})
	}
	if report := r.p.day().Report; said(report) {
		t.Error("said of a day of which nothing was signed for elsewhere")
	}
	if !said(dossier.DayReport{Signed: 3}) {
		t.Error("not said")
	}
}

// Another PC's word put an act of ours aside, and another is in dispute: both are in sight, and only what stands is counted.
func TestDisputesAndVoidActsAreInSight(t *testing.T) {
	r := open(t)
	var voided, disputed dossier.Dossier
	for _, id := range r.store.IDs() {
		d, err := r.store.Dossier(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case d.Forward != nil && voided.Number == "":
			voided = d
		case d.Asked != nil && disputed.Number == "":
			disputed = d
		}
	}
	n := byte(0)
	came := func(d dossier.Dossier, k dossier.Kind, body any, bases ...dossier.EventID) dossier.EventID {
		n++
		b, err := json.Marshal(body)
		e := dossier.Event{ID: dossier.EventID{0xDD, n}, Dossier: d.ID, Kind: k, Bases: bases, At: uitest.Now, Body: b}
		if err == nil {
			err = r.store.Came(e, dossier.Whence{Seq: uint64(n)})
		}
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	forward := voided.Course[slices.IndexFunc(voided.Course, func(s dossier.Step) bool { return s.Kind == dossier.Forwarded })].ID
	before := r.s.was.Tiles
	theirs := came(voided, dossier.Withdrawn, dossier.Reason{Why: "rút"}, voided.Course[0].ID)
	came(voided, dossier.Resolved, dossier.Resolve{Names: []dossier.EventID{forward, theirs}, Keep: theirs, Why: "x"}, append(slices.Clone(voided.Heads), theirs)...)
	came(disputed, dossier.Withdrawn, dossier.Reason{Why: "rút"}, disputed.Course[0].ID)
	r.p.Refresh()
	r.threads.Run()
	if c := r.check("Trùng thao tác, chờ xử lý: 1 hồ sơ (" + disputed.Number + ")"); c.Tone != kit.Bad || c.Key != "Ctrl+K" {
		t.Errorf("%+v", c)
	}
	r.check("không có hiệu lực")
	if now := r.s.was.Tiles; now[4].Section != dossier.DayForwarded || now[4].N >= before[4].N {
		t.Errorf("%+v, before %+v", now[4], before[4])
	}
	r.press("Ctrl+K")
	if !slices.Contains(r.done, "list disputed") {
		t.Errorf("%v", r.done)
	}
	marked := 0
	for i := range r.s.was.Rows {
		row, ok := r.p.Row(i)
		cells, _ := r.p.Cells(i)
		if ok && row.Void {
			marked++
			if cells[3].Text != "Không hiệu lực: Chuyển" || !strings.Contains(r.p.Note(i), "không tính vào số liệu") {
				t.Errorf("%+v, %s", cells, r.p.Note(i))
			}
		}
	}
	if marked == 0 {
		t.Error("what took no effect is not among the rows")
	}
	r.shoot("day-disputed")
}
