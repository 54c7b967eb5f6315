//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"syscall"
	"testing"
	"time"

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
	d.key("F11")
	d.key("Return")
	shot("26-books")
	d.key("F9")
	d.settled()
	shot("27-register")
	d.key("F11")
	d.settled()
	d.write("3")
	shot("28-forms-of-the-station")
	d.key("Control", "k") // no other screen has that
	d.key("F9")
	d.until("the keeper's word on a form is kept", func() bool { return len(s.traces(dossier.LayoutKept)) == 1 })
}

// traces are the entries of that kind in the station's own journal, read beside the open window.
func (s *station) traces(kind dossier.Kind) []dossier.Event {
	s.t.Helper()
	w, err := openWorld(s.t.Context(), s.data, nil, toRead, clock)
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
	d.close(1)
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

// From the key that chooses a form to its page on the screen, and from PageDown to the next page. The longest of the first may have
// waited for pdfium to start.
func BenchmarkWindowPreview(b *testing.B) {
	d := newDisplay(b)
	s := newStation(b)
	s.open(d)
	d.settled()
	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled()
	d.key("F8")
	d.key("F9")
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	d.key("F3")
	d.settled()
	d.key("Down")
	d.key("Return")
	var first, next []time.Duration
	for b.Loop() {
		d.settled()
		d.key("Control", "p")
		d.settled()
		begun := time.Now()
		d.key("Return")
		d.soon("a page shows", func() bool { return d.inkOnPage() > 2000 })
		first = append(first, time.Since(begun))
		d.settled()
		before := d.picture().Pix
		begun = time.Now()
		d.key("Next")
		d.soon("the next page shows", func() bool { return !bytes.Equal(before, d.picture().Pix) })
		next = append(next, time.Since(begun))
		d.key("Escape")
	}
	for name, all := range map[string][]time.Duration{"first": first, "next": next} {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Milliseconds()), "ms-"+name+"-p50")
		b.ReportMetric(float64(all[len(all)-1].Milliseconds()), "ms-"+name+"-max")
	}
}

// soon is until without a pause: each look takes the few milliseconds of a screenshot.
func (d *display) soon(what string, holds func() bool) {
	d.t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); {
		if time.Now().After(end) {
			d.t.Fatalf("waited 30 s in vain: %s", what)
		}
	}
}

// inkOnPage is how many dark dots there are where the preview has its page; none while it is not shown.
func (d *display) inkOnPage() (n int) {
	page := d.picture()
	if beside := page.RGBAAt(100, 400); beside.R > 235 {
		return 0
	}
	for y := 100; y < 600; y++ {
		for x := 260; x < 630; x++ {
			if c := page.RGBAAt(x, y); c.R < 90 && c.G < 90 && c.B < 90 {
				n++
			}
		}
	}
	return n
}
