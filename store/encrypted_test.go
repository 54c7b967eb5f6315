package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/store/vfs"
)

// keyed is a layer with the key of that name.
func keyed(t testing.TB, key string) *vfs.Layer {
	t.Helper()
	sum := sha256.Sum256([]byte(key))
	l, err := vfs.Register(fmt.Sprintf("keyed-%d", diskNo.Add(1)), &sum)
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	return l
}

func under(l *vfs.Layer) Options {
	return Options{NoReserve: true, Now: noReserve.Now, VFS: l.Name()}
}

// fingerprint is of every file in the folder but SQLite's index of the log, which it makes anew.
func fingerprint(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var out strings.Builder
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		fmt.Fprintf(&out, "%s %x\n", e.Name(), sha256.Sum256(text))
	}
	return out.String()
}

// crashedCopy is the folder of a store as a crash leaves it, log and all.
func crashedCopy(t testing.TB, s *Store) string {
	t.Helper()
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(filepath.Join(s.dir, FileName+suffix))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, FileName+suffix), text, 0o600))
	}
	return dir
}

// I10: whatever a station does, nothing in its folder is in clear.
func TestAnEncryptedStoreShowsNothing(t *testing.T) {
	ctx := context.Background()
	l := keyed(t, "a")
	s, err := Create(ctx, filepath.Join(t.TempDir(), "data"), under(l))
	must(t, err)
	must(t, s.Record(ctx, storetest.SettingsEvent(1)))
	typed := []byte("Quách Thị Nghiêng, 097123456789")
	must(t, s.SaveDraft(ctx, "receive", typed))
	for i := range 30 {
		d, err := receive(s, i)
		must(t, err)
		_, err = perform(s, 1000+i, d.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"})
		must(t, err)
	}
	look := func(when string) {
		for _, file := range strings.Fields(FileName + " " + FileName + "-wal " + FileName + "-shm") {
			text, err := os.ReadFile(filepath.Join(s.dir, file))
			if os.IsNotExist(err) {
				continue
			}
			must(t, err)
			p := storetest.Receive(3, "").Requester.Person
			for _, word := range []string{string(typed), p.Name, p.Number, p.Phone, "MAU-2601", "SQLite format", "CREATE TABLE", "Công an", "Cán Bộ", dossier.Fold(p.Name)} {
				if bytes.Contains(text, []byte(word)) {
					t.Errorf("%s: %q is in clear in %s", when, word, file)
				}
			}
		}
	}
	look("at work")
	must(t, s.Rebuild(ctx))
	look("rebuilt")
	must(t, s.writer.script("VACUUM"))
	look("packed")
	if rows, err := s.List(ctx, dossier.Query{Text: "mau 0007"}); len(rows) == 0 || err != nil {
		t.Error("not found", err)
	}
	verified(t, s)
	must(t, s.Close())
	look("closed")
	s, err = Open(ctx, s.dir, under(l))
	must(t, err)
	verified(t, s)
	if d, err := s.Draft(ctx, "receive"); string(d) != string(typed) || err != nil {
		t.Error(string(d), err)
	}
	must(t, s.Close())
}

// A wrong key, or none, is said and harms nothing: not the file, and not what stands in the log alone.
func TestAStoreUnderAnotherKeyIsLeftAlone(t *testing.T) {
	ctx := context.Background()
	l, wrong := keyed(t, "a"), keyed(t, "b")
	s, err := Create(ctx, filepath.Join(t.TempDir(), "data"), under(l))
	must(t, err)
	defer s.Close()
	must(t, s.Record(ctx, storetest.SettingsEvent(1)))
	_, err = receive(s, 1)
	must(t, err)
	dir := crashedCopy(t, s)
	before := fingerprint(t, dir)
	for _, x := range []struct {
		opts Options
		code string
	}{{under(wrong), "store.wrong-key"}, {Options{VFS: wrong.Name(), ReadOnly: true}, "store.wrong-key"}, {noReserve, "store.damaged"}, {Options{ReadOnly: true}, "store.damaged"}} {
		_, err := Open(ctx, dir, x.opts)
		wantCode(t, err, x.code)
		if after := fingerprint(t, dir); after != before {
			t.Fatalf("%s: was\n%s\nis\n%s", x.code, before, after)
		}
	}
	right, err := Open(ctx, dir, under(l))
	must(t, err)
	if n, err := right.Count(ctx, dossier.Query{}); n != 1 || err != nil {
		t.Errorf("%d dossiers, %v", n, err)
	}
	verified(t, right)
	must(t, right.Close())

	plain := newStore(t, 1)
	must(t, plain.Close())
	_, err = Open(ctx, plain.dir, under(l))
	wantCode(t, err, "store.plain")
	if sealed, err := vfs.Encrypted(filepath.Join(plain.dir, FileName)); sealed || err != nil {
		t.Error(sealed, err)
	}
}

// When the key is erased the desk is told so, and what comes after it is another start.
func TestALockedStoreSaysSo(t *testing.T) {
	ctx := context.Background()
	l := keyed(t, "a")
	s, err := Create(ctx, filepath.Join(t.TempDir(), "data"), under(l))
	must(t, err)
	must(t, s.Record(ctx, storetest.SettingsEvent(1)))
	_, err = receive(s, 1)
	must(t, err)
	must(t, l.Close())
	_, err = receive(s, 2)
	wantCode(t, err, "store.locked")
	wantCode(t, s.SaveDraft(ctx, "receive", []byte("x")), "store.locked")
	_, err = s.List(ctx, dossier.Query{Text: "mau"})
	wantCode(t, err, "store.locked")
	s.Close()
	again := keyed(t, "a")
	s, err = Open(ctx, s.dir, under(again))
	must(t, err)
	if _, err := receive(s, 2); err != nil {
		t.Error(err)
	}
	verified(t, s)
	must(t, s.Close())
}

// A store of an earlier version is encrypted, and is the same store.
func TestAStoreInClearIsEncrypted(t *testing.T) {
	ctx := context.Background()
	s := allSorts(t)
	before, own := dump(t, s), s.Own().Head
	must(t, s.Close())
	l := keyed(t, "a")
	must(t, vfs.Convert(ctx, filepath.Join(s.dir, FileName), nil, l))
	again, err := Open(ctx, s.dir, under(l))
	must(t, err)
	if after := dump(t, again); after != before || again.Own().Head != own {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	verified(t, again)
	must(t, again.Close())
}
