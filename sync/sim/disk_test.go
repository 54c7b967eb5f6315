package sim

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// disk is a folder that can fail, die and be put back. It counts the COMMITs of the one database in it: every storage operation of ours
// is one, and SQLite's own writing between two of them is its makers' to test.
type disk struct {
	base    string // the folder of all its generations
	gen     int
	file    string // the database's name
	commits int
	fails   int   // so many of the next COMMITs fail
	dies    int   // the power goes at this one of the next COMMITs, before it is written; 0 is never
	dead    bool  // since then nothing is written any more
	left    image // what the power cut left
}

// image is all files of a folder as they were.
type image map[string][]byte

var disks sync.Map // folder → *disk

func init() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, dsn string) error {
		path, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(dsn, "file:"), "//"), "?")
		path, err := url.PathUnescape(path)
		if err != nil {
			return err
		}
		if d, ok := disks.Load(filepath.Dir(path)); ok {
			c.(sqlite.HookRegisterer).RegisterCommitHook(d.(*disk).commit)
		}
		return nil
	})
}

// commit says what becomes of a COMMIT; anything but 0 undoes the transaction.
func (d *disk) commit() int32 {
	d.commits++
	switch {
	case d.dead:
		return 1
	case d.dies == 1:
		d.left, d.dead, d.dies = d.copy(), true, 0
		return 1
	case d.dies > 1:
		d.dies--
	case d.fails > 0:
		d.fails--
		return 1
	}
	return 0
}

func newDisk(base, file string) *disk {
	d := &disk{base: base, file: file}
	disks.Store(d.folder(), d)
	return d
}

func (d *disk) folder() string { return fmt.Sprintf("%s.%d", d.base, d.gen) }

// copy is what a process that is killed now would leave: the database and its log, but not the memory both sides share.
func (d *disk) copy() image {
	out := image{}
	for _, name := range []string{d.file, d.file + "-wal"} {
		b, err := os.ReadFile(filepath.Join(d.folder(), name))
		if err == nil {
			out[name] = b
		} else if !os.IsNotExist(err) {
			panic(err)
		}
	}
	return out
}

// put makes a new folder of an image; what was open in the old one no longer matters.
func (d *disk) put(i image) {
	disks.Delete(d.folder())
	if err := os.RemoveAll(d.folder()); err != nil {
		panic(err)
	}
	d.gen++
	d.fails, d.dies, d.dead, d.left = 0, 0, false, nil
	i.write(d.folder())
	disks.Store(d.folder(), d)
}

func (i image) write(folder string) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		panic(err)
	}
	for name, b := range i {
		if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
			panic(err)
		}
	}
}

func (d *disk) remove() { disks.Delete(d.folder()) }

// fast is a folder in memory where the system has one.
func fast() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}
