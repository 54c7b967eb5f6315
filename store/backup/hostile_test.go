package backup

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
)

// Whatever is changed in a file, in its head or inside, it is refused and nothing is touched.
func TestABackupThatWasChangedIsRefused(t *testing.T) {
	s := newStation(t, 4)
	b := s.make(true)
	s.close()
	whole := mustRead(t, b.Path)
	before := storeFiles(t, s.dir)
	o := outsideOf(t, b.Path)
	try := func(what string, file []byte, code string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "x"+Extension)
		must(t, os.WriteFile(path, file, 0o600))
		_, err := Restore(t.Context(), s.restoring(path))
		if dossier.Code(err) != code {
			t.Errorf("%s: want %s, have %v", what, code, err)
		}
		if look, err := Look(path); err == nil && look.Proved {
			t.Errorf("%s: it passes for proved", what)
		}
	}
	try("empty", nil, "backup.damaged")
	try("another file", []byte(strings.Repeat("hồ sơ ", 100)), "backup.foreign")
	try("a short one", []byte("hồ sơ"), "backup.foreign")
	try("begun", whole[:5], "backup.damaged")
	for _, n := range []int64{beginning, o.start(), o.start() + 100, int64(len(whole)) - 1} {
		try(fmt.Sprintf("cut at %d", n), whole[:n], "backup.damaged")
	}
	try("longer", append(bytes.Clone(whole), 0), "backup.damaged")
	for i := 0; i < len(whole); i += 1 + len(whole)/97 {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1
		path := filepath.Join(t.TempDir(), "x"+Extension)
		must(t, os.WriteFile(path, flipped, 0o600))
		if _, err := Restore(t.Context(), s.restoring(path)); dossier.Code(err) == "" {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
	edited := func(change func(*Head)) []byte {
		e := o
		e.Head.Census.Rows = map[string]int64{}
		for k, v := range o.Census.Rows {
			e.Head.Census.Rows[k] = v
		}
		change(&e.Head)
		e.head, _ = json.Marshal(e.Head)
		return append(append(e.bytes(), e.head...), whole[o.start():]...)
	}
	try("a head of other words", edited(func(h *Head) { h.Made = h.Made.Add(time.Hour) }), "backup.damaged")
	try("a head of other counts", edited(func(h *Head) { h.Census.Dossiers++ }), "backup.damaged")
	try("a head of more pages", edited(func(h *Head) { h.Pages++ }), "backup.damaged")
	try("a head of a petabyte", edited(func(h *Head) { h.Pages = 1 << 50 }), "backup.damaged")
	try("a head of more than the disk", edited(func(h *Head) { h.Pages = 1 << 27 }), "backup.full")
	try("another salt", edited(func(h *Head) { h.Salt = make([]byte, saltSize) }), "backup.key")
	try("a later form", edited(func(h *Head) { h.Format = 2 }), "backup.newer")
	try("no ring", edited(func(h *Head) { h.Ring = []byte("{}") }), "backup.damaged")
	if after := storeFiles(t, s.dir); after != before {
		t.Errorf("touched: was\n%s\nis\n%s", before, after)
	}
	s.unlock()
	s.open()
}

func outsideOf(t testing.TB, path string) outside {
	t.Helper()
	f, o, err := open(path)
	must(t, err)
	must(t, f.Close())
	return o
}

// forged is a backup under a station's key with other pages than its own, as a program of another version might make one.
func forged(t testing.TB, s *station, change func(*Head), pages func(put func([]byte) error) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x"+Extension)
	sec, err := secretOf(s.keys.Current)
	must(t, err)
	ring, err := keyring.Export(s.dir)
	must(t, err)
	o := outside{Head: Head{Format: Format, Made: s.clock, Number: 1, Size: 4096, Pages: 1, Key: s.keys.Current.ID(), Salt: make([]byte, saltSize), Ring: ring}}
	rand.Read(o.Salt)
	change(&o.Head)
	o.head, err = json.Marshal(o.Head)
	must(t, err)
	var sealed bytes.Buffer
	p, err := pack(&sealed, sec, o)
	must(t, err)
	must(t, pages(p.page))
	must(t, p.close())
	o.sealed, o.sum = int64(sealed.Len()), sha256.Sum256(sealed.Bytes())
	must(t, os.WriteFile(path, append(append(o.bytes(), o.head...), sealed.Bytes()...), 0o600))
	return path
}

// What is inside is more than the head says, by a thousand: it is not unpacked.
func TestABackupThatUnpacksWithoutEndIsRefused(t *testing.T) {
	s := newStation(t, 1)
	own := s.store.Own().Head
	s.close()
	path := forged(t, s, func(h *Head) { h.Census.Own, h.Pages = own, 3 }, func(put func([]byte) error) error {
		for range 50_000 {
			if err := put(make([]byte, 4096)); err != nil {
				return err
			}
		}
		return nil
	})
	start := time.Now()
	_, err := Restore(t.Context(), s.restoring(path))
	wantCode(t, err, "backup.damaged")
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	less := forged(t, s, func(h *Head) { h.Census.Own, h.Pages = own, 3 }, func(put func([]byte) error) error { return put(make([]byte, 4096)) })
	_, err = Restore(t.Context(), s.restoring(less))
	wantCode(t, err, "backup.damaged")
	noise := forged(t, s, func(h *Head) { h.Census.Own, h.Pages = own, 1 }, func(put func([]byte) error) error {
		return put(bytes.Repeat([]byte{1}, 4096))
	})
	if _, err = Restore(t.Context(), s.restoring(noise)); err == nil {
		t.Error("no database was restored")
	}
}

// pagesOf are those of the store as it is, and its census.
func pagesOf(t testing.TB, s *store.Store) (store.Census, []byte) {
	t.Helper()
	var c store.Census
	var all []byte
	must(t, s.Copy(t.Context(), func(census store.Census, size int, pages int64) error {
		c = census
		return nil
	}, func(page []byte) error {
		all = append(all, page...)
		return nil
	}))
	return c, all
}

// The version a file says it is of stands at byte 60 of a database.
const versionAt = 60

func TestABackupOfANewerProgramIsRefusedAndOneOfAnOlderIsBroughtUpToDate(t *testing.T) {
	s := newStation(t, 5)
	c, pages := pagesOf(t, s.store)
	s.receive(2)
	s.close()
	put := func(version int64) string {
		return forged(t, s, func(h *Head) { h.Census, h.Census.Version, h.Pages = c, version, int64(len(pages)/4096) }, func(put func([]byte) error) error {
			out := bytes.Clone(pages)
			binary.BigEndian.PutUint32(out[versionAt:], uint32(version))
			for p := range slices.Chunk(out, 4096) {
				if err := put(p); err != nil {
					return err
				}
			}
			return nil
		})
	}
	_, err := Restore(t.Context(), s.restoring(put(c.Version+1)))
	wantCode(t, err, "store.newer")
	older := put(c.Version - 1<<16) // of earlier views
	s.unlock()
	s.open()
	if b, err := s.vault.Prove(t.Context(), older, nil); err != nil || !b.Proved {
		t.Errorf("%+v %v", b, err)
	}
	s.close()
	_, err = Restore(t.Context(), s.restoring(older))
	must(t, err)
	s.unlock()
	s.open()
	if n := s.count(); n != 5 {
		t.Errorf("%d dossiers", n)
	}
	now, err := s.store.Census(t.Context())
	must(t, err)
	if now.Version != c.Version {
		t.Errorf("it is of version %d yet", now.Version)
	}
	s.sound()
}

// A store that is not sound is backed up as it is, and proving it says so; so does a backup whose counts are others.
func TestProvingNamesWhatIsNotSound(t *testing.T) {
	s := newStation(t, 5)
	c, pages := pagesOf(t, s.store)
	try := func(what, code string, change func(h *Head, pages []byte)) {
		t.Helper()
		out := bytes.Clone(pages)
		path := forged(t, s, func(h *Head) {
			h.Census, h.Pages = c, int64(len(pages)/4096)
			change(h, out)
		}, func(put func([]byte) error) error {
			for p := range slices.Chunk(out, 4096) {
				if err := put(p); err != nil {
					return err
				}
			}
			return nil
		})
		_, err := s.vault.Prove(t.Context(), path, nil)
		if dossier.Code(err) != code {
			t.Errorf("%s: want %q, have %v", what, code, err)
		}
		if _, err := os.Stat(path + proof); (err == nil) != (code == "") {
			t.Errorf("%s: noted as proved: %v", what, err == nil)
		}
	}
	try("as it is", "", func(*Head, []byte) {})
	try("a count", "backup.differs", func(h *Head, _ []byte) { h.Census.Events++ })
	try("a head", "backup.differs", func(h *Head, _ []byte) { h.Census.Own.Seq++ })
	reception := []byte("Bản sao giấy tờ kèm theo")
	try("a word in a journal", "backup.faults", func(_ *Head, pages []byte) {
		at := bytes.Index(pages, reception)
		if at < 0 {
			t.Fatal("the word is not there")
		}
		pages[at]++
	})
}

func TestOtherKeysAndStationsAreRefusedInWords(t *testing.T) {
	s, other := newStation(t, 3), newStation(t, 3)
	b, theirs := s.make(false), other.make(false)
	_, err := s.vault.Prove(t.Context(), theirs.Path, nil)
	wantCode(t, err, "backup.key")
	s.close()
	other.close()
	_, err = Restore(t.Context(), s.restoring(theirs.Path))
	wantCode(t, err, "backup.other-station")
	r := s.restoring(theirs.Path)
	r.Code = other.code
	_, err = Restore(t.Context(), r)
	wantCode(t, err, "backup.other-station")
	r = s.restoring(filepath.Join(s.dir, "khong-co"+Extension))
	_, err = Restore(t.Context(), r)
	wantCode(t, err, "backup.none")
	r.From = s.dir
	_, err = Restore(t.Context(), r)
	wantCode(t, err, "backup.foreign")
	fresh := s.restoring(b.Path)
	fresh.Dir, fresh.Ring, fresh.Keys = t.TempDir(), nil, keyring.Keys{}
	_, err = Restore(t.Context(), fresh)
	wantCode(t, err, "backup.old-key")
	fresh.Code = strings.Repeat("000000-", 7) + "000000"
	_, err = Restore(t.Context(), fresh)
	wantCode(t, err, "safe.code-wrong")
	fresh.Code = s.code
	fresh.Admits = func([]dossier.User) (dossier.OfficerID, error) {
		return "", dossier.Invalid("user", "user.unknown", "user", "x")
	}
	_, err = Restore(t.Context(), fresh)
	wantCode(t, err, "user.unknown")
	left, err := os.ReadDir(fresh.Dir)
	must(t, err)
	for _, e := range left {
		if e.Name() != lockName {
			t.Errorf("left %s", e.Name())
		}
	}
	s.unlock()
	s.open()
	other.unlock()
	other.open()
}

// The key was changed since, and a password too: today's opens the folder, the backup's ring opens with the password of its time or its sheet.
func TestABackupUnderAnOlderKeyIsRestored(t *testing.T) {
	for _, newPassword := range []bool{false, true} {
		s := newStation(t, 3)
		b := s.make(false)
		s.receive(2)
		s.close()
		keys, err := s.ring.Rekey(s.keys)
		must(t, err)
		s.keys = keys
		s.open()
		s.receive(1)
		s.close()
		r := s.restoring(b.Path)
		if newPassword {
			r.Password = "cau moi cua tram thu hai"
			must(t, s.ring.SetPassword(s.keys, name, r.Password))
			_, err = Restore(t.Context(), r)
			wantCode(t, err, "backup.old-key")
			r.Code = s.code
		}
		out, err := Restore(t.Context(), r)
		must(t, err)
		u, err := out.Ring.Unlock(name, r.Password) // today's, not that of the backup
		must(t, err)
		s.ring, s.keys = out.Ring, u.Keys
		s.open()
		if n := s.count(); n != 3 {
			t.Errorf("%d dossiers", n)
		}
		s.sound()
		s.close()
		if s.keys.Current.ID() == outsideOf(t, b.Path).Key {
			t.Error("it stands under the key of the backup")
		}
	}
}

// I10: no name, number or phone in clear, in a backup or in what is on its way.
func TestABackupShowsNobody(t *testing.T) {
	s := newStation(t, 10)
	p := storetestPerson()
	words := []string{p.Name, p.Number, p.Phone, "Công an", "CREATE TABLE", "SQLite format", "Cán Bộ", "MAU-2", name}
	look := func(when string) {
		t.Helper()
		must(t, filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				return err
			}
			b, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			for _, w := range words {
				if bytes.Contains(b, []byte(w)) {
					t.Errorf("%s: %q is in clear in %s", when, w, path)
				}
			}
			return err
		}))
	}
	b, err := s.vault.Make(t.Context(), Own(s.dir), true, func(st dossier.BackupStep) { look(st.Step) })
	must(t, err)
	look("made")
	s.close()
	r := s.restoring(b.Path)
	r.at = func(step string) error { look(step); return nil }
	_, err = Restore(t.Context(), r)
	must(t, err)
	s.unlock()
	s.open()
	if _, all := pagesOf(t, s.store); !bytes.Contains(all, []byte(p.Number)) {
		t.Error("the words looked for are not those kept")
	}
}

// Full disks and the like are tried on places below.
func TestStoppedIsStoppedAtEveryStep(t *testing.T) {
	s := newStation(t, 30)
	b := s.make(false)
	for _, at := range []string{dossier.BackupCopies, dossier.BackupWrites, dossier.BackupProves} {
		ctx, stop := context.WithCancel(t.Context())
		place := dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: t.TempDir()}
		_, err := s.vault.Make(ctx, place, true, func(st dossier.BackupStep) {
			if st.Step == at {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", at, err)
		}
		left, err := os.ReadDir(place.Path)
		must(t, err)
		if at != dossier.BackupProves && len(left) > 0 {
			t.Errorf("%s: left %v", at, left)
		}
		if _, err := os.Stat(filepath.Join(s.dir, roomName)); err == nil {
			t.Errorf("%s: the room is still there", at)
		}
		stop()
	}
	s.close()
	ctx, stop := context.WithCancel(t.Context())
	before := storeFiles(t, s.dir)
	r := s.restoring(b.Path)
	r.Told = func(dossier.BackupStep) { stop() }
	_, err := Restore(ctx, r)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if after := storeFiles(t, s.dir); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	s.unlock()
	s.open()
}
