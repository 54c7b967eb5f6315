//go:build e2e

package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// longAgo is a made-up station behind a chief's password as it was two hours ago, with the chief at the desk.
func longAgo(t *testing.T) (*station, *world) {
	t.Helper()
	s := &station{t: t, data: filepath.Join(t.TempDir(), "tram"), home: t.TempDir(), password: chiefPassword}
	t.Cleanup(s.close)
	old, before := clock, machineSecret
	defer func() { clock, machineSecret = old, before }()
	clock = func() time.Time { return time.Now().Add(-2 * time.Hour) }
	machineSecret = func() (string, error) { return filepath.Join(s.home, "config", "tiepnhan", "may.khoa"), nil }
	key, _, err := makeSafe(s.data, chiefName, chiefPassword)
	if err != nil {
		t.Fatal(err)
	}
	w, err := openWorld(t.Context(), s.data, key, toSetUp, clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.desk.SetUp(t.Context(), sampleSettings()), w.enter(t.Context(), dossier.ByPassword)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, w
}

// backups are the files of them beside the store.
func (s *station) backups() []string {
	found, err := filepath.Glob(filepath.Join(s.data, "sao-luu", "*.saoluu"))
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

// said tells how often the journal says something of that kind.
func (s *station) said(kind dossier.Kind) int {
	s.t.Helper()
	w := s.opened(toRead)
	defer w.close()
	n := 0
	err := w.store.Trail(s.t.Context(), dossier.TrailFilter{Kinds: []dossier.Kind{kind}}, dossier.EventID{}, func(dossier.TrailRow) error { n++; return nil })
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// A chief who is alone and has announced it two hours ago puts a backup in the place of the store by keys alone, signs in again, works on, and
// closes the window: that backs up what was done.
func TestWindowRestoresAndBacksUpAtItsEnd(t *testing.T) {
	d := newDisplay(t)
	s, w := longAgo(t)
	shot := shots(t, d)
	path := w.backup(t)
	if _, err := w.desk.MayRestore(t.Context(), path, desk.Confirm{}); dossier.Code(err) != "confirm.announced" {
		t.Fatal(err)
	}
	later := w.receives(t)
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	s.open(d)
	d.settled()
	gate := d.part(gateTitle)
	d.write(chiefName)
	d.key("Tab")
	d.write(chiefPassword)
	d.key("Return")
	d.leaves(gate, "the desk is there")
	d.key("F11")
	d.settled()
	d.write("8")
	d.settled()
	shot("70-backups")
	d.key("F8")
	d.settled()
	shot("71-missing")
	d.key("F9")
	d.settled()
	shot("72-last-question")
	page := d.part(gateTitle)
	d.key("Tab")
	d.key("Return")
	d.leaves(page, "the desk is gone")
	d.until("it is restored", func() bool {
		asides, _ := filepath.Glob(filepath.Join(s.data, "cu-*"))
		return len(asides) == 1
	})
	d.settled()
	shot("73-restored")
	d.key("Return")
	d.settled()
	gate = d.part(gateTitle)
	d.write(chiefPassword) // the name stands there
	d.key("Return")
	d.leaves(gate, "the desk is back")
	if rows := s.rows(); slices.ContainsFunc(rows, func(r dossier.Summary) bool { return r.Number == later }) {
		t.Errorf("what came after the backup is still there: %v", rows)
	}
	if n := s.said(dossier.TraceRestored); n != 1 {
		t.Errorf("restored %d times", n)
	}
	d.key("F2")
	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled()
	d.key("F8")
	d.key("F9")
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	before := len(s.backups())
	d.close(1)
	if err := s.window.Wait(); err != nil {
		t.Errorf("closed: %v", err)
	}
	s.window = nil
	if now := len(s.backups()); now != before+1 {
		t.Errorf("%d backups before it was closed, %d now", before, now)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	if n := s.said(dossier.TraceBackedUp); n == 0 {
		t.Error("the journal says nothing of it")
	}
}
