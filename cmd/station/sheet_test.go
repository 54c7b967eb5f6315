package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

func TestRecoverySheetIsKeptAwayFromTheDataWhateverIsOpen(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	w, err := openWorld(t.Context(), dir, nil, toRead, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	code := strings.Repeat("012342-", 7) + "012342"
	folder := home
	for _, open := range []*world{nil, w} { // nil: its store could not be opened
		path, err := saveSheet(t.Context(), open, code)
		if err != nil || path != filepath.Join(folder, "phieu-khoi-phuc-261120-0905.pdf") {
			t.Fatalf("%s, %v", path, err)
		}
		pdf, err := os.ReadFile(path)
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Errorf("%d bytes, %v", len(pdf), err)
		}
		folder = filepath.Join(home, "Desktop")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := printSheet(t.Context(), nil, code); dossier.Code(err) != "printer.none" {
		t.Errorf("no printer is known yet: %v", err)
	}
}
