//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"syscall"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/forms/spool/spooltest"
)

// A receipt goes to a printer that takes it, then the officer looks at it again and prints it on one without paper, on the real CUPS.
func TestWindowPrintsAndSaysWhatThePrinterSaid(t *testing.T) {
	service := spooltest.Start(t)
	service.Printer("May-in-quay-1", "takes")
	d := newDisplay(t)
	s := newStation(t)
	s.printers = service.Sock
	shot := shots(t, d)
	s.open(d)
	d.settled()

	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled() // which papers there are is known
	d.key("F8")
	d.key("F9")
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	var pdf []byte
	d.until("the receipt is out", func() bool { pdf, _ = service.Came("1"); return pdf != nil })
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatalf("the printer got %.20q", pdf)
	}
	d.until("the journal says so", func() bool { return s.ends(dossier.JobDone) == 1 })
	shot("20-printed")

	service.Printer("Het-giay", "media-empty-error")
	service.Default("Het-giay")
	d.key("F3")
	d.settled()
	d.key("Down")
	d.key("Return")
	d.settled()
	d.key("Control", "p")
	shot("21-forms")
	d.key("Return") // the receipt, first of the list
	d.settled()
	shot("22-preview")
	d.key("F9")
	service.Until("the printer has the job", func() bool { return s.printed() == 2 })
	shot("23-no-paper")
	if n := s.ends(dossier.JobDone); n != 1 {
		t.Errorf("%d printings are said to be done while the second waits for paper", n)
	}
	service.Refill()
	d.until("the journal says that it came out", func() bool { return s.ends(dossier.JobDone) == 2 })
	shot("24-printed-again")
	if again, _ := service.Came("2"); !bytes.Contains(pdfText(t, again), []byte("Bản in lại lần 1")) {
		t.Error("the reprint does not say that it is one")
	}

	d.key("F3")
	d.settled()
	d.key("Insert")
	d.key("F8")
	shot("25-batch")
	d.key("Escape")
	d.key("F10")
	shot("26-books")
	d.key("F9")
	d.settled()
	shot("27-register")
	d.key("F11")
	shot("28-forms-of-the-station")
}

// traces are those of that kind in the station's own journal, read beside the open window.
func (s *station) traces(kind dossier.Kind) []dossier.Event {
	s.t.Helper()
	w, err := openWorld(s.t.Context(), s.data, toRead, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.close()
	own := w.store.Own()
	entries, err := w.store.Entries(s.t.Context(), own.Chain, 0, int(own.Head.Seq))
	if err != nil {
		s.t.Fatal(err)
	}
	var out []dossier.Event
	for _, e := range entries {
		if e.Kind == kind {
			out = append(out, e.Event)
		}
	}
	return out
}

func (s *station) printed() int { return len(s.traces(dossier.TracePrinted)) }

// ends is how many printings ended so.
func (s *station) ends(phase dossier.JobPhase) int {
	s.t.Helper()
	return len(slices.DeleteFunc(s.traces(dossier.TracePrintEnd), func(e dossier.Event) bool {
		var end dossier.PrintEnd
		return json.Unmarshal(e.Body, &end) != nil || end.State.Phase != phase
	}))
}

// The officer closes the window while the printer waits for paper: it stays, says why, and goes when the paper is out and written down.
func TestWindowClosesOnceWhatItPrintsIsOut(t *testing.T) {
	service := spooltest.Start(t)
	service.Printer("Het-giay", "media-empty-error")
	d := newDisplay(t)
	s := newStation(t)
	s.printers = service.Sock
	shot := shots(t, d)
	s.open(d)
	d.settled()

	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled() // which papers there are is known
	d.key("F8")
	d.key("F9")
	d.until("the printer has the job", func() bool { return s.printed() == 1 })
	d.settled()
	before := d.picture().Pix
	d.close()
	d.until("the question is shown", func() bool { return !bytes.Equal(d.picture().Pix, before) })
	shot("29-closing")
	if err := s.window.Process.Signal(syscall.Signal(0)); err != nil || s.ends(dossier.JobDone) != 0 {
		t.Fatalf("closed while the printer waits: %v", err)
	}
	service.Refill()
	if err := s.window.Wait(); err != nil {
		t.Error(err)
	}
	s.window = nil
	if s.ends(dossier.JobDone) != 1 {
		t.Error("closed before the journal knew that the paper is out")
	}
}
