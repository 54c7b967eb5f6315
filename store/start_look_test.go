package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/store/vfs"
)

var tooNew = dossier.Invalid("", "store.look-newer")

// looking opens a store to look at it, and tells where its copy is.
func looking(t testing.TB, dir string, opts Options) (*Store, string) {
	t.Helper()
	scratch := t.TempDir()
	before := fingerprint2(t, dir)
	s, err := OpenToLook(context.Background(), dir, scratch, opts, tooNew)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	if after := fingerprint2(t, dir); after != before {
		t.Errorf("the store was touched: was\n%s\nis\n%s", before, after)
	}
	return s, scratch
}

// fingerprint2 is fingerprint of the files alone.
func fingerprint2(t testing.TB, dir string) string {
	t.Helper()
	var out strings.Builder
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			fmt.Fprintln(&out, e.Name(), info.Size(), info.ModTime())
		}
	}
	return out.String()
}

func keepsNothing(t testing.TB, s *Store, code string) {
	t.Helper()
	ctx := context.Background()
	_, err := receive(s, 70)
	wantCode(t, err, code)
	_, err = perform(s, 71, storetest.DossierID(1), dossier.Forwarded, dossier.Forward{To: "x"})
	wantCode(t, err, code)
	wantCode(t, s.Record(ctx, storetest.SettingsEvent(1)), code)
	wantCode(t, s.SaveDraft(ctx, "x", nil), code)
	wantCode(t, s.DropDraft(ctx, "x"), code)
	wantCode(t, s.KeepSecret(ctx, "x", []byte("x")), code)
	wantCode(t, s.Rebuild(ctx), code)
	pc := storetest.NewSister(9)
	wantCode(t, s.Adopt(ctx, pc.Genesis, pc.Owner()), code)
}

func TestANewerStoreIsShownAsFarAsItsJournalsProve(t *testing.T) {
	ctx := context.Background()
	const noted = "ALTER TABLE event ADD COLUMN noted TEXT; CREATE TABLE more (x); INSERT INTO more VALUES (1); "
	for name, x := range map[string]struct {
		version int
		change  string
	}{
		"newer views": {(viewsVersion+1)<<16 | schemaVersion, "DROP TABLE dossier; CREATE TABLE dossier (quite TEXT, another TEXT); DROP TABLE search; DROP TABLE standing; CREATE VIEW later AS SELECT 1"},
		"newer truth": {viewsVersion<<16 | (schemaVersion + 1), noted},
		"newer both":  {(viewsVersion+4)<<16 | (schemaVersion + 7), noted + "DROP TABLE clock"},
	} {
		for _, encrypted := range []bool{false, true} {
			s := allSorts(t)
			want, own := dump(t, s), s.Own().Head
			if encrypted {
				s = sealedCopy(t, s)
			}
			opts := s.opts
			db, err := sql.Open("sqlite", address(filepath.Join(s.dir, FileName), opts.VFS, forCopying))
			must(t, err)
			_, err = db.Exec(x.change)
			must(t, err)
			_, err = db.Exec(fmt.Sprintf("PRAGMA user_version = %d", x.version))
			must(t, err)
			must(t, db.Close())
			must(t, s.Close())
			_, err = Open(ctx, s.dir, opts)
			wantCode(t, err, "store.newer")
			look, scratch := looking(t, s.dir, opts)
			if got := dump(t, look); got != want || look.Own().Head != own {
				t.Errorf("%s: shown\n%s\nwant\n%s", name, got, want)
			}
			keepsNothing(t, look, "store.look-newer")
			if rows, err := look.List(ctx, dossier.Query{Text: "mau"}); len(rows) == 0 || err != nil {
				t.Error(name, len(rows), err)
			}
			if body, err := look.Draft(ctx, "receive"); string(body) != "đã nhập" || err != nil {
				t.Errorf("%s: draft %q %v", name, body, err)
			}
			if look.OnlyLooks() == nil {
				t.Error("it does not say that it only looks")
			}
			must(t, look.Close())
			if left, _ := os.ReadDir(scratch); len(left) != 0 {
				t.Errorf("%s: %v is left", name, left)
			}
		}
	}
}

// sealedCopy is the same store, encrypted.
func sealedCopy(t testing.TB, s *Store) *Store {
	t.Helper()
	must(t, s.Close())
	l := keyed(t, "look")
	must(t, vfs.Convert(context.Background(), filepath.Join(s.dir, FileName), nil, l))
	again, err := Open(context.Background(), s.dir, under(l))
	must(t, err)
	return again
}

// What this program cannot prove it does not show.
func TestANewerStoreOfAnotherMakeIsNotShown(t *testing.T) {
	for name, change := range map[string]string{
		"another hash":   "UPDATE entry SET hash = randomblob(32)",
		"no such table":  "PRAGMA foreign_keys = off; DROP TABLE entry",
		"no such column": "ALTER TABLE event RENAME COLUMN header TO heading",
		"other bodies":   "UPDATE event SET body = x'0102' WHERE body IS NOT NULL",
	} {
		s := lived(t)
		db := rawly(t, s)
		_, err := db.Exec(change + fmt.Sprintf("; PRAGMA user_version = %d", schemaVersion+1))
		must(t, err)
		must(t, db.Close())
		must(t, s.Close())
		scratch := t.TempDir()
		_, err = OpenToLook(context.Background(), s.dir, scratch, noReserve, tooNew)
		if code := dossier.Code(err); code != "store.newer" {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir(scratch); len(left) != 0 {
			t.Errorf("%s: %v is left", name, left)
		}
	}
}

// Neither what stands in the log alone nor an older form keeps anybody from looking where nothing can be written.
func TestAWriteProtectedStoreIsShownWithItsLog(t *testing.T) {
	ctx := context.Background()
	for _, older := range []bool{false, true} {
		disk := smallDisk(t, "16m")
		dir := filepath.Join(disk, "data")
		must(t, os.Mkdir(dir, 0o700))
		from := ""
		dossiers := 3
		if older {
			from = fromPast(t, "2.1")
		} else {
			s := newStore(t, 1)
			must(t, s.writer.script("PRAGMA wal_autocheckpoint = 0"))
			for i := range dossiers {
				_, err := receive(s, i)
				must(t, err)
			}
			from = crashedCopy(t, s)
		}
		for _, suffix := range []string{"", "-wal"} {
			must(t, copyFile(filepath.Join(from, FileName+suffix), filepath.Join(dir, FileName+suffix), func(int) {}))
		}
		writeProtect(t, disk)
		if _, err := Open(ctx, dir, noReserve); err == nil {
			t.Fatal("opened to write")
		}
		look, _ := looking(t, dir, noReserve)
		if n, err := look.Count(ctx, dossier.Query{}); n != dossiers || err != nil {
			t.Errorf("older %v: %d dossiers, %v", older, n, err)
		}
		keepsNothing(t, look, "store.look-newer")
		verified(t, look)
	}
}

func TestNoRoomToLookIsSaid(t *testing.T) {
	s := lived(t)
	must(t, s.Close())
	disk := smallDisk(t, "1m")
	fillUp(t, filepath.Join(disk, "filler"), 64<<10)
	_, err := OpenToLook(context.Background(), s.dir, disk, noReserve, tooNew)
	wantCode(t, err, "store.look-room")
	if left, _ := os.ReadDir(disk); len(left) != 1 {
		t.Errorf("%v is left", left)
	}
	_, err = OpenToLook(context.Background(), t.TempDir(), t.TempDir(), noReserve, tooNew)
	wantCode(t, err, "store.missing")
}

func TestWhatLookingLeftIsForgottenAfterADay(t *testing.T) {
	s := lived(t)
	must(t, s.Close())
	scratch := t.TempDir()
	for name, age := range map[string]time.Duration{scratchPrefix + "old": 25 * time.Hour, scratchPrefix + "now": time.Hour, "another": 1000 * time.Hour} {
		must(t, os.Mkdir(filepath.Join(scratch, name), 0o700))
		at := time.Now().Add(-age)
		must(t, os.Chtimes(filepath.Join(scratch, name), at, at))
	}
	look, err := OpenToLook(context.Background(), s.dir, scratch, noReserve, tooNew)
	must(t, err)
	must(t, look.Close())
	var left []string
	all, _ := os.ReadDir(scratch)
	for _, e := range all {
		left = append(left, e.Name())
	}
	if got := strings.Join(left, " "); got != "another "+scratchPrefix+"now" {
		t.Error(got)
	}
}

// A disk without any room at the start: what is there is shown, and what is typed is kept.
func TestFullDiskAtTheStartOpensByTheReserve(t *testing.T) {
	ctx := context.Background()
	disk := smallDisk(t, "48m")
	dir := filepath.Join(disk, "data")
	s, err := Create(ctx, dir, Options{Now: noReserve.Now})
	must(t, err)
	must(t, s.Record(ctx, storetest.SettingsEvent(1)))
	_, err = receive(s, 1)
	must(t, err)
	must(t, s.Close())
	filler := filepath.Join(disk, "filler")
	must(t, fill(filler))
	s, err = Open(ctx, dir, Options{Now: noReserve.Now})
	must(t, err)
	if n, err := s.Count(ctx, dossier.Query{}); n != 1 || err != nil {
		t.Error(n, err)
	}
	must(t, s.Glance(ctx))
	must(t, s.SaveDraft(ctx, "receive", []byte(strings.Repeat("đã nhập ", 1000))))
	_, err = receive(s, 2)
	wantCode(t, err, "store.full")
	must(t, os.Remove(filler))
	_, err = receive(s, 2)
	must(t, err)
	verified(t, s)
	must(t, s.Close())
}
