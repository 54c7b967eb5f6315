package kit

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// spooler says states one after the other; look runs at each.
type spooler struct {
	states []dossier.JobState
	look   func(i int)
	cancel error
	end    error
	asked  int
}

func (s *spooler) Follow(_ context.Context, _ desk.Printing, each func(dossier.JobState)) (last dossier.JobState, err error) {
	for i, state := range s.states {
		each(state)
		if s.look != nil {
			s.look(i)
		}
		last = state
	}
	return last, s.end
}

func (s *spooler) Cancel(context.Context, desk.Printing) error {
	s.asked++
	return s.cancel
}

var atOnce = Threads{Go: func(f func()) { f() }, OnUI: func(f func()) { f() }}

func queued(context.Context, func(n, of int)) (desk.Printing, error) {
	return desk.Printing{Printer: "Quầy-1", Job: "1", State: dossier.JobState{Phase: dossier.JobQueued}}, nil
}

func TestPrintingThatCannotBeStoppedSaysSoAndGoesOn(t *testing.T) {
	s := &spooler{states: []dossier.JobState{{Phase: dossier.JobPrinting}, {Phase: dossier.JobDone}}, cancel: dossier.Invalid("printer", "printer.denied")}
	p := &Prints{Threads: atOnce, Desk: s}
	s.look = func(i int) {
		if i > 0 {
			return
		}
		p.Last().Stop()
		if state := p.Last().State(); !state.Going || !strings.HasPrefix(state.Text, "Đang in tại máy in Quầy-1…\nChưa dừng được: Tài khoản") {
			t.Errorf("%+v", state)
		}
		p.Last().Stop()
	}
	r := p.Begin(PrintJob{Print: queued})
	if r.State().Text != "Đã in xong tại máy in Quầy-1." || s.asked != 2 || p.Going() != 0 {
		t.Errorf("%+v, asked %d times", r.State(), s.asked)
	}
	if r.Stop(); s.asked != 2 {
		t.Error("what has ended is stopped")
	}
}

func TestEachEndIsToldOnce(t *testing.T) {
	for _, phase := range []dossier.JobPhase{dossier.JobDone, dossier.JobFailed, dossier.JobRefused, dossier.JobUnknown} {
		ends, changes := 0, 0
		p := &Prints{Threads: atOnce, Desk: &spooler{states: []dossier.JobState{{Phase: dossier.JobPrinting}, {Phase: phase}}}, OnChange: func(r *Running) {
			if changes++; !r.State().Going {
				ends++
			}
		}}
		p.Begin(PrintJob{Print: queued})
		if ends != 1 || changes != 4 { // drawing, queued, printing, ended
			t.Errorf("%s: %d changes, %d ends", phase, changes, ends)
		}
	}
}

func TestEndThatIsNotInTheJournalIsSaid(t *testing.T) {
	p := &Prints{Threads: atOnce, Desk: &spooler{states: []dossier.JobState{{Phase: dossier.JobDone}}, end: errors.New("disk")}}
	if s := p.Begin(PrintJob{Print: queued}).State(); s.Tone != Bad || s.Going || !strings.HasPrefix(s.Text, "Đã in xong tại máy in Quầy-1.\n") {
		t.Errorf("%+v", s)
	}
}

// In a practice window nothing goes to a printer, which is no reason to warn the officer or to print again.
func TestPaperKeptInPracticeIsNoWarning(t *testing.T) {
	r := (&Prints{Threads: atOnce}).Begin(PrintJob{Print: func(context.Context, func(n, of int)) (desk.Printing, error) {
		return desk.Printing{Path: "giay-to/MAU.01-261123-0001-receipt.pdf", NoPrint: dossier.Invalid("printer", "practice.no-paper"), State: dossier.JobState{Phase: dossier.JobDone}}, nil
	}})
	if s := r.State(); s.Tone != Good || s.Again || s.Text != "Đang tập thử, giấy không ra máy in.\nĐã lưu tệp PDF MAU.01-261123-0001-receipt.pdf." {
		t.Errorf("%+v", s)
	}
}

func TestMenuStepsOverWhatCannotBeChosen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	m := NewMenu()
	var picked []int
	m.OnPick = func(i int) { picked = append(picked, i) }
	m.SetItems([]MenuItem{{Title: "a", Why: "no"}, {Title: "b"}, {Title: "c", Why: "no"}, {Title: "d", Sub: "x"}})
	w := test.NewTempWindow(t, m)
	w.Resize(fyne.NewSize(300, 300))
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyUp, fyne.KeyDown, fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn, fyne.KeyUp, fyne.KeyReturn} {
		m.TypedKey(&fyne.KeyEvent{Name: key})
	}
	m.Tapped(&fyne.PointEvent{Position: fyne.NewPos(10, 5)}) // on a
	cells := m.cells(m.Size().Width)
	m.Tapped(&fyne.PointEvent{Position: fyne.NewPos(10, cells[3].y+4)})
	want := []int{1, 3, 3, 1, 3}
	if len(picked) != len(want) {
		t.Fatalf("%v", picked)
	}
	for i := range want {
		if picked[i] != want[i] {
			t.Errorf("%v, want %v", picked, want)
		}
	}
	if m.Digit('1') != 1 || m.Digit('2') != 3 || m.Digit('3') != -1 || m.Digit('0') != -1 || m.Digit('x') != -1 {
		t.Error("digits count what cannot be chosen")
	}
	m.SetItems(nil)
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	m.SetItems([]MenuItem{{Title: "a", Why: "no"}})
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(picked) != len(want) {
		t.Error("what cannot be chosen is")
	}
}
