package shell

import (
	"context"
	"image"
	"io"
	"runtime/debug"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// away tells whether what runs now runs away from the screen. Whatever waits for the disk, the line, a printer or a drawing may be asked only
// there: a screen that waits for one of them stands still for as long as it takes.
type away struct {
	t    *testing.T
	is   bool
	said map[string]bool
	seen map[string]int
}

func (a *away) ask(what string) {
	a.seen[what]++
	if !a.is && !a.said[what] {
		a.said[what] = true
		a.t.Errorf("%s is asked while the screen waits:\n%s", what, debug.Stack())
	}
}

func (a *away) run(is bool, f func()) {
	was := a.is
	a.is = is
	f()
	a.is = was
}

// threads are those in a test's hand, and it is known which of the two runs.
func (a *away) threads(k kit.Threads) kit.Threads {
	return kit.Threads{
		Go:    func(f func()) { k.Go(func() { a.run(true, f) }) },
		OnUI:  func(f func()) { k.OnUI(func() { a.run(false, f) }) },
		After: func(d time.Duration, f func()) func() bool { return k.After(d, func() { a.run(false, f) }) },
	}
}

// slowStore, slowLine, slowPaper, slowSpool and slowViewer are all that a screen could wait for. Each method is written out, so that a new one
// is not forgotten.
type slowStore struct {
	*away
	desk desk.Store
}

func (s slowStore) Settings(ctx context.Context) (dossier.Settings, bool, error) {
	s.ask("Settings")
	return s.desk.Settings(ctx)
}

func (s slowStore) Receive(ctx context.Context, o dossier.Opening, build func(string) ([]dossier.Event, error)) (dossier.Dossier, error) {
	s.ask("Receive")
	return s.desk.Receive(ctx, o, build)
}

func (s slowStore) Act(ctx context.Context, id dossier.ID, build func(dossier.Dossier) (dossier.Event, error)) (dossier.Dossier, error) {
	s.ask("Act")
	return s.desk.Act(ctx, id, build)
}

func (s slowStore) Record(ctx context.Context, es ...dossier.Event) error {
	s.ask("Record")
	return s.desk.Record(ctx, es...)
}

func (s slowStore) Dossier(ctx context.Context, id dossier.ID) (dossier.Dossier, error) {
	s.ask("Dossier")
	return s.desk.Dossier(ctx, id)
}

func (s slowStore) Find(ctx context.Context, number string) (dossier.Dossier, error) {
	s.ask("Find")
	return s.desk.Find(ctx, number)
}

func (s slowStore) Summary(ctx context.Context, id dossier.ID) (dossier.Summary, error) {
	s.ask("Summary")
	return s.desk.Summary(ctx, id)
}

func (s slowStore) List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error) {
	s.ask("List")
	return s.desk.List(ctx, q)
}

func (s slowStore) Count(ctx context.Context, q dossier.Query) (int, error) {
	s.ask("Count")
	return s.desk.Count(ctx, q)
}

func (s slowStore) Counts(ctx context.Context, now time.Time) (map[dossier.View]int, error) {
	s.ask("Counts")
	return s.desk.Counts(ctx, now)
}

func (s slowStore) Whence(ctx context.Context, id dossier.ID) (map[dossier.EventID]dossier.Whence, error) {
	s.ask("Whence")
	return s.desk.Whence(ctx, id)
}

func (s slowStore) Void(ctx context.Context, seq uint64) (map[dossier.EventID]bool, error) {
	s.ask("Void")
	return s.desk.Void(ctx, seq)
}

func (s slowStore) Queue(ctx context.Context) (dossier.Queue, error) {
	s.ask("Queue")
	return s.desk.Queue(ctx)
}

func (s slowStore) Between(ctx context.Context, from, to dossier.Date, visit func(dossier.Dossier) error) error {
	s.ask("Between")
	return s.desk.Between(ctx, from, to, visit)
}

func (s slowStore) Prints(ctx context.Context, id dossier.ID) (map[string]int, error) {
	s.ask("Prints")
	return s.desk.Prints(ctx, id)
}

func (s slowStore) Layouts(ctx context.Context) ([]dossier.KeptLayout, error) {
	s.ask("Layouts")
	return s.desk.Layouts(ctx)
}

func (s slowStore) Since(ctx context.Context, seq uint64, visit func(uint64, dossier.Entry) error) (dossier.Head, error) {
	s.ask("Since")
	return s.desk.Since(ctx, seq, visit)
}

func (s slowStore) Packs(ctx context.Context, kind dossier.PackKind, day dossier.Date) ([]dossier.KeptPack, error) {
	s.ask("Packs")
	return s.desk.Packs(ctx, kind, day)
}

func (s slowStore) Closings(ctx context.Context, limit int) ([]dossier.ClosedDay, error) {
	s.ask("Closings")
	return s.desk.Closings(ctx, limit)
}

func (s slowStore) Sizes(ctx context.Context) (dossier.StoreSizes, error) {
	s.ask("Sizes")
	return s.desk.Sizes(ctx)
}

func (s slowStore) Clock(ctx context.Context) (dossier.ClockHistory, error) {
	s.ask("Clock")
	return s.desk.Clock(ctx)
}

func (s slowStore) SaveDraft(ctx context.Context, name string, body []byte) error {
	s.ask("SaveDraft")
	return s.desk.SaveDraft(ctx, name, body)
}

func (s slowStore) Draft(ctx context.Context, name string) ([]byte, error) {
	s.ask("Draft")
	return s.desk.Draft(ctx, name)
}

func (s slowStore) DropDraft(ctx context.Context, name string) error {
	s.ask("DropDraft")
	return s.desk.DropDraft(ctx, name)
}

type slowLine struct {
	*away
	desk desk.Line
}

func (l slowLine) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	l.ask("Send")
	return l.desk.Send(ctx, told)
}

func (l slowLine) Enrol(ctx context.Context, ticket string) (dossier.Upstream, error) {
	l.ask("Enrol")
	return l.desk.Enrol(ctx, ticket)
}

func (l slowLine) Enrolled(ctx context.Context) (bool, error) {
	l.ask("Enrolled")
	return l.desk.Enrolled(ctx)
}

// slowPaper lets the lists of forms and columns through: they are in the program.
type slowPaper struct {
	desk.Paper
	*away
}

func (p slowPaper) Render(ctx context.Context, sheets []dossier.Sheet, done func(int)) ([]byte, error) {
	p.ask("Render")
	return p.Paper.Render(ctx, sheets, done)
}

func (p slowPaper) Book(ctx context.Context, b dossier.Book, info dossier.FormInfo, format string, to io.Writer) (int, error) {
	p.ask("Book")
	return p.Paper.Book(ctx, b, info, format, to)
}

func (p slowPaper) Day(ctx context.Context, s dossier.DaySheet, to io.Writer) error {
	p.ask("Day")
	return p.Paper.Day(ctx, s, to)
}

type slowSpool struct {
	*away
	desk desk.Spool
}

func (s slowSpool) Printers(ctx context.Context) ([]dossier.Printer, error) {
	s.ask("Printers")
	return s.desk.Printers(ctx)
}

func (s slowSpool) Print(ctx context.Context, job dossier.PrintJob) (string, error) {
	s.ask("Print")
	return s.desk.Print(ctx, job)
}

func (s slowSpool) Job(ctx context.Context, printer, id string) (dossier.JobState, error) {
	s.ask("Job")
	return s.desk.Job(ctx, printer, id)
}

func (s slowSpool) Cancel(ctx context.Context, printer, id string) error {
	s.ask("Cancel")
	return s.desk.Cancel(ctx, printer, id)
}

type slowViewer struct {
	*away
	desk desk.Viewer
}

func (v slowViewer) Open(ctx context.Context, pdf []byte) (desk.Pages, error) {
	v.ask("Open")
	pages, err := v.desk.Open(ctx, pdf)
	if err != nil {
		return nil, err
	}
	return slowPages{pages, v.away}, nil
}

type slowPages struct {
	desk.Pages
	*away
}

func (p slowPages) Draw(ctx context.Context, page int, dpi float64) (image.Image, error) {
	p.ask("Draw")
	return p.Pages.Draw(ctx, page, dpi)
}

type slowVault struct {
	*away
	desk desk.Vault
}

func (v slowVault) Places(ctx context.Context, second string) ([]dossier.BackupPlace, error) {
	v.ask("Places")
	return v.desk.Places(ctx, second)
}

func (v slowVault) Make(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	v.ask("Make")
	return v.desk.Make(ctx, place, prove, told)
}

func (v slowVault) Prove(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error) {
	v.ask("Prove")
	return v.desk.Prove(ctx, path, told)
}

func (v slowVault) Missing(ctx context.Context, path string) (dossier.Missing, error) {
	v.ask("Missing")
	return v.desk.Missing(ctx, path)
}

// slow lets a house's screens be asked who waits for what.
func (h *house) slow() *away {
	a := &away{t: h.t, said: map[string]bool{}, seen: map[string]int{}}
	h.desk.Store, h.desk.Line = slowStore{a, h.desk.Store}, slowLine{a, h.desk.Line}
	h.desk.Paper, h.desk.Spool = slowPaper{h.desk.Paper, a}, slowSpool{a, h.desk.Spool}
	h.desk.Vault = slowVault{a, uitest.NewVault()}
	k := a.threads(h.threads.Kit())
	h.s = New(Config{Desk: h.desk, Viewer: slowViewer{a, h.viewer}, Papers: h.papers, Officer: "canbo1", Go: k.Go, OnUI: k.OnUI, After: k.After, Now: h.desk.Now,
		OpenFile: func(string) error { a.ask("OpenFile"); return nil }, Restore: func(string, desk.Confirm) error { a.ask("Restore"); return nil }})
	size := h.window.Canvas().Size()
	h.window.SetContent(h.s.Content())
	h.window.Resize(size)
	h.s.Started(h.window)
	h.settle()
	return a
}

// everyKey is what can be pressed, what writes something down last.
func everyKey() []kit.Event {
	var out []kit.Event
	for _, k := range []fyne.KeyName{fyne.KeyTab, fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight, fyne.KeyPageDown, fyne.KeyPageUp, fyne.KeyHome, fyne.KeyEnd,
		fyne.KeySpace, fyne.KeyInsert, fyne.KeyDelete, fyne.KeyF1, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF8, fyne.KeyF9, fyne.KeyF12, fyne.KeyReturn, fyne.KeyEscape} {
		out = append(out, kit.Event{Key: k})
	}
	for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		out = append(out, kit.Event{Key: fyne.KeyName(c), Ctrl: true})
	}
	return append(out, kit.Event{Key: fyne.KeyF4, Shift: true}, kit.Event{Key: fyne.KeyDelete, Ctrl: true})
}

// Every key is pressed on every screen, each twice in a row before what it began has ended: once for what it does, once for what it does
// while that is under way. Nothing a screen could wait for is asked on the screen's goroutine.
func TestNoScreenWaitsForDiskLineOrPrinter(t *testing.T) {
	places := map[string]func(h *house){
		"reception": func(h *house) { h.s.show(h.s.reception) },
		"list":      func(h *house) { h.s.show(h.s.list) },
		"dossier":   func(h *house) { h.s.open(h.store.IDs()[1]) },
		"done":      func(h *house) { h.s.open(h.store.IDs()[3]) },
		"waiting":   func(h *house) { h.s.show(h.s.waiting) },
		"day":       func(h *house) { h.s.show(h.s.day) },
		"others":    func(h *house) { h.s.show(h.s.others) },
		"books":     func(h *house) { h.s.show(h.s.books) },
		"figures":   func(h *house) { h.s.show(h.s.figures) },
		"layouts":   func(h *house) { h.s.show(h.s.layouts) },
		"rules":     func(h *house) { h.s.show(h.s.rules) },
		"settings":  func(h *house) { h.s.show(h.s.settings) },
		"backup":    func(h *house) { h.s.show(h.s.backup) },
		"preview": func(h *house) {
			h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:2]}, "Giấy tiếp nhận")
		},
	}
	asked := map[string]int{}
	for name, show := range places {
		t.Run(name, func(t *testing.T) {
			set := uitest.Station()
			h := furnish(t, big, &set)
			if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
				t.Fatal(err)
			}
			a := h.slow()
			for _, e := range everyKey() {
				show(h)
				h.settle()
				h.combo(e)
				h.combo(e)
				h.write("an")
				h.press("F9") // do it
				h.settle()
				for range 3 { // out of dialogs, and of what they ask
					h.press(fyne.KeyEscape)
					h.settle()
				}
			}
			for what, n := range a.seen {
				asked[what] += n
			}
		})
	}
	for _, what := range []string{"List", "Count", "Counts", "Queue", "Dossier", "Whence", "Act", "Between", "Since", "Closings", "Send", "Render", "Book", "Printers", "Print",
		"Places", "Make", "Prove", "Missing", "Open", "Draw", "SaveDraft", "Record"} {
		if asked[what] == 0 {
			t.Errorf("%s was never asked: the keys no longer lead there", what)
		}
	}
}

// A card and a receipt's code are read, and a dossier is received, printed and sent, without the screen waiting for anything.
func TestReceivingWaitsForNothingOnTheScreen(t *testing.T) {
	h := furnish(t, big, station())
	a := h.slow()
	h.ctrl("5")
	h.write(uitest.Person)
	h.press(fyne.KeyReturn)
	h.settle()
	h.write("0900000001")
	h.press("F8")
	h.press("F9")
	h.settle()
	h.press("F5")
	h.settle()
	h.write("MAU.01-261119-0001")
	h.press(fyne.KeyReturn)
	h.settle()
	h.s.Exchanged(nil)
	h.settle()
	for _, what := range []string{"Receive", "Render", "Print", "Send"} {
		if a.seen[what] == 0 {
			t.Errorf("%s was never asked", what)
		}
	}
}
