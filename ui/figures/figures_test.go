package figures_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/figures"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

type glass struct {
	state   figures.State
	focused []string
}

func (g *glass) Show(s figures.State) { g.state = s }
func (g *glass) Focus(field string)   { g.focused = append(g.focused, field) }

// sums answers with made-up figures and notes what it was asked.
type sums struct {
	asked  []dossier.Date
	answer dossier.Figures
	err    error
	path   string
	stops  bool
}

func (s *sums) Figures(ctx context.Context, from, to dossier.Date, done func(int)) (dossier.Figures, error) {
	s.asked = append(s.asked, from, to)
	done(500)
	if s.stops {
		<-ctx.Done()
		return dossier.Figures{}, ctx.Err()
	}
	if from.AddDays(400).Before(to) {
		return dossier.Figures{}, dossier.Invalid("to", "book.too-long")
	}
	s.answer.From, s.answer.To = from, to
	return s.answer, s.err
}

func (s *sums) Holiday(dossier.Date) string { return "" }

func (s *sums) ExportBook(_ context.Context, o desk.BookOrder, format, path string) (int, error) {
	s.path = o.Form + " " + format + " " + path
	return 1, s.err
}

// year are figures of a made-up year up to the day of the tests.
func year(days int) dossier.Figures {
	f := dossier.Figures{Now: uitest.Now, Median: 2, Slowest: 17, Waits: make([]int, dossier.MaxWait+1)}
	end := dossier.DateOf(uitest.Now)
	f.From, f.To = end.AddDays(1-days), end
	for i := range days {
		d := dossier.DayTally{Day: f.From.AddDays(i)}
		if wd := d.Day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			d.Received, d.Refused = 14+(i*7)%11, i%3
		}
		f.Days = append(f.Days, d)
		f.Total.Received += d.Received
		f.Total.Refused += d.Refused
	}
	n := f.Total.Received
	f.Procedures = []dossier.ProcedureTally{
		{Key: "issue-level2", Title: "Cấp tài khoản", Tally: dossier.Tally{Received: n / 2, OnTime: n/2 - n/8 - n/20, Late: n / 20, Open: n / 10, OpenLate: n / 40, Dropped: n/8 - n/10}},
		{Key: "lock-eid", Title: "Khóa căn cước điện tử", Tally: dossier.Tally{Received: n / 4, OnTime: n / 4}},
		{Key: "lock-account", Title: "Khóa tài khoản", Tally: dossier.Tally{Received: n / 8, OnTime: n / 10, Late: n / 80, Open: n / 80, Refused: 9}},
		{Key: "unlock-eid", Title: "Mở khóa căn cước điện tử", Tally: dossier.Tally{Received: n / 10, OnTime: n / 10}},
		{Key: "unlock-account", Title: "Mở khóa tài khoản", Tally: dossier.Tally{Received: 7, OnTime: 5, Open: 2}},
		{Key: "issue-organization", Title: "Cấp tài khoản tổ chức", Tally: dossier.Tally{Received: 1, Open: 1}}}
	for _, p := range f.Procedures {
		f.Total.OnTime += p.OnTime
		f.Total.Late += p.Late
		f.Total.Open += p.Open
		f.Total.OpenLate += p.OpenLate
		f.Total.Dropped += p.Dropped
	}
	copy(f.Waits, []int{n / 3, n / 5, n / 6, n / 8, n / 20, n / 30, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1})
	return f
}

type room struct {
	p       *figures.Presenter
	g       *glass
	threads *uitest.Threads
	sums    *sums
	shown   []string
}

func open(t *testing.T) *room {
	t.Helper()
	r := &room{g: &glass{}, threads: &uitest.Threads{}, sums: &sums{answer: year(19)}}
	note := func(what string) func() { return func() { r.shown = append(r.shown, what) } }
	r.p = figures.New(figures.World{Desk: r.sums, Threads: r.threads.Kit(), Folder: func() string { return "/papers" }, Back: note("back"),
		File: func(path string) { r.shown = append(r.shown, path) }, Now: func() time.Time { return uitest.Now },
		Preview: func(o desk.BookOrder, title string) {
			r.shown = append(r.shown, o.Form+" "+o.From.ISO()+" "+o.To.ISO()+" "+title)
		}})
	r.p.Attach(r.g)
	return r
}

func TestEachPeriodAsksForItsDays(t *testing.T) {
	for span, want := range map[string][2]string{"week": {"2026-11-16", "2026-11-19"}, "month": {"2026-11-01", "2026-11-19"}, "last-month": {"2026-10-01", "2026-10-31"},
		"quarter": {"2026-10-01", "2026-11-19"}, "year": {"2026-01-01", "2026-11-19"}} {
		r := open(t)
		r.p.Pick("span", span)
		r.threads.Run()
		if len(r.sums.asked) != 2 || r.sums.asked[0].ISO() != want[0] || r.sums.asked[1].ISO() != want[1] {
			t.Errorf("%s: asked for %v, want %v", span, r.sums.asked, want)
		}
		if !r.g.state.Shown || r.g.state.Old || r.g.state.Busy != "" {
			t.Errorf("%s: %+v", span, r.g.state)
		}
	}
}

func TestTypedPeriodIsCountedOnF9AndOldFiguresSaySo(t *testing.T) {
	r := open(t)
	r.p.Refresh()
	r.threads.Run()
	r.p.Pick("span", "other")
	if len(r.g.focused) == 0 || r.g.focused[0] != "from" {
		t.Error("another period begins with its first day")
	}
	r.p.Day("from", "02/11/2026", dossier.Date{}, nil)
	if !r.g.state.Old || len(r.sums.asked) != 2 {
		t.Error("figures of another period are not said to be old, or were counted while typing")
	}
	r.p.Day("to", "99/11/2026", dossier.Date{}, nil)
	if r.p.Key(kit.Event{Key: "F9"}); r.g.state.Said["to"].Text == "" || len(r.sums.asked) != 2 {
		t.Error("a day that is none was asked for")
	}
	r.p.Day("to", "01/12/2028", dossier.Date{}, nil)
	r.p.Key(kit.Event{Key: "F9"})
	r.threads.Run()
	if r.g.state.Said["to"].Text == "" {
		t.Error("too long a period is not said at its field")
	}
	r.p.Day("to", "05/11/2026", dossier.Date{}, nil)
	r.p.Key(kit.Event{Key: "F9"})
	r.threads.Run()
	if r.g.state.Old || r.g.state.Said["to"].Text != "" || r.g.state.Title != "Hồ sơ tiếp nhận từ 02/11/2026 đến 05/11/2026" {
		t.Errorf("%+v", r.g.state)
	}
}

func TestCountingIsSaidAndStopped(t *testing.T) {
	r := open(t)
	r.sums.stops = true
	r.p.Refresh()
	if r.g.state.Busy == "" {
		t.Error("nothing says that it is being counted")
	}
	if r.p.Key(kit.Event{Key: "Escape"}); len(r.shown) != 0 {
		t.Error("Esc left the screen instead of stopping")
	}
	r.threads.Run()
	if r.g.state.Busy != "" || r.g.state.Alert == nil || !strings.Contains(r.g.state.Alert.Text, "Đã dừng") {
		t.Errorf("%+v", r.g.state.Alert)
	}
	if r.p.Key(kit.Event{Key: "Escape"}); len(r.shown) != 1 || r.shown[0] != "back" {
		t.Errorf("%v", r.shown)
	}
}

func TestALateAnswerOfAnotherPeriodIsDropped(t *testing.T) {
	r := open(t)
	r.p.Pick("span", "year")
	first := r.threads.Take()
	r.p.Pick("span", "week")
	r.threads.Run()
	for _, f := range first {
		f()
	}
	if r.g.state.Title != "Hồ sơ tiếp nhận từ 16/11/2026 đến 19/11/2026" || r.g.state.Old {
		t.Error(r.g.state.Title)
	}
}

func TestFiguresArePrintedAndExported(t *testing.T) {
	r := open(t)
	r.p.Refresh()
	r.threads.Run()
	r.p.Key(kit.Event{Key: "P", Ctrl: true})
	r.p.Key(kit.Event{Key: "E", Ctrl: true})
	r.threads.Run()
	r.p.Key(kit.Event{Key: "O", Ctrl: true})
	want := []string{"figures 2026-11-01 2026-11-19 Số liệu 01/11/2026 – 19/11/2026", "/papers/so-lieu-2026-11-01-2026-11-19.xlsx"}
	if strings.Join(r.shown, "|") != strings.Join(want, "|") || r.sums.path != "figures xlsx "+want[1] {
		t.Errorf("%q, exported %q", r.shown, r.sums.path)
	}
	r.sums.err = errors.New("no room")
	r.p.Key(kit.Event{Key: "E", Ctrl: true})
	r.threads.Run()
	if r.g.state.Path != "" || r.g.state.Alert.Tone != kit.Bad {
		t.Errorf("%+v", r.g.state.Alert)
	}
}

func TestNumbersAreNeverMoreThanTrue(t *testing.T) {
	r := open(t)
	r.sums.answer = dossier.Figures{Total: dossier.Tally{Received: 2000, OnTime: 1999, Late: 1}, Median: 1, Slowest: 4, Waits: make([]int, 16)}
	r.p.Refresh()
	r.threads.Run()
	if n := r.g.state.Tiles[1].Number; n != "99,9%" {
		t.Errorf("1999 of 2000 on time is said as %s", n)
	}
	r.sums.answer = dossier.Figures{Median: -1, Slowest: -1, Waits: make([]int, 16)}
	r.p.Refresh()
	r.threads.Run()
	if n := r.g.state.Tiles[1].Number + r.g.state.Tiles[3].Number; n != "––" {
		t.Errorf("of nothing: %s", n)
	}
}

func TestPicturesOfFigures(t *testing.T) {
	a := test.NewTempApp(t)
	for _, shot := range []struct {
		name       string
		w, h, text float32
		f          dossier.Figures
	}{{"figures", 1280, 800, 1, year(19)}, {"figures-1024", 1024, 600, 1, year(1)}, {"figures-year", 1280, 800, 1, year(323)}, {"figures-quarter-150", 1366, 768, 1.5, year(50)},
		{"figures-200", 1366, 768, 2, year(19)}, {"figures-empty", 1024, 600, 1, dossier.Figures{Median: -1, Slowest: -1, Waits: make([]int, 16)}}} {
		a.Settings().SetTheme(kit.NewTheme(shot.text))
		r := open(t)
		r.sums.answer = shot.f
		s := figures.NewScreen(r.p)
		w := test.NewTempWindow(t, s.Content())
		w.SetPadded(false)
		w.Resize(fyne.NewSize(shot.w, shot.h))
		r.p.Refresh()
		r.threads.Run()
		s.Focus("")
		if err := uitest.Shoot(shot.name, w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
		if m := s.Content().MinSize(); m.Width > shot.w || m.Height > shot.h-100 {
			t.Errorf("%s wants %v", shot.name, m)
		}
		s.Focus("PageDown")
		if err := uitest.Shoot(shot.name+"-below", w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
}

// The window was left open over night: "this month" goes on to today.
func TestPeriodOfTodayGoesOnToTheNextDay(t *testing.T) {
	r := open(t)
	r.p.Refresh()
	r.threads.Run()
	r.p.Now = func() time.Time { return uitest.Now.AddDate(0, 0, 1) }
	r.p.Refresh()
	r.threads.Run()
	if got := r.sums.asked[len(r.sums.asked)-1].ISO(); got != "2026-11-20" {
		t.Errorf("counted up to %s", got)
	}
}

// F9 while an Excel file is written ends that one; what it comes to says nothing about the figures being counted.
func TestExportThatWasOvertakenSaysNothing(t *testing.T) {
	r := open(t)
	r.p.Export()
	late := r.threads.Take()
	r.p.Refresh()
	for _, f := range late {
		f()
	}
	if r.g.state.Busy == "" || r.g.state.Alert != nil {
		t.Errorf("busy %q, %+v", r.g.state.Busy, r.g.state.Alert)
	}
	if r.p.Key(kit.Event{Key: "Escape"}); len(r.shown) != 0 {
		t.Error("Esc left the screen instead of stopping")
	}
}
