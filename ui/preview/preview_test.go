package preview

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
	paper   *uitest.Paper
	spool   *uitest.Spool
	viewer  *uitest.Viewer
	threads *uitest.Threads
	desk    *desk.Desk
	prints  *kit.Prints
	p       *Presenter
	s       *Screen
	w       fyne.Window
	papers  string
	files   []string
	backs   int
	shown   bool
}

func open(t *testing.T, size fyne.Size) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	set := uitest.Station()
	r := &room{t: t, store: uitest.NewStore(&set), paper: &uitest.Paper{}, viewer: &uitest.Viewer{}, threads: &uitest.Threads{}, papers: t.TempDir(), shown: true,
		spool: &uitest.Spool{Have: []dossier.Printer{{Name: "Văn-phòng", Code: "printer.paper-out"}, {Name: "Quầy-1", Default: true, Papers: []string{"A4"}}}}}
	var err error
	if r.desk, err = uitest.NewDesk(r.store, &uitest.Line{Store: r.store, Is: true}, r.paper, r.papers); err != nil {
		t.Fatal(err)
	}
	r.desk.Spool, r.desk.Viewer = r.spool, r.viewer
	if err := uitest.Fill(t.Context(), r.desk, r.store); err != nil {
		t.Fatal(err)
	}
	r.prints = &kit.Prints{Threads: r.threads.Kit(), Desk: r.desk}
	r.p = New(World{Desk: r.desk, Viewer: r.viewer, Threads: r.threads.Kit(), Begin: r.prints.Begin, Shown: func() bool { return r.shown },
		Again: func(src Source, run *kit.Running) { r.p.Show(src, run) }, File: func(path string) { r.files = append(r.files, path) }, Back: func() { r.backs++ }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(size)
	return r
}

var big = fyne.NewSize(1280, 740)

// show opens a form of the dossiers kept as those numbers.
func (r *room) show(form string, of ...int) State {
	var ids []dossier.ID
	for _, i := range of {
		ids = append(ids, r.store.IDs()[i])
	}
	order := func(paper string) desk.Order { return desk.Order{Form: form, Dossiers: ids, Paper: paper} }
	r.p.Show(Source{Title: "BM MAU.01", File: func(context.Context) (string, error) { return filepath.Join(r.papers, "luu.pdf"), nil },
		Draw: func(ctx context.Context, paper string, done func(n, of int)) (desk.Drawn, error) {
			return r.desk.Draw(ctx, order(paper), done)
		},
		Print: func(ctx context.Context, paper string, to desk.Where, done func(n, of int)) (desk.Printing, error) {
			return r.desk.Print(ctx, order(paper), to, done)
		}}, nil)
	return r.settle()
}

func (r *room) settle() State { r.threads.Pass(time.Second); return r.s.was }

func (r *room) press(keys ...fyne.KeyName) State {
	for _, k := range keys {
		if !r.p.Key(kit.Event{Key: k, Down: true}) {
			if f := r.w.Canvas().Focused(); f != nil {
				f.TypedKey(&fyne.KeyEvent{Name: k})
			}
		}
	}
	return r.settle()
}

func (r *room) ctrl(k fyne.KeyName) State {
	r.p.Key(kit.Event{Key: k, Ctrl: true, Down: true})
	return r.settle()
}

func (r *room) shoot(name string) {
	r.t.Helper()
	if err := uitest.Shoot("preview-"+name, r.w.Canvas().Capture()); err != nil {
		r.t.Fatal(err)
	}
}

// looks runs f at each look the desk takes at a job, with the number of the look.
func (r *room) looks(f func(i int)) {
	i := 0
	r.desk.Pause = func(ctx context.Context, _ time.Duration) error {
		f(i)
		i++
		for _, do := range r.threads.Take() {
			do()
		}
		return ctx.Err()
	}
}

func TestLookingLeavesNoTrace(t *testing.T) {
	r := open(t, big)
	s := r.show("receipt", 0)
	if s.Code != "BM.01" || s.Pages != 1 || s.Image == nil || s.Drawing != "" || !s.CanPrint || s.Print != "In" || len(s.Notes) != 0 {
		t.Fatalf("%+v", s)
	}
	if len(r.store.Traces) != 0 || len(r.spool.Jobs) != 0 {
		t.Errorf("looking is kept as printing: %v", r.store.Traces)
	}
	r.press(fyne.KeyEscape)
	r.p.Leave()
	r.settle()
	if r.backs != 1 || r.viewer.Held != 0 {
		t.Errorf("%d backs, %d documents still open", r.backs, r.viewer.Held)
	}
}

// TestPageIsDrawnAsDenselyAsItIsShown draws the page in sight first, then its neighbours, and no more than those.
func TestPageIsDrawnAsDenselyAsItIsShown(t *testing.T) {
	r := open(t, big)
	r.viewer.Pages = 5
	r.show("receipt", 0)
	place, size := r.s.sheet.place()
	if got := r.s.was.Image.Bounds().Dx(); got < int(size.Width)-2 || got > int(size.Width)+1 {
		t.Errorf("%d pixels for %v", got, size)
	}
	if size.Height > r.s.sheet.Size().Height || place.Y < 0 || size.Height < r.s.sheet.Size().Height*0.9 {
		t.Errorf("the page is %v at %v of %v", size, place, r.s.sheet.Size())
	}
	if len(r.viewer.Drawn) != 2 || !strings.HasPrefix(r.viewer.Drawn[1], "1@") {
		t.Fatalf("drawn %v", r.viewer.Drawn)
	}
	s := r.press(fyne.KeyPageDown, fyne.KeyPageDown)
	if s.Page != 2 || s.Image == nil {
		t.Errorf("%+v", s)
	}
	if s = r.press(fyne.KeyEnd, fyne.KeyPageDown); s.Page != 4 {
		t.Errorf("page %d", s.Page)
	}
	if s = r.press(fyne.KeyHome, fyne.KeyPageUp); s.Page != 0 || len(r.p.pictures) > 2 {
		t.Errorf("page %d, %d pictures held", s.Page, len(r.p.pictures))
	}
	n := len(r.viewer.Drawn)
	r.ctrl("+")
	r.ctrl("=")
	s = r.ctrl("-")
	if s.Zoom != zoomStep || len(r.viewer.Drawn) == n || r.s.was.Image.Bounds().Dx() < int(size.Width*zoomStep)-2 {
		t.Errorf("zoom %v, %v", s.Zoom, r.viewer.Drawn[n:])
	}
	for range 20 {
		s = r.ctrl("+")
	}
	if b := s.Image.Bounds(); s.Zoom > zoomMost || max(b.Dx(), b.Dy()) > most {
		t.Errorf("zoom %v, %v", s.Zoom, b)
	}
	if s = r.ctrl("0"); s.Zoom != 1 {
		t.Errorf("zoom %v", s.Zoom)
	}
}

func TestWheelMovesALargePageAndTurnsASmallOne(t *testing.T) {
	r := open(t, big)
	r.viewer.Pages = 3
	r.show("receipt", 0)
	wheel := func(dy float32) {
		r.s.sheet.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
		r.settle()
	}
	if wheel(-10); r.s.was.Page != 1 {
		t.Errorf("page %d", r.s.was.Page)
	}
	if wheel(10); r.s.was.Page != 0 {
		t.Errorf("page %d", r.s.was.Page)
	}
	r.ctrl("+")
	r.ctrl("+")
	before, _ := r.s.sheet.place()
	wheel(-10)
	if after, _ := r.s.sheet.place(); r.s.was.Page != 0 || after.Y >= before.Y {
		t.Errorf("page %d, %v to %v", r.s.was.Page, before, after)
	}
	for range 40 {
		wheel(-10)
	}
	if r.s.was.Page != 2 {
		t.Errorf("the wheel stops at page %d", r.s.was.Page)
	}
	r.w.Canvas().Focus(r.s.sheet)
	for range 60 {
		r.press(fyne.KeyUp)
	}
	if r.s.was.Page != 0 {
		t.Errorf("the arrow stops at page %d", r.s.was.Page)
	}
}

// TestPrintingSaysNoMoreThanTheSpooler goes through every state there is.
func TestPrintingSaysNoMoreThanTheSpooler(t *testing.T) {
	queued := dossier.JobState{Phase: dossier.JobQueued}
	for _, c := range []struct {
		states []dossier.JobState
		while  []string
		end    string
		again  bool
	}{
		{[]dossier.JobState{queued, {Phase: dossier.JobPrinting}, {Phase: dossier.JobDone}},
			[]string{"Đã chuyển tới máy in Quầy-1, đang chờ.", "Đang in tại máy in Quầy-1…"}, "Đã in xong tại máy in Quầy-1.", false},
		{[]dossier.JobState{{Phase: dossier.JobPrinting, Code: "printer.paper-out"}, {Phase: dossier.JobPrinting, Code: "printer.jam"}, {Phase: dossier.JobDone}},
			[]string{"Hết giấy: nạp thêm giấy vào máy in Quầy-1, máy sẽ in tiếp.", "Đang chờ máy in Quầy-1: Máy in bị kẹt giấy. Vui lòng lấy hết giấy kẹt ra rồi đóng nắp máy in."},
			"Đã in xong tại máy in Quầy-1.", false},
		{[]dossier.JobState{queued, {Phase: dossier.JobRefused, Code: "printer.denied"}}, []string{"Đã chuyển tới máy in Quầy-1, đang chờ."}, "Chưa in được: Tài khoản", true},
		{[]dossier.JobState{{Phase: dossier.JobFailed, Code: "printer.failed"}}, nil, "Chưa in xong: Máy in báo lỗi", true},
		{[]dossier.JobState{{Phase: dossier.JobFailed, Code: "printer.cancelled"}}, nil, "Bản in đã bị hủy.", true},
		{[]dossier.JobState{{Phase: dossier.JobUnknown}}, nil, "Không rõ đã in xong chưa: Máy tính không cho biết lý do.", true},
	} {
		r := open(t, big)
		r.show("receipt", 0)
		r.spool.States = c.states
		var said []string
		r.looks(func(int) {
			s := r.s.was
			said = append(said, s.Job.Text)
			if !s.Job.Going || s.CanPrint || r.s.stop.Hidden || strings.Contains(s.Job.Text, "Đã in") {
				t.Errorf("%+v", s.Job)
			}
			r.p.Print() // pressed twice
		})
		s := r.press("F9")
		if !slices.Equal(said, c.while) || !strings.HasPrefix(s.Job.Text, c.end) || s.Job.Again != c.again || s.Job.Going {
			t.Errorf("%v\nsaid %q, then %+v", c.states, said, s.Job)
		}
		if len(r.spool.Jobs) != 1 || !s.CanPrint || !r.s.stop.Hidden {
			t.Errorf("%d jobs, %+v", len(r.spool.Jobs), s)
		}
	}
}

func TestWhatIsPrintedAgainSaysSo(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0)
	r.p.Text("copies", "3")
	s := r.press("F9")
	if s.Print != "In lại" || len(s.Notes) != 1 || s.Notes[0].Text != "Giấy này đã gửi in hoặc lưu tệp 1 lần. Bản tiếp theo ghi “bản in lại lần 1”." || s.Job.Text != "Đã in xong tại máy in Quầy-1." {
		t.Errorf("%q %+v %q", s.Print, s.Notes, s.Job.Text)
	}
	if j := r.spool.Jobs[0]; j.Copies != 3 || j.Printer != "Quầy-1" || j.Paper != dossier.PaperA5 || j.Wide {
		t.Errorf("%+v", j)
	}
}

func TestCopiesMustBeOneToTwenty(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0)
	for typed, good := range map[string]bool{"": false, "0": false, "21": false, "999999999999999999999": false, "20": true, "1": true} {
		n := len(r.spool.Jobs)
		r.p.Text("copies", typed)
		s := r.press("F9")
		if (len(r.spool.Jobs) > n) != good || (s.Said["copies"].Text == "") != good {
			t.Errorf("%q: %d jobs, %+v", typed, len(r.spool.Jobs)-n, s.Said)
		}
	}
}

func TestPaperOfThePrinterRedrawsThePage(t *testing.T) {
	r := open(t, big)
	s := r.show("receipt", 0)
	if s.Values["paper"] != dossier.PaperA5 || s.Facts[0] != "Khổ A5 · 1 trang" || r.p.needs() != "A5" {
		t.Fatalf("%+v, needs %q", s.Facts, r.p.needs())
	}
	r.viewer.W, r.viewer.H = 297, 210
	r.p.Pick("paper", dossier.PaperA4)
	if s = r.settle(); s.W != 297 || s.Facts[0] != "Khổ A4 ngang, hai trang A5 trên một tờ, cắt đôi · 1 trang" || r.p.needs() != "" || !s.Differs {
		t.Errorf("%+v", s)
	}
	r.press("F9")
	if j := r.spool.Jobs[0]; j.Paper != dossier.PaperA4 || !j.Wide {
		t.Errorf("%+v", j)
	}
	r.press("F6")
	if s = r.s.was; r.store.Set.Paper != dossier.PaperA4 || r.store.Set.Printer != "Quầy-1" || s.Differs {
		t.Errorf("%+v, differs %v", r.store.Set, s.Differs)
	}
	if s = r.show("receipt", 1); s.Values["paper"] != dossier.PaperA4 || s.Differs {
		t.Errorf("the next one is not on the station's paper: %v", s.Values)
	}
	if s = r.show("tk03", 0); len(s.Questions[0].Rows) != 2 || s.Notes[0].Tone != kit.Warn || !strings.Contains(s.Notes[0].Text, "chưa đối chiếu") {
		t.Errorf("an A4 form asks %d things, says %+v", len(s.Questions[0].Rows), s.Notes)
	}
}

func TestPrinterIsTheStationsUntilAnotherIsChosen(t *testing.T) {
	r := open(t, big)
	s := r.show("receipt", 0)
	options := s.Questions[0].Rows[0][0].Options
	if s.Values["printer"] != "Quầy-1" || options[0].Value != "Quầy-1" || options[1].Sub != "Máy in hết giấy" {
		t.Fatalf("%v %+v", s.Values, options)
	}
	r.p.Pick("printer", "Văn-phòng")
	r.press("F9")
	if r.spool.Jobs[0].Printer != "Văn-phòng" || r.store.Set.Printer != "" {
		t.Errorf("%+v", r.spool.Jobs)
	}
	r.press("F6")
	if r.store.Set.Printer != "Văn-phòng" || r.s.was.Questions[0].Rows[0][0].Options[0].Value != "Văn-phòng" {
		t.Errorf("%+v", r.store.Set)
	}
}

func TestWithoutAPrinterThePDFIsKeptAndTheScreenSaysSo(t *testing.T) {
	for name, before := range map[string]func(*room){"no spooler": func(r *room) { r.desk.Spool = nil }, "no printer": func(r *room) { r.spool.Have = nil }} {
		r := open(t, big)
		before(r)
		s := r.show("receipt", 0)
		if len(s.Questions[0].Rows) == 0 || s.Questions[0].Rows[0][0].Kind != kit.Note {
			t.Errorf("%s: %+v", name, s.Questions)
		}
		s = r.press("F9")
		if s.Job.Text != "Không có máy in: đã lưu tệp PDF MAU.01-261119-0001-receipt.pdf." || s.Job.Tone != kit.Warn {
			t.Errorf("%s: %+v", name, s.Job)
		}
		r.ctrl("O")
		if len(r.files) != 1 {
			t.Fatalf("%s: opened %v", name, r.files)
		}
		if _, err := os.Stat(r.files[0]); err != nil {
			t.Error(err)
		}
	}
}

func TestPDFIsSavedAndOpened(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0)
	r.ctrl("O")
	if len(r.files) != 0 {
		t.Fatal("a file is opened that is not there")
	}
	s := r.ctrl("S")
	if s.Job.Text != "Đã lưu tệp PDF luu.pdf." || s.Job.Tone != kit.Good || s.Job.Again || s.Print != "In lại" {
		t.Errorf("%+v", s.Job)
	}
	r.ctrl("O")
	if len(r.files) != 1 || r.files[0] != filepath.Join(r.papers, "luu.pdf") || len(r.spool.Jobs) != 0 {
		t.Errorf("%v", r.files)
	}
	r.p.src.File = func(context.Context) (string, error) {
		return filepath.Join(r.papers, "luu.pdf", "x.pdf"), nil // no folder
	}
	if s = r.ctrl("S"); s.Job.Tone != kit.Bad || !strings.HasPrefix(s.Job.Text, "Chưa in được: ") {
		t.Errorf("%+v", s.Job)
	}
}

func TestBatchTellsHowFarItIsAndCanBeStopped(t *testing.T) {
	r := open(t, big)
	s := r.show("receipt", 0, 1, 2, 7, 3) // 7 was refused
	if s.Pages != 4 || len(s.Skipped) != 1 || s.Facts[1] != "4 hồ sơ, theo thứ tự số" {
		t.Fatalf("%+v", s)
	}
	var told []string
	inner := r.p.src.Print
	r.p.src.Print = func(ctx context.Context, paper string, to desk.Where, done func(n, of int)) (desk.Printing, error) {
		return inner(ctx, paper, to, func(n, of int) {
			done(n, of)
			told = append(told, r.s.was.Job.Text)
			if n == 2 {
				r.p.Stop()
			}
		})
	}
	s = r.press("F9")
	if len(r.spool.Jobs) != 0 || s.Job.Text != "Đã dừng; chưa có gì tới máy in." || !s.Job.Again || !s.CanPrint || len(r.store.Traces) != 0 {
		t.Errorf("%d jobs, %+v", len(r.spool.Jobs), s.Job)
	}
	if !slices.Equal(told, []string{"Đang lập 1/4…", "Đang lập 2/4…"}) {
		t.Errorf("told %q", told)
	}
	r.p.src.Print = inner
	if s = r.press("F9"); len(r.spool.Jobs) != 1 || s.Job.Text != "Đã in xong tại máy in Quầy-1." || len(r.store.Traces) != 5 {
		t.Errorf("%d jobs, %+v, %d traces", len(r.spool.Jobs), s.Job, len(r.store.Traces))
	}
}

func TestJobAtThePrinterIsStoppedByAskingTheSpooler(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0)
	r.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting}}
	r.looks(func(i int) {
		switch i {
		case 0:
			r.press("F4")
			if !strings.HasPrefix(r.s.was.Job.Text, "Đang dừng. ") || !r.s.was.Job.Going {
				t.Errorf("%+v", r.s.was.Job)
			}
			r.p.Stop() // pressed twice
		case 9:
			t.Fatal("nobody asked the spooler")
		}
	})
	s := r.press("F9")
	if s.Job.Going || !strings.HasPrefix(s.Job.Text, "Bản in đã bị hủy.") {
		t.Errorf("%+v", s.Job)
	}
}

// TestStopWhileItIsHandedOverAsksTheSpooler stops when all is drawn and the printer may have it already.
func TestStopWhileItIsHandedOverAsksTheSpooler(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0, 1)
	inner := r.p.src.Print
	r.p.src.Print = func(ctx context.Context, paper string, to desk.Where, done func(n, of int)) (desk.Printing, error) {
		out, err := inner(ctx, paper, to, done)
		r.p.Stop()
		return out, err
	}
	r.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting}}
	r.looks(func(i int) {
		if i > 9 {
			t.Fatal("nobody asked the spooler")
		}
	})
	s := r.press("F9")
	if len(r.spool.Jobs) != 1 || !strings.HasPrefix(s.Job.Text, "Bản in đã bị hủy.") {
		t.Errorf("%+v", s.Job)
	}
}

func TestPrintingGoesOnWhenTheScreenIsLeft(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0)
	var changes []string
	r.prints.OnChange = func(run *kit.Running) { changes = append(changes, run.State().Short) }
	r.spool.States = []dossier.JobState{{Phase: dossier.JobQueued}, {Phase: dossier.JobDone}}
	r.looks(func(int) {
		r.shown = false
		r.p.Leave()
	})
	r.press("F9")
	run := r.prints.Last()
	if run.State().Text != "Đã in xong tại máy in Quầy-1." || run.Seen() || !slices.Contains(changes, "Đã in xong") || r.prints.Going() != 0 {
		t.Errorf("%+v, %q", run.State(), changes)
	}
	r.shown = true
	run.Open()
	if s := r.settle(); s.Job.Text != "Đã in xong tại máy in Quầy-1." || s.Image == nil || s.Print != "In lại" || !run.Seen() {
		t.Errorf("%+v", s)
	}
}

func TestWhatCannotBeDrawnSaysWhyAndPrintsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		form   string
		before func(*room)
	}{
		"not allowed":  {"refusal", func(*room) {}},
		"not drawn":    {"receipt", func(r *room) { r.paper.Fail = uitest.ErrDisk }},
		"not opened":   {"receipt", func(r *room) { r.viewer.Fail = errors.New("no PDF") }},
		"page is torn": {"receipt", func(r *room) { r.viewer.Torn = errors.New("no page") }},
	} {
		r := open(t, big)
		c.before(r)
		s := r.show(c.form, 0)
		if s.Wrong == "" || s.CanPrint || s.Image != nil || r.viewer.Held != 0 {
			t.Errorf("%s: %+v, %d held", name, s, r.viewer.Held)
		}
		r.press("F9", fyne.KeyPageDown, fyne.KeyEnd)
		r.ctrl("S")
		if len(r.spool.Jobs) != 0 || len(r.store.Traces) != 0 {
			t.Errorf("%s: it is printed", name)
		}
		r.paper.Fail, r.viewer.Fail, r.viewer.Torn = nil, nil, nil
		if s = r.show("receipt", 1); s.Wrong != "" || s.Image == nil || r.s.sheet.Hidden {
			t.Errorf("%s: the next document: %+v", name, s)
		}
	}
}

// TestOlderDocumentIsNotShownLate opens another document while one is still being drawn.
func TestOlderDocumentIsNotShownLate(t *testing.T) {
	r := open(t, big)
	draw := func(title string) Source {
		return Source{Title: title, Draw: func(ctx context.Context, _ string, _ func(n, of int)) (desk.Drawn, error) {
			return desk.Drawn{PDF: []byte("%PDF"), Info: dossier.FormInfo{Title: title}}, ctx.Err()
		}}
	}
	r.p.Show(draw("cũ"), nil)
	old := r.threads.Take()
	r.p.Show(draw("mới"), nil)
	r.settle()
	for _, f := range old {
		f()
	}
	if s := r.settle(); s.Title != "mới" || s.Wrong != "" || r.viewer.Held != 1 {
		t.Errorf("%+v, %d held", s, r.viewer.Held)
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	r := open(t, fyne.NewSize(1024, 530))
	check := func(what string) {
		if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
			t.Errorf("%s wants %v", what, m)
		}
	}
	r.show("receipt", 0, 1, 2, 3, 7)
	check("a batch")
	r.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting, Code: "printer.jam"}, {Phase: dossier.JobUnknown, Code: "printer.vanished"}}
	r.looks(func(int) { check("a job") })
	r.press("F9")
	check("a failure")
	r.desk.Spool = nil
	r.press("F9")
	check("a file")
	r.show("refusal", 0)
	check("an error")
}

func TestPictures(t *testing.T) {
	if os.Getenv("TIEPNHAN_SHOTS") == "" {
		t.Skip("nobody looks")
	}
	for name, c := range map[string]struct {
		size  fyne.Size
		scale float32
	}{"1024": {fyne.NewSize(1024, 530), 1}, "1280": {fyne.NewSize(1280, 730), 1}, "200": {fyne.NewSize(1280, 730), 2}} {
		r := open(t, c.size)
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(c.scale))
		r.w.Resize(c.size)
		r.show("receipt", 0)
		r.shoot("1-receipt-" + name)
		r.spool.States = []dossier.JobState{{Phase: dossier.JobQueued}, {Phase: dossier.JobPrinting, Code: "printer.paper-out"}, {Phase: dossier.JobDone}}
		r.looks(func(i int) { r.shoot("2-job-" + string(rune('a'+i)) + "-" + name) })
		r.press("F9")
		r.shoot("3-done-" + name)
		r.ctrl("+")
		r.ctrl("+")
		r.shoot("4-zoom-" + name)
		r.show("tk03", 0, 1, 2, 3, 7)
		r.shoot("5-batch-" + name)
		r.spool.States = []dossier.JobState{{Phase: dossier.JobFailed, Code: "printer.jam"}}
		r.press("F9")
		r.shoot("6-failed-" + name)
		r.desk.Spool = nil
		r.show("receipt", 1)
		r.press("F9")
		r.shoot("7-file-" + name)
		r.show("refusal", 0)
		r.shoot("8-wrong-" + name)
		r.p.Show(r.p.src, nil)
		r.shoot("9-empty-" + name)
	}
}

// TestPrinterIsCalledTheStationsOnlyWhenItWasChosen tells the system's own from the one the station keeps.
func TestPrinterIsCalledTheStationsOnlyWhenItWasChosen(t *testing.T) {
	r := open(t, big)
	about := func() string {
		var out []string
		for _, o := range r.s.was.Questions[0].Rows[0][0].Options {
			out = append(out, o.Title+": "+o.Sub)
		}
		return strings.Join(out, "; ")
	}
	r.show("receipt", 0)
	if got := about(); got != "Quầy-1: Mặc định; Văn-phòng: Máy in hết giấy" {
		t.Error(got)
	}
	r.p.Pick("printer", "Văn-phòng")
	r.press("F6")
	if got := about(); got != "Văn-phòng: Máy in của trạm. Máy in hết giấy; Quầy-1: Mặc định" {
		t.Error(got)
	}
	r.spool.Have = []dossier.Printer{{Name: "Kho"}, {Name: "Tầng-2"}}
	r.show("receipt", 0)
	if got := about(); got != "Kho: ; Tầng-2: " {
		t.Error(got)
	}
}

func TestBatchTellsHowManyOfItAreReprints(t *testing.T) {
	r := open(t, big)
	for range 2 {
		if _, err := r.desk.Print(t.Context(), desk.Order{Form: "receipt", Dossiers: r.store.IDs()[1:2]}, desk.Where{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	s := r.show("receipt", 0, 1, 2)
	if len(s.Notes) != 1 || !strings.HasPrefix(s.Notes[0].Text, "Trong đó 1 bản in lại") || s.Print != "In" {
		t.Errorf("%q %+v", s.Print, s.Notes)
	}
	if s = r.press("F9"); !strings.HasPrefix(s.Notes[0].Text, "Cả 3 bản đều là bản in lại:") || s.Print != "In lại" {
		t.Errorf("%q %+v", s.Print, s.Notes)
	}
}

// TestAnotherDocumentStandsAtTheStationsPrinterFromTheStart shows a second one while the printers are still being read.
func TestAnotherDocumentStandsAtTheStationsPrinterFromTheStart(t *testing.T) {
	r := open(t, big)
	r.show("receipt", 0)
	r.p.Pick("printer", "Văn-phòng")
	r.p.Show(r.p.src, nil)
	if s := r.s.was; s.Values["printer"] != "Quầy-1" || s.Differs {
		t.Errorf("%+v, differs %v", s.Values, s.Differs)
	}
	if s := r.settle(); s.Values["printer"] != "Quầy-1" || s.Differs {
		t.Errorf("%+v, differs %v", s.Values, s.Differs)
	}
}

// watched notes how the document first came to the screen.
type watched struct {
	*Screen
	first *State
}

func (w *watched) Show(s State) {
	if w.first == nil && s.Pages > 0 {
		w.first = &s
	}
	w.Screen.Show(s)
}

func TestDocumentComesWithThePictureOfItsPage(t *testing.T) {
	r := open(t, big)
	for range 2 {
		w := &watched{Screen: r.s}
		r.p.view = w
		r.viewer.Drawn = nil
		r.show("receipt", 0, 1, 2)
		if w.first == nil || w.first.Image == nil {
			t.Error("an empty sheet is shown first")
		}
		if n := len(r.viewer.Drawn); n != 2 { // that and the next
			t.Errorf("drawn %v", r.viewer.Drawn)
		}
		r.viewer.W, r.viewer.H = 297, 210 // the next lies on its side
	}
}
