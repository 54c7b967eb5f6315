package main

import (
	"os"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// another admits somebody and signs them in.
func (w *world) another(t *testing.T, id dossier.OfficerID) {
	t.Helper()
	if _, err := w.desk.Admit(t.Context(), dossier.UserAdmission{User: id, Name: "Trần Thị Thử", Role: dossier.RoleKeeper}, chiefPassword, desk.Confirm{}); err != nil {
		t.Fatal(err)
	}
	w.desk.Officer = id
}

func (w *world) receives(t *testing.T) string {
	t.Helper()
	in := citizen("lock-eid", 1)
	in.ID = newID()
	d, err := w.desk.Receive(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d.Number
}

func (w *world) backup(t *testing.T) string {
	t.Helper()
	places, err := w.desk.BackupPlaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.desk.BackUp(t.Context(), places[0], true, nil)
	if err != nil || !b.Proved {
		t.Fatalf("%+v, %v", b, err)
	}
	return b.Path
}

// again opens the station as who comes back to the gate does.
func (w *world) again(t *testing.T, name string) (*world, error) {
	t.Helper()
	key, err := unlock(w.dir, name, chiefPassword)
	if err != nil {
		t.Fatal(err)
	}
	back, err := openWorld(t.Context(), w.dir, key, toSetUp, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = back.close() })
	return back, back.enter(t.Context(), dossier.ByPassword)
}

func TestABackupTakesThePlaceOfTheStoreBehindTheScreen(t *testing.T) {
	w := emptyStation(t)
	kept := w.receives(t)
	path := w.backup(t)
	later := w.receives(t)
	if err := w.empty(); err != nil {
		t.Fatal(err)
	}
	made, err := w.putBack(t.Context(), path, "hai", nil)
	if err != nil || !made.Equal(clock()) {
		t.Fatal(made, err)
	}
	back, err := w.again(t, chiefName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := back.desk.Find(t.Context(), kept); err != nil {
		t.Error(err)
	}
	if _, err := back.desk.Find(t.Context(), later); dossier.Code(err) != "dossier.unknown" {
		t.Errorf("what came after the backup: %v", err)
	}
	rows, _, err := back.desk.Audit(t.Context(), dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceRestored}}, dossier.EventID{})
	if err != nil || len(rows) != 1 || rows[0].By != chiefName || rows[0].Said().(*dossier.Restore).Confirmed != "hai" {
		t.Errorf("%+v, %v", rows, err)
	}
}

// Who could not sign in afterwards restores nothing, and what cannot be read changes nothing: the station stands as it stood.
func TestWhatCannotBeRestoredLeavesTheStationAsItStood(t *testing.T) {
	for name, x := range map[string]struct {
		spoil func(path string) error
		want  string
	}{
		"a stranger to the backup": {func(string) error { return nil }, "keep.stranger"},
		"a damaged backup":         {func(path string) error { return os.Truncate(path, 3000) }, "backup.damaged"},
		"none":                     {os.Remove, "backup.none"},
	} {
		t.Run(name, func(t *testing.T) {
			w := emptyStation(t)
			path := w.backup(t)
			number := w.receives(t)
			if x.want == "keep.stranger" {
				w.another(t, "quan-tri")
			}
			if err := x.spoil(path); err != nil {
				t.Fatal(err)
			}
			if err := w.empty(); err != nil {
				t.Fatal(err)
			}
			if _, err := w.putBack(t.Context(), path, "", nil); dossier.Code(err) != x.want {
				t.Errorf("%v, want %s", err, x.want)
			}
			back, err := w.again(t, chiefName)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := back.desk.Find(t.Context(), number); err != nil {
				t.Error(err)
			}
		})
	}
}
