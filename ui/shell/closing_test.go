package shell

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

func TestWindowClosesAtOnceWhereNothingIsLost(t *testing.T) {
	h := lived(t, big)
	shut := 0
	h.s.Closing(func() { shut++ })
	if shut != 1 || h.window.Canvas().Overlays().Top() != nil {
		t.Errorf("closed %d times", shut)
	}
}

// TestWindowClosesWhenThePrinterIsDone closes it while the printer has a job: it goes when the job has ended, and the end is in the journal.
func TestWindowClosesWhenThePrinterIsDone(t *testing.T) {
	h := lived(t, big)
	h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:1]}, "BM.01")
	h.settle()
	h.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting}, {Phase: dossier.JobDone}}
	shut := 0
	h.looks(func(i int) {
		if h.s.Closing(func() { shut++ }); i == 0 {
			h.s.Closing(func() { shut++ }) // pressed again
			h.shoot("shell-40-closing")
		}
		if shut != 0 || len(h.window.Canvas().Overlays().List()) != 1 {
			t.Errorf("closed %d times while it prints; %d dialogs", shut, len(h.window.Canvas().Overlays().List()))
		}
	})
	h.press("F9")
	h.settle()
	if shut != 1 || h.window.Canvas().Overlays().Top() != nil {
		t.Errorf("closed %d times", shut)
	}
}

func TestOfficerMayStayOrCloseWhileItPrints(t *testing.T) {
	for key, want := range map[fyne.KeyName]int{fyne.KeyEscape: 0, fyne.KeyReturn: 0, fyne.KeyTab: 1} {
		h := lived(t, big)
		h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:1]}, "BM.01")
		h.settle()
		h.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting}, {Phase: dossier.JobDone}}
		shut := 0
		h.looks(func(i int) {
			if i == 0 {
				h.s.Closing(func() { shut++ })
				if h.press(key); key == fyne.KeyTab {
					h.press(fyne.KeyReturn)
				}
				if shut != want {
					t.Errorf("%s closed %d times", key, shut)
				}
			}
		})
		h.press("F9")
		h.settle()
		if shut != want || h.window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: closed %d times, want %d", key, shut, want)
		}
	}
}

func TestWindowStaysWhenThePrintingItWaitedForFails(t *testing.T) {
	h := lived(t, big)
	h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:1]}, "BM.01")
	h.settle()
	h.spool.States = []dossier.JobState{{Phase: dossier.JobPrinting}, {Phase: dossier.JobFailed, Code: "printer.jam"}}
	h.looks(func(int) { h.s.Closing(func() { t.Error("closed though nothing came out") }) })
	h.press("F9")
	h.settle()
	if h.window.Canvas().Overlays().Top() != nil || !strings.Contains(h.says(), "Chưa in xong") {
		t.Error(h.says())
	}
}

func TestWindowAsksBeforeWhatTheKeeperTypedIsLost(t *testing.T) {
	h := lived(t, big)
	h.press("F11")
	h.write("3")
	h.settle()
	for i, f := range uitest.Infos {
		if f.Key == "tk03" {
			h.s.forms.Select(i)
		}
	}
	h.press("F4")
	h.settle()
	h.s.forms.Text("title", "Phiếu khác")
	shut := 0
	h.s.Closing(func() { shut++ })
	if h.press(fyne.KeyEscape); shut != 0 {
		t.Fatal("closed without a question, or by Esc")
	}
	h.s.Closing(func() { shut++ })
	h.press(fyne.KeyTab)
	h.press(fyne.KeyReturn)
	if shut != 1 {
		t.Errorf("closed %d times", shut)
	}
}
