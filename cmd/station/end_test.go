package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/shell"
)

// crossed is a window whose cross can be pressed.
type crossed struct {
	fyne.Window
	cross func()
}

func (c *crossed) SetCloseIntercept(do func()) { c.cross = do }

// ending is a window over one station, none for the gate, whose work beside the screen goes on. ended is told once the program would be gone;
// stop is a sign-out from the PC.
func ending(t *testing.T, dir string, w *world) (f *front, win *crossed, stop func(), ended chan error) {
	t.Helper()
	a := test.NewApp()
	t.Cleanup(a.Quit)
	a.Settings().SetTheme(kit.NewTheme(1))
	win = &crossed{Window: a.NewWindow("")}
	win.SetOnClosed(func() { t.Error("the window was left to Fyne to close") })
	ctx, stop := context.WithCancel(context.Background())
	ended = make(chan error, 4)
	f = newFront(ctx, a, win, dir, w != nil && w.practice, func(err error) {
		ended <- err
		runtime.Goexit() // nothing comes back from there
	})
	never := func(time.Duration, func()) func() bool { return func() bool { return true } } // a test has no screen's goroutine that would draw in turn
	f.after = never
	if w == nil {
		return f, win, stop, ended
	}
	going := &work{sender: newSender(w.desk)}
	going.ctx, going.stop = context.WithCancel(f.ctx)
	if w.desk.Vault != nil {
		going.keeper = newKeeper(w.desk)
	}
	going.network.Go(func() { <-going.ctx.Done() })
	go going.sender.run(going.ctx, nil, nil)
	at := func(do func()) { do() }
	f.work, f.world = going, w
	f.shell = shell.New(shell.Config{Desk: w.desk, Viewer: w.desk.Viewer, Papers: w.desk.Papers, Officer: w.desk.Officer, Go: at, OnUI: at, After: never, Now: clock})
	win.SetContent(f.shell.Content())
	return f, win, stop, ended
}

// came is what came before long.
func came(t *testing.T, ended chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the program does not end")
		return nil
	}
}

// free tells whether nobody holds a folder.
func free(t *testing.T, dir string) bool {
	t.Helper()
	w := &world{dir: dir}
	if err := w.alone(); err != nil {
		return false
	}
	if err := w.unlock(); err != nil {
		t.Fatal(err)
	}
	return true
}

// The driver of the window may take everything down with it when it is stopped: it is never stopped, and when the process goes, the station has
// been closed.
func TestTheStationIsClosedBeforeTheProgramIsGone(t *testing.T) {
	onCross := func(win *crossed, _ func()) { go win.cross() }
	signedOut := func(_ *crossed, stop func()) { stop() }
	for name, close := range map[string]func(*crossed, func()){"by the cross": onCross, "by signing out of the PC": signedOut} {
		t.Run(name, func(t *testing.T) {
			dir := sampleDir(t)
			w, err := openStation(t.Context(), dir, true)
			if err != nil {
				t.Fatal(err)
			}
			_, win, stop, ended := ending(t, dir, w)
			if free(t, dir) {
				t.Fatal("this test cannot fail")
			}
			close(win, stop)
			if err := came(t, ended); err != nil {
				t.Error(err)
			}
			if !free(t, dir) {
				t.Error("the program is gone and the station is open")
			}
		})
		t.Run(name+", practice", func(t *testing.T) {
			dir := t.TempDir()
			w := practised(t, dir)
			_, win, stop, ended := ending(t, dir, w)
			close(win, stop)
			if err := came(t, ended); err != nil {
				t.Error(err)
			}
			if got := inside(t, w.dir); !slices.Equal(got, emptied) {
				t.Errorf("left behind: %v", got)
			}
		})
		t.Run(name+", before anybody is in", func(t *testing.T) {
			_, win, stop, ended := ending(t, t.TempDir(), nil)
			close(win, stop)
			if err := came(t, ended); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whoever presses the cross again and again of a window that makes its last backup closes it once; the journal says who left.
func TestACrossPressedThreeTimesSignsOutOnce(t *testing.T) {
	for _, locked := range []bool{false, true} {
		dir, _ := protected(t)
		key, err := unlock(dir, chiefName, chiefPassword)
		if err != nil {
			t.Fatal(err)
		}
		w, err := openWorld(t.Context(), dir, key, toSetUp, clock)
		if err != nil {
			t.Fatal(err)
		}
		w.backup(t) // another one is not due
		f, win, _, ended := ending(t, dir, w)
		f.locked = locked
		for range 3 {
			win.cross()
		}
		if err := came(t, ended); err != nil {
			t.Error(err)
		}
		key, err = unlock(dir, chiefName, chiefPassword)
		if err != nil {
			t.Fatal(err)
		}
		if w, err = openWorld(t.Context(), dir, key, toWrite, clock); err != nil {
			t.Fatal(err)
		}
		rows, _, err := w.desk.Audit(t.Context(), dossier.TrailFilter{}, dossier.EventID{})
		if err != nil {
			t.Fatal(err)
		}
		outs := 0
		for _, r := range rows {
			if r.Kind == dossier.TraceSignedOut {
				outs++
			}
		}
		if outs != 1 || len(ended) != 0 {
			t.Errorf("locked %v: signed out %d times, gone %d times more", locked, outs, len(ended))
		}
		if err := w.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The station is being closed because the PC sleeps or another officer enters, and the window is closed at that moment.
func TestTheProgramWaitsForAStationThatIsBeingClosed(t *testing.T) {
	f, _, _, ended := ending(t, t.TempDir(), nil)
	f.leaving.Add(1)
	go f.end()
	select {
	case <-ended:
		t.Error("the program was gone before")
	case <-time.After(50 * time.Millisecond):
	}
	f.leaving.Done()
	if err := came(t, ended); err != nil {
		t.Error(err)
	}
}

// toFyne is what in a file gives the program's end to Fyne: it closes a window or quits.
func toFyne(file *ast.File) (names []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of := ""
		switch x := s.X.(type) {
		case *ast.Ident:
			of = x.Name
		case *ast.SelectorExpr:
			of = x.Sel.Name
		}
		if s.Sel.Name == "Quit" || s.Sel.Name == "Close" && (of == "w" || of == "win" || of == "window") {
			names = append(names, of+"."+s.Sel.Name)
		}
		return true
	})
	return names
}

// Fyne's way out loses a race once in a while (docs/adr/0016), so nobody takes it.
func TestNobodyLeavesTheEndToFyne(t *testing.T) {
	files := token.NewFileSet()
	looked := 0
	for _, root := range []string{".", filepath.Join("..", "..", "ui")} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			looked++
			if names := toFyne(file); len(names) > 0 {
				t.Errorf("%s: %s: say front.end instead", path, strings.Join(names, ", "))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sample, err := parser.ParseFile(files, "", "package p; func f() { a.Quit(); f.win.Close(); win.Close(); do(w.Close); do(a.Quit); file.Close() }", 0)
	if err != nil || len(toFyne(sample)) != 5 || looked < 100 {
		t.Error("this test cannot fail")
	}
}
