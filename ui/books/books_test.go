package books

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

type room struct {
	t        *testing.T
	store    *uitest.Store
	paper    *uitest.Paper
	threads  *uitest.Threads
	desk     *desk.Desk
	folder   string
	now      time.Time
	p        *Presenter
	s        *Screen
	w        fyne.Window
	looked   []desk.BookOrder
	files    []string
	troubled error
}

func open(t *testing.T) *room { return openAt(t, fyne.NewSize(1024, 540), 1) }

func openAt(t *testing.T, size fyne.Size, scale float32) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(scale))
	set := uitest.Station()
	r := &room{t: t, store: uitest.NewStore(&set), paper: &uitest.Paper{}, threads: &uitest.Threads{}, folder: t.TempDir(), now: uitest.Now}
	var err error
	if r.desk, err = uitest.NewDesk(r.store, &uitest.Line{Store: r.store, Is: true}, r.paper, r.folder); err != nil {
		t.Fatal(err)
	}
	if err := uitest.Fill(t.Context(), r.desk, r.store); err != nil {
		t.Fatal(err)
	}
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), Preview: func(o desk.BookOrder) { r.looked = append(r.looked, o) },
		Trouble: func(err error, again func()) bool {
			return r.troubled != nil && dossier.Code(err) == dossier.Code(r.troubled)
		},
		File: func(path string) { r.files = append(r.files, path) }, Folder: func() string { return r.folder }, Now: func() time.Time { return r.now }})
	r.s = NewScreen(r.p)
	if r.s.table.Empty != "Đang đọc…" || r.s.heading.Text() != "Các cột" {
		t.Errorf("before it is read: %q, %q", r.s.table.Empty, r.s.heading.Text())
	}
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.p.Refresh()
	r.threads.Run()
	return r
}

func (r *room) combo(e kit.Event) {
	e.Down = true
	if !r.p.Key(e) && !e.Ctrl && !e.Alt {
		c := r.w.Canvas()
		switch {
		case e.Key == fyne.KeyTab:
			c.FocusNext()
		case c.Focused() != nil:
			c.Focused().TypedKey(&fyne.KeyEvent{Name: e.Key})
		}
	}
}

func (r *room) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		r.combo(kit.Event{Key: k})
		r.threads.Run()
	}
}

func (r *room) ctrl(k fyne.KeyName) { r.combo(kit.Event{Key: k, Ctrl: true}); r.threads.Run() }

func (r *room) write(text string) { test.Type(r.w.Canvas().Focused(), text) }

func (r *room) columns() string {
	var out []string
	for _, c := range r.s.was.Columns {
		mark := "-"
		if c.On {
			mark = "+"
		}
		out = append(out, mark+c.Name())
	}
	return strings.Join(out, " ")
}

func date(y, m, d int) dossier.Date { return dossier.Date{Year: y, Month: time.Month(m), Day: d} }

func TestTodayOfTheFirstBookIsWhatStands(t *testing.T) {
	r := open(t)
	s := r.s.was
	if len(s.Books) != 2 || s.Books[0].Title != "BM.02 – Sổ tiếp nhận và theo dõi giải quyết hồ sơ" || s.Form != "intake-register" {
		t.Fatalf("%+v", s.Books)
	}
	if s.Span != "day" || s.From != "19/11/2026" || s.To != "19/11/2026" {
		t.Errorf("%q %s – %s", s.Span, s.From, s.To)
	}
	r.press("F9")
	if want := (desk.BookOrder{Form: "intake-register", From: date(2026, 11, 19), To: date(2026, 11, 19)}); !slices.Equal(r.looked, []desk.BookOrder{want}) {
		t.Errorf("%+v", r.looked)
	}
}

func TestQuickDays(t *testing.T) {
	r := open(t)
	for key, want := range map[fyne.KeyName]string{"1": "19/11/2026", "2": "16/11/2026", "3": "01/11/2026", "4": "01/01/2026"} {
		r.ctrl(key)
		if s := r.s.was; s.From != want || s.To != "19/11/2026" {
			t.Errorf("Ctrl+%s: %s – %s, want from %s", key, s.From, s.To, want)
		}
	}
	for day, monday := range map[int]string{16: "16/11/2026", 22: "16/11/2026", 23: "23/11/2026"} {
		r.now = date(2026, 11, day).At(8, 0)
		if r.ctrl("2"); r.s.was.From != monday {
			t.Errorf("the week of %d/11 begins on %s, want %s", day, r.s.was.From, monday)
		}
	}
}

func TestTodayIsTheDayItIsWhenTheScreenIsShownAgain(t *testing.T) {
	r := open(t)
	r.now = r.now.AddDate(0, 0, 1)
	r.p.Refresh()
	r.threads.Run()
	if s := r.s.was; s.From != "20/11/2026" || s.To != "20/11/2026" {
		t.Errorf("%s – %s", s.From, s.To)
	}
	r.p.Day("from", "03/11/2026", date(2026, 11, 3), nil)
	r.now = r.now.AddDate(0, 0, 1)
	r.p.Refresh()
	r.threads.Run()
	if s := r.s.was; s.From != "03/11/2026" || s.To != "20/11/2026" || s.Span != "" {
		t.Errorf("days that were typed were changed: %s – %s, %q", s.From, s.To, s.Span)
	}
}

func TestDaysThatCannotBeAreSaidAtTheirField(t *testing.T) {
	for name, one := range map[string]struct{ from, to, field string }{
		"backwards":     {"19/11/2026", "18/11/2026", "to"},
		"too long":      {"01/01/2024", "19/11/2026", "to"},
		"no first day":  {"", "19/11/2026", "from"},
		"no last day":   {"19/11/2026", "", "to"},
		"unfinished":    {"19/1", "19/11/2026", "from"},
		"no such day":   {"19/11/2026", "31/02/2027", "to"},
		"two figures":   {"19/11/26", "19/11/2026", "from"},
		"both not read": {"1", "1", "from"},
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t)
			for _, f := range []struct{ field, text string }{{"from", one.from}, {"to", one.to}} {
				r.s.Focus(f.field)
				d := r.w.Canvas().Focused().(*kit.Day)
				d.SetText("")
				r.write(f.text)
			}
			r.w.Canvas().Unfocus()
			r.press("F9")
			r.ctrl("E")
			s := r.s.was
			if s.Said[one.field].Text == "" || len(r.looked) != 0 || s.Busy != "" || r.files != nil {
				t.Errorf("%+v, looked %v", s.Said, r.looked)
			}
			if strings.Contains(s.Said[one.field].Text, "{") {
				t.Error(s.Said[one.field].Text)
			}
			focused, _ := r.w.Canvas().Focused().(*kit.Day)
			if focused == nil {
				t.Error("the focus is not at a day")
			}
			r.ctrl("1")
			if s := r.s.was; len(s.Said) != 0 {
				t.Errorf("still said: %+v", s.Said)
			}
		})
	}
}

func TestColumnsAreTickedMovedNamedAndKept(t *testing.T) {
	r := open(t)
	if got := r.columns(); got != "+Mã hồ sơ +Tên cá nhân, tổ chức +Hẹn trả kết quả +Ghi chú" {
		t.Fatal(got)
	}
	r.w.Canvas().Focus(r.s.table)
	r.press("Down", "Space")
	if got := r.columns(); got != "+Mã hồ sơ -Tên cá nhân, tổ chức +Hẹn trả kết quả +Ghi chú" {
		t.Error(got)
	}
	r.press("End", "Return")
	r.write("Ký nhận")
	r.combo(kit.Event{Key: "Up", Alt: true})
	r.combo(kit.Event{Key: "Up", Alt: true})
	if got := r.columns(); got != "+Mã hồ sơ +Ký nhận -Tên cá nhân, tổ chức +Hẹn trả kết quả" {
		t.Error(got)
	}
	if r.press("Return"); r.w.Canvas().Focused() != fyne.Focusable(r.s.table) || r.s.was.At != 1 {
		t.Errorf("Enter in the title does not lead back: %T, %d", r.w.Canvas().Focused(), r.s.was.At)
	}
	if !r.s.was.Changed {
		t.Error("nothing says that it is not kept")
	}
	r.ctrl("S")
	want := []dossier.BookColumn{{Key: "number"}, {Key: "note", Title: "Ký nhận"}, {Key: "due"}}
	if got := r.store.Set.Books["intake-register"]; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if s := r.s.was; s.Changed || s.Alert == nil || s.Alert.Tone != kit.Good {
		t.Errorf("%+v", s.Alert)
	}
	r.p.Refresh()
	r.threads.Run()
	if got := r.columns(); got != "+Mã hồ sơ +Ký nhận +Hẹn trả kết quả -Tên cá nhân, tổ chức" {
		t.Error(got)
	}
	r.p.Default()
	r.ctrl("S")
	if got, ok := r.store.Set.Books["intake-register"]; ok {
		t.Errorf("own columns are kept as chosen ones: %+v", got)
	}
	if s := r.s.was; !s.Own || s.Changed {
		t.Errorf("%+v", s)
	}
}

func TestColumnsNotKeptYetStayWhileAnotherBookIsLookedAt(t *testing.T) {
	r := open(t)
	r.p.Tick(0)
	r.p.Choose("tracking-register")
	if s := r.s.was; s.Changed || !s.Columns[0].On {
		t.Errorf("%+v", s)
	}
	r.p.Refresh()
	r.threads.Run()
	r.p.Choose("intake-register")
	if s := r.s.was; !s.Changed || s.Columns[0].On {
		t.Errorf("%+v", s)
	}
}

func TestPagesShowTheColumnsOnTheScreen(t *testing.T) {
	r := open(t)
	r.p.Tick(3)
	r.press("F9")
	if got := r.store.Set.Books["intake-register"]; len(got) != 3 || len(r.looked) != 1 || r.s.was.Changed || r.s.was.Busy != "" {
		t.Errorf("%+v, looked %v, %+v", got, r.looked, r.s.was)
	}
	r.p.Tick(3)
	r.ctrl("E")
	if _, chosen := r.store.Set.Books["intake-register"]; chosen || r.s.was.Path == "" {
		t.Errorf("%+v", r.s.was)
	}
}

func TestNoColumnAndTooLongATitleAreRefused(t *testing.T) {
	r := open(t)
	for i := range 4 {
		r.p.Tick(i)
	}
	r.press("F9")
	if s := r.s.was; s.Said["columns"].Text != "Chọn ít nhất một cột." || len(r.looked) != 0 {
		t.Errorf("%+v", s.Said)
	}
	r.p.Tick(1)
	r.p.Select(2)
	r.p.Title(strings.Repeat("Ặ", MostTitle+1))
	r.p.Select(0)
	r.ctrl("S")
	if s := r.s.was; s.At != 2 || s.Said["columns"].Text == "" || r.store.Set.Books != nil {
		t.Errorf("%d, %+v", s.At, s.Said)
	}
	r.p.Title(strings.Repeat("Ặ", MostTitle))
	r.ctrl("S")
	if s := r.s.was; s.Changed || len(s.Said) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestExportSaysWhereAndHowManyAndOpens(t *testing.T) {
	r := open(t)
	r.ctrl("2")
	r.combo(kit.Event{Key: "E", Ctrl: true})
	if s := r.s.was; s.Busy != "Đang lập tệp Excel…" || !s.CanStop {
		t.Errorf("%+v", s)
	}
	r.combo(kit.Event{Key: "E", Ctrl: true}) // twice is once
	r.threads.Run()
	path := filepath.Join(r.folder, "intake-register-20261116-20261119.xlsx")
	s := r.s.was
	if s.Path != path || s.Alert.Tone != kit.Good || s.Alert.Text != "Đã xuất 5 dòng ra tệp Excel." || s.Busy != "" {
		t.Errorf("%+v %+v", s, s.Alert)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	if len(r.store.Traces) != 1 {
		t.Errorf("%d traces", len(r.store.Traces))
	}
	r.ctrl("O")
	if !slices.Equal(r.files, []string{path}) {
		t.Error(r.files)
	}
	r.combo(kit.Event{Key: "D", Ctrl: true})
	r.threads.Run()
	if s := r.s.was; s.Path != filepath.Join(r.folder, "intake-register-20261116-20261119.csv") {
		t.Error(s.Path)
	}
	r.p.Day("from", "01/01/2020", date(2020, 1, 1), nil)
	r.p.Day("to", "02/01/2020", date(2020, 1, 2), nil)
	if s := r.s.was; s.Alert != nil || s.Path != "" {
		t.Error("the last file is said of other days")
	}
	r.ctrl("E")
	if s := r.s.was; !strings.Contains(s.Alert.Text, "Không có hồ sơ nào") || s.Path == "" {
		t.Errorf("%+v", s.Alert)
	}
}

func TestStoppedExportLeavesNoFile(t *testing.T) {
	r := open(t)
	r.combo(kit.Event{Key: "E", Ctrl: true})
	r.press("Escape")
	if s := r.s.was; s.Path != "" || s.Alert == nil || s.Alert.Tone != kit.Info || s.Busy != "" {
		t.Errorf("%+v", s)
	}
	left, err := os.ReadDir(r.folder)
	if err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".xlsx") }) || len(r.store.Traces) != 0 {
		t.Errorf("%v %v", left, err)
	}
	if r.p.Key(kit.Event{Key: "Escape", Down: true}) {
		t.Error("Esc is swallowed while there is nothing to stop")
	}
	r.ctrl("E")
	if r.s.was.Path == "" {
		t.Error("it cannot be made again")
	}
}

func TestFaultsAreSaidAndNothingIsCalledWritten(t *testing.T) {
	r := open(t)
	r.paper.Fail = uitest.ErrDisk
	r.ctrl("E")
	if s := r.s.was; s.Alert == nil || s.Alert.Tone != kit.Bad || s.Path != "" || s.Busy != "" {
		t.Errorf("%+v", s)
	}
	r.paper.Fail = dossier.Invalid("to", "book.range")
	r.ctrl("E")
	if s := r.s.was; s.Said["to"].Text == "" || s.Alert != nil {
		t.Errorf("%+v", s)
	}
	r.paper.Fail, r.folder = nil, filepath.Join(r.folder, "x")
	if err := os.WriteFile(r.folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.ctrl("E")
	if s := r.s.was; s.Alert == nil || !strings.Contains(s.Alert.Text, "đóng tệp đó") {
		t.Errorf("%+v", s)
	}
	r.p.Tick(0)
	r.store.Before = func(call string) error { return uitest.ErrDisk }
	r.ctrl("S")
	if s := r.s.was; s.Alert == nil || s.Alert.Tone != kit.Bad || !s.Changed || s.Columns[0].On {
		t.Errorf("%+v", s)
	}
	r.press("F9")
	if len(r.looked) != 0 {
		t.Error("pages with other columns than those on the screen were shown")
	}
}

func TestNothingIsDoneBeforeTheBooksAreRead(t *testing.T) {
	r := open(t)
	p := New(r.p.World)
	NewScreen(p)
	r.store.Before = func(string) error { return uitest.ErrDisk }
	p.Refresh()
	r.threads.Run()
	p.Look()
	p.Export(dossier.BookXLSX)
	p.KeepColumns()
	p.Default()
	p.Move(1)
	p.Title("x")
	p.Tick(0)
	if s := p.state(); s.Busy != "" || s.Alert == nil || s.Read || len(r.looked) != 0 {
		t.Errorf("%+v", s)
	}
	r.store.Before = nil
	r.threads.Run()
	p.Refresh()
	r.threads.Run()
	if s := p.state(); !s.Read || s.Form == "" {
		t.Errorf("%+v", s)
	}
}

func TestOlderReadingDoesNotTakeBackWhatWasKept(t *testing.T) {
	r := open(t)
	r.p.Refresh()
	old := r.threads.Take()
	r.p.Tick(0)
	r.ctrl("S")
	for _, f := range old {
		f()
	}
	if s := r.s.was; s.Columns[0].On || s.Changed {
		t.Errorf("%+v", s.Columns)
	}
}

// bare is the tests' paper of a book without columns.
type bare struct{ *uitest.Paper }

func (bare) Columns(string) []dossier.BookColumn { return nil }

func TestBookWithoutColumnsIsOnlyLookedAt(t *testing.T) {
	r := open(t)
	r.desk.Paper = bare{r.paper}
	r.p = New(r.p.World)
	r.s = NewScreen(r.p)
	r.w.SetContent(r.s.Content())
	r.p.Refresh()
	r.threads.Run()
	r.p.Move(1)
	r.p.Title("x")
	r.ctrl("S")
	if !r.s.xlsx.Disabled() || !r.s.csv.Disabled() || r.s.buttons[0].Disabled() || r.s.was.Busy != "" {
		t.Errorf("%+v", r.s.was)
	}
	r.paper.Fail = dossier.Invalid("format", "book.only-pdf", "title", "Bìa hồ sơ nộp lưu")
	r.ctrl("E")
	if s := r.s.was; s.Alert == nil || !strings.Contains(s.Alert.Text, "Bìa hồ sơ nộp lưu") {
		t.Errorf("%+v", s.Alert)
	}
	if r.press("F9"); len(r.looked) != 1 {
		t.Error("the pages cannot be looked at")
	}
}

func TestTroubleIsNotSaidTwice(t *testing.T) {
	r := open(t)
	r.troubled = dossier.Invalid("", "settings.missing")
	r.store.Before = func(string) error { return r.troubled }
	r.p.Tick(0)
	r.ctrl("S")
	if s := r.s.was; s.Alert != nil || s.Busy != "" || len(s.Said) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestMouseTicksTheBox(t *testing.T) {
	r := open(t)
	head := r.s.table.Size().Height
	r.s.table.Resize(r.s.table.Size())
	y := float32(0)
	for y = 0; y < head && r.s.was.Columns[0].On; y += 4 { // the first row that answers
		r.s.table.MouseDown(&mouse.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(18, y)}})
	}
	if r.s.was.Columns[0].On {
		t.Fatal("a click on the box does nothing")
	}
	r.s.table.MouseDown(&mouse.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(120, y)}})
	if r.s.was.Columns[0].On || r.w.Canvas().Focused() != fyne.Focusable(r.s.table) {
		t.Error("a click beside the box ticks it, or the table has no focus")
	}
}

func TestEverythingIsReachedByTab(t *testing.T) {
	r := open(t)
	r.p.Tick(0)
	r.s.Focus("")
	seen := map[fyne.Focusable]bool{}
	for range 30 {
		seen[r.w.Canvas().Focused()] = true
		r.press(fyne.KeyTab)
	}
	for _, b := range append(r.s.buttons, r.s.own, r.s.keep) {
		if !seen[b] {
			t.Errorf("%q is not reached", b.Text)
		}
	}
	if !seen[r.s.table] {
		t.Error("the columns are not reached")
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	r := open(t)
	r.p.Tick(0)
	r.ctrl("E")
	if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
		t.Errorf("wants %v", m)
	}
}

func TestPictures(t *testing.T) {
	sizes := map[string]struct {
		size  fyne.Size
		scale float32
	}{"1024": {fyne.NewSize(1024, 532), 1}}
	if os.Getenv("TIEPNHAN_SHOTS") != "" {
		sizes["1280"] = struct {
			size  fyne.Size
			scale float32
		}{fyne.NewSize(1280, 732), 1}
		sizes["200"] = struct {
			size  fyne.Size
			scale float32
		}{fyne.NewSize(1280, 700), 2}
	}
	for name, one := range sizes {
		r := openAt(t, one.size, one.scale)
		shoot := func(what string) {
			if err := uitest.Shoot("books-"+what+"-"+name, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
		shoot("1-first")
		r.w.Canvas().Focus(r.s.table)
		r.press("Down", "Space", "Down", "Return")
		r.write("Ngày hẹn trả")
		shoot("2-columns")
		r.p.Day("to", "01/01/2020", date(2020, 1, 1), nil)
		r.press("F9")
		shoot("3-wrong")
		r.ctrl("3")
		r.combo(kit.Event{Key: "E", Ctrl: true})
		shoot("4-busy")
		r.threads.Run()
		shoot("5-done")
		r.paper.Fail = uitest.ErrDisk
		r.ctrl("E")
		shoot("6-failed")
	}
}
