package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/storetest"
	"tiepnhan/store/vfs"
)

const (
	name     = "chi-huy"
	password = "mot cau rieng cua tram thu"
)

var machine = bytes.Repeat([]byte{7}, keyring.MachineSize)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if dossier.Code(err) != code {
		t.Errorf("want %s, have %v", code, err)
	}
}

var layerNo atomic.Int64

func under(t testing.TB, k *keyring.Key) *vfs.Layer {
	t.Helper()
	l, err := vfs.Register(fmt.Sprintf("test-%d", layerNo.Add(1)), (*[32]byte)(k.Bytes()))
	must(t, err)
	return l
}

// station is a made-up one behind a password, as it is at work.
type station struct {
	t     testing.TB
	dir   string
	ring  *keyring.Ring
	keys  keyring.Keys
	code  string
	layer *vfs.Layer
	store *store.Store
	vault *Vault
	clock time.Time
	next  int
}

func newStation(t testing.TB, dossiers int) *station {
	t.Helper()
	s := &station{t: t, dir: filepath.Join(t.TempDir(), "data"), clock: time.Date(2026, 11, 20, 9, 5, 0, 0, dossier.Hanoi)}
	ring, u, code, err := keyring.Create(s.dir, keyring.Options{Machine: machine, Cost: keyring.Floor}, name, password)
	must(t, err)
	s.ring, s.keys, s.code = ring, u.Keys, code.String()
	l := under(t, s.keys.Current)
	st, err := store.Create(t.Context(), s.dir, store.Options{VFS: l.Name(), NoReserve: true, Now: s.now})
	must(t, err)
	must(t, st.Record(t.Context(), storetest.SettingsEvent(1)))
	must(t, errors.Join(st.Close(), l.Close()))
	s.open()
	s.receive(dossiers)
	t.Cleanup(s.close)
	return s
}

func (s *station) now() time.Time { return s.clock }

// open opens the store as the program does: who finds a change of keys begun ends it.
func (s *station) open() {
	s.t.Helper()
	path := filepath.Join(s.dir, store.FileName)
	key := s.keys.Current
	if s.keys.Next != nil {
		key = s.keys.Next
	}
	s.layer = under(s.t, key)
	if s.keys.Next != nil {
		if dossier.Code(s.layer.Check(path)) == "store.wrong-key" {
			from := under(s.t, s.keys.Current)
			must(s.t, vfs.Convert(s.t.Context(), path, from, s.layer))
			must(s.t, from.Close())
		}
		keys, err := s.ring.Finish(s.keys)
		must(s.t, err)
		s.keys = keys
	}
	var err error
	s.store, err = store.Open(s.t.Context(), s.dir, store.Options{VFS: s.layer.Name(), NoReserve: true, Now: s.now})
	must(s.t, err)
	s.vault, err = New(s.store, Options{Dir: s.dir, Keys: s.keys, Now: s.now, Program: "thử"})
	must(s.t, err)
}

func (s *station) close() {
	s.t.Helper()
	if s.store == nil {
		return
	}
	s.vault.Close()
	must(s.t, errors.Join(s.store.Close(), s.layer.Close()))
	s.store = nil
}

// unlock is what the folder says to the password.
func (s *station) unlock() {
	s.t.Helper()
	ring, err := keyring.Open(s.dir, keyring.Options{Machine: machine})
	must(s.t, err)
	u, err := ring.Unlock(name, password)
	must(s.t, err)
	s.ring, s.keys = ring, u.Keys
}

func (s *station) receive(n int) {
	s.t.Helper()
	if n > 0 {
		must(s.t, fill(s.store, s.next, n))
		s.next += n
	}
}

func (s *station) make(prove bool) dossier.Backup {
	s.t.Helper()
	b, err := s.vault.Make(s.t.Context(), Own(s.dir), prove, nil)
	must(s.t, err)
	return b
}

func (s *station) count() int {
	s.t.Helper()
	n, err := s.store.Count(s.t.Context(), dossier.Query{})
	must(s.t, err)
	return n
}

func (s *station) sound() {
	s.t.Helper()
	check, err := s.store.Verify(s.t.Context())
	must(s.t, err)
	for _, f := range check.Faults {
		s.t.Error(f)
	}
}

func (s *station) restoring(from string) Restoring {
	return Restoring{Dir: s.dir, From: from, Ring: s.ring, Keys: s.keys, Machine: machine, Name: name, Password: password, By: name, Now: s.now}
}

func fill(s *store.Store, from, n int) error {
	for i := from; i < from+n; i++ {
		e := storetest.Reception(i, "")
		in := storetest.Receive(i, "")
		_, err := s.Receive(context.Background(), dossier.Opening{ID: e.Dossier, Series: dossier.IntakeSeries, Day: storetest.Day(i), National: in.NationalCode},
			func(number string) ([]dossier.Event, error) {
				return []dossier.Event{storetest.Reception(i, number)}, nil
			})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestABackupIsMadeProvedAndRestored(t *testing.T) {
	s := newStation(t, 20)
	var steps []string
	b, err := s.vault.Make(t.Context(), Own(s.dir), true, func(st dossier.BackupStep) {
		if len(steps) == 0 || steps[len(steps)-1] != st.Step {
			steps = append(steps, st.Step)
		}
	})
	must(t, err)
	if !b.Proved || b.Dossiers != 20 || b.Own != s.store.Own().Head || strings.Join(steps, " ") != "copy write prove" {
		t.Errorf("%+v, by %v", b, steps)
	}
	places, err := s.vault.Places(t.Context(), "")
	must(t, err)
	if len(places) != 1 || places[0].Trouble != nil || len(places[0].Backups) != 1 || places[0].Backups[0] != b || places[0].Free <= 0 {
		t.Errorf("%+v", places)
	}
	at := s.store.Own()
	s.receive(5)
	must(t, s.store.SaveDraft(t.Context(), "receive", []byte("x")))
	m, err := s.vault.Missing(t.Context(), b.Path)
	must(t, err)
	if !m.Readable || m.Apart || m.Events != 5 || m.Dossiers != 5 || m.Sent != 0 || m.LostAll != 5 || len(m.Lost) != 5 || m.Drafts != 1 || m.Backup != b {
		t.Errorf("%+v", m)
	}
	old := s.keys.Current.ID()
	s.close()
	r := s.restoring(b.Path)
	r.Confirmed = "pho-chi-huy"
	steps = nil
	r.Told = func(st dossier.BackupStep) {
		if len(steps) == 0 || steps[len(steps)-1] != st.Step {
			steps = append(steps, st.Step)
		}
	}
	out, err := Restore(t.Context(), r)
	must(t, err)
	if strings.Join(steps, " ") != "unpack prove" || out.Backup != b || out.Keys.Next != nil || out.Keys.Current.ID() == old {
		t.Errorf("%+v, by %v", out, steps)
	}
	s.unlock()
	if s.keys.Next != nil || s.keys.Current.ID() != out.Keys.Current.ID() {
		t.Error("the ring holds another key")
	}
	s.open()
	if n := s.count(); n != 20 {
		t.Errorf("%d dossiers", n)
	}
	own := s.store.Own()
	if own.Incarnation == at.Incarnation || own.Previous != at.Incarnation || own.CommonSeq != at.Head.Seq {
		t.Errorf("no new life: %+v after %+v", own, at)
	}
	var said []dossier.TrailRow
	must(t, s.store.Trail(t.Context(), dossier.TrailFilter{Kinds: []dossier.Kind{dossier.Healed, dossier.TraceRestored}}, dossier.EventID{}, func(row dossier.TrailRow) error {
		said = append(said, row)
		return nil
	}))
	if len(said) != 2 || said[0].By != name || *said[0].Said().(*dossier.Restore) != (dossier.Restore{Made: b.Made, Confirmed: "pho-chi-huy"}) {
		t.Errorf("the journal says %+v", said)
	}
	s.sound()
	s.receive(3)
	s.make(true)
	for _, name := range []string{store.FileName, keyring.FileName} {
		if _, err := os.Stat(filepath.Join(out.Aside, name)); err != nil {
			t.Error("not put aside:", err)
		}
	}
	if entries, err := os.ReadDir(filepath.Join(s.dir, roomName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left: %v %v", entries, err)
	}
}

// storetestPerson is somebody who stands in every station here.
func storetestPerson() dossier.Person { return storetest.Receive(3, "").Requester.Person }
