// Package vfs is a layer below SQLite through which every file of a database is encrypted: the main file, the write-ahead log and the
// journal.
//
// Count on this: once a database was made through a layer, nothing of its content is in clear on the disk, whatever SQLite does with
// it and whenever the power goes; page numbers and lengths are. After Close nothing more is read or written in clear or otherwise, by
// connections that are still open too. A key that does not fit is said when the file is opened, before anything is written.
//
// A layer is named in the address of a database: file:station.db?vfs=NAME. ATTACH and VACUUM INTO stay with the layer of the
// connection they are said on, unless their own address names another. Backups through the driver's NewBackup open a connection of their own,
// which must name one, or they are in clear.
//
// Encryption hides and does not prove: who can write to the disk can put back an old block or make nonsense of one. That is found by the
// chains of the journal and by SQLite's own check.
package vfs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"modernc.org/libc"
	_ "modernc.org/sqlite" // the driver
	sqlite3 "modernc.org/sqlite/lib"

	"tiepnhan/dossier"
)

// Layer encrypts with one key. A key is for one database and no other: two that share it tell a reader of the disk where they are alike.
type Layer struct {
	name  string
	self  uintptr // its sqlite3_vfs, never freed: a connection that is still open calls through it
	base  uintptr // the layer beneath
	roles [3]*key // of files that are opened again

	mu     sync.RWMutex // held for writing by who erases the keys
	erased bool
	open   map[*file]bool // under mu
	entry  func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
}

// registered keeps the layers and what their methods close over from the garbage collector, which cannot see SQLite's pointers to them.
var registered struct {
	sync.Mutex
	all []*Layer
}

// Register makes a layer known to SQLite under that name, over the system's own. The key is not kept and is the caller's to erase.
func Register(name string, key *[32]byte) (*Layer, error) { return RegisterOver(name, "", key) }

// RegisterOver is Register over another layer.
func RegisterOver(name, base string, key *[32]byte) (*Layer, error) {
	l := &Layer{name: name, open: map[*file]bool{}}
	for r := range l.roles {
		k, err := derive(key, role(r))
		if err != nil {
			return nil, fmt.Errorf("derive the key of a file: %w", err)
		}
		l.roles[r] = k
	}
	registered.Lock()
	defer registered.Unlock()
	tls := libc.NewTLS()
	defer tls.Close()
	if found, err := find(tls, name); err != nil || found != 0 {
		return nil, errors.Join(fmt.Errorf("there is a file layer %q already", name), err)
	}
	var err error
	if l.base, err = find(tls, base); err != nil || l.base == 0 {
		return nil, errors.Join(fmt.Errorf("there is no file layer %q", base), err)
	}
	zName, err := libc.CString(name)
	if err != nil {
		return nil, err
	}
	if l.self = libc.Xcalloc(tls, 1, libc.Tsize_t(sizeOfVFS)); l.self == 0 {
		return nil, errors.New("no memory for a file layer")
	}
	l.entry = l.openFile
	self := at[sqlite3.Tsqlite3_vfs](l.self)
	*self = *at[sqlite3.Tsqlite3_vfs](l.base)
	self.FpNext, self.FzName, self.FxOpen = 0, zName, pointer(&l.entry)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, l.self, 0); rc != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("register the file layer %q: SQLite says %d", name, rc)
	}
	registered.all = append(registered.all, l)
	return l, nil
}

// find is a layer SQLite knows; "" is the system's own.
func find(tls *libc.TLS, name string) (uintptr, error) {
	if name == "" {
		return sqlite3.Xsqlite3_vfs_find(tls, 0), nil
	}
	zName, err := libc.CString(name)
	if err != nil {
		return 0, err
	}
	defer libc.Xfree(tls, zName)
	return sqlite3.Xsqlite3_vfs_find(tls, zName), nil
}

// Name is what addresses call it.
func (l *Layer) Name() string { return l.name }

// Close erases the keys from memory and takes the name back. Connections that are still open fail from then on with SQLITE_IOERR_AUTH;
// what they hold in their caches is theirs until they are closed. Closing again does nothing.
func (l *Layer) Close() error {
	registered.Lock()
	defer registered.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.erased {
		return nil
	}
	l.erased = true
	for _, k := range l.roles {
		k.erase()
	}
	for f := range l.open {
		f.key.erase()
	}
	tls := libc.NewTLS()
	defer tls.Close()
	if rc := sqlite3.Xsqlite3_vfs_unregister(tls, l.self); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("take the file layer %q back: SQLite says %d", l.name, rc)
	}
	return nil
}

// Encrypted tells whether a database's main file is one that a layer made, and not one in clear. An empty one is neither, and false.
//
// Neither this nor Check may be called while this program has the database open: closing a file gives up all locks on it that
// the program holds (POSIX).
func Encrypted(path string) (bool, error) {
	unit, err := firstUnit(path)
	return len(unit) >= len(magic) && string(unit[:len(magic)]) != magic, err
}

// Check tells whether a database's main file is one of this layer, without touching it. Codes: store.wrong-key, store.plain.
func (l *Layer) Check(path string) error {
	unit, err := firstUnit(path)
	if err != nil {
		return err
	}
	switch l.fits(unit) {
	case sqlite3.SQLITE_OK:
		return nil
	case sqlite3.SQLITE_FORMAT:
		return dossier.Invalid("", "store.plain")
	}
	return dossier.Invalid("", "store.wrong-key")
}

// firstUnit is the beginning of a file, as much as there is.
func firstUnit(path string) (unit []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	unit = make([]byte, unitSize)
	n, err := io.ReadFull(f, unit)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return unit[:n], err
}

// magic is how every database begins.
const magic = "SQLite format 3\x00"

// fits tells whether a main file that begins with that unit is one of this layer: SQLITE_OK, SQLITE_AUTH (another key) or SQLITE_FORMAT (in
// clear). One that has no first unit yet is anybody's.
func (l *Layer) fits(unit []byte) int32 {
	if len(unit) >= len(magic) && string(unit[:len(magic)]) == magic {
		return sqlite3.SQLITE_FORMAT
	}
	if len(unit) < unitSize || isZero(unit) {
		return sqlite3.SQLITE_OK
	}
	clear := make([]byte, unitSize)
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.erased {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	l.roles[mainFile].decrypt(clear, unit, 0)
	if string(clear[:len(magic)]) != magic {
		return sqlite3.SQLITE_AUTH
	}
	return sqlite3.SQLITE_OK
}
