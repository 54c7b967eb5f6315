package main

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/shell"
)

// What was put right because a sister had it is said to whoever unlocks the desk: over the gate nobody could answer it, and it would tell a
// passer-by.
func TestWhatASisterGaveBackIsNotSaidOverTheGate(t *testing.T) {
	a := test.NewApp()
	defer a.Quit()
	a.Settings().SetTheme(kit.NewTheme(1))
	win := a.NewWindow("")
	w, err := openStation(t.Context(), t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	at := func(do func()) { do() }
	never := func(time.Duration, func()) func() bool { return func() bool { return true } }
	f := newFront(context.Background(), a, win, w.dir, false, nil)
	f.world, f.shell = w, shell.New(shell.Config{Desk: w.desk, Viewer: w.desk.Viewer, Papers: w.desk.Papers, Officer: w.desk.Officer, Go: at, OnUI: at, After: never, Now: clock})
	win.SetContent(f.shell.Content())
	f.shell.Started(win)
	said := func() int { return len(win.Canvas().Overlays().List()) }
	f.locked = true
	f.heard(f.shell, dossier.Sent{Pulled: 3, Healed: []dossier.Healing{{What: dossier.HealedBehind}}})
	f.heard(f.shell, dossier.Sent{Pulled: 3})
	if said() != 0 || len(f.waiting) != 1 {
		t.Fatalf("%d dialogs over the gate, %d wait", said(), len(f.waiting))
	}
	f.locked = false
	f.waiting[0]()
	if said() != 1 {
		t.Errorf("%d dialogs over the desk", said())
	}
}
