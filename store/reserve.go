package store

import (
	"errors"
	"os"
	"path/filepath"
)

const (
	reserveName = "reserve.bin"
	reserveSize = 32 << 20
)

// reserve is room on the disk that is held until the disk is full and is then left to drafts: what was typed must not be lost
// for want of a few kilobytes. While it is gone nothing else is written, or it would be used up unseen.
type reserve struct {
	path string
	gone bool
}

// fill takes the room, if it is not taken and the disk has it.
func (r *reserve) fill() {
	if info, err := os.Stat(r.path); err == nil && info.Size() == reserveSize {
		r.gone = false
		return
	}
	r.gone = r.write() != nil
	if r.gone {
		os.Remove(r.path)
	}
}

func (r *reserve) write() error {
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	block := make([]byte, 1<<20)
	for written := 0; written < reserveSize && err == nil; written += len(block) {
		_, err = f.Write(block)
	}
	return errors.Join(err, f.Sync(), f.Close())
}

// release gives the room back.
func (r *reserve) release() {
	os.Remove(r.path)
	r.gone = true
}

// gaveRoom releases the reserve where a store could not be opened because its disk is full, and tells whether there was one. SQLite calls it by
// many names, so the disk is asked.
func gaveRoom(dir string, failed error) bool {
	switch codeOf(failed) {
	case "store.full", "store.disk", "store.cannot-open", "store.read-only":
	default:
		return false
	}
	path := filepath.Join(dir, reserveName)
	if _, err := os.Stat(path); err != nil {
		return false
	}
	probe := path + ".probe"
	err := os.WriteFile(probe, make([]byte, 64<<10), 0o600)
	os.Remove(probe)
	return isDiskFull(err) && os.Remove(path) == nil
}
