package desk

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Where is where paper comes out.
type Where struct {
	Printer string // empty for the station's own printer
	Copies  int    // 0 is 1
	File    string // a PDF instead: whole or not there at all
}

// Printing is something on its way to paper.
type Printing struct {
	Printer string
	Job     string // empty when it is a file only
	Path    string // the PDF, where there is one
	NoPrint error  // why it is only a file although a printer was meant
	Nth     int    // 0 the first time, n for "bản in lại lần n"; of a single dossier
	Sheets  int
	Skipped []Skipped
	State   dossier.JobState

	prints []dossier.EventID
}

// Print draws an order anew and hands it to a printer; Follow tells what becomes of it. Where there is no printer, or it cannot be
// reached, the PDF is kept in the folder of papers and NoPrint says why: the dossiers stand in any case. The trace is kept before
// anything can come out. What was printed elsewhere while it was drawn is drawn again: only one paper is the first.
func (d *Desk) Print(ctx context.Context, o Order, to Where, done func(n, of int)) (Printing, error) {
	if err := d.may(ctx, dossier.DeedPrint); err != nil {
		return Printing{}, err
	}
	for {
		p, err := d.print(ctx, o, to, done)
		if !errors.Is(err, errPrintedMeanwhile) {
			return p, err
		}
	}
}

func (d *Desk) print(ctx context.Context, o Order, to Where, done func(n, of int)) (Printing, error) {
	drawn, err := d.Draw(ctx, o, done)
	if err != nil {
		return Printing{}, err
	}
	title := drawn.Info.Code
	if title == "" {
		title = drawn.Info.Title
	}
	name := "phieu-trang-" + o.Form + ".pdf"
	switch len(o.Dossiers) {
	case 0:
	case 1:
		have, err := d.Store.Dossier(ctx, o.Dossiers[0])
		if err != nil {
			return Printing{}, err
		}
		title, name = title+" "+have.Number, have.Number+"-"+o.Form+".pdf"
	default:
		name = d.Now().In(dossier.Hanoi).Format("060102-150405") + "-" + o.Form + ".pdf"
	}
	return d.put(ctx, drawn, title, name, to)
}

// put takes a drawn document where it is to go.
func (d *Desk) put(ctx context.Context, drawn Drawn, title, name string, to Where) (Printing, error) {
	if err := ctx.Err(); err != nil {
		return Printing{}, err
	}
	p := Printing{Nth: drawn.Nth, Sheets: drawn.Sheets, Skipped: drawn.Skipped}
	if to.File != "" {
		if err := replaceable(to.File); err != nil {
			return p, err
		}
		err := d.toFile(ctx, &p, drawn, func() string { return to.File })
		return p, err
	}
	if to.Copies == 0 {
		to.Copies = 1
	}
	if to.Copies < 1 || to.Copies > MaxCopies {
		return p, dossier.Invalid("copies", "print.copies")
	}
	printer, err := d.printer(ctx, to.Printer)
	if err == nil {
		p.Printer = printer
		d.printing.Lock()
		traced := d.trace(ctx, &p, drawn.prints, printer, to.Copies)
		d.printing.Unlock()
		if traced != nil {
			return p, traced
		}
		job := dossier.PrintJob{Printer: printer, Title: title, PDF: drawn.PDF, Paper: drawn.Paper, Wide: drawn.Wide, Copies: to.Copies}
		if p.Job, err = d.Spool.Print(ctx, job); err == nil {
			p.State = dossier.JobState{Phase: dossier.JobQueued}
			return p, nil
		}
		if ctx.Err() == nil && dossier.Code(err) == "" { // whatever ails the printer, the paper is not lost
			err = errors.Join(dossier.Invalid("printer", "printer.failed", "printer", printer), err)
		}
		refused := dossier.JobState{Phase: dossier.JobRefused, Code: dossier.Code(err), Detail: err.Error()}
		if ended := d.end(context.WithoutCancel(ctx), p, refused); ended != nil {
			return p, ended
		}
	}
	var ps dossier.Problems
	if !errors.As(err, &ps) {
		return p, err
	}
	p.NoPrint = err
	if !filepath.IsLocal(name) {
		return p, dossier.Invalid("", "print.folder", "folder", d.Papers)
	}
	err = d.toFile(context.WithoutCancel(ctx), &p, drawn, func() string { return unused(filepath.Join(d.Papers, name)) })
	return p, err
}

// MaxCopies is the most copies of one printing.
const MaxCopies = 20

// toFile keeps the PDF. The trace goes before the name: what is on paper must be in the journal. Where the name cannot be given after all
// (a folder has it, or another program holds the file there), the journal is told that nothing came out.
func (d *Desk) toFile(ctx context.Context, p *Printing, drawn Drawn, name func() string) error {
	full := dossier.Invalid("", "print.folder", "folder", filepath.Dir(name()))
	draft, err := writeBeside(name(), func(f *os.File) error {
		_, err := f.Write(drawn.PDF)
		return err
	})
	if err != nil {
		return full
	}
	defer os.Remove(draft)
	d.printing.Lock()
	defer d.printing.Unlock()
	if err := d.trace(ctx, p, drawn.prints, "pdf", 1); err != nil {
		return err
	}
	path := name()
	if err := os.Rename(draft, path); err != nil {
		state := dossier.JobState{Phase: dossier.JobRefused, Code: dossier.Code(full)}
		return errors.Join(full, d.end(context.WithoutCancel(ctx), *p, state))
	}
	p.Path, p.State = path, dossier.JobState{Phase: dossier.JobDone}
	return nil
}

// trace keeps the printings, all of them or none, each with the count it was drawn with: errPrintedMeanwhile where that is no more so. The
// caller holds d.printing.
func (d *Desk) trace(ctx context.Context, p *Printing, events []dossier.Event, to string, copies int) error {
	p.prints = nil
	traces := make([]dossier.Event, len(events))
	for i, e := range events {
		var body dossier.Print
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		if !e.Dossier.IsZero() {
			prints, err := d.Store.Prints(ctx, e.Dossier)
			if err != nil {
				return err
			}
			if prints[body.Form] != body.Nth {
				return errPrintedMeanwhile
			}
		}
		body.To, body.Copies = to, copies
		one, err := d.event(e.Dossier, dossier.TracePrinted, body)
		if err != nil {
			return err
		}
		traces[i] = one
		p.prints = append(p.prints, one.ID)
	}
	return d.Store.Record(ctx, traces...)
}

// Follow asks the spooler until the job has ended, tells each new state, and keeps how it ended in the journal. Ended by ctx, it leaves
// the job alone and keeps nothing.
func (d *Desk) Follow(ctx context.Context, p Printing, each func(dossier.JobState)) (dossier.JobState, error) {
	if err := d.may(ctx, dossier.DeedPrinter); err != nil {
		return p.State, err
	}
	if p.Job == "" {
		return p.State, nil
	}
	pause := d.Pause
	if pause == nil {
		pause = sleep
	}
	last := p.State
	for misses, wait := 0, 150*time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		state, err := d.Spool.Job(ctx, p.Printer, p.Job)
		switch {
		case ctx.Err() != nil:
			return last, ctx.Err()
		case err != nil: // the spooler itself does not answer: it may be starting again
			if misses++; misses < 20 { // some ten seconds
				break
			}
			state = dossier.JobState{Phase: dossier.JobUnknown, Code: dossier.Code(err)}
			fallthrough
		default:
			if state != last {
				each(state)
				last = state
			}
			if state.Phase.Ended() {
				return state, d.end(context.WithoutCancel(ctx), p, state)
			}
			if err == nil {
				misses = 0
			}
		}
		if err := pause(ctx, wait); err != nil {
			return last, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Cancel asks the spooler to give the job up; Follow tells what came of that.
func (d *Desk) Cancel(ctx context.Context, p Printing) error {
	if err := d.may(ctx, dossier.DeedPrinter); err != nil {
		return err
	}
	if p.Job == "" {
		return nil
	}
	return d.Spool.Cancel(ctx, p.Printer, p.Job)
}

// end keeps what became of printings. The body of an event holds no more than some sixteen hundred ids, so that of a very large batch is
// said in parts, in one transaction.
func (d *Desk) end(ctx context.Context, p Printing, state dossier.JobState) error {
	var ends []dossier.Event
	for part := range slices.Chunk(p.prints, endsAtOnce) {
		e, err := d.event(dossier.ID{}, dossier.TracePrintEnd, dossier.PrintEnd{Prints: part, State: state})
		if err != nil {
			return err
		}
		ends = append(ends, e)
	}
	return d.Store.Record(ctx, ends...)
}

const endsAtOnce = 1000

// Printers are those this PC can reach; the one that is used when none is named comes first.
func (d *Desk) Printers(ctx context.Context) ([]dossier.Printer, error) {
	if err := d.may(ctx, dossier.DeedPrinter); err != nil {
		return nil, err
	}
	if d.Spool == nil {
		return nil, dossier.Invalid("printer", "printer.none")
	}
	all, err := d.Spool.Printers(ctx)
	if err != nil {
		return nil, err
	}
	s, err := d.settings(ctx)
	if err != nil {
		return nil, err
	}
	first := 0
	for i, p := range all {
		if p.Name == s.Printer || p.Default && all[first].Name != s.Printer {
			first = i
		}
	}
	if len(all) > 0 {
		chosen := all[first]
		copy(all[1:first+1], all[:first])
		all[0] = chosen
	}
	return all, nil
}

// printer is the one of that name, or the station's own. Codes: printer.none, printer.unknown.
func (d *Desk) printer(ctx context.Context, name string) (string, error) {
	all, err := d.Printers(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range all {
		if name == "" || p.Name == name {
			return p.Name, nil
		}
	}
	if name == "" {
		return "", dossier.Invalid("printer", "printer.none")
	}
	return "", dossier.Invalid("printer", "printer.unknown", "printer", name)
}
