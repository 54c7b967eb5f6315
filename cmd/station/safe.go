package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/vfs"
)

// safe is what an encrypted station was opened with. A station's folder without a key ring is one of made-up people, or of a version before
// there were passwords.
type safe struct {
	ring   *keyring.Ring
	keys   keyring.Keys
	who    dossier.OfficerID // zero where the recovery code opened it
	failed []keyring.Failed
	layer  *vfs.Layer // while the store is open
}

// machineSecret is where this PC's secret is kept; tests put it elsewhere.
var machineSecret = keyring.DefaultMachine

// ringOf reads a folder's ring.
func ringOf(dir string) (*keyring.Ring, error) {
	path, err := machineSecret()
	if err != nil {
		return nil, err
	}
	machine, err := keyring.ReadMachine(path)
	if err != nil {
		return nil, err
	}
	return keyring.Open(dir, keyring.Options{Machine: machine})
}

// thisMachine is this PC's secret, made if there is none. Codes: those of keyring.MakeMachine.
func thisMachine() ([]byte, error) {
	path, err := machineSecret()
	if err != nil {
		return nil, err
	}
	return keyring.MakeMachine(path)
}

// unlock opens a folder's ring with a password. Codes: those of keyring.Unlock.
func unlock(dir, name, password string) (*safe, error) {
	ring, err := ringOf(dir)
	if err != nil {
		return nil, err
	}
	opened, err := ring.Unlock(name, password)
	if err != nil {
		return nil, err
	}
	return &safe{ring: ring, keys: opened.Keys, who: dossier.OfficerID(name), failed: opened.Failed}, nil
}

// byCode opens a folder's ring with the recovery sheet, for nobody yet. Codes: those of keyring.Recover and MakeMachine.
func byCode(dir, code string) (*safe, error) {
	machine, err := thisMachine()
	if err != nil {
		return nil, err
	}
	ring, err := keyring.Open(dir, keyring.Options{Machine: machine})
	if err != nil {
		return nil, err
	}
	opened, err := ring.Recover(code)
	if err != nil {
		return nil, err
	}
	return &safe{ring: ring, keys: opened.Keys, failed: opened.Failed}, nil
}

// makeSafe makes a folder's ring, with its first user. The code is to be printed before anything is kept. Codes: those of keyring.Create.
func makeSafe(dir, name, password string) (*safe, keyring.Code, error) {
	machine, err := thisMachine()
	if err != nil {
		return nil, keyring.Code{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, keyring.Code{}, dossier.Invalid("data", "station.folder", "folder", dir)
	}
	ring, opened, code, err := keyring.Create(dir, keyring.Options{Machine: machine}, name, password)
	if err != nil {
		return nil, keyring.Code{}, err
	}
	return &safe{ring: ring, keys: opened.Keys, who: dossier.OfficerID(name)}, code, nil
}

// layers counts those of this process: each has a name of its own.
var layers atomic.Int64

func newLayer(key *keyring.Key) (*vfs.Layer, error) {
	return vfs.Register(fmt.Sprintf("tiepnhan-%d", layers.Add(1)), (*[keyring.KeySize]byte)(key.Bytes()))
}

// open makes the layer the store is opened through. Who writes also ends what was begun: a store in clear, of an earlier version, is encrypted,
// and one whose key is being changed gets the next one. Nobody else may have the store open then. Codes: store.plain and store.wrong-key for
// who only reads, those of vfs.Convert.
func (s *safe) open(ctx context.Context, dir string, toWrite bool) error {
	path := filepath.Join(dir, store.FileName)
	_, err := os.Stat(path)
	missing := errors.Is(err, os.ErrNotExist)
	key := s.keys.Current
	if s.keys.Next != nil && toWrite {
		key = s.keys.Next
	}
	if s.layer, err = newLayer(key); err != nil {
		return err
	}
	if !missing {
		err = s.layer.Check(path)
		switch code := dossier.Code(err); {
		case err == nil && toWrite:
			err = vfs.Convert(ctx, path, nil, s.layer) // what one that was cut off has left is put away
		case code == "store.plain" && toWrite:
			err = vfs.Convert(ctx, path, nil, s.layer)
		case code == "store.wrong-key" && s.keys.Next != nil:
			err = s.other(ctx, path, toWrite)
		}
	}
	if err == nil && s.keys.Next != nil && toWrite {
		var keys keyring.Keys
		if keys, err = s.ring.Finish(s.keys); err == nil {
			s.keys = keys
		}
	}
	if err != nil {
		return errors.Join(err, s.close())
	}
	return nil
}

// other deals with a store that stands under the other of two keys: who writes puts it under the next, who reads takes it as it is.
func (s *safe) other(ctx context.Context, path string, toWrite bool) error {
	if !toWrite {
		next, err := newLayer(s.keys.Next)
		if err != nil {
			return err
		}
		was := s.layer
		s.layer = next
		return errors.Join(was.Close(), next.Check(path))
	}
	from, err := newLayer(s.keys.Current)
	if err != nil {
		return err
	}
	return errors.Join(vfs.Convert(ctx, path, from, s.layer), from.Close())
}

// close forgets the keys. What is open through the layer fails from then on.
func (s *safe) close() error {
	s.keys.Wipe()
	if s.layer == nil {
		return nil
	}
	layer := s.layer
	s.layer = nil
	return layer.Close()
}

// safe opens what the verb's folder is locked with, nil where it is not.
func (c *call) safe() (*safe, error) {
	if !keyring.Exists(c.data) {
		return nil, nil
	}
	if !c.passwordStdin || c.user == "" {
		return nil, dossier.Invalid("password-stdin", "safe.locked")
	}
	return unlock(c.data, c.user, c.password)
}
