package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// tray is a spooler that says what it is told to, one state at each look and the last for ever.
type tray struct {
	have    []dossier.Printer
	fail    error
	says    []dossier.JobState
	mute    int // so many looks get no answer
	jobs    []dossier.PrintJob
	looks   int
	traces  func() int // how many printings the journal knows
	knew    int        // when the job came
	dropped bool
}

func (s *tray) Printers(context.Context) ([]dossier.Printer, error) { return slices.Clone(s.have), nil }

func (s *tray) Print(_ context.Context, job dossier.PrintJob) (string, error) {
	s.knew = s.traces()
	if s.fail != nil {
		return "", s.fail
	}
	s.jobs = append(s.jobs, job)
	return fmt.Sprint(len(s.jobs)), nil
}

func (s *tray) Job(context.Context, string, string) (dossier.JobState, error) {
	if s.mute > 0 {
		s.mute--
		return dossier.JobState{}, dossier.Invalid("printer", "printer.spooler")
	}
	state := s.says[min(s.looks, len(s.says)-1)]
	s.looks++
	return state, nil
}

func (s *tray) Cancel(context.Context, string, string) error { s.dropped = true; return nil }

// onPaper is a desk with a spooler and one dossier received.
func onPaper(t *testing.T, says ...dossier.JobState) (*Desk, *memory, *tray, dossier.ID) {
	t.Helper()
	d, m := newDesk(t)
	s := &tray{have: []dossier.Printer{{Name: "HP-Phong-1"}, {Name: "Canon", Default: true}}, says: says}
	s.traces = func() int { return len(traces(t, m, dossier.TracePrinted)) }
	d.Spool = s
	d.Pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	got, err := d.Receive(t.Context(), agencyLocksAccount())
	if err != nil {
		t.Fatal(err)
	}
	return d, m, s, got.ID
}

// traces are what the journal says of printing.
func traces(t *testing.T, m *memory, kind dossier.Kind) []dossier.Event {
	t.Helper()
	var out []dossier.Event
	for _, e := range m.station {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

func body[T any](t *testing.T, e dossier.Event) (out T) {
	t.Helper()
	if err := json.Unmarshal(e.Body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func receiptOf(ids ...dossier.ID) Order { return Order{Form: "receipt", Dossiers: ids} }

var done = dossier.JobState{Phase: dossier.JobDone}

func TestNothingIsPrintedUntilTheSpoolerSaysSo(t *testing.T) {
	wait := dossier.JobState{Phase: dossier.JobPrinting, Code: "printer.paper-out"}
	d, m, s, id := onPaper(t, dossier.JobState{Phase: dossier.JobQueued}, wait, wait, done)
	p, err := d.Print(t.Context(), receiptOf(id), Where{Copies: 2}, nil)
	if err != nil || p.State.Phase != dossier.JobQueued || p.Printer != "Canon" || p.Path != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	if s.knew != 1 {
		t.Error("the printer had the job before the journal knew of it")
	}
	if ended := traces(t, m, dossier.TracePrintEnd); len(ended) != 0 {
		t.Error("ended before the spooler said so")
	}
	var told []string
	state, err := d.Follow(t.Context(), p, func(s dossier.JobState) { told = append(told, string(s.Phase)+s.Code) })
	if err != nil || state != done {
		t.Fatalf("%+v, %v", state, err)
	}
	if got := strings.Join(told, " "); got != "printingprinter.paper-out done" {
		t.Errorf("told %s", got)
	}
	end := body[dossier.PrintEnd](t, traces(t, m, dossier.TracePrintEnd)[0])
	print := traces(t, m, dossier.TracePrinted)[0]
	if len(end.Prints) != 1 || end.Prints[0] != print.ID || end.State != done {
		t.Errorf("the journal says %+v", end)
	}
	if b := body[dossier.Print](t, print); b.To != "Canon" || b.Copies != 2 || b.Set != "police" || print.By != "mau" {
		t.Errorf("traced %+v", b)
	}
	if job := s.jobs[0]; job.Copies != 2 || job.Paper != dossier.PaperA5 || job.Wide || strings.Contains(job.Title, "Mẫu") {
		t.Errorf("job %+v", job)
	}
}

func TestAPrinterThatRefusesLeavesThePDFAndNoReprintMark(t *testing.T) {
	d, m, s, id := onPaper(t)
	s.fail = dossier.Invalid("printer", "printer.refused", "printer", "Canon")
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil || dossier.Code(p.NoPrint) != "printer.refused" || p.Path == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	if b, err := os.ReadFile(p.Path); err != nil || !strings.HasPrefix(string(b), "%PDF receipt MAU-261120") {
		t.Errorf("%q, %v", b, err)
	}
	prints, _ := m.Prints(t.Context(), id)
	if prints["receipt"] != 1 {
		t.Errorf("%d printings count, want that of the PDF alone", prints["receipt"])
	}
}

func TestAPrinterThatFailsForNoKnownReasonLeavesThePDFToo(t *testing.T) {
	d, m, s, id := onPaper(t)
	s.fail = errors.New("GDI: StretchDIBits")
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil || dossier.Code(p.NoPrint) != "printer.failed" || p.Path == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	if end := body[dossier.PrintEnd](t, traces(t, m, dossier.TracePrintEnd)[0]); !strings.Contains(end.State.Detail, "StretchDIBits") {
		t.Errorf("%+v", end)
	}
}

func TestWithoutAPrinterThePDFIsKeptAndTheScreenIsTold(t *testing.T) {
	d, _, s, id := onPaper(t)
	s.have = nil
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil || dossier.Code(p.NoPrint) != "printer.none" || filepath.Dir(p.Path) != d.Papers || p.State != done {
		t.Fatalf("%+v, %v", p, err)
	}
	if state, err := d.Follow(t.Context(), p, func(dossier.JobState) { t.Error("told") }); err != nil || state != done {
		t.Errorf("%+v, %v", state, err)
	}
	d.Spool = nil
	if p, err = d.Print(t.Context(), receiptOf(id), Where{Printer: "Canon"}, nil); err != nil || dossier.Code(p.NoPrint) != "printer.none" || p.Nth != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAPrinterThatIsGoneIsNamed(t *testing.T) {
	d, m, _, id := onPaper(t, done)
	p, err := d.Print(t.Context(), receiptOf(id), Where{Printer: "Máy cũ"}, nil)
	if err != nil || dossier.Code(p.NoPrint) != "printer.unknown" || p.Path == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	m.settings.Printer = "HP-Phong-1"
	all, err := d.Printers(t.Context())
	if err != nil || all[0].Name != "HP-Phong-1" || all[1].Name != "Canon" {
		t.Errorf("the station's own printer is not first: %+v, %v", all, err)
	}
	m.settings.Printer = "Máy đã tháo"
	if all, _ = d.Printers(t.Context()); all[0].Name != "Canon" {
		t.Errorf("the system's default is not first: %+v", all)
	}
}

func TestASpoolerThatAnswersNoMoreEndsInNotKnown(t *testing.T) {
	d, m, s, id := onPaper(t, done)
	s.mute = 19
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if state, err := d.Follow(t.Context(), p, func(dossier.JobState) {}); err != nil || state != done {
		t.Errorf("a spooler that starts again: %+v, %v", state, err)
	}
	s.mute = 100
	if p, err = d.Print(t.Context(), receiptOf(id), Where{}, nil); err != nil {
		t.Fatal(err)
	}
	state, err := d.Follow(t.Context(), p, func(dossier.JobState) {})
	if err != nil || state.Phase != dossier.JobUnknown || state.Code != "printer.spooler" {
		t.Errorf("%+v, %v", state, err)
	}
	if prints, _ := m.Prints(t.Context(), id); prints["receipt"] != 2 {
		t.Errorf("%d count: what may have come out must", prints["receipt"])
	}
}

func TestLeavingAJobAloneSaysNothingOfItsEnd(t *testing.T) {
	d, m, s, id := onPaper(t, dossier.JobState{Phase: dossier.JobPrinting})
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	if _, err = d.Follow(ctx, p, func(dossier.JobState) { stop() }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(traces(t, m, dossier.TracePrintEnd)) != 0 {
		t.Error("the journal says how it ended")
	}
	if err := d.Cancel(t.Context(), p); err != nil || !s.dropped {
		t.Error("not cancelled", err)
	}
}

func TestABatchIsOneJobInOrderWithItsTracesFirst(t *testing.T) {
	d, m, s, first := onPaper(t, done)
	second, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	day := dossier.DateOf(aFriday)
	ids, err := d.OfDay(t.Context(), day, day)
	if err != nil || !slices.Equal(ids, []dossier.ID{first, second.ID}) {
		t.Fatalf("%v, %v", ids, err)
	}
	var told []string
	p, err := d.Print(t.Context(), receiptOf(ids...), Where{}, func(n, of int) { told = append(told, fmt.Sprint(n, "/", of)) })
	if err != nil || p.Sheets != 2 || len(s.jobs) != 1 || s.knew != 2 {
		t.Fatalf("%+v, %d jobs, %d traces before: %v", p, len(s.jobs), s.knew, err)
	}
	if got := string(s.jobs[0].PDF); got != "%PDF receipt MAU-261120-0001 receipt MAU-261120-0002" {
		t.Errorf("printed %q", got)
	}
	if strings.Join(told, " ") != "1/2 2/2" {
		t.Errorf("told %v", told)
	}
	if _, err := d.Follow(t.Context(), p, func(dossier.JobState) {}); err != nil {
		t.Fatal(err)
	}
	if end := body[dossier.PrintEnd](t, traces(t, m, dossier.TracePrintEnd)[0]); len(end.Prints) != 2 {
		t.Errorf("%+v", end)
	}
}

func TestABatchStoppedBeforeThePrinterHadItLeavesNothing(t *testing.T) {
	d, m, s, id := onPaper(t, done)
	ctx, stop := context.WithCancel(t.Context())
	_, err := d.Print(ctx, receiptOf(id), Where{}, func(n, of int) { stop() })
	if !errors.Is(err, context.Canceled) || len(s.jobs) != 0 || len(traces(t, m, dossier.TracePrinted)) != 0 {
		t.Errorf("%v, %d jobs", err, len(s.jobs))
	}
	if left, _ := os.ReadDir(d.Papers); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestReceptionStandsWhenThePaperCannotBeDrawn(t *testing.T) {
	d, m, _, id := onPaper(t)
	d.Paper = page{jam: errors.New("cannot be drawn")}
	if _, err := d.Print(t.Context(), receiptOf(id), Where{}, nil); err == nil || len(traces(t, m, dossier.TracePrinted)) != 0 {
		t.Errorf("%v", err)
	}
	if have, err := m.Dossier(t.Context(), id); err != nil || have.Status != dossier.StatusReceived {
		t.Errorf("%v, %v", have.Status, err)
	}
}

func TestTheEndOfAVeryLargeBatchFitsIntoEvents(t *testing.T) {
	d, m, _, _ := onPaper(t)
	p := Printing{prints: make([]dossier.EventID, 5000)}
	if err := d.end(t.Context(), p, done); err != nil {
		t.Fatal(err)
	}
	for _, e := range traces(t, m, dossier.TracePrintEnd) {
		if _, err := dossier.Seal(e, [16]byte{}); err != nil {
			t.Error(err)
		}
	}
}

func TestAFullDiskLeavesNoHalfFileAndNoTrace(t *testing.T) {
	d, m, _, id := onPaper(t)
	file := filepath.Join(t.TempDir(), "là-một-tệp")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := d.Print(t.Context(), receiptOf(id), Where{File: filepath.Join(file, "x.pdf")}, nil)
	if dossier.Code(err) != "print.folder" || len(traces(t, m, dossier.TracePrinted)) != 0 {
		t.Errorf("%v", err)
	}
	m.fail = errors.New("disk full")
	folder := t.TempDir()
	_, err = d.Print(t.Context(), receiptOf(id), Where{File: filepath.Join(folder, "x.pdf")}, nil)
	if left, _ := os.ReadDir(folder); err == nil || len(left) != 0 {
		t.Errorf("a file the journal does not know: %v, %v", left, err)
	}
}

func TestOnlySoManyCopies(t *testing.T) {
	d, _, s, id := onPaper(t, done)
	for _, n := range []int{-1, MaxCopies + 1} {
		if _, err := d.Print(t.Context(), receiptOf(id), Where{Copies: n}, nil); dossier.Code(err) != "print.copies" {
			t.Errorf("%d copies: %v", n, err)
		}
	}
	if len(s.jobs) != 0 {
		t.Error("printed all the same")
	}
}

func TestLookingIsNotPrinting(t *testing.T) {
	d, m, s, id := onPaper(t)
	drawn, err := d.Draw(t.Context(), receiptOf(id), nil)
	if err != nil || len(drawn.PDF) == 0 || drawn.Paper != dossier.PaperA5 {
		t.Fatalf("%+v, %v", drawn, err)
	}
	if len(traces(t, m, dossier.TracePrinted)) != 0 || len(s.jobs) != 0 {
		t.Error("looking left a trace of printing")
	}
	m.settings.Paper = dossier.PaperA4
	if drawn, err = d.Draw(t.Context(), receiptOf(id), nil); err != nil || drawn.Paper != dossier.PaperA4 || !drawn.Wide {
		t.Errorf("%+v, %v", drawn, err)
	}
	lines, err := d.FormsOf(t.Context(), id)
	if err != nil || len(lines) != 1 || lines[0].Key != "receipt" || lines[0].Printed != 0 {
		t.Errorf("%+v, %v", lines, err)
	}
}

func TestABookSpansAtMostAYear(t *testing.T) {
	d, m, _, _ := onPaper(t)
	day := dossier.DateOf(aFriday)
	for _, o := range []BookOrder{{From: day}, {To: day}, {From: day, To: day.AddDays(-1)}} {
		o.Form = "intake-register"
		if _, err := d.DrawBook(t.Context(), o); dossier.Code(err) != "book.range" {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := d.DrawBook(t.Context(), BookOrder{Form: "intake-register", From: day, To: day.AddDays(MaxBookDays + 1)}); dossier.Code(err) != "book.too-long" {
		t.Error(err)
	}
	if _, err := d.DrawBook(t.Context(), BookOrder{Form: "receipt", From: day, To: day}); dossier.Code(err) != "form.unknown" {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "so.xlsx")
	rows, err := d.ExportBook(t.Context(), BookOrder{Form: "intake-register", From: day, To: day}, dossier.BookXLSX, file)
	if err != nil || rows != 1 {
		t.Fatal(rows, err)
	}
	left := traces(t, m, dossier.TraceExported)
	if b := body[dossier.Export](t, left[0]); len(left) != 1 || b.Rows != 1 || b.Format != dossier.BookXLSX || b.From != day {
		t.Errorf("traced %+v", b)
	}
	p, err := d.PrintBook(t.Context(), BookOrder{Form: "intake-register", From: day, To: day}, Where{File: filepath.Join(t.TempDir(), "so.pdf")})
	if b := body[dossier.Print](t, traces(t, m, dossier.TracePrinted)[0]); err != nil || b.Form != "intake-register" || b.From != day || p.Sheets != 1 {
		t.Errorf("%+v, %+v, %v", p, b, err)
	}
}

func TestTheKeepersColumnsAndWordAreKept(t *testing.T) {
	d, m, _, _ := onPaper(t)
	if err := d.ChooseColumns(t.Context(), "intake-register", []dossier.BookColumn{{Key: "number"}, {Key: "number"}}); dossier.Code(err) != "book.column" {
		t.Error("a column twice:", err)
	}
	if err := d.ChooseColumns(t.Context(), "intake-register", []dossier.BookColumn{{Key: "giá vàng"}}); dossier.Code(err) != "book.column" {
		t.Error(err)
	}
	if err := d.MarkChecked(t.Context(), "không có", true); dossier.Code(err) != "form.unknown" {
		t.Error(err)
	}
	if err := d.MarkChecked(t.Context(), "receipt", true); err != nil {
		t.Fatal(err)
	}
	said, err := m.Layouts(t.Context())
	if err != nil || len(said) != 1 || said[0].Set != "police" || !said[0].Checked || said[0].By != "mau" {
		t.Errorf("%+v, %v", said, err)
	}
}

func TestAnApologyIsNotOfferedWeeksBefore(t *testing.T) {
	d, _, _, id := onPaper(t) // due Thursday 26/11
	later := dossier.Due{At: time.Date(2026, 12, 4, 17, 0, 0, 0, dossier.Hanoi)}
	act := func(at time.Time) error {
		d.Now = func() time.Time { return at }
		_, err := d.Do(t.Context(), dossier.Rescheduled, id, &dossier.Reschedule{Why: "Hệ thống quốc gia gián đoạn.", Due: later})
		return err
	}
	if err := act(time.Date(2026, 11, 23, 16, 0, 0, 0, dossier.Hanoi)); dossier.Code(err) != "reschedule.early" {
		t.Errorf("on Monday: %v", err)
	}
	if err := act(time.Date(2026, 11, 25, 8, 0, 0, 0, dossier.Hanoi)); err != nil { // Tuesday 24/11 is a holiday
		t.Errorf("on the working day before: %v", err)
	}
}

// drawing tells the world that a sheet is drawn.
type drawing struct {
	Paper
	begins func()
}

func (p drawing) Render(ctx context.Context, sheets []dossier.Sheet, done func(int)) ([]byte, error) {
	p.begins()
	return p.Paper.Render(ctx, sheets, done)
}

func TestOfTwoPrintingsAtOnceOneIsTheReprint(t *testing.T) {
	d, m, s, id := onPaper(t, done)
	drawn := 0
	d.Paper = drawing{d.Paper, func() {
		if drawn++; drawn > 1 {
			return
		}
		if p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil); err != nil || p.Nth != 0 {
			t.Errorf("the one that was faster: %+v, %v", p, err)
		}
	}}
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil || p.Nth != 1 {
		t.Errorf("two firsts of one receipt: %+v, %v", p, err)
	}
	var nths []int
	for _, e := range traces(t, m, dossier.TracePrinted) {
		nths = append(nths, body[dossier.Print](t, e).Nth)
	}
	if !slices.Equal(nths, []int{0, 1}) || len(s.jobs) != 2 {
		t.Errorf("the journal counts %v of %d jobs", nths, len(s.jobs))
	}
}

func TestADossierNamedTwiceInABatchIsPrintedOnce(t *testing.T) {
	d, m, _, id := onPaper(t, done)
	p, err := d.Print(t.Context(), receiptOf(id, id), Where{}, nil)
	if err != nil || p.Sheets != 1 || len(traces(t, m, dossier.TracePrinted)) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAFileThatCannotHaveItsNameIsNoPrinting(t *testing.T) {
	d, m, _, id := onPaper(t)
	folder := t.TempDir()
	if _, err := d.Print(t.Context(), receiptOf(id), Where{File: folder}, nil); dossier.Code(err) != "print.file" {
		t.Error(err)
	}
	if _, err := d.ExportBook(t.Context(), BookOrder{Form: "intake-register", From: dossier.DateOf(aFriday), To: dossier.DateOf(aFriday)},
		dossier.BookCSV, folder); dossier.Code(err) != "print.file" {
		t.Error(err)
	}
	if n := len(traces(t, m, dossier.TracePrinted)) + len(traces(t, m, dossier.TraceExported)); n != 0 {
		t.Errorf("%d traces of what was refused at once", n)
	}
	path := filepath.Join(folder, "x.pdf")
	d.Store = during{m, func() { // somebody puts a folder there at the last moment
		if err := os.MkdirAll(filepath.Join(path, "y"), 0o700); err != nil {
			t.Error(err)
		}
	}}
	if _, err := d.Print(t.Context(), receiptOf(id), Where{File: path}, nil); dossier.Code(err) != "print.folder" {
		t.Error(err)
	}
	if prints, _ := m.Prints(t.Context(), id); prints["receipt"] != 0 {
		t.Error("the journal counts a paper nobody has")
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

func TestAKeptPDFIsNotLostToALaterOne(t *testing.T) {
	d, _, s, id := onPaper(t)
	s.have = nil
	paths := map[string]bool{}
	for range 3 {
		p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		paths[filepath.Base(p.Path)] = true
	}
	if len(paths) != 3 || !paths["MAU-261120-0001-receipt.pdf"] || !paths["MAU-261120-0001-receipt-2.pdf"] {
		t.Errorf("kept %v", paths)
	}
}

// The spooler has said how it ended; that the window closes in the same moment does not unsay it.
func TestWhatTheSpoolerSaidIsKeptThoughTheWindowCloses(t *testing.T) {
	d, m, _, id := onPaper(t, done)
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	d.Store = strict{m}
	if state, err := d.Follow(ctx, p, func(dossier.JobState) { stop() }); err != nil || state != done {
		t.Errorf("%+v, %v", state, err)
	}
	if len(traces(t, m, dossier.TracePrintEnd)) != 1 {
		t.Error("the journal does not say how it ended")
	}
}

// during lets something happen while an event is kept.
type during struct {
	*memory
	keeps func()
}

func (s during) Record(ctx context.Context, es ...dossier.Event) error {
	s.keeps()
	return s.memory.Record(ctx, es...)
}

// strict keeps nothing for who has gone, as the file does.
type strict struct{ *memory }

func (s strict) Record(ctx context.Context, es ...dossier.Event) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.memory.Record(ctx, es...)
}

// slow lets others change the settings between the look at them and the change.
type slow struct {
	*memory
	looked func()
}

func (s slow) Settings(ctx context.Context) (dossier.Settings, bool, error) {
	have, ok, err := s.memory.Settings(ctx)
	s.looked()
	return have, ok, err
}

func TestOfTwoChangesOfSettingsAtOnceNoneIsLost(t *testing.T) {
	d, m, _, _ := onPaper(t)
	other := make(chan error, 1)
	first := true
	var mu sync.Mutex
	d.Store = slow{m, func() {
		mu.Lock()
		begin := first
		first = false
		mu.Unlock()
		if !begin {
			return
		}
		begun := make(chan struct{})
		go func() {
			close(begun)
			other <- d.ChooseColumns(context.Background(), "intake-register", []dossier.BookColumn{{Key: "number", Title: "Số"}})
		}()
		<-begun
		for range 1000 {
			runtime.Gosched() // time enough for it, if nothing holds it
		}
	}}
	if err := d.ChoosePrinter(t.Context(), "Canon", dossier.PaperA4); err != nil {
		t.Fatal(err)
	}
	if err := <-other; err != nil {
		t.Fatal(err)
	}
	if s := m.settings; s.Printer != "Canon" || len(s.Books["intake-register"]) != 1 {
		t.Errorf("kept %+v", s)
	}
}

// A PC whose battery is empty begins 2009 anew each morning; the officer has said which day it is.
func TestACorrectedTextHoldsFromTheDayTheOfficerSaid(t *testing.T) {
	d, m, _, _ := onPaper(t)
	clock := time.Date(2009, 1, 1, 0, 10, 0, 0, dossier.Hanoi)
	d.Now = func() time.Time { return clock }
	m.history.Latest = aFriday
	if err := d.KeepFormText(t.Context(), "tk03", []byte(`{"title":"mới"}`), false); dossier.Code(err) != "clock.wrong" {
		t.Fatalf("kept by a clock that cannot be right: %v", err)
	}
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 10*60); err != nil {
		t.Fatal(err)
	}
	if err := d.KeepFormText(t.Context(), "tk03", []byte(`{"title":"mới"}`), false); err != nil {
		t.Fatal(err)
	}
	kept, err := m.Layouts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := dossier.LayoutAt(kept, "tk03", "police", aFriday.AddDate(-1, 0, 0)); text != nil {
		t.Error("papers of last year have changed")
	}
	if text, _ := dossier.LayoutAt(kept, "tk03", "police", aFriday.AddDate(0, 0, 1)); text == nil {
		t.Error("tomorrow's papers have not")
	}
	if text, err := d.FormText(t.Context(), "tk03"); err != nil || string(text) != `{"title":"mới"}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestABatchHasALimitThatIsSaid(t *testing.T) {
	d, m, s, id := onPaper(t, done)
	ids := []dossier.ID{}
	for i := range MaxBatch + 1 {
		one := dossier.ID{9, byte(i >> 8), byte(i)}
		m.entries[one] = m.entries[id]
		ids = append(ids, one)
	}
	if _, err := d.Draw(t.Context(), receiptOf(ids...), nil); dossier.Code(err) != "print.too-many" || len(s.jobs) != 0 {
		t.Error(err)
	}
	if drawn, err := d.Draw(t.Context(), receiptOf(slices.Repeat(ids[:1], MaxBatch+1)...), nil); err != nil || drawn.Sheets != 1 {
		t.Errorf("one, named often: %d, %v", drawn.Sheets, err)
	}
}

func TestWhatAPowerCutLeftHalfWrittenGoes(t *testing.T) {
	d, _, s, id := onPaper(t)
	s.have = nil
	p, err := d.Print(t.Context(), receiptOf(id), Where{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	half, err := writeBeside(filepath.Join(d.Papers, "x.pdf"), func(f *os.File) error {
		_, err := f.WriteString("Nguyễn Văn Mẫu")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Tidy(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is there still", half)
	}
	if _, err := os.Stat(p.Path); err != nil {
		t.Error("a kept PDF is gone")
	}
	d.Papers = filepath.Join(d.Papers, "không có")
	if err := d.Tidy(); err != nil {
		t.Error(err)
	}
}

// twoSets names forms by their set, and has none for a dossier of the second.
type twoSets struct{ Paper }

func (p twoSets) Forms(set string, _ []dossier.KeptLayout) ([]dossier.FormInfo, error) {
	return []dossier.FormInfo{{Key: "receipt", Title: "của bộ " + set, Size: dossier.PaperA5}}, nil
}

func (p twoSets) Possible(s dossier.Sheet) error {
	if s.Dossier.Intake.FormSet != "police" {
		return dossier.Invalid("form", "form.not-received")
	}
	return nil
}

func TestABatchIsNamedAfterWhatIsInItNotAfterWhatWasLeftOut(t *testing.T) {
	d, m, _, first := onPaper(t)
	m.settings.FormSet = "tt03-2025"
	second, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	d.Paper = twoSets{d.Paper}
	drawn, err := d.Draw(t.Context(), receiptOf(first, second.ID), nil)
	if err != nil || drawn.Info.Title != "của bộ police" || len(drawn.Skipped) != 1 {
		t.Errorf("%+v, %v", drawn.Info, err)
	}
}
