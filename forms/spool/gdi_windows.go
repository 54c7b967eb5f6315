package spool

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"golang.org/x/sys/windows"

	"tiepnhan/dossier"
)

// Spool is Windows' own spooler. It remembers what it saw of the jobs it gave, because Windows drops a job that has ended. A call of Windows
// that waits for a printer server in the network cannot be broken off; between calls the end of ctx is heeded.
type Spool struct {
	pictures Rasterizer
	mu       sync.Mutex
	jobs     map[string]*winJob // by printer and number; mu holds the map alone
}

// New is the spooler of this PC; r makes pictures of the pages for it.
func New(r Rasterizer) *Spool { return &Spool{pictures: r, jobs: map[string]*winJob{}} }

// Printers are this PC's own and those it is connected to; none is no error. Codes: printer.spooler, printer.denied, printer.failed.
func (s *Spool) Printers(ctx context.Context) ([]dossier.Printer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all, err := listPrinters()
	if err != nil {
		return nil, problem("", "list the printers", err)
	}
	first := defaultPrinter()
	var out []dossier.Printer
	for _, p := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one := dossier.Printer{Name: p.name, Default: p.name == first, Code: p.now.obstacle()}
		var a4, a5 bool
		for _, n := range driverPapers(p.name, p.port) {
			a4 = a4 || n == paperA4
			a5 = a5 || n == paperA5
		}
		if a4 {
			one.Papers = append(one.Papers, dossier.PaperA4)
		}
		if a5 {
			one.Papers = append(one.Papers, dossier.PaperA5)
		}
		out = append(out, one)
	}
	return out, nil
}

// Print draws the pages on the printer one after the other. If that breaks off, the job is deleted; where the printer may have had some of it
// by then, its id is returned as if all had gone well, and Job tells that it failed. Codes: printer.unknown, printer.denied,
// printer.failed, printer.cancelled, printer.spooler. A PDF that cannot be drawn is another error.
func (s *Spool) Print(ctx context.Context, job dossier.PrintJob) (string, error) {
	if err := check(job); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	pages, err := s.pictures.Open(ctx, job.PDF)
	if err != nil {
		return "", fmt.Errorf("open the document to print: %w", err)
	}
	defer pages.Close()
	if pages.Count() == 0 {
		return "", failed("document")
	}
	runtime.LockOSThread() // a device context is its thread's
	defer runtime.UnlockOSThread()
	p, err := openPrinter(job.Printer)
	if err != nil {
		return "", problem(job.Printer, "open the printer", err)
	}
	defer p.close()
	mode, sets, err := p.settings(job, pages.Count())
	if err != nil {
		return "", problem(job.Printer, "set the paper", err)
	}
	c, err := openCanvas(job.Printer, mode)
	if err != nil {
		return "", problem(job.Printer, "open the sheet", err)
	}
	defer c.close()
	id, err := c.start(short(job.Title))
	if err != nil {
		return "", problem(job.Printer, "begin the document", err)
	}
	name := strconv.FormatUint(uint64(id), 10)
	seen := s.job(job.Printer, name, &winJob{})
	seen.Lock()
	defer seen.Unlock()
	if err = c.drawAll(ctx, pages, sets); err == nil {
		err = c.step(procEndDoc)
	}
	if err == nil {
		seen.ours = true
		return name, nil
	}
	if flags, printed, text, err := p.job(id); err == nil {
		seen.present(flags, printed, text, winPrinter{})
	} else {
		seen.begun = true // nobody knows
	}
	seen.given = "printer.failed"
	c.step(procAbortDoc)
	if seen.begun {
		return name, nil
	}
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.As(err, new(windows.Errno)):
		return "", problem(job.Printer, "print", err)
	}
	return "", err
}

// settings are the driver's for this job, and how often the pages have to be drawn: once where the driver makes whole sets itself.
func (p printer) settings(job dossier.PrintJob, pages int) (mode *devMode, sets int, err error) {
	_, port, err := p.info()
	if err != nil {
		return nil, 0, err
	}
	able := job.Copies == 1 || capability(job.Printer, port, dcCopies, nil) >= job.Copies &&
		(pages == 1 || capability(job.Printer, port, dcCollate, nil) == 1)
	set := func(copies int) func(*devMode) {
		return func(m *devMode) {
			m.fields = m.fields&^(dmPaperLength|dmPaperWidth|dmFormName) | dmOrientation | dmPaperSize | dmScale | dmCopies | dmDuplex | dmCollate
			m.orientation, m.paperSize = portrait, paperA4
			if job.Wide {
				m.orientation = landscape
			}
			if job.Paper == dossier.PaperA5 {
				m.paperSize = paperA5
			}
			m.scale, m.duplex = 100, oneSided // each copy of a receipt goes to someone else
			m.copies, m.collate = int16(copies), 1
		}
	}
	if able {
		mode, err = p.mode(job.Printer, set(job.Copies))
		if err != nil {
			return nil, 0, err
		}
		if int(mode.copies) == job.Copies && (pages == 1 || job.Copies == 1 || mode.collate == 1) {
			return mode, 1, nil
		}
	}
	mode, err = p.mode(job.Printer, set(1))
	return mode, job.Copies, err
}

// drawAll draws the pages so many times over.
func (c canvas) drawAll(ctx context.Context, pages Pages, sets int) error {
	d, err := c.device()
	if err != nil {
		return err
	}
	for range sets {
		for n := range pages.Count() {
			if err := ctx.Err(); err != nil {
				return err
			}
			picture, err := pages.Draw(ctx, n, d.dpi())
			if err != nil {
				return fmt.Errorf("draw page %d: %w", n+1, err)
			}
			at, turn := d.place(pages.Size(n))
			if turn {
				picture = turned(picture)
			}
			if err := c.step(procStartPage); err != nil {
				return err
			}
			err = bands(picture, at, func(b band) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				return c.draw(b)
			})
			if err != nil {
				return err
			}
			if err := c.step(procEndPage); err != nil {
				return err
			}
		}
	}
	return nil
}

// job is what has been seen of a job, from now on; begins, where there is one, is of a job that begins.
func (s *Spool) job(printer, id string, begins *winJob) *winJob {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := printer + "\x00" + id
	switch {
	case begins != nil:
		s.jobs[key] = begins
	case s.jobs[key] == nil: // given before the program was started anew
		s.jobs[key] = &winJob{begun: true}
	}
	return s.jobs[key]
}

// Job is what Windows says of a job, and when it says no more, what that means. Codes of the error: printer.spooler, printer.denied,
// printer.failed.
func (s *Spool) Job(ctx context.Context, name, id string) (dossier.JobState, error) {
	if err := ctx.Err(); err != nil {
		return dossier.JobState{}, err
	}
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil || n == 0 {
		return dossier.JobState{Phase: dossier.JobUnknown}, nil
	}
	seen := s.job(name, id, nil)
	seen.Lock()
	defer seen.Unlock()
	if seen.gone { // the number may be another's by now
		return seen.absent(), nil
	}
	p, err := openPrinter(name)
	if missing(err) {
		return dossier.JobState{Phase: dossier.JobUnknown, Code: "printer.vanished"}, nil
	}
	if err != nil {
		return dossier.JobState{}, problem(name, "open the printer", err)
	}
	defer p.close()
	flags, printed, text, err := p.job(uint32(n))
	if errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		return seen.absent(), nil
	}
	if missing(err) {
		return dossier.JobState{Phase: dossier.JobUnknown, Code: "printer.vanished"}, nil
	}
	if err != nil {
		return dossier.JobState{}, problem(name, "ask for the job", err)
	}
	now, _, err := p.info()
	if err != nil && !missing(err) {
		return dossier.JobState{}, problem(name, "ask for the printer", err)
	}
	return seen.present(flags, printed, text, now), nil
}

// Cancel stops a job, looks whether the printer has had any of it, and deletes it; one that has ended already is left as it is. Codes:
// printer.spooler, printer.denied, printer.failed.
func (s *Spool) Cancel(ctx context.Context, name, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil || n == 0 {
		return nil
	}
	seen := s.job(name, id, nil)
	seen.Lock()
	defer seen.Unlock()
	if seen.gone || seen.printed {
		return nil
	}
	p, err := openPrinter(name)
	if missing(err) {
		return nil
	}
	if err != nil {
		return problem(name, "open the printer", err)
	}
	defer p.close()
	if p.control(uint32(n), jobPause) != nil {
		seen.begun = true // it ran on while we looked
	}
	flags, printed, text, err := p.job(uint32(n))
	if errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		return nil
	}
	if err != nil {
		return problem(name, "ask for the job", err)
	}
	last, stuck := seen.last, seen.stuck
	seen.present(flags, printed, text, winPrinter{})
	if seen.printed {
		return nil
	}
	switch err := p.control(uint32(n), jobDelete); {
	case errors.Is(err, windows.ERROR_INVALID_PARAMETER):
		seen.last, seen.stuck = last, stuck // it ended meanwhile, and not by us; our own pause is no trouble
		return nil
	case err != nil:
		return problem(name, "cancel the job", err)
	}
	seen.given = "printer.cancelled"
	return nil
}

func missing(err error) bool {
	return errors.Is(err, windows.ERROR_INVALID_PRINTER_NAME) || errors.Is(err, windows.ERROR_PRINTER_DELETED)
}

// problem is what people are told of a call that failed.
func problem(printer, doing string, err error) error {
	switch {
	case missing(err):
		return unknown(printer)
	case errors.Is(err, windows.RPC_S_SERVER_UNAVAILABLE), errors.Is(err, windows.RPC_S_CALL_FAILED), errors.Is(err, windows.EPT_S_NOT_REGISTERED),
		errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE):
		return silent(fmt.Errorf("%s: %w", doing, err))
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return denied(printer)
	case errors.Is(err, windows.ERROR_CANCELLED), errors.Is(err, windows.ERROR_PRINT_CANCELLED):
		return dossier.Invalid("printer", "printer.cancelled")
	case errors.Is(err, windows.ERROR_PRINTER_DRIVER_IN_USE), errors.Is(err, windows.ERROR_NOT_READY):
		return refused(printer, err.Error())
	}
	return failed(fmt.Sprintf("%s: %v", doing, err))
}
