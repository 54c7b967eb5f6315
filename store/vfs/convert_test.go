package vfs

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

// old is a database in clear, or under a layer, of which much is in its log alone, as a crash left it.
func old(t *testing.T, from *Layer) string {
	t.Helper()
	db := open(t, filepath.Join(t.TempDir(), "x.db"), from, "journal_mode(wal)")
	populate(t, db, 20)
	run(t, db, "PRAGMA user_version = 42", "PRAGMA application_id = 77", "PRAGMA wal_checkpoint", "UPDATE person SET number = no")
	var path string
	must(t, db.QueryRow("SELECT file FROM pragma_database_list").Scan(&path))
	crashed := hot(t, path)
	must(t, db.Close())
	return crashed
}

// whole fails where the database is not what old made.
func whole(t *testing.T, path string, l *Layer) {
	t.Helper()
	db := open(t, path, l)
	for query, want := range map[string]string{"PRAGMA integrity_check": "ok", "SELECT count(*) || sum(number) FROM person": "20210", "PRAGMA user_version": "42",
		"PRAGMA application_id": "77", "SELECT count(*) FROM search WHERE search MATCH 'quach'": "6"} {
		if got := one(t, db, query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	must(t, db.Close())
}

// alone fails where anything but the database is in its folder.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("%s is left", e.Name())
		}
	}
}

var steps = []string{"log linked", "old one whole", "half copied", "copied", "found sound", "linked", "swapped", ""}

// The power goes after any step: one good database is there under its name, and to do it again completes it.
func TestAConversionMayEndAnywhere(t *testing.T) {
	for _, verb := range []string{"encrypt", "renew"} {
		for _, step := range steps {
			from, to := (*Layer)(nil), layer(t, "a")
			if verb == "renew" {
				from, to = to, layer(t, "b")
			}
			path := old(t, from)
			out, err := other(verb, path, step).CombinedOutput()
			var exit *exec.ExitError
			if step == "" && string(out) != "<nil>\n" || step != "" && (!errors.As(err, &exit) || exit.ExitCode() != 77) {
				t.Fatalf("%s %q: %v\n%s", verb, step, err, out)
			}
			for again := range 2 {
				now := from
				if encrypted, err := Encrypted(path); err != nil {
					t.Fatal(err)
				} else if encrypted && to.Check(path) == nil {
					now = to
				}
				if late := step == "swapped" || step == ""; late != (now == to) && again == 0 {
					t.Errorf("%s %q: which one is in use", verb, step)
				}
				whole(t, path, now)
				if err := Convert(context.Background(), path, from, to); err != nil {
					t.Fatalf("%s after %q: %v", verb, step, err)
				}
			}
			whole(t, path, to)
			alone(t, path)
			nothingInClear(t, filepath.Dir(path), verb+" "+step)
		}
	}
}

// What the old files' places on the disk held is overwritten before they are given back.
func TestTheFileInClearIsOverwritten(t *testing.T) {
	path := old(t, nil)
	dir := t.TempDir() // of second names, which show what the files were when they were removed
	must(t, os.Link(path, filepath.Join(dir, "main")))
	must(t, os.Link(path+"-wal", filepath.Join(dir, "log")))
	must(t, Convert(context.Background(), path, nil, layer(t, "a")))
	nothingInClear(t, dir, "converted")
	nothingInClear(t, filepath.Dir(path), "converted")
	for _, name := range []string{"main", "log"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || len(text) == 0 || !isZero(text) {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
}

func TestAConversionThatCannotBeChangesNothing(t *testing.T) {
	ctx := context.Background()
	a, b, c := layer(t, "a"), layer(t, "b"), layer(t, "c")
	path := old(t, a)
	before := fingerprint(t, path)
	if err := Convert(ctx, path, b, c); dossier.Code(err) != "store.wrong-key" || fingerprint(t, path) != before {
		t.Error(err)
	}
	if err := Convert(ctx, path, nil, c); dossier.Code(err) != "store.damaged" {
		t.Error(err)
	}
	path = old(t, nil)
	if err := Convert(ctx, path, a, b); dossier.Code(err) != "store.plain" {
		t.Error(err)
	}
	if err := Convert(ctx, path+"no", nil, b); dossier.Code(err) != "store.missing" {
		t.Error(err)
	}
	whole(t, path, nil)

	path = old(t, nil)
	db := open(t, path, nil, "journal_mode(wal)")
	if got := one(t, db, "SELECT count(*) FROM person"); got != "20" {
		t.Error(got)
	}
	if err := Convert(ctx, path, nil, a); dossier.Code(err) != "store.busy" {
		t.Error(err)
	}
	must(t, db.Close())
	whole(t, path, nil)
	if runtime.GOOS != "windows" { // there a second name of a file in use stays until the next time
		alone(t, path)
	}

	path = old(t, nil)
	db = open(t, path, nil)
	run(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	must(t, db.Close())
	text, err := os.ReadFile(path)
	must(t, err)
	i := bytes.Index(text, []byte(strings.Repeat("Nguyễn Văn Mẫu ", 20)))
	if i < 0 {
		t.Fatal("nothing to spoil")
	}
	page := i / 4096 * 4096
	clear(text[page : page+100])
	must(t, os.WriteFile(path, text, 0o600))
	if err := Convert(ctx, path, nil, a); dossier.Code(err) != "store.damaged" {
		t.Error(err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after[100:], text[100:]) {
		t.Error("a damaged file was changed", err)
	}
	alone(t, path)
}
