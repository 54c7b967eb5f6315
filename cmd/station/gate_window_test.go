//go:build e2e

package main

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"tiepnhan/dossier"
)

// gateTitle is where each page of the gate says what it is; no other screen looks the same there.
var gateTitle = image.Rect(290, 40, 990, 110)

// gateBar is where its buttons are: they say so while something is being done.
var gateBar = image.Rect(290, 745, 990, 800)

func (d *display) part(r image.Rectangle) []byte {
	d.t.Helper()
	img := d.picture()
	var b []byte
	for y := r.Min.Y; y < r.Max.Y; y++ {
		b = append(b, img.Pix[img.PixOffset(r.Min.X, y):img.PixOffset(r.Max.X, y)]...)
	}
	return b
}

// leaves is until another page is shown than that one.
func (d *display) leaves(page []byte, what string) {
	d.t.Helper()
	d.until(what, func() bool { return !bytes.Equal(page, d.part(gateTitle)) })
	d.settled()
}

var groups = regexp.MustCompile(`[0-9]{6}`)

// setPassword goes through the gate of an empty folder: the first password, the recovery sheet as a file, and one group of its code.
func (s *station) setPassword(d *display, shot func(string)) {
	s.t.Helper()
	d.write(chiefPassword)
	d.key("Tab")
	d.write(chiefPassword)
	page := d.part(gateTitle)
	shot("05-first-password")
	d.key("F9")
	d.leaves(page, "the recovery code is shown")
	shot("06-recovery-code")
	d.key("Control", "s")
	var sheets []string
	d.until("the sheet is there", func() bool {
		sheets, _ = filepath.Glob(filepath.Join(s.home, "phieu-khoi-phuc-*.pdf"))
		return len(sheets) == 1
	})
	pdf, err := os.ReadFile(sheets[0])
	if err != nil {
		s.t.Fatal(err)
	}
	code := groups.FindAll(pdfText(s.t, pdf), -1)
	if len(code) != 8 {
		s.t.Fatalf("the sheet has %d groups", len(code))
	}
	d.settled()
	d.key("F9")
	d.settled()
	page = d.part(gateTitle)
	for i, group := range code { // which one is asked for only a person can read
		d.write(string(group))
		if i == 0 {
			shot("07-group")
		}
		d.key("F9")
		d.settled()
		if !bytes.Equal(page, d.part(gateTitle)) {
			break
		}
		d.key("Control", "a")
		d.key("BackSpace")
	}
	d.leaves(page, "the station is to be set up")
	s.password = chiefPassword
}

// A chief locks the desk in mid-form and comes back to it; what was typed is there, and nobody else gets in.
func TestWindowLocksAndComesBackToTheForm(t *testing.T) {
	d := newDisplay(t)
	s := &station{t: t, data: filepath.Join(t.TempDir(), "tram"), home: t.TempDir(), password: chiefPassword}
	t.Cleanup(s.close)
	shot := shots(t, d)
	s.password = ""
	s.run("station", "setup", "-sample", "-data", s.data)
	before := machineSecret
	machineSecret = func() (string, error) { return filepath.Join(s.home, "config", "tiepnhan", "may.khoa"), nil }
	key, _, err := makeSafe(s.data, chiefName, chiefPassword)
	machineSecret = before
	if err != nil {
		t.Fatal(err)
	}
	if err := key.close(); err != nil {
		t.Fatal(err)
	}
	s.password = chiefPassword

	s.open(d)
	d.settled()
	gate := d.part(gateTitle)
	d.write(chiefName) // nobody was here before
	d.key("Tab")
	d.write("khong phai mat khau nay")
	d.settled()
	bar := d.part(gateBar)
	d.key("Return")
	d.until("the password is looked at", func() bool { return !bytes.Equal(bar, d.part(gateBar)) })
	d.until("it has been looked at", func() bool { return bytes.Equal(bar, d.part(gateBar)) })
	d.settled()
	shot("08-wrong-password")
	d.write(chiefPassword) // what was wrong is replaced
	d.key("Return")
	d.leaves(gate, "the desk is there")
	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled()
	desk := d.part(gateTitle)
	d.key("Control", "Shift", "k")
	d.leaves(desk, "the desk is hidden")
	shot("09-locked")
	locked := d.part(gateTitle)
	d.key("F3") // nothing of the desk answers
	d.settled()
	if !bytes.Equal(locked, d.part(gateTitle)) {
		t.Error("a locked window answers the keys of the desk")
	}
	d.write(chiefPassword)
	d.key("Return")
	d.leaves(locked, "the desk is back")
	shot("09-back")
	if !bytes.Equal(desk, d.part(gateTitle)) {
		t.Error("it does not come back to the form that was left")
	}
	d.key("F8")
	d.key("F9")
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	if err := s.window.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.window.Wait(); err != nil {
		t.Errorf("signed out: %v", err)
	}
	s.window = nil
	w := s.opened(toRead)
	defer w.close()
	users, err := w.store.Users(t.Context())
	if err != nil || len(users) != 1 || users[0].ID != chiefName || users[0].Role != dossier.RoleChief {
		t.Errorf("%+v, %v", users, err)
	}
	var kinds []dossier.Kind
	rows, _, err := w.desk.Audit(t.Context(), dossier.TrailFilter{}, dossier.EventID{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		switch r.Kind {
		case dossier.TraceSignedIn, dossier.TraceSignedOut, dossier.TraceLocked, dossier.TraceSignInFailed:
			kinds = append(kinds, r.Kind)
		}
	}
	want := []dossier.Kind{dossier.TraceSignedOut, dossier.TraceSignedIn, dossier.TraceLocked, dossier.TraceSignedIn, dossier.TraceSignInFailed}
	if len(kinds) != len(want) {
		t.Fatalf("in the journal: %v", kinds)
	}
	for i := range want {
		if kinds[i] != want[i] {
			t.Errorf("in the journal: %v", kinds)
		}
	}
}
