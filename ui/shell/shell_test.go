package shell

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
	"tiepnhan/ui/waiting"
)

// house is the whole content of the window on a real desk.
type house struct {
	t       *testing.T
	store   *uitest.Store
	line    *uitest.Line
	paper   *uitest.Paper
	spool   *uitest.Spool
	viewer  *uitest.Viewer
	papers  string
	threads *uitest.Threads
	desk    *desk.Desk
	s       *Shell
	window  fyne.Window
	opened  []string
	more    func(*Config)
}

func furnish(t *testing.T, size fyne.Size, settings *dossier.Settings) *house {
	t.Helper()
	if err := kit.SpeakVietnamese(); err != nil {
		t.Fatal(err)
	}
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	h := &house{t: t, store: uitest.NewStore(settings), paper: &uitest.Paper{}, threads: &uitest.Threads{},
		spool: &uitest.Spool{Have: []dossier.Printer{{Name: "Quầy-1", Default: true}, {Name: "Văn-phòng", Code: "printer.paper-out"}}}, viewer: &uitest.Viewer{}, papers: t.TempDir()}
	h.line = &uitest.Line{Store: h.store, Is: true}
	var err error
	if h.desk, err = uitest.NewDesk(h.store, h.line, h.paper, h.papers); err != nil {
		t.Fatal(err)
	}
	h.desk.Spool = h.spool
	h.window = test.NewTempWindow(t, nil)
	h.window.SetPadded(false)
	h.window.Resize(size)
	return h
}

func (h *house) moveIn() {
	k := h.threads.Kit()
	cfg := Config{Desk: h.desk, Viewer: h.viewer, Papers: h.papers, Officer: "canbo1", Go: k.Go, OnUI: k.OnUI, After: k.After, Now: h.desk.Now,
		OpenFile: func(path string) error { h.opened = append(h.opened, path); return nil }}
	if h.more != nil {
		h.more(&cfg)
	}
	h.s = New(cfg)
	size := h.window.Canvas().Size()
	h.window.SetContent(h.s.Content())
	h.window.Resize(size)
	h.s.Started(h.window)
	h.settle()
}

func (h *house) settle() { h.threads.Pass(3e9) }

// press is one key as the window would send it: to the router, and to the widget if the router lets it through.
func (h *house) press(key fyne.KeyName) { h.combo(kit.Event{Key: key}) }

func (h *house) ctrl(key fyne.KeyName) { h.combo(kit.Event{Key: key, Ctrl: true}) }

func (h *house) combo(e kit.Event) {
	e.Down = true
	if !h.s.Router().Key(e) && !e.Ctrl && !e.Alt {
		c := h.window.Canvas()
		switch f := c.Focused(); {
		case e.Key == fyne.KeyTab && e.Shift:
			c.FocusPrevious()
		case e.Key == fyne.KeyTab:
			c.FocusNext()
		case f != nil:
			f.TypedKey(&fyne.KeyEvent{Name: e.Key})
		}
	}
	e.Down = false
	h.s.Router().Key(e)
}

// write types text as a person does.
func (h *house) write(text string) {
	for _, c := range text {
		if !h.s.Router().Char(c) {
			if f := h.window.Canvas().Focused(); f != nil {
				f.TypedRune(c)
			}
		}
	}
}

func (h *house) shoot(name string) {
	h.t.Helper()
	h.settle()
	if err := uitest.Shoot(name, h.window.Canvas().Capture()); err != nil {
		h.t.Fatal(err)
	}
}

func TestPictures(t *testing.T) {
	sizes := map[string]fyne.Size{"1024": fyne.NewSize(1024, 600)}
	if os.Getenv("TIEPNHAN_SHOTS") != "" {
		sizes["1280"] = fyne.NewSize(1280, 800)
	}
	for name, size := range sizes {
		set := uitest.Station()
		h := furnish(t, size, &set)
		if err := uitest.Fill(context.Background(), h.desk, h.store); err != nil {
			t.Fatal(err)
		}
		h.moveIn()
		h.shoot("shell-1-reception-" + name)
		h.press("F3")
		h.shoot("shell-2-list-" + name)
		h.write("mau")
		h.shoot("shell-3-search-" + name)
		ids := h.store.IDs()
		h.s.open(ids[1])
		h.shoot("shell-4-course-" + name)
		h.ctrl("5")
		h.shoot("shell-5-decide-" + name)
		h.press("F9")
		h.shoot("shell-5b-decide-wrong-" + name)
		h.s.open(ids[3])
		h.shoot("shell-6-done-" + name)
		h.press("F7")
		h.store.SentBack = []dossier.SentBackRow{{QueueRow: dossier.QueueRow{Dossier: ids[4], Number: "MAU.01-261115-0005", Kind: dossier.Received, Name: "Hoàng Văn Giả Định"},
			Why: "Thiếu nơi cư trú của người đề nghị."}}
		h.shoot("shell-7-waiting-" + name)
		h.press("F5")
		h.shoot("shell-8-sent-" + name)
		h.press("F1")
		h.shoot("shell-9-help-" + name)
		h.press(fyne.KeyEscape)
		h.line.Is = false
		h.press("F7")
		h.settle()
		h.shoot("shell-10-ticket-" + name)
		for i := range 5000 {
			h.store.Extra = append(h.store.Extra, dossier.Summary{ID: dossier.ID{9, byte(i >> 8), byte(i)}, Number: fmt.Sprintf("MAU.01-2610%02d-%04d", 1+i%28, 1+i/28),
				Name: "Người Mẫu Số " + fmt.Sprint(i), Procedure: "lock-eid", Status: dossier.StatusReturned, ReceivedAt: uitest.Now, Due: uitest.Now})
		}
		h.press("F3")
		h.settle()
		h.press(fyne.KeyPageDown)
		h.settle()
		h.press(fyne.KeyPageDown)
		h.shoot("shell-11-many-" + name)

		empty := furnish(t, size, nil)
		empty.moveIn()
		empty.shoot("shell-12-setup-" + name)
		empty.press("F9")
		empty.shoot("shell-13-setup-wrong-" + name)

		wrong := furnish(t, size, &set)
		wrong.store.Latest = uitest.Now.AddDate(0, 1, 0)
		wrong.moveIn()
		wrong.shoot("shell-14-clock-" + name)
	}
}

func station() *dossier.Settings {
	s := uitest.Station()
	return &s
}

var big = fyne.NewSize(1280, 800)

// TestDayByKeysAlone is a card, a procedure, papers, F9; the list; the dossier; an act; sending.
func TestDayByKeysAlone(t *testing.T) {
	h := furnish(t, big, station())
	h.moveIn()
	h.ctrl("5")
	h.write(uitest.Person) // as a reader would, with its Enter
	h.press(fyne.KeyReturn)
	h.settle()
	h.write("0900000001")
	h.press("F8")
	h.press("F9")
	h.settle()
	if h.store.Kept() != 1 {
		t.Fatalf("not kept: %v", h.store.Calls)
	}
	h.press("F3")
	h.settle()
	h.write("binh mau")
	h.settle()
	h.press(fyne.KeyReturn)
	h.settle()
	if h.s.now != h.s.course {
		t.Fatal("Enter on the list does not open the dossier")
	}
	h.ctrl("3")
	h.press("F9")
	h.settle()
	d, err := h.desk.Find(t.Context(), "MAU.01-261119-0001")
	if err != nil || d.Forward == nil {
		t.Fatalf("not forwarded: %v", err)
	}
	if got := h.s.queue.Status().Waiting; got != 2 {
		t.Errorf("%d wait, want 2", got)
	}
	h.press("F5")
	h.settle()
	if got := h.s.queue.Status(); got.Waiting != 0 || got.Line != waiting.Reached || h.line.Sends != 1 {
		t.Errorf("%+v", got)
	}
	h.press("F3")
	h.settle()
	row, ok := h.s.rows.Row(0)
	if words, _ := kit.SentWords(row, "Công an tỉnh Mẫu"); !ok || words != "Đã gửi về Công an tỉnh Mẫu" {
		t.Errorf("the row says %q", words)
	}
	h.press("F2")
	if h.s.now != h.s.reception {
		t.Error("F2 does not lead back")
	}
}

// TestFunctionKeysWorkWhateverHasTheFocus walks through every focusable widget of every screen and tries every key there.
func TestFunctionKeysWorkWhateverHasTheFocus(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	h.s.open(h.store.IDs()[0])
	h.settle()
	kinds, tried := map[string]bool{}, map[string]*screen{}
	for _, x := range []*screen{h.s.reception, h.s.list, h.s.course, h.s.waiting} {
		h.s.show(x)
		h.settle()
		if x == h.s.reception {
			h.ctrl("1")
			h.settle()
		}
		for range 45 {
			h.window.Canvas().FocusNext()
			f := h.window.Canvas().Focused()
			kind := fmt.Sprintf("%T", f)
			if kinds[kind] && tried[kind] == x {
				continue
			}
			kinds[kind], tried[kind] = true, x
			for key, want := range map[fyne.KeyName]*screen{"F2": h.s.reception, "F3": h.s.list, "F7": h.s.waiting} {
				if h.press(key); h.s.now != want {
					t.Fatalf("%s on %T did nothing", key, f)
				}
				h.s.show(x)
				h.threads.Run()
				h.window.Canvas().Focus(f)
			}
			h.press("F1")
			if h.window.Canvas().Overlays().Top() == nil {
				t.Fatalf("F1 on %T did nothing", f)
			}
			h.press(fyne.KeyEscape)
			if h.window.Canvas().Overlays().Top() != nil {
				t.Fatalf("Esc on %T does not close the help", f)
			}
			h.window.Canvas().Focus(f)
		}
	}
	for _, k := range []string{"*kit.Entry", "*kit.Day", "*kit.Choice", "*kit.Check", "*kit.Button", "*kit.Table", "*kit.LinkLine"} {
		if !kinds[k] {
			t.Errorf("no %s was tried: %v", k, kinds)
		}
	}
}

func TestCardFillsTheFormFromEveryScreenButTheList(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	for _, x := range []*screen{h.s.waiting, h.s.course, h.s.reception} {
		h.s.show(x)
		h.settle()
		h.write(uitest.Person)
		h.press(fyne.KeyReturn)
		h.settle()
		if h.s.now != h.s.reception {
			t.Fatal("the card does not lead to the form")
		}
		h.press("F6")
		h.press(fyne.KeyTab)
		h.press(fyne.KeyReturn)
		h.settle()
	}
	h.press("F3")
	h.settle()
	h.write(uitest.Other)
	h.press(fyne.KeyReturn)
	h.settle()
	if h.s.now != h.s.list {
		t.Error("a card on the list leaves the list")
	}
	for _, call := range h.store.Calls {
		if call == `List "001090054321" 0` {
			return
		}
	}
	t.Error("the card's number was not looked up")
}

func TestReceiptCodeOpensItsDossier(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	h.write("MAU.01-261118-0002")
	h.press(fyne.KeyReturn)
	h.settle()
	if h.s.now != h.s.course {
		t.Fatal("the dossier is not shown")
	}
	h.press(fyne.KeyEscape)
	if h.s.now != h.s.list {
		t.Error("Esc does not lead to the list")
	}
	h.write("MAU.01-200101-0001")
	h.press(fyne.KeyReturn)
	h.settle()
	if h.window.Canvas().Overlays().Top() == nil {
		t.Error("an unknown number is not said")
	}
}

func TestFirstStartAsksForTheStationAndThenReceives(t *testing.T) {
	h := furnish(t, big, nil)
	h.moveIn()
	if h.s.now != h.s.setup {
		t.Fatal("no one asks who we are")
	}
	for _, key := range []fyne.KeyName{"F2", "F3", "F5", "F7"} {
		if h.press(key); h.s.now != h.s.setup {
			t.Fatalf("%s leaves the set-up", key)
		}
	}
	for f, v := range map[string]string{"unit.upper": "CÔNG AN TỈNH MẪU", "unit.name": "CÔNG AN XÃ MẪU", "unit.place": "Mẫu", "unit.prefix": "M", "officer": "Lê"} {
		h.s.first.Text(f, v)
	}
	h.press("F9")
	h.settle()
	if h.s.now != h.s.reception || h.store.Set == nil {
		t.Fatal("set up, and no form to receive")
	}
	h.ctrl("3")
	if h.settle(); !h.s.known || h.s.station.Unit.Name != "CÔNG AN XÃ MẪU" {
		t.Errorf("%+v", h.s.station)
	}
}

func TestWrongClockAsksOnceAndEverythingGoesOn(t *testing.T) {
	h := furnish(t, big, station())
	h.store.Latest = uitest.Now.AddDate(0, 1, 0)
	h.moveIn()
	if n := len(h.window.Canvas().Overlays().List()); n != 1 {
		t.Fatalf("%d dialogs", n)
	}
	h.press(fyne.KeyEscape)
	h.press(fyne.KeyReturn)
	if len(h.window.Canvas().Overlays().List()) != 1 {
		t.Fatal("the question goes away without an answer")
	}
	h.write("19112026")
	h.press(fyne.KeyReturn)
	h.settle()
	if len(h.window.Canvas().Overlays().List()) != 0 || !h.s.known || h.s.clock {
		t.Fatal("the answer does not count")
	}
	if said := h.store.Said; said.Date != dossier.DateOf(uitest.Now) || said.Moment(said.At).Sub(uitest.Now).Abs() >= time.Minute {
		t.Errorf("the officer is taken to have said %+v", said)
	}
	h.ctrl("1")
	h.settle()
	if got := h.s.station.Today; got != dossier.DateOf(uitest.Now) {
		t.Errorf("today is %v", got)
	}
}

func TestStatusLineIsNeverMoreThanTrue(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	says := func() string {
		out := ""
		for _, p := range h.s.status.parts {
			out += p.text + "|"
		}
		return out
	}
	if got, want := says(), "Quầy 1 · Trần Thử Nghiệm · CÔNG AN XÃ BÌNH MẪU|Chờ gửi: 7|Đã gửi về Công an tỉnh Mẫu lúc 16:12 18/11 (000127)|"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	h.line.Fail = uitest.ErrDisk
	h.press("F5")
	h.settle()
	if got, want := says(), "Quầy 1 · Trần Thử Nghiệm · CÔNG AN XÃ BÌNH MẪU|Chờ gửi: 7|Đã gửi về Công an tỉnh Mẫu lúc 16:12 18/11 (000127)|Mất kết nối lúc 09:12|"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	h.line.Fail = nil
	h.press("F5")
	h.settle()
	if got, want := says(), "Quầy 1 · Trần Thử Nghiệm · CÔNG AN XÃ BÌNH MẪU|Không có gì chờ gửi|Đã gửi về Công an tỉnh Mẫu lúc 16:12 19/11 (000128)|Có kết nối lúc 09:12|"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestWindowFitsTheSmallestScreen(t *testing.T) {
	h := furnish(t, fyne.NewSize(1024, 600), station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	h.s.open(h.store.IDs()[0])
	h.settle()
	for name, x := range map[string]*screen{"reception": h.s.reception, "list": h.s.list, "course": h.s.course, "waiting": h.s.waiting, "setup": h.s.setup, "preview": h.s.preview,
		"books": h.s.books, "layouts": h.s.layouts, "rules": h.s.rules, "figures": h.s.figures, "settings": h.s.settings, "others": h.s.others, "day": h.s.day} {
		h.s.show(x)
		h.settle()
		if m := h.s.Content().MinSize(); m.Width > 1000 || m.Height > 540 {
			t.Errorf("%s wants %v", name, m)
		}
	}
}

func TestScreensStillFitWithLargerText(t *testing.T) {
	h := furnish(t, fyne.NewSize(1366, 768), station())
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(1.5))
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	h.ctrl("1")
	h.shoot("shell-20-large-reception")
	if m := h.s.Content().MinSize(); m.Width > 1340 || m.Height > 700 {
		t.Errorf("reception wants %v", m)
	}
	h.press("F3")
	h.shoot("shell-21-large-list")
	if m := h.s.Content().MinSize(); m.Width > 1340 || m.Height > 700 {
		t.Errorf("list wants %v", m)
	}
}

func TestExchangeInTheBackgroundIsToldAndLeavesTheScreenAlone(t *testing.T) {
	h := furnish(t, big, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	h.s.Exchanged(uitest.ErrDisk)
	h.settle()
	if q := h.s.queue.Status(); q.Line != waiting.Broken || q.Waiting != 7 {
		t.Errorf("%+v", q)
	}
	if _, err := h.desk.Send(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	h.s.Exchanged(nil)
	h.settle()
	if q := h.s.queue.Status(); q.Line != waiting.Reached || q.Waiting != 0 || h.s.now != h.s.reception {
		t.Errorf("%+v", q)
	}
}

func TestEveryOtherWorkIsReachedByADigit(t *testing.T) {
	h := lived(t, big)
	for digit, want := range []*screen{h.s.books, h.s.figures, h.s.layouts, h.s.rules, h.s.settings} {
		h.press("F11")
		h.write(string(rune('1' + digit)))
		h.settle()
		if h.s.now != want {
			t.Errorf("digit %d leads elsewhere", digit+1)
		}
		if !h.s.tabs[h.s.others].Current {
			t.Errorf("digit %d: the tab it was reached by is not marked", digit+1)
		}
	}
	h.press("F11")
	h.write("123456789012") // a reader typed a number here
	h.settle()
	if h.s.now != h.s.others {
		t.Error("the figures of a card were taken for a choice")
	}
	h.press(fyne.KeyDown)
	h.press(fyne.KeyReturn)
	if h.s.now == h.s.others {
		t.Error("arrows and Enter choose nothing")
	}
}

func TestProcedureReadIsBegun(t *testing.T) {
	h := lived(t, big)
	h.s.show(h.s.rules)
	h.settle()
	h.press(fyne.KeyDown)
	h.press("F9")
	h.settle()
	in, _, err := h.desk.Draft(t.Context())
	if err != nil || h.s.now != h.s.reception || in.Procedure != "unlock-account" {
		t.Errorf("F9 on a procedure's page begins %q: %v", in.Procedure, err)
	}
}

func TestFocusComesBackWithTheScreen(t *testing.T) {
	h := furnish(t, big, station())
	h.moveIn()
	h.ctrl("5")
	h.press(fyne.KeyTab)
	h.press(fyne.KeyTab)
	was := h.window.Canvas().Focused()
	h.press("F7")
	h.settle()
	h.press("F2")
	if h.window.Canvas().Focused() != was {
		t.Errorf("%T had the focus, now %T", was, h.window.Canvas().Focused())
	}
}

var _ Desk = (*desk.Desk)(nil)
