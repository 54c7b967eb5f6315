package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

const strangerDir = "TIEPNHAN_TEST_STRANGER"

// beStranger opens and makes stores as somebody without rights and says what it was told.
func beStranger(dir string) int {
	_, err := Open(context.Background(), filepath.Join(dir, "kept"), noReserve)
	fmt.Println("open", dossier.Code(err))
	_, err = Create(context.Background(), filepath.Join(dir, "new"), noReserve)
	fmt.Println("create", dossier.Code(err))
	return 0
}

func TestFolderWithoutRightsIsSaid(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights are other there")
	}
	dir, err := os.MkdirTemp("", "stranger")
	must(t, err)
	defer os.RemoveAll(dir)
	s, err := Create(context.Background(), filepath.Join(dir, "kept"), noReserve)
	must(t, err)
	must(t, s.Record(context.Background(), storetest.SettingsEvent(1)))
	must(t, s.Close())
	must(t, os.Chmod(filepath.Join(s.dir, FileName), 0o444))
	must(t, os.Chmod(s.dir, 0o555))
	must(t, os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o755)
	defer os.Chmod(s.dir, 0o755)
	self, err := os.ReadFile(must1(os.Executable()))
	must(t, err)
	program := filepath.Join(t.TempDir(), "stranger")
	must(t, os.WriteFile(program, self, 0o755))
	for up := filepath.Dir(program); len(up) > len(os.TempDir()); up = filepath.Dir(up) {
		must(t, os.Chmod(up, 0o755))
	}
	stranger := exec.Command(program)
	stranger.Env = append(os.Environ(), strangerDir+"="+dir)
	asNobody(stranger)
	out, err := stranger.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Fields(string(out))
	if len(got) != 4 || got[1] != "store.cannot-open" && got[1] != "store.read-only" || got[3] != "store.cannot-open" {
		t.Errorf("%q", out)
	}
}

func must1(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func TestWriteProtectedDiskIsSaid(t *testing.T) {
	dir := smallDisk(t, "16m")
	s, err := Create(context.Background(), filepath.Join(dir, "data"), noReserve)
	must(t, err)
	must(t, s.Record(context.Background(), storetest.SettingsEvent(1)))
	must(t, s.Close())
	writeProtect(t, dir)
	_, err = Open(context.Background(), s.dir, noReserve)
	if code := dossier.Code(err); code != "store.read-only" && code != "store.cannot-open" {
		t.Error(err)
	}
	_, err = Create(context.Background(), filepath.Join(dir, "other"), noReserve)
	wantCode(t, err, "store.cannot-open")
}

func TestFolderThatCannotBeIsSaid(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	_, err := Open(ctx, dir, noReserve)
	wantCode(t, err, "store.missing")
	_, err = Open(ctx, filepath.Join(dir, "none"), Options{ReadOnly: true})
	wantCode(t, err, "store.missing")
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	_, err = Create(ctx, filepath.Join(file, "below"), noReserve)
	wantCode(t, err, "store.cannot-open")
	must(t, os.Mkdir(filepath.Join(dir, FileName), 0o700))
	_, err = Open(ctx, dir, noReserve)
	wantCode(t, err, "store.damaged")
	_, err = Open(ctx, t.TempDir(), Options{VFS: "no-such-layer"})
	wantCode(t, err, "store.missing")
}

func TestStoreOfANewerProgramIsLeftAlone(t *testing.T) {
	s := newStore(t, 1)
	db := rawly(t, s)
	_, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", schemaVersion+1))
	must(t, err)
	must(t, s.Close())
	for _, opts := range []Options{noReserve, {ReadOnly: true}} {
		_, err := Open(context.Background(), s.dir, opts)
		wantCode(t, err, "store.newer")
	}
	_, err = Create(context.Background(), s.dir, noReserve)
	wantCode(t, err, "store.exists")
}

// Read verbs of the command line open beside the window.
func TestLookingBesideTheWriter(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	look, err := Open(ctx, s.dir, Options{ReadOnly: true})
	must(t, err)
	defer look.Close()
	d, err := receive(s, 1)
	must(t, err)
	if got, err := look.Dossier(ctx, d.ID); err != nil || got.Number != d.Number {
		t.Error(got.Number, err)
	}
	if rows, err := look.List(ctx, dossier.Query{Text: "mau"}); len(rows) != 1 || err != nil {
		t.Error(len(rows), err)
	}
	verified(t, look)
	_, err = receive(look, 2)
	wantCode(t, err, "store.read-only")
	wantCode(t, look.SaveDraft(ctx, "x", nil), "store.read-only")
	wantCode(t, look.Rebuild(ctx), "store.read-only")
	if _, err := look.reads.Exec("DELETE FROM draft"); err == nil {
		t.Error("a reader could write")
	}
	if _, err := s.reads.Exec("DELETE FROM draft"); err == nil {
		t.Error("a reader beside the writer could write")
	}
}

func TestAfterClosingNothingIsKept(t *testing.T) {
	s := newStore(t, 1)
	must(t, s.Close())
	must(t, s.Close())
	if err := s.SaveDraft(context.Background(), "x", nil); !errors.Is(err, errClosed) {
		t.Error(err)
	}
	if _, err := s.List(context.Background(), dossier.Query{}); err == nil {
		t.Error("read from a closed store")
	}
}
