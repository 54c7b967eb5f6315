package kit

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// Prints are the printings of the window. One goes on when the officer leaves the screen it was begun on, and is followed to its end: no
// screen has to be there for it. All its methods run on the screen's goroutine.
type Prints struct {
	Threads  Threads
	Desk     PrintDesk
	OnChange func(*Running) // told of every change of every one, after the screen that asked for it

	going []*Running
	last  *Running
}

// PrintDesk is what they ask of the desk.
type PrintDesk interface {
	Follow(ctx context.Context, p desk.Printing, each func(dossier.JobState)) (dossier.JobState, error)
	Cancel(ctx context.Context, p desk.Printing) error
}

// PrintJob is something to be printed.
type PrintJob struct {
	Title string // what the foot of the window calls it; names no person
	Print func(ctx context.Context, done func(n, of int)) (desk.Printing, error)
	Each  func(PrintState) // told of every change; may be nil
	Seen  func() bool      // whether the screen that asked is shown and says how it goes
	Open  func()           // leads to where it can be watched, stopped, and printed again
}

// PrintState is what is true of a printing. It never says more than the spooler did.
type PrintState struct {
	Text  string // whole sentences
	Short string // for the foot of the window, before the title
	Tone  Tone
	Going bool
	Again bool   // it did not come out, or nobody knows whether it did
	Path  string // the PDF, where one was kept
}

// Running is one printing.
type Running struct {
	PrintJob
	prints   *Prints
	state    PrintState
	printing desk.Printing
	handed   bool // printing is there
	stopping bool
	unheard  string // why it could not be stopped
	cancel   context.CancelFunc

	mu    sync.Mutex // of what is told from elsewhere
	n, of int
	told  bool // on its way to the screen
}

// Begin draws and prints, away from the screen.
func (p *Prints) Begin(job PrintJob) *Running {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Running{PrintJob: job, prints: p, cancel: cancel}
	p.going, p.last = append(p.going, r), r
	r.say(PrintState{Text: "Đang lập…", Short: "Đang lập", Going: true})
	p.Threads.Go(func() {
		printing, err := job.Print(ctx, r.progress)
		p.Threads.OnUI(func() { r.arrived(printing, err) })
		if err != nil || printing.Job == "" {
			return
		}
		state, err := p.Desk.Follow(context.Background(), printing, func(s dossier.JobState) {
			if !s.Phase.Ended() { // its end is said once it is in the journal
				p.Threads.OnUI(func() { r.heard(s) })
			}
		})
		p.Threads.OnUI(func() { r.ended(state, err) })
	})
	return r
}

// Going is how many there are that have not ended.
func (p *Prints) Going() int { return len(p.going) }

// Last is the one begun last, nil before the first.
func (p *Prints) Last() *Running { return p.last }

// State is what is true of it now.
func (r *Running) State() PrintState { return r.state }

// Stop gives it up: before it went to a printer without a trace, afterwards by asking the spooler, whose word is then waited for.
func (r *Running) Stop() {
	if !r.state.Going || r.stopping {
		return
	}
	r.stopping, r.unheard = true, ""
	r.mu.Lock()
	drawn := r.of > 0 && r.n == r.of
	r.mu.Unlock()
	switch {
	case r.handed:
		r.give()
	case !drawn: // what is drawn is on its way to the printer: then the spooler is asked as soon as it has it
		r.cancel()
	}
	r.say(r.state)
}

func (r *Running) give() {
	p := r.prints
	p.Threads.Go(func() {
		if err := p.Desk.Cancel(context.Background(), r.printing); err != nil {
			p.Threads.OnUI(func() {
				if r.state.Going {
					r.stopping, r.unheard = false, "Chưa dừng được: "+SayError(err)
					r.say(r.state)
				}
			})
		}
	})
}

// progress is told from elsewhere, for each sheet: only the latest is worth a look.
func (r *Running) progress(n, of int) {
	r.mu.Lock()
	r.n, r.of = n, of
	busy := r.told
	r.told = true
	r.mu.Unlock()
	if busy {
		return
	}
	r.prints.Threads.OnUI(func() {
		r.mu.Lock()
		r.told = false
		n, of := r.n, r.of
		r.mu.Unlock()
		if !r.handed && r.state.Going && of > 1 {
			r.say(PrintState{Text: fmt.Sprintf("Đang lập %d/%d…", n, of), Short: fmt.Sprintf("Đang lập %d/%d", n, of), Going: true})
		}
	})
}

func (r *Running) arrived(printing desk.Printing, err error) {
	r.printing, r.handed = printing, true
	switch {
	case errors.Is(err, context.Canceled):
		r.say(PrintState{Text: "Đã dừng; chưa có gì tới máy in.", Short: "Đã dừng in", Tone: Warn, Again: true})
	case err != nil:
		r.say(PrintState{Text: "Chưa in được: " + SayError(err), Short: "Chưa in được", Tone: Bad, Again: true})
	default:
		r.heard(printing.State)
		if r.stopping && printing.Job != "" {
			r.give()
		}
	}
}

func (r *Running) heard(s dossier.JobState) { r.say(printState(r.printing, s)) }

func (r *Running) ended(s dossier.JobState, err error) {
	state := printState(r.printing, s)
	if err != nil { // the paper is what it is; only the journal does not know how it ended
		state.Text, state.Tone = state.Text+"\n"+SayError(err), Bad
	}
	state.Going = false
	r.say(state)
}

func (r *Running) say(state PrintState) {
	if state.Going {
		switch {
		case r.stopping && !strings.HasPrefix(state.Text, stopping):
			state.Text = stopping + state.Text
		case !r.stopping:
			state.Text = strings.TrimPrefix(state.Text, stopping)
			if r.unheard != "" && !strings.HasSuffix(state.Text, r.unheard) {
				state.Text += "\n" + r.unheard
			}
		}
	}
	r.state = state
	if !state.Going {
		r.cancel()
		r.prints.going = slices.DeleteFunc(r.prints.going, func(x *Running) bool { return x == r })
	}
	if r.Each != nil {
		r.Each(state)
	}
	if r.prints.OnChange != nil {
		r.prints.OnChange(r)
	}
}

const stopping = "Đang dừng. "

// printState says what the spooler said of a printing.
func printState(p desk.Printing, s dossier.JobState) PrintState {
	out := PrintState{Going: !s.Phase.Ended(), Path: p.Path}
	why := ""
	if s.Code != "" {
		why = Say(dossier.Problem{Code: s.Code, Args: map[string]string{"printer": p.Printer}})
	}
	switch {
	case dossier.Code(p.NoPrint) == "practice.no-paper": // as it should be
		out.Text, out.Short, out.Tone = SayError(p.NoPrint)+"\nĐã lưu tệp PDF "+filepath.Base(p.Path)+".", "Đã lưu PDF", Good
	case p.NoPrint != nil:
		out.Text, out.Short = "Chưa in ra giấy: "+SayError(p.NoPrint)+"\nĐã lưu tệp PDF "+filepath.Base(p.Path)+".", "Chưa in, đã lưu PDF"
		if dossier.Code(p.NoPrint) == "printer.none" {
			out.Text, out.Short = "Không có máy in: đã lưu tệp PDF "+filepath.Base(p.Path)+".", "Không có máy in, đã lưu PDF"
		}
		out.Tone, out.Again = Warn, true
	case p.Job == "":
		out.Text, out.Short, out.Tone = "Đã lưu tệp PDF "+filepath.Base(p.Path)+".", "Đã lưu PDF", Good
	case s.Phase == dossier.JobDone:
		out.Text, out.Short, out.Tone = "Đã in xong tại máy in "+p.Printer+".", "Đã in xong", Good
	case out.Going && s.Code == "printer.paper-out":
		out.Text, out.Short, out.Tone = "Hết giấy: nạp thêm giấy vào máy in "+p.Printer+", máy sẽ in tiếp.", "Máy in hết giấy", Warn
	case out.Going && why != "":
		out.Text, out.Short, out.Tone = "Đang chờ máy in "+p.Printer+": "+why, "Chờ máy in", Warn
	case s.Phase == dossier.JobPrinting:
		out.Text, out.Short = "Đang in tại máy in "+p.Printer+"…", "Đang in"
	case s.Phase == dossier.JobQueued:
		out.Text, out.Short = "Đã chuyển tới máy in "+p.Printer+", đang chờ.", "Chờ máy in"
	case s.Phase == dossier.JobUnknown:
		out.Text, out.Short, out.Tone, out.Again = "Không rõ đã in xong chưa: "+orCheck(why), "Không rõ đã in xong chưa", Warn, true
	case s.Code == "printer.cancelled":
		out.Text, out.Short, out.Tone, out.Again = why, "Đã hủy in", Warn, true
	case s.Phase == dossier.JobFailed: // pages may have come out
		out.Text, out.Short, out.Tone, out.Again = "Chưa in xong: "+orCheck(why), "Chưa in xong", Bad, true
	default:
		out.Text, out.Short, out.Tone, out.Again = "Chưa in được: "+orCheck(why), "Chưa in được", Bad, true
	}
	return out
}

func orCheck(why string) string {
	if why == "" {
		return assets.Word("ui.print-check", nil)
	}
	return why
}

// PrinterWords are what a printer says of itself, short; nothing when it would print.
func PrinterWords(p dossier.Printer) string {
	if p.Code == "" {
		return ""
	}
	first, _, _ := strings.Cut(Say(dossier.Problem{Code: p.Code, Args: map[string]string{"printer": p.Name}}), ".")
	return first
}
