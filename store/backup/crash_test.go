package backup

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
)

var restoreSteps = []string{"looked through", "put aside", "key", "recoded", "ring", "named", "tidied", "finished"}

// The power goes at every step of a restore. Whoever opens the folder next has the old store with all it held, its log too, or the restored one; a
// restore that is begun again goes to its end; and nothing that was there is lost.
func TestARestoreThatIsCutOffLeavesTheOldStoreOrTheRestoredOne(t *testing.T) {
	for _, at := range restoreSteps {
		if at == "ring" {
			continue // a folder with a ring keeps it
		}
		for _, pending := range []bool{false, true} { // a change of keys was begun before
			s := newStation(t, 4)
			b := s.make(false)
			s.receive(3)
			if pending {
				keys, err := s.ring.Rekey(s.keys)
				must(t, err)
				s.keys = keys
			}
			s.leaveLog()
			r := s.restoring(b.Path)
			r.at = func(step string) error {
				if step == at {
					return errCrash
				}
				return nil
			}
			if _, err := Restore(t.Context(), r); !errors.Is(err, errCrash) {
				t.Fatalf("%s: %v", at, err)
			}
			s.unlock()
			must(t, Tidy(s.dir))
			s.open()
			named := slices.Index(restoreSteps, at) >= slices.Index(restoreSteps, "named")
			if n := s.count(); n != 7 && !named || n != 4 && named {
				t.Errorf("%s: %d dossiers", at, n)
			}
			s.sound()
			if s.keys.Next != nil {
				t.Errorf("%s: the change of keys stands unfinished", at)
			}
			asides, err := filepath.Glob(filepath.Join(s.dir, asideFor+"*"))
			must(t, err)
			if (len(asides) == 1) != named {
				t.Errorf("%s: put aside: %v", at, asides)
			}
			s.close()
			s.unlock()
			_, err = Restore(t.Context(), s.restoring(b.Path))
			must(t, err)
			s.unlock()
			s.open()
			if n := s.count(); n != 4 {
				t.Errorf("%s, and again: %d dossiers", at, n)
			}
			s.sound()
			s.close()
		}
	}
}

// leaveLog closes the store as a crash leaves it: what was kept last stands in the log alone.
func (s *station) leaveLog() {
	s.t.Helper()
	held := map[string][]byte{}
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(filepath.Join(s.dir, store.FileName+suffix))
		must(s.t, err)
		held[suffix] = b
	}
	if len(held["-wal"]) == 0 {
		s.t.Fatal("nothing stands in the log")
	}
	s.close()
	for suffix, b := range held {
		must(s.t, os.WriteFile(filepath.Join(s.dir, store.FileName+suffix), b, 0o600))
	}
}

// The same in a folder without a ring, and in an empty one: begun again it goes to its end.
func TestARestoreOnANewPCThatIsCutOffIsDoneAgain(t *testing.T) {
	from := newStation(t, 4)
	b := from.make(false)
	for _, at := range restoreSteps {
		dir := filepath.Join(t.TempDir(), "moi")
		must(t, os.Mkdir(dir, 0o700))
		r := Restoring{Dir: dir, From: b.Path, Machine: bytes.Repeat([]byte{8}, keyring.MachineSize), Code: from.code, By: name, Now: from.now, at: func(step string) error {
			if step == at {
				return errCrash
			}
			return nil
		}}
		if _, err := Restore(t.Context(), r); !errors.Is(err, errCrash) {
			t.Fatalf("%s: %v", at, err)
		}
		r.at = nil
		if keyring.Exists(dir) {
			ring, err := keyring.Open(dir, keyring.Options{Machine: r.Machine})
			must(t, err)
			u, err := ring.Recover(from.code)
			must(t, err)
			r.Ring, r.Keys = ring, u.Keys
		} else if _, err := os.Stat(filepath.Join(dir, store.FileName)); err == nil {
			t.Errorf("%s: a store nobody can open", at)
		}
		out, err := Restore(t.Context(), r)
		must(t, err)
		opened(t, from, out, dir, 4)
	}
}

// opened opens a restored folder with what the restore gave.
func opened(t *testing.T, like *station, out Restored, dir string, dossiers int) {
	t.Helper()
	s := &station{t: t, dir: dir, ring: out.Ring, keys: out.Keys, clock: like.clock}
	s.open()
	if n := s.count(); n != dossiers {
		t.Errorf("%d dossiers", n)
	}
	s.sound()
	s.close()
}

// Whatever goes wrong before the moment, the folder is as it was but for its ring, and the store opens with what the restore gives back.
func TestARestoreThatFailsTouchesNothing(t *testing.T) {
	trouble := errors.New("the disk coughed")
	for _, at := range restoreSteps[:slices.Index(restoreSteps, "named")] {
		if at == "ring" {
			continue
		}
		s := newStation(t, 4)
		b := s.make(false)
		s.receive(3)
		s.close()
		before := storeFiles(t, s.dir)
		r := s.restoring(b.Path)
		r.at = func(step string) error {
			if step == at {
				return trouble
			}
			return nil
		}
		out, err := Restore(t.Context(), r)
		if !errors.Is(err, trouble) {
			t.Fatalf("%s: %v", at, err)
		}
		if after := storeFiles(t, s.dir); after != before {
			t.Errorf("%s: was\n%s\nis\n%s", at, before, after)
		}
		s.ring, s.keys = out.Ring, out.Keys
		s.open()
		if n := s.count(); n != 7 {
			t.Errorf("%s: %d dossiers", at, n)
		}
		s.sound()
		s.close()
	}
}

// storeFiles is what a folder holds of a store, and of what a restore leaves.
func storeFiles(t *testing.T, dir string) string {
	t.Helper()
	var out []string
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || d.IsDir() || slices.Contains(append(keyring.Files(), "khoa.lock", lockName, "dang-nhap.json"), name) {
			return err
		}
		b, err := os.ReadFile(path)
		out = append(out, name+" "+newHash(b))
		return err
	}))
	return strings.Join(out, "\n")
}

func newHash(b []byte) string {
	h := newSum()
	h.Write(b)
	return dossier.Hash(h.Sum(nil)).String()
}

func TestWhatACrashedBackupLeavesIsNoBackup(t *testing.T) {
	s := newStation(t, 4)
	gone := errors.New("the power is gone")
	elsewhere := dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: t.TempDir()}
	for _, place := range []dossier.BackupPlace{Own(s.dir), elsewhere} {
		for _, at := range []string{"ready", "create", "write", "move", "flush", "read back", "name"} {
			s.vault.at = func(step string) error {
				if step == at {
					return gone
				}
				return nil
			}
			_, err := s.vault.Make(t.Context(), place, false, nil)
			if at == "move" { // a folder that lies on another disk is as good
				must(t, err)
				continue
			}
			if place.Kind == dossier.PlaceOwn && at == "flush" {
				continue
			}
			if !errors.Is(err, gone) {
				t.Errorf("%s: %v", at, err)
			}
			all, err := os.ReadDir(place.Path)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			for _, e := range all {
				if strings.HasSuffix(e.Name(), partial) {
					t.Errorf("%s: left %s", at, e.Name())
				}
			}
		}
		s.vault.at = func(string) error { return nil }
		// What a power cut leaves has another name, and is no backup under any.
		whole := mustRead(t, s.make(false).Path)
		part := slices.Clone(whole)
		copy(part, make([]byte, beginning))
		stray := filepath.Join(place.Path, "TiepNhan-20261120-0905-"+s.store.Own().Device.String()[:8]+"-9"+Extension)
		must(t, os.WriteFile(stray+partial, whole[:len(whole)/2], 0o600))
		must(t, os.WriteFile(stray, part, 0o600))
		must(t, os.WriteFile(stray+"x"+Extension+proof, []byte("x"), 0o600))
		if _, err := Read(stray); dossier.Code(err) != "backup.damaged" {
			t.Error(err)
		}
		_, err := s.vault.Make(t.Context(), place, false, nil)
		must(t, err)
		for _, path := range []string{stray + partial, stray + "x" + Extension + proof} {
			if _, err := os.Lstat(path); err == nil {
				t.Errorf("%s is still there", filepath.Base(path))
			}
		}
		must(t, os.MkdirAll(filepath.Join(s.dir, roomName, "thu"), 0o700))
		must(t, Tidy(s.dir))
		if _, err := os.Stat(filepath.Join(s.dir, roomName)); err == nil {
			t.Error("the room is still there")
		}
	}
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}
