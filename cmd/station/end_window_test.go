//go:build e2e

package main

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// However it is closed, and however impatiently, the program ends by itself and well, and the next one opens.
func TestWindowEndsByItself(t *testing.T) {
	d := newDisplay(t)
	s := &station{t: t, data: filepath.Join(t.TempDir(), "tram")}
	t.Cleanup(s.close)
	s.run("station", "setup", "-sample", "-data", s.data)
	signal := func(sig syscall.Signal) func() {
		return func() {
			if err := s.window.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, x := range []struct {
		what string
		ask  func()
	}{
		{"the cross", func() { d.close(1) }},
		{"the cross, pressed three times", func() { d.close(3) }},
		{"signing out", signal(syscall.SIGTERM)},
		{"Ctrl+C", signal(syscall.SIGINT)},
	} {
		s.open(d)
		d.settled()
		x.ask()
		window := s.window.Process
		late := time.AfterFunc(20*time.Second, func() { window.Kill() })
		if err := s.window.Wait(); err != nil {
			t.Errorf("%s: %v", x.what, err)
		}
		late.Stop()
		s.window = nil
		d.until("the window is gone", func() bool { return d.colours() <= 12 })
	}
	s.run("station", "verify", "-data", s.data)
}
