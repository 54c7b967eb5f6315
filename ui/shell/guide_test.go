package shell

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// practising is a house whose window is a practice window.
func practising(t *testing.T, size fyne.Size) *house {
	t.Helper()
	h := furnish(t, size, station())
	h.more = func(cfg *Config) { cfg.Practising = true }
	h.moveIn()
	return h
}

// TestNewcomerIsLedThroughTheFirstDossierByKeysAlone does what each step says and nothing else.
func TestNewcomerIsLedThroughTheFirstDossierByKeysAlone(t *testing.T) {
	h := practising(t, big)
	at := func(want int) {
		t.Helper()
		h.settle()
		if got := h.s.guide.at(); got != want {
			t.Fatalf("the guide is at step %d, want %d", got+1, want+1)
		}
	}
	at(stepProcedure)
	h.ctrl("3")
	at(stepPerson)
	h.shoot("shell-50-practice")
	h.ctrl("M")
	at(stepPapers)
	h.press("F8")
	at(stepAnswer)
	h.ctrl("D")
	at(stepKeep)
	h.shoot("shell-51-practice-keep")
	h.press("F9")
	at(stepFind)
	if h.store.Kept() != 1 {
		t.Fatal("not kept")
	}
	h.press("F3")
	at(stepOpen)
	h.write("mau")
	h.settle()
	h.press(fyne.KeyReturn)
	at(stepPaper)
	h.ctrl("P")
	h.settle()
	h.press(fyne.KeyReturn)
	at(stepClose)
	h.shoot("shell-52-practice-end")
	closed := 0
	h.s.cfg.End = func() { closed++ }
	h.ctrl("M")
	if closed != 1 {
		t.Errorf("closed %d times", closed)
	}
}

func TestStepsAreDoneByWhatHappenedInAnyOrder(t *testing.T) {
	h := practising(t, big)
	h.write(sampleCard)
	h.press(fyne.KeyReturn)
	h.settle()
	if !h.s.guide.passed[stepPerson] || h.s.guide.at() != stepProcedure {
		t.Errorf("a card before the procedure: %v", h.s.guide.passed)
	}
	h.ctrl("5") // a request that nothing is asked about at once
	h.settle()
	h.write("0900000001")
	h.press("F8")
	h.settle()
	if got := h.s.guide.at(); got != stepKeep {
		t.Errorf("at step %d; nothing more is asked", got+1)
	}
	h.press("F9")
	h.settle()
	h.s.code("MAU.01-261119-0001") // the receipt's own code opens it
	h.settle()
	if got := h.s.guide.at(); got != stepPaper {
		t.Errorf("at step %d after the dossier was opened", got+1)
	}
}

func TestStepsAreSkippedAndHidden(t *testing.T) {
	h := practising(t, big)
	for i := range stepClose {
		if got := h.s.guide.at(); got != i {
			t.Fatalf("at step %d, want %d", got+1, i+1)
		}
		h.ctrl("B")
	}
	h.ctrl("B")
	if h.s.guide.at() != stepClose || h.store.Kept() != 0 {
		t.Error("skipping did something")
	}
	for _, key := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyReturn} {
		if h.press(key); h.s.guide.bar.root.Hidden {
			t.Errorf("%s hides the steps", key)
		}
	}
	h.ctrl("W")
	if !h.s.guide.bar.root.Hidden {
		t.Fatal("they stay")
	}
	h.s.cfg.End = func() { t.Error("a hidden button closes the window") }
	h.ctrl("M")
	h.press("F11")
	h.write("6")
	h.settle()
	if h.s.guide.bar.root.Hidden || h.s.now != h.s.reception {
		t.Error("the menu does not bring them back")
	}
}

func TestPracticeSaysSoAllTheTimeAndOffersNoSecond(t *testing.T) {
	h := practising(t, fyne.NewSize(1024, 600))
	for i, x := range h.s.all {
		h.s.show(x)
		h.settle()
		if h.s.banner.Hidden {
			t.Error("a screen without the banner")
		}
		if m := h.s.Content().MinSize(); m.Width > 1000 || m.Height > 600 {
			t.Errorf("screen %d wants %v", i, m)
		}
	}
	for _, w := range h.s.ways {
		if w.title == "Tập thử" {
			t.Error("a practice inside a practice")
		}
	}
}

// TestPracticeIsOfferedOnceTheStationIsSetUp sets it up, takes the offer, and finds it in the menu ever after.
func TestPracticeIsOfferedOnceTheStationIsSetUp(t *testing.T) {
	for key, want := range map[fyne.KeyName]int{"M": 1, "W": 0} {
		h := furnish(t, big, nil)
		begun := 0
		h.more = func(cfg *Config) { cfg.Practice = func() error { begun++; return nil } }
		h.moveIn()
		if !h.s.welcome.Hidden {
			t.Error("offered before there is a station")
		}
		for f, v := range map[string]string{"unit.upper": "CÔNG AN TỈNH MẪU", "unit.name": "CÔNG AN XÃ MẪU", "unit.place": "Mẫu", "unit.prefix": "M", "officer": "Lê"} {
			h.s.first.Text(f, v)
		}
		h.press("F9")
		h.shoot("shell-53-welcome")
		if h.s.welcome.Hidden || h.s.now != h.s.reception {
			t.Fatal("not offered")
		}
		h.ctrl(key)
		h.settle()
		if begun != want || !h.s.welcome.Hidden {
			t.Errorf("Ctrl+%s began %d", key, begun)
		}
		h.ctrl(key) // the offer is over
		h.press("F11")
		h.shoot("shell-54-others")
		h.write("6")
		h.settle()
		if begun != want+1 {
			t.Errorf("the menu began %d", begun-want)
		}
	}
}

func TestPracticeThatCannotOpenIsSaid(t *testing.T) {
	h := furnish(t, big, station())
	h.more = func(cfg *Config) { cfg.Practice = func() error { return errors.New("no such file") } }
	h.moveIn()
	if !h.s.welcome.Hidden {
		t.Error("offered to a station that has been set up")
	}
	h.s.practise()
	h.settle()
	if h.window.Canvas().Overlays().Top() == nil {
		t.Error("nothing said")
	}
}

func TestHelpIsAQuestionMarkWhereNobodyWrites(t *testing.T) {
	h := furnish(t, fyne.NewSize(1024, 600), station())
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(2))
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.moveIn()
	h.press("F7")
	h.settle()
	h.window.Canvas().Unfocus()
	h.write("?")
	if h.window.Canvas().Overlays().Top() == nil {
		t.Fatal("no help")
	}
	h.shoot("shell-55-help-200")
	h.press(fyne.KeyPageDown)
	h.shoot("shell-56-help-200-below")
	h.press(fyne.KeyEscape)
	h.press("F3")
	h.settle()
	h.threads.Pass(1e9)
	h.write("?") // the search field has the focus
	if h.window.Canvas().Overlays().Top() != nil {
		t.Error("a letter being typed was taken for help")
	}
}
