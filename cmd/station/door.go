package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/ui/gate"
)

// door is what the gate asks before there is a desk, and again whenever it was locked.
type door struct {
	ctx  context.Context
	data string
	kind gate.Kind

	mu     sync.Mutex
	ring   *keyring.Ring
	behind *world                 // what was locked; nil at the start
	leave  func(why string) error // closes it
	opened *world                 // the station of who entered; behind itself where the same officer came back

	told   func(gate.Progress)
	aside  string // where a damaged store was put
	mended bool   // and one was made anew of it
	later  chan struct{}
}

// newDoor looks at what stands in a folder; behind is what was locked, and leave closes it.
func newDoor(ctx context.Context, data string, behind *world, leave func(why string) error) *door {
	d := &door{ctx: ctx, data: data, kind: gate.First, behind: behind, leave: leave, told: func(gate.Progress) {}, later: make(chan struct{}, 1)}
	if keyring.Exists(data) {
		d.kind = gate.SignIn
	} else if _, err := os.Stat(filepath.Join(data, store.FileName)); err == nil {
		d.kind = gate.Convert
	}
	return d
}

func (d *door) Kind() gate.Kind { return d.kind }

func (d *door) CheckPassword(name, password string) error {
	return keyring.CheckPassword(password, name)
}

func (d *door) CheckCode(typed string) error {
	_, err := keyring.ParseCode(typed)
	return err
}

func (d *door) Create(name, password string) (string, error) {
	if d.kind == gate.Convert {
		if err := d.settle(); err != nil {
			return "", err // before there is a key to it
		}
	}
	key, code, err := makeSafe(d.data, name, password)
	if err != nil {
		return "", err
	}
	return code.String(), d.open(key, dossier.ByPassword)
}

func (d *door) Enter(name, password string) error {
	key, err := unlock(d.data, name, password)
	if err != nil {
		return err
	}
	return d.open(key, dossier.ByPassword)
}

func (d *door) Wait(name string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ring == nil {
		ring, err := ringOf(d.data)
		if err != nil {
			return 0 // entering says what is wrong
		}
		d.ring = ring
	}
	wait, err := d.ring.Wait(name)
	if err != nil {
		return 0
	}
	return wait
}

func (d *door) Recover(code, name, password string) error {
	if err := d.CheckPassword(name, password); err != nil {
		return err // before anything is closed
	}
	key, err := byCode(d.data, code)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.behind != nil {
		d.behind = nil
		if err := d.leave(dossier.LeftShift); err != nil {
			return errors.Join(err, key.close())
		}
	}
	w, err := d.openWorld(key)
	if err != nil {
		return err
	}
	if err = w.readmit(d.ctx, name, password); err == nil {
		err = w.enter(d.ctx, dossier.ByRecovery)
	}
	if err != nil {
		return errors.Join(err, w.close())
	}
	d.opened = w
	return nil
}

// open lets somebody in. The officer who locked comes back to the desk as it was; for another one the station is opened anew, once the one before
// has been closed by take.
func (d *door) open(key *safe, how string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.behind != nil {
		var err error
		if key.who, err = d.behind.named(d.ctx, key.who); err != nil {
			return errors.Join(err, key.close())
		}
		if d.behind.desk.Officer == key.who {
			d.behind.safe.failed = append(d.behind.safe.failed, key.failed...)
			if err := errors.Join(key.close(), d.behind.enter(d.ctx, how)); err != nil {
				return err
			}
			d.opened = d.behind
			return nil
		}
		if err := d.behind.desk.MayEnter(d.ctx, key.who); err != nil {
			return errors.Join(err, key.close())
		}
		d.behind = nil
		if err := d.leave(dossier.LeftShift); err != nil {
			return errors.Join(err, key.close())
		}
	}
	w, err := d.openWorld(key)
	if err != nil {
		return err
	}
	if err := w.enter(d.ctx, how); err != nil {
		return errors.Join(err, w.close())
	}
	d.opened = w
	return nil
}

// release closes what is behind the door; whoever enters next opens it anew.
func (d *door) release(why string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.behind == nil {
		return nil
	}
	d.behind = nil
	return d.leave(why)
}

// station is who entered's; nil before the store could be opened.
func (d *door) station() *world {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opened
}

func (d *door) PrintSheet(code string) error { return printSheet(d.ctx, d.station(), code) }

func (d *door) SaveSheet(code string) (string, error) { return saveSheet(d.ctx, d.station(), code) }
