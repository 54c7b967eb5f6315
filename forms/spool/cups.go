//go:build !windows

package spool

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/OpenPrinting/goipp"

	"tiepnhan/dossier"
)

// Spool is the CUPS this PC prints through. It keeps nothing: CUPS remembers the jobs, also over a restart of either.
type Spool struct{ at server }

// New is the spooler that CUPS_SERVER names, or this PC's own. CUPS takes the PDF as it is, so nothing is rasterised here.
func New(Rasterizer) *Spool { return At(os.Getenv("CUPS_SERVER")) }

// At is the spooler at a socket, a host or host:port.
func At(name string) *Spool { return &Spool{serverAt(name)} }

// isDefault is the bit of printer-type that marks the printer used when none is named (CUPS_PRINTER_DEFAULT).
const isDefault = 0x20000

// Printers are those CUPS keeps; none is no error. Codes: printer.spooler, printer.denied.
func (s *Spool) Printers(ctx context.Context) ([]dossier.Printer, error) {
	q := question(goipp.OpCupsGetPrinters, wanted("printer-name", "printer-type", "printer-state", "printer-state-reasons",
		"printer-is-accepting-jobs", "media-supported"))
	a, err := s.at.ask(ctx, "/", q, nil)
	if status(err) == goipp.StatusErrorNotFound { // CUPS' way to say that there are none
		return nil, nil
	}
	if err != nil {
		return nil, s.problem(ctx, err, "")
	}
	var out []dossier.Printer
	for _, g := range a.Groups {
		name := text(g.Attrs, "printer-name")
		if g.Tag != goipp.TagPrinterGroup || name == "" {
			continue
		}
		kind, _ := number(g.Attrs, "printer-type")
		out = append(out, dossier.Printer{Name: name, Default: kind&isDefault != 0, Code: obstacle(g.Attrs), Papers: papers(g.Attrs)})
	}
	return out, nil
}

// The paper sizes as PWG 5101.1 names them.
const (
	mediaA4 = "iso_a4_210x297mm"
	mediaA5 = "iso_a5_148x210mm"
)

func papers(printer goipp.Attributes) []string {
	var a4, a5 bool
	for _, m := range texts(printer, "media-supported") {
		a4 = a4 || m == mediaA4
		a5 = a5 || m == mediaA5
	}
	var out []string
	if a4 {
		out = append(out, dossier.PaperA4)
	}
	if a5 {
		out = append(out, dossier.PaperA5)
	}
	return out
}

// Print gives CUPS a job and then its document, so that the job has a number before anything can come out of the printer. If the line
// breaks in between, the job is taken back; where it cannot be shown that nothing was printed, its id is returned as if all had gone
// well, and Job tells what became of it. Codes: printer.unknown, printer.refused, printer.denied, printer.failed, printer.spooler.
func (s *Spool) Print(ctx context.Context, job dossier.PrintJob) (string, error) {
	if err := check(job); err != nil {
		return "", err
	}
	printer, ok := printerURI(job.Printer)
	if !ok {
		return "", unknown(job.Printer)
	}
	q := question(goipp.OpCreateJob, printer)
	q.Operation.Add(goipp.MakeAttribute("job-name", goipp.TagName, goipp.String(short(job.Title))))
	media, orientation := mediaA4, goipp.Integer(3)
	if job.Paper == dossier.PaperA5 {
		media = mediaA5
	}
	if job.Wide {
		orientation = 4
	}
	for _, a := range []goipp.Attribute{
		goipp.MakeAttribute("copies", goipp.TagInteger, goipp.Integer(job.Copies)),
		goipp.MakeAttribute("media", goipp.TagKeyword, goipp.String(media)),
		goipp.MakeAttribute("orientation-requested", goipp.TagEnum, orientation),
		goipp.MakeAttribute("print-scaling", goipp.TagKeyword, goipp.String("none")), // millimetres stay millimetres
		goipp.MakeAttribute("sides", goipp.TagKeyword, goipp.String("one-sided")),    // each copy of a receipt goes to someone else
		goipp.MakeAttribute("number-up", goipp.TagInteger, goipp.Integer(1)),
		goipp.MakeAttribute("multiple-document-handling", goipp.TagKeyword, goipp.String("separate-documents-collated-copies")),
	} {
		q.Job.Add(a)
	}
	path := "/printers/" + url.PathEscape(job.Printer)
	a, err := s.at.ask(ctx, path, q, nil)
	if err != nil {
		return "", s.problem(ctx, err, job.Printer)
	}
	n, ok := number(a.Job, "job-id")
	if !ok || n <= 0 {
		return "", silent(fmt.Errorf("no number for the job"))
	}
	id := strconv.Itoa(n)
	q = question(goipp.OpSendDocument, printer, goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(n)))
	q.Operation.Add(goipp.MakeAttribute("document-format", goipp.TagMimeType, goipp.String("application/pdf")))
	q.Operation.Add(goipp.MakeAttribute("last-document", goipp.TagBoolean, goipp.Boolean(true)))
	if _, err = s.at.ask(ctx, path, q, job.PDF); err == nil {
		return id, nil
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTime)
	defer cancel()
	_ = s.Cancel(after, job.Printer, id) // whether it came in time, only the job can tell
	if state, unheard := s.Job(after, job.Printer, id); unheard != nil || state.Phase != dossier.JobRefused {
		return id, nil
	}
	return "", s.problem(ctx, err, job.Printer)
}

// Job is what CUPS says of a job. Codes of the error: printer.spooler, printer.denied.
func (s *Spool) Job(ctx context.Context, printer, id string) (dossier.JobState, error) {
	target, ok := jobURI(id)
	if !ok {
		return dossier.JobState{Phase: dossier.JobUnknown}, nil
	}
	q := question(goipp.OpGetJobAttributes, target)
	q.Operation.Add(wanted("job-state", "job-state-reasons", "job-printer-state-message", "job-printer-state-reasons",
		"job-printer-up-time", "job-impressions-completed", "job-media-sheets-completed", "time-at-processing"))
	a, err := s.at.ask(ctx, "/jobs/", q, nil)
	gone := status(err) == goipp.StatusErrorNotFound || status(err) == goipp.StatusErrorGone
	state := dossier.JobState{Phase: dossier.JobUnknown}
	if err == nil {
		state = jobState(a.Job)
	} else if !gone {
		return dossier.JobState{}, s.problem(ctx, err, printer)
	}
	if state.Phase == dossier.JobDone {
		return state, nil
	}
	// Only the printer knows why a job waits, and with a queue that was deleted its jobs go too.
	uri, ok := printerURI(printer)
	if !ok {
		return dossier.JobState{Phase: dossier.JobUnknown, Code: "printer.vanished"}, nil
	}
	q = question(goipp.OpGetPrinterAttributes, uri)
	q.Operation.Add(wanted("printer-state", "printer-state-reasons", "printer-state-message"))
	p, err := s.at.ask(ctx, "/printers/"+url.PathEscape(printer), q, nil)
	if status(err) == goipp.StatusErrorNotFound {
		state.Code = "printer.vanished"
		return state, nil
	}
	if err != nil {
		return dossier.JobState{}, s.problem(ctx, err, printer)
	}
	if state.Phase.Ended() {
		return state, nil
	}
	if code := reason(texts(p.Printer, "printer-state-reasons")); code != "" {
		state.Code = code
	} else if n, _ := number(p.Printer, "printer-state"); n == printerStopped && state.Code == "" {
		state.Code = "printer.stopped"
	}
	if state.Detail == "" {
		state.Detail = short(text(p.Printer, "printer-state-message"))
	}
	return state, nil
}

// Cancel asks CUPS to give a job up; one that has ended already is left as it is. Codes: printer.spooler, printer.denied.
func (s *Spool) Cancel(ctx context.Context, printer, id string) error {
	target, ok := jobURI(id)
	if !ok {
		return nil
	}
	_, err := s.at.ask(ctx, "/jobs/", question(goipp.OpCancelJob, target), nil)
	switch status(err) {
	case goipp.StatusErrorNotPossible, goipp.StatusErrorNotFound, goipp.StatusErrorGone:
		return nil
	}
	if err != nil {
		return s.problem(ctx, err, printer)
	}
	return nil
}

// problem is what people are told of a question that failed; ctx's own end is passed on as it is.
func (s *Spool) problem(ctx context.Context, err error, printer string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch status(err) {
	case 0, goipp.StatusErrorInternal, goipp.StatusErrorServiceUnavailable, goipp.StatusErrorTemporary, goipp.StatusErrorBusy:
		return silent(err)
	case goipp.StatusErrorNotFound, goipp.StatusErrorGone:
		return unknown(printer)
	case goipp.StatusErrorNotAcceptingJobs:
		return refused(printer, err.Error())
	case goipp.StatusErrorForbidden, goipp.StatusErrorNotAuthenticated, goipp.StatusErrorNotAuthorized:
		return denied(printer)
	}
	return failed(err.Error())
}

// printerURI is how a printer is named in a question; ok is false for what CUPS can have no printer of.
func printerURI(name string) (a goipp.Attribute, ok bool) {
	if name == "" || len(name) > 127 || strings.ContainsAny(name, "/#\x00") {
		return a, false
	}
	return goipp.MakeAttribute("printer-uri", goipp.TagURI, goipp.String("ipp://localhost/printers/"+url.PathEscape(name))), true
}

func jobURI(id string) (a goipp.Attribute, ok bool) {
	n, err := strconv.Atoi(id)
	if err != nil || n <= 0 || n > 1<<31-1 {
		return a, false
	}
	return goipp.MakeAttribute("job-uri", goipp.TagURI, goipp.String("ipp://localhost/jobs/"+strconv.Itoa(n))), true
}
