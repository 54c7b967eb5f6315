package sim

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"

	"tiepnhan/store"
	"tiepnhan/store/vfs/crashtest"
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

// image is a database and its log as they were.
type image [2]*crashtest.Content

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

// ram is where all databases are: SQLite's own writing is memory's, and what a power cut leaves of it store's tests try.
var ram = func() *crashtest.Disk {
	d := crashtest.New("sim")
	d.Quiet = true
	return d
}()

func newDisk(base, file string) *disk {
	d := &disk{base: base, file: file}
	disks.Store(d.folder(), d)
	return d
}

func (d *disk) folder() string { return fmt.Sprintf("%s.%d", d.base, d.gen) }

// paths are those of the database and its log.
func (d *disk) paths() [2]string {
	at := filepath.Join(d.folder(), d.file)
	return [2]string{at, at + "-wal"}
}

// address is the database's, for who looks into it from outside.
func (d *disk) address() string { return "file:" + d.paths()[0] + "?mode=ro&vfs=" + ram.Name() }

// copy is what a process that is killed now would leave: the database and its log, but not the memory both sides share.
func (d *disk) copy() (out image) {
	for i, path := range d.paths() {
		if c, ok := ram.File(path); ok {
			out[i] = &c
		}
	}
	return out
}

// put makes a new folder of an image; what was open in the old one no longer matters.
func (d *disk) put(i image) {
	d.remove()
	d.gen++
	d.fails, d.dies, d.dead, d.left = 0, 0, false, image{}
	d.name()
	for n, path := range d.paths() {
		if i[n] != nil {
			ram.Put(path, *i[n])
		}
	}
	disks.Store(d.folder(), d)
}

// name gives the folder a file of the database's name, for who asks the system whether there is one.
func (d *disk) name() {
	if err := os.MkdirAll(d.folder(), 0o700); err != nil {
		panic(err)
	}
	if err := os.WriteFile(d.paths()[0], nil, 0o600); err != nil {
		panic(err)
	}
}

// found makes a new store, which the program makes on a real disk, and takes it in.
func (d *disk) found(now func() time.Time) error {
	made, err := store.Create(ctx, d.folder(), store.Options{Now: now, NoReserve: true})
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return err
	}
	b, err := os.ReadFile(d.paths()[0])
	if err != nil {
		return err
	}
	ram.Put(d.paths()[0], crashtest.ContentOf(b))
	return nil
}

func (d *disk) remove() {
	disks.Delete(d.folder())
	for _, path := range d.paths() {
		ram.Forget(path)
	}
}

// fast is a folder in memory where the system has one.
func fast() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}
