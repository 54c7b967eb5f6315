package store

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// knownName is the file in which stands when the store was last looked at. It holds nothing of a person, and without it the store is only looked
// at once more than it had to be.
const knownName = "kiem-tra.json"

// known is what was found out about a store.
type known struct {
	Sound  *time.Time `json:"sound,omitempty"`  // when everything was last looked at and found right
	Owed   bool       `json:"owed,omitempty"`   // after an unclean end the file was not looked at to its end
	Copies []string   `json:"copies,omitempty"` // folders of files of older programs that were there then
}

func (s *Store) known() (k known) {
	text, err := os.ReadFile(filepath.Join(s.dir, knownName))
	if err != nil || json.Unmarshal(text, &k) != nil {
		return known{}
	}
	return k
}

// remember writes it anew. It is no error of the store where that cannot be.
func (s *Store) remember(change func(*known)) error {
	if s.writer == nil {
		return nil
	}
	was := s.known()
	k := was
	k.Copies = slices.Clone(was.Copies)
	change(&k)
	text, err := json.Marshal(k)
	if before, e := json.Marshal(was); err != nil || e == nil && string(before) == string(text) {
		return err
	}
	fresh := filepath.Join(s.dir, knownName+".new")
	if err := os.WriteFile(fresh, text, 0o600); err != nil {
		return errors.Join(told("keep when the store was looked at", s.dir, err), removeIfThere(fresh))
	}
	return told("keep when the store was looked at", s.dir, os.Rename(fresh, filepath.Join(s.dir, knownName)))
}

// Prove is Verify by whoever opened the store to write: it remembers that all was right, and since when. At the next start after a clean end the
// copies go that were made before a program that is newer than they are.
func (s *Store) Prove(ctx context.Context) (dossier.StoreCheck, error) {
	check, err := s.Verify(ctx)
	if err != nil || len(check.Faults) > 0 {
		return check, err
	}
	s.suspect.Store(false)
	copies, err := foldersOf(s.dir, renewedPrefix)
	if err != nil {
		return check, told("see what lies beside the store", s.dir, err)
	}
	return check, s.remember(func(k *known) {
		k.Sound, k.Owed, k.Copies = new(s.opts.Now()), false, nil
		for _, folder := range copies {
			k.Copies = append(k.Copies, filepath.Base(folder))
		}
	})
}

// Proved is when everything was last found right; zero is never. A clock may have been wrong then.
func (s *Store) Proved() time.Time {
	if k := s.known(); k.Sound != nil {
		return *k.Sound
	}
	return time.Time{}
}

// dropProved removes copies of older files that nobody needs any more: the new one was found right with everything in it, and has been closed and
// opened again since. Where that cannot be, they stay.
func (s *Store) dropProved() {
	k := s.known()
	if len(k.Copies) == 0 || s.Suspect() {
		return
	}
	k.Copies = slices.DeleteFunc(k.Copies, func(name string) bool {
		if filepath.Base(name) != name || !strings.HasPrefix(name, renewedPrefix) {
			return true // not a name we gave
		}
		return os.RemoveAll(filepath.Join(s.dir, name)) == nil
	})
	_ = s.remember(func(now *known) { now.Copies = k.Copies })
}
