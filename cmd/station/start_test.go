package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/vfs"
	"tiepnhan/ui/gate"
)

// raw does SQL to a station's encrypted file behind the program's back.
func raw(t *testing.T, dir string, queries ...string) {
	t.Helper()
	key, err := unlock(dir, chiefName, chiefPassword)
	if err != nil {
		t.Fatal(err)
	}
	if err := key.open(t.Context(), dir, true); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(dir, store.FileName)}).EscapedPath()+"?vfs="+key.layer.Name())
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range queries {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(query, err)
		}
	}
	if err := errors.Join(db.Close(), key.close()); err != nil {
		t.Fatal(err)
	}
}

// entering is a door at which somebody tries to enter.
func entering(t *testing.T, dir string) (*door, error) {
	t.Helper()
	d := newDoor(t.Context(), dir, nil, nil)
	err := d.Enter(chiefName, chiefPassword)
	t.Cleanup(func() {
		if d.opened != nil {
			d.opened.close()
		}
	})
	return d, err
}

func (d *door) shutNow(t *testing.T) {
	t.Helper()
	if err := d.opened.close(); err != nil {
		t.Fatal(err)
	}
	d.opened = nil
}

func listed(t *testing.T, w *world) int {
	t.Helper()
	rows, err := w.desk.Store.List(t.Context(), dossier.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return len(rows)
}

func TestDamagedViewsAreMadeAgainAtTheGate(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	raw(t, dir, "DROP TABLE dossier", "DELETE FROM search")
	var heard []gate.Progress
	d := newDoor(t.Context(), dir, nil, nil)
	d.Listen(func(p gate.Progress) { heard = append(heard, p) })
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	if !d.mended || d.Aside() == "" || listed(t, d.opened) != 1 {
		t.Errorf("mended %v, aside %q", d.mended, d.aside)
	}
	if len(heard) < 2 || !strings.Contains(heard[len(heard)-1].Doing, "từ nhật ký") {
		t.Errorf("heard %+v", heard)
	}
	d.shutNow(t)
	if sealed, err := vfs.Encrypted(filepath.Join(d.aside, store.FileName)); !sealed || err != nil {
		t.Error("what lies aside is in clear", err)
	}
	if _, err := os.Stat(filepath.Join(d.aside, keyring.FileName)); err != nil {
		t.Error("what opens it does not lie beside it", err)
	}
	asChief(t, dir, "", "verify").ok(t)
	again, err := entering(t, dir)
	if err != nil || again.mended {
		t.Error(again.mended, err)
	}
}

func TestALostStoreIsRestoredAtTheGate(t *testing.T) {
	at(t, "2026-11-20 09:05")
	for what, spoil := range map[string]func(path string) error{
		"garbage": func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte{0xa5}, 1<<16), 0o600) },
		"empty":   func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"gone":    os.Remove,
		"half": func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return os.Truncate(path, info.Size()/2/4096*4096)
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir, _ := protected(t)
			chiefSignedIn(t, dir)
			file := backedUp(t, dir)
			asChief(t, dir, cardRequest, "receive", "-in", "-").ok(t)
			path := filepath.Join(dir, store.FileName)
			if err := spoil(path); err != nil {
				t.Fatal(err)
			}
			d, err := entering(t, dir)
			if _, known := gate.Way(err); !known || d.opened != nil {
				t.Fatalf("the gate does not know what to do about %v", err)
			}
			places, err := d.Backups("")
			if err != nil || len(places[0].Backups) != 1 || places[0].Backups[0].Path != file {
				t.Fatalf("found %+v, %v", places, err)
			}
			if _, err := d.Backups(filepath.Join(dir, "khong-co")); dossier.Code(err) != "gate.no-file" {
				t.Error(err)
			}
			if one, err := d.Backups(file); err != nil || len(one) != 1 || one[0].Backups[0].Path != file {
				t.Error(one, err)
			}
			var heard []gate.Progress
			d.Listen(func(p gate.Progress) { heard = append(heard, p) })
			if err := d.Restore(gate.Restoring{From: file, Name: chiefName, Password: chiefPassword}); err != nil {
				t.Fatal(err)
			}
			if len(heard) == 0 || listed(t, d.opened) != 1 {
				t.Errorf("heard %+v", heard)
			}
			d.shutNow(t)
			asChief(t, dir, "", "verify").ok(t)
		})
	}
}

func TestAStationIsBegunAnewWithoutABackupAndTheOldOneStays(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	was, err := os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	raw(t, dir, "PRAGMA user_version") // closes the log
	garbage := bytes.Repeat([]byte{0xa5}, len(was))
	if err := os.WriteFile(filepath.Join(dir, store.FileName), garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := entering(t, dir)
	if dossier.Code(err) != "store.wrong-key" {
		t.Fatal(err)
	}
	ring, err := os.ReadFile(filepath.Join(dir, keyring.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.StartAnew(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{store.FileName: garbage, keyring.FileName: ring} {
		if kept, err := os.ReadFile(filepath.Join(d.Aside(), name)); err != nil || !bytes.Equal(kept, want) {
			t.Errorf("%s does not lie aside as it was: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, name)); !os.IsNotExist(err) {
			t.Errorf("%s is there still: %v", name, err)
		}
	}
	if d.Kind() != gate.First {
		t.Fatal(d.Kind())
	}
	if code, err := d.Create("chi-huy-moi", chiefPassword); err != nil || code == "" || listed(t, d.opened) != 0 {
		t.Error(code, err)
	}
	d.shutNow(t)
}

func TestANewerStationIsLookedAt(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	raw(t, dir, "PRAGMA user_version = 6553604") // views 100, truth 4
	d, err := entering(t, dir)
	if dossier.Code(err) != "store.newer" {
		t.Fatal(err)
	}
	asChief(t, dir, "", "list").refused(t, "store.newer")
	before := fingerprints(t, dir)
	if err := d.Look(chiefName, "mot cau khac cua tram", gate.NewerProgram); dossier.Code(err) != "safe.wrong" {
		t.Error(err)
	}
	if err := d.Look(chiefName, chiefPassword, gate.NewerProgram); err != nil {
		t.Fatal(err)
	}
	w, ctx := d.opened, t.Context()
	if listed(t, w) != 1 || w.lookWords() == "" || w.desk.Vault != nil {
		t.Errorf("%d dossiers, banner %q", listed(t, w), w.lookWords())
	}
	if _, err := openWorld(ctx, dir, nil, toRead, clock); err == nil {
		t.Error("opened without a password")
	}
	if another := (&world{dir: dir}).alone(); dossier.Code(another) != "station.open" {
		t.Error("a second window could open it:", another)
	}
	d2, err := w.desk.Store.List(ctx, dossier.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := w.desk.Print(ctx, desk.Order{Form: "receipt", Dossiers: []dossier.ID{d2[0].ID}}, desk.Where{File: filepath.Join(t.TempDir(), "x.pdf")}, nil); err != nil || p.Path == "" {
		t.Error("cannot print:", err)
	}
	if err := w.desk.SaveDraft(ctx, desk.Form{}); dossier.Code(err) != "store.look-newer" {
		t.Error(err)
	}
	if _, err := w.desk.Send(ctx, nil); dossier.Code(err) != "store.look-newer" {
		t.Error(err)
	}
	d.shutNow(t)
	if after := fingerprints(t, dir); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	if left, err := os.ReadDir(scratch()); err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "tiepnhan-xem-") }) {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestAnUncleanEndIsLookedAtAndMayWait(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	d, err := entering(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	killed := t.TempDir() // as kill -9 leaves it
	for _, name := range append(keyring.Files(), store.FileName, store.FileName+"-wal") {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			if err := os.WriteFile(filepath.Join(killed, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.shutNow(t)
	put := newDoor(t.Context(), killed, nil, nil)
	asked := false
	put.told = func(p gate.Progress) {
		asked = asked || p.MayWait
		put.PutOff()
	}
	if err := put.Enter(chiefName, chiefPassword); err != nil || !asked {
		t.Fatal(asked, err)
	}
	put.shutNow(t)
	looked, err := entering(t, killed)
	if err != nil || looked.opened.store.Suspect() {
		t.Error("not looked at to its end", err)
	}
}

func TestEveryWayOutOfTheGateHasWords(t *testing.T) {
	for _, code := range []string{"store.newer", "store.read-only", "store.cannot-open", "station.folder", "store.full", "store.upgrade-full", "store.damaged", "store.damaged-at",
		"store.views-damaged", "store.wrong-key", "store.gone", "safe.damaged", "safe.cannot-read"} {
		if _, known := gate.Way(fmt.Errorf("open: %w", dossier.Invalid("", code))); !known {
			t.Error(code)
		}
	}
	for _, err := range []error{nil, errors.New("x"), dossier.Invalid("password", "safe.wrong"), dossier.Invalid("", "station.open"), dossier.Invalid("", "store.busy")} {
		if _, known := gate.Way(err); known {
			t.Error(err)
		}
	}
}
