package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// practised is a practice station with one dossier in it, and its receipt.
func practised(t *testing.T, data string) *world {
	t.Helper()
	w, err := openPractice(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	in := w.desk.NewIntake()
	in.Procedure, in.Case = "issue-level2", "no-card"
	in.Requester.Person = dossier.Person{Name: "Nguyễn Văn Mẫu", Number: "001099000001", Born: dossier.Date{Year: 1999, Month: 1, Day: 1}, Sex: dossier.Male,
		Address: "Số 1 Phố Mẫu", Phone: "0900000001"}
	in.Papers = []dossier.Paper{{Key: "tk01", Originals: 1}}
	d, err := w.desk.Receive(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.desk.Print(t.Context(), desk.Order{Form: "receipt", Dossiers: []dossier.ID{d.ID}}, desk.Where{}, nil)
	if err != nil || p.Job != "" || dossier.Code(p.NoPrint) != "practice.no-paper" || filepath.Dir(p.Path) != filepath.Join(data, practiceFolder, "giay-to") {
		t.Fatalf("nobody chose a printer: %+v %v", p, err)
	}
	return w
}

func inside(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

var emptied = []string{practiceMark, lockFile}

func TestPracticeLeavesNothingAndTouchesNothing(t *testing.T) {
	data := t.TempDir()
	real, err := openStation(t.Context(), data, true)
	if err != nil {
		t.Fatal(err)
	}
	defer real.close()
	w := practised(t, data)
	if code := dossier.Code(second(w.desk.Enrol(t.Context(), "TN1.x"))); code != "practice.no-line" {
		t.Errorf("a ticket: %s", code)
	}
	if code := dossier.Code(second(w.desk.Send(t.Context(), nil))); code != "practice.no-line" {
		t.Errorf("sending: %s", code)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if got := inside(t, w.dir); !slices.Equal(got, emptied) {
		t.Errorf("left behind: %v", got)
	}
	if n, err := real.desk.Count(t.Context(), dossier.Query{}); err != nil || n != 0 {
		t.Errorf("the station itself has %d dossiers: %v", n, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestPracticeBeginsAnewAfterACrash(t *testing.T) {
	data := t.TempDir()
	w := practised(t, data)
	if err := w.store.Close(); err != nil { // the power is gone: nothing is cleared away
		t.Fatal(err)
	}
	if err := w.unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := openPractice(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := again.desk.Count(t.Context(), dossier.Query{}); err != nil || n != 0 {
		t.Errorf("%d dossiers of the last time: %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(again.dir, "giay-to")); err == nil {
		t.Error("papers of the last time")
	}
	if err := again.close(); err != nil {
		t.Fatal(err)
	}
}

func TestProgramForgetsACrashedPracticeButNotOneThatIsOpen(t *testing.T) {
	data := t.TempDir()
	forgetPractice(data)
	if got := inside(t, data); len(got) != 0 {
		t.Errorf("nothing to forget, and it made %v", got)
	}
	w := practised(t, data)
	forgetPractice(data)
	if n, err := w.desk.Count(t.Context(), dossier.Query{}); err != nil || n != 1 {
		t.Fatalf("an open practice was thrown away: %d, %v", n, err)
	}
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.unlock(); err != nil {
		t.Fatal(err)
	}
	forgetPractice(data)
	if got := inside(t, w.dir); !slices.Equal(got, emptied) {
		t.Errorf("left behind: %v", got)
	}
}

func TestTwoPracticesAtOnceAreRefused(t *testing.T) {
	data := t.TempDir()
	w := practised(t, data)
	defer w.close()
	if _, err := openPractice(t.Context(), data); dossier.Code(err) != "station.open" {
		t.Errorf("%v", err)
	}
	if n, err := w.desk.Count(t.Context(), dossier.Query{}); err != nil || n != 1 {
		t.Errorf("the first one lost its dossier: %d, %v", n, err)
	}
}

// TestPracticeThrowsAwayOnlyWhatItMade tries folders that have the name and are something else.
func TestPracticeThrowsAwayOnlyWhatItMade(t *testing.T) {
	real := t.TempDir()
	w, err := openStation(t.Context(), real, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	before := inside(t, real)
	moved, linked := t.TempDir(), t.TempDir()
	if err := os.Rename(real, filepath.Join(moved, practiceFolder)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(moved, practiceFolder), filepath.Join(linked, practiceFolder)); err != nil {
		t.Skip(err)
	}
	for range 2 { // a second try must not be let in by what the first one left
		for _, data := range []string{moved, linked} {
			if _, err := openPractice(t.Context(), data); dossier.Code(err) != "practice.folder" {
				t.Errorf("%v", err)
			}
			forgetPractice(data)
		}
	}
	if got := inside(t, filepath.Join(moved, practiceFolder)); !slices.Equal(got, before) {
		t.Errorf("was %v, is %v", before, got)
	}
}
