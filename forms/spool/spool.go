// Package spool hands PDFs to the printers of this PC and says what the system's spooler says of them: never more. A document counts as
// printed when the spooler says that the printer took all of it; what the spooler does not know is told as unknown.
//
// On Linux it speaks IPP (RFC 8011) with CUPS: the text of lpstat is in the PC's language and cannot tell a finished job from one that
// was given up. On Windows it draws the pages through GDI, the one way to print that needs no program beside ours.
//
// Every error people can do something about is a dossier.Problems on the field "printer" with one of the codes printer.*.
package spool

import (
	"context"
	"image"
	"strings"
	"unicode/utf8"

	"tiepnhan/dossier"
)

// Rasterizer opens PDFs as pictures, for systems whose spooler takes no PDF.
type Rasterizer interface {
	Open(ctx context.Context, pdf []byte) (Pages, error)
}

// Pages is an opened PDF.
type Pages interface {
	Count() int
	Size(page int) (w, h float64) // millimetres, as the page is looked at
	Draw(ctx context.Context, page int, dpi float64) (image.Image, error)
	Close() error
}

// maxCopies is the most a PrintJob may ask for.
const maxCopies = 20

// check refuses a job no spooler is to see. Codes: printer.unknown, printer.failed.
func check(job dossier.PrintJob) error {
	switch {
	case job.Printer == "":
		return unknown(job.Printer)
	case job.Copies < 1 || job.Copies > maxCopies:
		return failed("copies")
	case job.Paper != dossier.PaperA4 && job.Paper != dossier.PaperA5:
		return failed("paper")
	case !strings.HasPrefix(string(job.PDF[:min(len(job.PDF), 5)]), "%PDF-"):
		return failed("document")
	}
	return nil
}

func unknown(printer string) error {
	return dossier.Invalid("printer", "printer.unknown", "printer", printer)
}

func failed(detail string) error {
	return dossier.Invalid("printer", "printer.failed", "detail", short(detail))
}

func refused(printer, detail string) error {
	return dossier.Invalid("printer", "printer.refused", "printer", printer, "detail", short(detail))
}

func denied(printer string) error {
	return dossier.Invalid("printer", "printer.denied", "printer", printer)
}

// silent is said when the print service does not answer, or answers what no print service says.
func silent(err error) error {
	return dossier.Invalid("printer", "printer.spooler", "detail", short(err.Error()))
}

// ended is how a job ended that did not print. begun tells whether the printer may have had any of it.
func ended(begun bool, code, detail string) dossier.JobState {
	s := dossier.JobState{Phase: dossier.JobRefused, Code: code, Detail: detail}
	if begun {
		s.Phase = dossier.JobFailed
	}
	return s
}

// short makes one clean line of what came from outside, for a screen and the journal: at most 160 bytes.
func short(s string) string {
	s = dossier.Clean(strings.ToValidUTF8(s[:min(len(s), 1000)], ""))
	if len(s) <= 160 {
		return s
	}
	n := 157
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
