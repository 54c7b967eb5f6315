package keyring

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"tiepnhan/dossier"
)

// lockName is what a process holds while it reads and changes the ring. It is empty.
const lockName = "khoa.lock"

// lockFor is how long another process is waited for. What it does under the lock takes a second or two on a slow PC.
const lockFor = 10 * time.Second

// disk writes files so that a crash at any moment leaves the old content or the new.
type disk struct {
	before func(step, name string) error // tests put failures here
}

func (d disk) at(step, name string) error {
	if d.before == nil {
		return nil
	}
	return d.before(step, name)
}

// save replaces a file's content. Whoever saves holds the lock. The name for the time being is always the same, so a crash leaves one at most.
func (d disk) save(dir, name string, data []byte) (err error) {
	path := filepath.Join(dir, name)
	fresh := path + ".new"
	defer func() {
		if err != nil {
			_ = os.Remove(fresh)
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	if err := d.at("create", name); err != nil {
		return err
	}
	if err := os.Remove(fresh); err != nil && !isMissing(err) {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close() // once more does no harm
	if err := d.fill(f, name, data); err != nil {
		return err
	}
	if err := errors.Join(d.at("close", name), f.Close()); err != nil {
		return err
	}
	if err := d.at("rename", name); err != nil {
		return err
	}
	if err := replace(fresh, path); err != nil {
		return err
	}
	if err := d.at("flush", name); err != nil {
		return err
	}
	return flushDir(dir)
}

func (d disk) fill(f *os.File, name string, data []byte) error {
	half := len(data) / 2
	if _, err := f.Write(data[:half]); err != nil {
		return err
	}
	if err := d.at("write", name); err != nil { // torn in the middle
		return err
	}
	if _, err := f.Write(data[half:]); err != nil {
		return err
	}
	if err := d.at("sync", name); err != nil {
		return err
	}
	return f.Sync()
}

// lock waits until no other goroutine and no other process reads or changes the ring. The function it returns may be called twice. Codes:
// safe.busy, safe.not-kept.
func (r *Ring) lock() (unlock func(), err error) {
	r.alone.Lock()
	l := flock.New(filepath.Join(r.dir, lockName), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockFor)
	defer cancel()
	switch got, err := l.TryLockContext(ctx, 20*time.Millisecond); {
	case errors.Is(err, context.DeadlineExceeded), err == nil && !got:
		r.alone.Unlock()
		return nil, dossier.Invalid("", "safe.busy")
	case err != nil:
		r.alone.Unlock()
		return nil, r.notKept(err)
	}
	return sync.OnceFunc(func() {
		_ = l.Unlock() // the process's end would do it too
		r.alone.Unlock()
	}), nil
}

// lockToRead is lock, or where nothing can be written this process's own: there is nobody to keep apart then, and the officer must be able
// to read.
func (r *Ring) lockToRead() (unlock func(), err error) {
	unlock, err = r.lock()
	if dossier.Code(err) != "safe.not-kept" {
		return unlock, err
	}
	r.alone.Lock()
	return r.alone.Unlock, nil
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
