package vfs

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// file is one that SQLite has open. On the disk it is as long as whole units are; a unit that was cut off is as good as not there. One
// goroutine at a time uses it.
type file struct {
	layer *Layer
	key   *key
	below sqlite3.Tsqlite3_io_methods // of the layer beneath, which works on the same sqlite3_file
	first uintptr                     // where those stand
	mine  uintptr                     // what stands there instead
	room  uintptr                     // for what is on its way to the disk, or came from it
	size  int                         // of room

	// what mine points to
	close           fileFunc
	read, write     transferFunc
	truncate        truncateFunc
	length          fileOutFunc
	lock            fileIntFunc
	sector, devices fileFunc
	control         controlFunc
	shmLock         shmLockFunc
}

// openFile is xOpen. A main file under another key, or in clear, is refused before SQLite has seen any of it.
func (l *Layer) openFile(tls *libc.TLS, _, name, handle uintptr, flags int32, out uintptr) int32 {
	at[sqlite3.Tsqlite3_file](handle).FpMethods = 0
	f := &file{layer: l}
	switch {
	case flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0:
		f.key = l.roles[mainFile]
	case flags&sqlite3.SQLITE_OPEN_WAL != 0:
		f.key = l.roles[walFile]
	case flags&sqlite3.SQLITE_OPEN_MAIN_JOURNAL != 0:
		f.key = l.roles[journalFile]
	case flags&sqlite3.SQLITE_OPEN_SUPER_JOURNAL != 0:
		return sqlite3.SQLITE_CANTOPEN // its end says where it ends, and files here end with a unit: a commit over several would not be one
	default:
		var err error
		if f.key, err = passingKey(); err != nil {
			return sqlite3.SQLITE_NOMEM
		}
	}
	if !l.keep(f) {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	rc := function[openFunc](at[sqlite3.Tsqlite3_vfs](l.base).FxOpen)(tls, l.base, name, handle, flags, out)
	f.first = at[sqlite3.Tsqlite3_file](handle).FpMethods
	if rc != sqlite3.SQLITE_OK || f.first == 0 {
		l.drop(f)
		return rc
	}
	f.below = *at[sqlite3.Tsqlite3_io_methods](f.first)
	if f.mine = libc.Xcalloc(tls, 1, libc.Tsize_t(sizeOfMethods)); f.mine == 0 || !f.reserve(tls, 8<<10) {
		f.shut(tls, handle)
		return sqlite3.SQLITE_NOMEM
	}
	if flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0 {
		n, rc := f.fetch(tls, handle, unitSize, 0)
		if rc == sqlite3.SQLITE_OK {
			rc = l.fits(memory(f.room, n))
		}
		if rc != sqlite3.SQLITE_OK {
			f.shut(tls, handle)
			return rc
		}
	}
	f.close, f.read, f.write, f.truncate, f.length = f.shut, f.doRead, f.doWrite, f.doTruncate, f.doLength
	f.lock, f.control, f.shmLock = f.doLock, f.doControl, f.doShmLock
	f.sector = func(*libc.TLS, uintptr) int32 { return unitSize }
	f.devices = func(tls *libc.TLS, handle uintptr) int32 { // a write to part of a unit does not leave its neighbours alone
		return function[fileFunc](f.below.FxDeviceCharacteristics)(tls, handle) & sqlite3.SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN
	}
	m := at[sqlite3.Tsqlite3_io_methods](f.mine)
	*m = f.below
	m.FiVersion = min(m.FiVersion, 2) // from 3 on, pages are read without asking
	m.FxClose, m.FxRead, m.FxWrite, m.FxTruncate, m.FxFileSize = pointer(&f.close), pointer(&f.read), pointer(&f.write), pointer(&f.truncate), pointer(&f.length)
	m.FxLock, m.FxFileControl, m.FxSectorSize, m.FxDeviceCharacteristics = pointer(&f.lock), pointer(&f.control), pointer(&f.sector), pointer(&f.devices)
	if m.FiVersion >= 2 {
		m.FxShmLock = pointer(&f.shmLock)
	}
	m.FxFetch, m.FxUnfetch = 0, 0
	at[sqlite3.Tsqlite3_file](handle).FpMethods = f.mine
	return sqlite3.SQLITE_OK
}

func (l *Layer) keep(f *file) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.erased {
		l.open[f] = true
	}
	return !l.erased
}

func (l *Layer) drop(f *file) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, f)
	for _, k := range l.roles {
		if f.key == k {
			return
		}
	}
	f.key.erase()
}

// shut is xClose.
func (f *file) shut(tls *libc.TLS, handle uintptr) int32 {
	at[sqlite3.Tsqlite3_file](handle).FpMethods = f.first
	rc := function[fileFunc](f.below.FxClose)(tls, handle)
	at[sqlite3.Tsqlite3_file](handle).FpMethods = 0
	if f.room != 0 {
		clear(memory(f.room, f.size))
	}
	libc.Xfree(tls, f.room)
	libc.Xfree(tls, f.mine)
	f.layer.drop(f)
	return rc
}

// reserve sees to it that room has n bytes.
func (f *file) reserve(tls *libc.TLS, n int) bool {
	if n <= f.size {
		return true
	}
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(n))
	if p == 0 {
		return false
	}
	libc.Xfree(tls, f.room)
	f.room, f.size = p, n
	return true
}

// span is the whole units that hold n bytes from offset: where they begin and how long they are.
func span(n int, offset int64) (start int64, length int) {
	start = offset / unitSize * unitSize
	end := (offset + int64(n) + unitSize - 1) / unitSize * unitSize
	return start, int(end - start)
}

// fetch reads n bytes of whole units, as they are on the disk, to where room begins, and tells how many there are; the others are zeros.
func (f *file) fetch(tls *libc.TLS, handle uintptr, n int, offset int64) (int, int32) {
	if !f.reserve(tls, n) {
		return 0, sqlite3.SQLITE_IOERR_NOMEM
	}
	return f.fetchTo(tls, handle, f.room, n, offset)
}

func (f *file) fetchTo(tls *libc.TLS, handle, to uintptr, n int, offset int64) (int, int32) {
	for range 3 { // the file may grow between two looks
		rc := function[transferFunc](f.below.FxRead)(tls, handle, to, int32(n), offset)
		if rc != sqlite3.SQLITE_IOERR_SHORT_READ {
			return n, rc
		}
		size, rc := f.diskSize(tls, handle)
		if rc != sqlite3.SQLITE_OK {
			return 0, rc
		}
		if there := int(max(size-offset, 0)); there < n {
			clear(memory(to, n)[there:]) // part of a unit that was cut off, or zeros already
			return there, sqlite3.SQLITE_OK
		}
	}
	return 0, sqlite3.SQLITE_IOERR_READ // it is there and does not come
}

// diskSize is the length in whole units.
func (f *file) diskSize(tls *libc.TLS, handle uintptr) (int64, int32) {
	out := tls.Alloc(8)
	defer tls.Free(8)
	rc := function[fileOutFunc](f.below.FxFileSize)(tls, handle, out)
	return *at[int64](out) / unitSize * unitSize, rc
}

// decrypt is false when the key is erased. What stood there is gone then.
func (f *file) decrypt(to, from []byte, offset int64) bool {
	f.layer.mu.RLock()
	defer f.layer.mu.RUnlock()
	if f.layer.erased {
		clear(to)
		return false
	}
	f.key.decrypt(to, from, uint64(offset/unitSize))
	return true
}

// encrypt is false when the key is erased, and then nothing was done.
func (f *file) encrypt(to, from []byte, offset int64) bool {
	f.layer.mu.RLock()
	defer f.layer.mu.RUnlock()
	if !f.layer.erased {
		f.key.encrypt(to, from, uint64(offset/unitSize))
	}
	return !f.layer.erased
}

// doRead is xRead.
func (f *file) doRead(tls *libc.TLS, handle, to uintptr, amount int32, offset int64) int32 {
	want := int(amount)
	start, n := span(want, offset)
	whole := start == offset && n == want
	in := to
	if !whole {
		if !f.reserve(tls, n) {
			return sqlite3.SQLITE_IOERR_NOMEM
		}
		in = f.room
	}
	there, rc := f.fetchTo(tls, handle, in, n, start)
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	units := memory(in, n)
	if !f.decrypt(units[:there], units[:there], start) {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	if !whole {
		copy(memory(to, want), units[offset-start:])
		clear(units)
	}
	if start+int64(there) < offset+int64(want) {
		return sqlite3.SQLITE_IOERR_SHORT_READ
	}
	return sqlite3.SQLITE_OK
}

// doWrite is xWrite. Of a unit that is written in part the rest is read first; where that part was committed and flushed, SQLite leaves its
// unit alone, because devices says that it must.
func (f *file) doWrite(tls *libc.TLS, handle, from uintptr, amount int32, offset int64) int32 {
	give := int(amount)
	start, n := span(give, offset)
	if !f.reserve(tls, n) {
		return sqlite3.SQLITE_IOERR_NOMEM
	}
	units, source := memory(f.room, n), memory(from, give)
	if start != offset || n != give {
		last := n - unitSize
		if start != offset || last == 0 {
			if rc := f.readUnit(tls, handle, start, 0); rc != sqlite3.SQLITE_OK {
				return rc
			}
		}
		if last > 0 && offset+int64(give) < start+int64(n) {
			if rc := f.readUnit(tls, handle, start, last); rc != sqlite3.SQLITE_OK {
				return rc
			}
		}
		copy(units[offset-start:], source)
		source = units
	}
	if !f.encrypt(units, source, start) {
		clear(units)
		return sqlite3.SQLITE_IOERR_AUTH
	}
	return function[transferFunc](f.below.FxWrite)(tls, handle, f.room, int32(n), start)
}

// readUnit puts one unit in clear into the room, at its place there.
func (f *file) readUnit(tls *libc.TLS, handle uintptr, start int64, place int) int32 {
	there, rc := f.fetchTo(tls, handle, f.room+uintptr(place), unitSize, start+int64(place))
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	unit := memory(f.room+uintptr(place), there)
	if !f.decrypt(unit, unit, start+int64(place)) {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	return sqlite3.SQLITE_OK
}

// doTruncate is xTruncate: the rest of the unit in which the file now ends becomes zeros.
func (f *file) doTruncate(tls *libc.TLS, handle uintptr, size int64) int32 {
	if f.locked() {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	start, n := span(int(size%unitSize), size/unitSize*unitSize)
	if n > 0 {
		if rc := f.readUnit(tls, handle, start, 0); rc != sqlite3.SQLITE_OK {
			return rc
		}
		unit := memory(f.room, unitSize)
		clear(unit[size-start:])
		if !f.encrypt(unit, unit, start) {
			return sqlite3.SQLITE_IOERR_AUTH
		}
		if rc := function[transferFunc](f.below.FxWrite)(tls, handle, f.room, unitSize, start); rc != sqlite3.SQLITE_OK {
			return rc
		}
	}
	return function[truncateFunc](f.below.FxTruncate)(tls, handle, start+int64(n))
}

// doLength is xFileSize.
func (f *file) doLength(tls *libc.TLS, handle, out uintptr) int32 {
	size, rc := f.diskSize(tls, handle)
	*at[int64](out) = size
	return rc
}

// doLock is xLock: who cannot read any more does not begin to.
func (f *file) doLock(tls *libc.TLS, handle uintptr, level int32) int32 {
	if f.locked() {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	return function[fileIntFunc](f.below.FxLock)(tls, handle, level)
}

// doShmLock is xShmLock. With it every transaction of a write-ahead log begins, so that nothing is told from a cache either.
func (f *file) doShmLock(tls *libc.TLS, handle uintptr, offset, n, flags int32) int32 {
	if flags&sqlite3.SQLITE_SHM_LOCK != 0 && f.locked() {
		return sqlite3.SQLITE_IOERR_AUTH
	}
	return function[shmLockFunc](f.below.FxShmLock)(tls, handle, offset, n, flags)
}

func (f *file) locked() bool {
	f.layer.mu.RLock()
	defer f.layer.mu.RUnlock()
	return f.layer.erased
}

// doControl is xFileControl. Nothing is mapped into memory.
func (f *file) doControl(tls *libc.TLS, handle uintptr, op int32, arg uintptr) int32 {
	if op == sqlite3.SQLITE_FCNTL_MMAP_SIZE {
		*at[int64](arg) = 0
		return sqlite3.SQLITE_OK
	}
	return function[controlFunc](f.below.FxFileControl)(tls, handle, op, arg)
}
