// Package crashtest is a disk in memory below SQLite, for tests: it remembers in which order what was written and flushed, makes every
// state in which a power cut can leave it, and fails when it is told to.
package crashtest

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"modernc.org/libc"
	_ "modernc.org/sqlite" // the driver
	sqlite3 "modernc.org/sqlite/lib"
)

// Kind is what is done to a disk.
type Kind string

const (
	Open     Kind = "open"
	Read     Kind = "read"
	Write    Kind = "write"
	Truncate Kind = "truncate"
	Sync     Kind = "sync"
	Delete   Kind = "delete"
	Lock     Kind = "lock"
)

// op is one thing that was done, of those that a power cut can undo.
type op struct {
	kind Kind
	path string
	node *node
	off  int64  // or the size after Truncate
	data []byte // of Write
	sure bool   // of Delete: the folder was flushed
}

// node is a file's content, whatever its name.
type node struct {
	data Content
	temp bool

	shared          int
	reserved, owner *handle // who may write soon, who keeps others away
	shm             []uintptr
	shmUsers        int
	shmShared       [8]int
	shmOwner        [8]*handle
}

type handle struct {
	path       string
	node       *node
	level      int32
	delete     bool
	hasShm     bool
	shmS, shmX uint8
}

// Disk is a file layer of SQLite. Paths are as SQLite makes them.
type Disk struct {
	name          string
	mu            sync.Mutex
	names         map[string]*node
	handles       map[uintptr]*handle
	last          uintptr
	log           []op
	base          map[string]*node // as loaded, with what was then in them
	loaded        map[string][]byte
	Quiet         bool                               // remember nothing
	NoExclusive   bool                               // nobody gets a file alone: what closes does not tidy up
	Fault         func(kind Kind, path string) int32 // asked before each; what is not 0 is what fails. Set it while nothing is open or under way
	self, methods uintptr
	keep          []any
}

// room of a sqlite3_file of ours: its methods and its number.
type file struct {
	methods uintptr
	id      uintptr
}

func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

func memory(p uintptr, n int) []byte { return unsafe.Slice(at[byte](p), n) }

func text(p uintptr) string { return libc.GoString(p) }

// put makes a Go function SQLite's, and keeps it.
func put[F any](d *Disk, f F) uintptr {
	kept := &f
	d.keep = append(d.keep, kept)
	return *(*uintptr)(unsafe.Pointer(kept))
}

var all struct {
	sync.Mutex
	disks []*Disk // SQLite's pointers to them are not seen by the garbage collector
}

// New makes an empty disk, known to SQLite under that name.
func New(name string) *Disk {
	d := &Disk{name: name, names: map[string]*node{}, handles: map[uintptr]*handle{}}
	tls := libc.NewTLS()
	defer tls.Close()
	d.methods = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	*at[sqlite3.Tsqlite3_io_methods](d.methods) = sqlite3.Tsqlite3_io_methods{FiVersion: 2, FxClose: put(d, d.close), FxRead: put(d, d.read), FxWrite: put(d, d.write),
		FxTruncate: put(d, d.truncate), FxSync: put(d, d.sync), FxFileSize: put(d, d.size), FxLock: put(d, d.lock), FxUnlock: put(d, d.unlock),
		FxCheckReservedLock: put(d, d.checkReserved), FxFileControl: put(d, d.control), FxSectorSize: put(d, d.sector),
		FxDeviceCharacteristics: put(d, d.characteristics), FxShmMap: put(d, d.shmMap), FxShmLock: put(d, d.shmLock), FxShmBarrier: put(d, d.shmBarrier),
		FxShmUnmap: put(d, d.shmUnmap)}
	d.self = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	v := at[sqlite3.Tsqlite3_vfs](d.self)
	*v = *at[sqlite3.Tsqlite3_vfs](sqlite3.Xsqlite3_vfs_find(tls, 0))
	zName, err := libc.CString(name)
	if err != nil {
		panic(err)
	}
	v.FzName, v.FpNext, v.FszOsFile = zName, 0, int32(unsafe.Sizeof(file{}))
	v.FxOpen, v.FxDelete, v.FxAccess = put(d, d.open), put(d, d.delete), put(d, d.access)
	all.Lock()
	all.disks = append(all.disks, d)
	all.Unlock()
	if rc := sqlite3.Xsqlite3_vfs_register(tls, d.self, 0); rc != 0 {
		panic(fmt.Sprintf("register a disk: %d", rc))
	}
	return d
}

// Name is what addresses call it.
func (d *Disk) Name() string { return d.name }

// Load makes the files those given, which stay as they are, and forgets all that was. Nothing may be open.
func (d *Disk) Load(files map[string][]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.handles) > 0 {
		panic("files are open")
	}
	d.names, d.log, d.base, d.loaded = map[string]*node{}, nil, map[string]*node{}, files
	for path, data := range files {
		n := &node{data: ContentOf(data)}
		d.names[path], d.base[path] = n, n
	}
}

// Put makes one file, or another one of that name: who has the former open goes on with that.
func (d *Disk) Put(path string, c Content) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names[path] = &node{data: c.Copy()}
}

// File is one file as it would be read now; ok is false where there is none.
func (d *Disk) File(path string) (c Content, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.names[path]
	if n == nil {
		return Content{}, false
	}
	return n.data.Copy(), true
}

// Forget takes one file's name away.
func (d *Disk) Forget(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.names, path)
}

// Files are what would be read now.
func (d *Disk) Files() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string][]byte{}
	for path, n := range d.names {
		out[path] = n.data.Bytes()
	}
	return out
}

// Done is how many things were done to it that a power cut can undo.
func (d *Disk) Done() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

// ForgetFlushes makes it a disk that said it flushed and did not.
func (d *Disk) ForgetFlushes() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = slices.DeleteFunc(d.log, func(o op) bool { return o.kind == Sync })
}

// EverWritten visits everything that was ever written.
func (d *Disk) EverWritten(visit func(path string, data []byte)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for path, data := range d.loaded {
		visit(path, data)
	}
	for _, o := range d.log {
		if o.kind == Write {
			visit(o.path, o.data)
		}
	}
}

func (d *Disk) note(o op) {
	if !d.Quiet && !o.node.temp {
		d.log = append(d.log, o)
	}
}

// fault is asked with nothing locked.
func (d *Disk) fault(kind Kind, path string) int32 {
	if d.Fault == nil {
		return 0
	}
	return d.Fault(kind, path)
}

func (d *Disk) handle(p uintptr) *handle { return d.handles[at[file](p).id] }

// whose is handle for who does not hold the lock.
func (d *Disk) whose(p uintptr) *handle {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.handle(p)
}

func (d *Disk) open(_ *libc.TLS, _, zName, p uintptr, flags int32, out uintptr) int32 {
	f := at[file](p)
	f.methods = 0
	path := ""
	if zName != 0 {
		path = text(zName)
	}
	if rc := d.fault(Open, path); rc != 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	h := &handle{path: path, delete: flags&sqlite3.SQLITE_OPEN_DELETEONCLOSE != 0}
	h.node = d.names[path]
	if h.node == nil {
		if flags&sqlite3.SQLITE_OPEN_CREATE == 0 {
			return sqlite3.SQLITE_CANTOPEN
		}
		h.node = &node{temp: path == "" || h.delete}
		if path != "" {
			d.names[path] = h.node
			d.note(op{kind: Open, path: path, node: h.node})
		}
	}
	d.last++
	d.handles[d.last] = h
	f.id, f.methods = d.last, d.methods
	if out != 0 {
		*at[int32](out) = flags
	}
	return 0
}

func (d *Disk) delete(_ *libc.TLS, _, zName uintptr, syncDir int32) int32 {
	path := text(zName)
	if rc := d.fault(Delete, path); rc != 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.names[path]
	if n == nil {
		return sqlite3.SQLITE_IOERR_DELETE_NOENT
	}
	delete(d.names, path)
	d.note(op{kind: Delete, path: path, node: n, sure: syncDir != 0})
	return 0
}

func (d *Disk) access(_ *libc.TLS, _, zName uintptr, _ int32, out uintptr) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	*at[int32](out) = 0
	if d.names[text(zName)] != nil {
		*at[int32](out) = 1
	}
	return 0
}

func (d *Disk) close(tls *libc.TLS, p uintptr) int32 {
	d.unlock(tls, p, sqlite3.SQLITE_LOCK_NONE)
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.handle(p)
	if h.delete {
		delete(d.names, h.path)
	}
	delete(d.handles, at[file](p).id)
	return 0
}

func (d *Disk) read(_ *libc.TLS, p, to uintptr, amount int32, off int64) int32 {
	h := d.whose(p)
	failed := d.fault(Read, h.path)
	d.mu.Lock()
	defer d.mu.Unlock()
	buf := memory(to, int(amount))
	n := h.node.data.read(buf, off)
	if failed != 0 { // half of it came
		clear(buf[n/2:])
		return failed
	}
	clear(buf[n:])
	if n < len(buf) {
		return sqlite3.SQLITE_IOERR_SHORT_READ
	}
	return 0
}

func (d *Disk) write(_ *libc.TLS, p, from uintptr, amount int32, off int64) int32 {
	h := d.whose(p)
	failed := d.fault(Write, h.path)
	d.mu.Lock()
	defer d.mu.Unlock()
	buf := memory(from, int(amount))
	if failed != 0 { // half of it went
		buf = buf[:len(buf)/2/512*512]
	}
	if !d.Quiet {
		d.note(op{kind: Write, path: h.path, node: h.node, off: off, data: bytes.Clone(buf)})
	}
	h.node.data.write(buf, off)
	return failed
}

func (d *Disk) truncate(_ *libc.TLS, p uintptr, size int64) int32 {
	h := d.whose(p)
	if rc := d.fault(Truncate, h.path); rc != 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(op{kind: Truncate, path: h.path, node: h.node, off: size})
	h.node.data.cut(size)
	return 0
}

func (d *Disk) sync(_ *libc.TLS, p uintptr, _ int32) int32 {
	h := d.whose(p)
	if rc := d.fault(Sync, h.path); rc != 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(op{kind: Sync, path: h.path, node: h.node})
	return 0
}

func (d *Disk) size(_ *libc.TLS, p, out uintptr) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	*at[int64](out) = d.handle(p).node.data.size
	return 0
}

func (d *Disk) control(*libc.TLS, uintptr, int32, uintptr) int32 { return sqlite3.SQLITE_NOTFOUND }

func (d *Disk) sector(*libc.TLS, uintptr) int32 { return 4096 } // as the system's own layers say

func (d *Disk) characteristics(*libc.TLS, uintptr) int32 {
	return sqlite3.SQLITE_IOCAP_POWERSAFE_OVERWRITE
}
