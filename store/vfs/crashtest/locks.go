package crashtest

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

func (d *Disk) lock(_ *libc.TLS, p uintptr, level int32) int32 {
	if rc := d.fault(Lock, d.whose(p).path); rc != 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.handle(p)
	n := h.node
	if h.level >= level {
		return 0
	}
	others := n.shared
	if h.level >= sqlite3.SQLITE_LOCK_SHARED {
		others--
	}
	switch level {
	case sqlite3.SQLITE_LOCK_SHARED:
		if n.owner != nil {
			return sqlite3.SQLITE_BUSY
		}
		n.shared++
	case sqlite3.SQLITE_LOCK_RESERVED:
		if n.reserved != nil {
			return sqlite3.SQLITE_BUSY
		}
		n.reserved = h
	default:
		if d.NoExclusive || n.reserved != nil && n.reserved != h || n.owner != nil && n.owner != h {
			return sqlite3.SQLITE_BUSY
		}
		n.owner = h
		if others > 0 {
			h.level = sqlite3.SQLITE_LOCK_PENDING
			return sqlite3.SQLITE_BUSY
		}
	}
	h.level = level
	return 0
}

func (d *Disk) unlock(_ *libc.TLS, p uintptr, level int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.handle(p)
	n := h.node
	if h.level <= level {
		return 0
	}
	if n.reserved == h {
		n.reserved = nil
	}
	if n.owner == h {
		n.owner = nil
	}
	if level == sqlite3.SQLITE_LOCK_NONE {
		n.shared--
	}
	h.level = level
	return 0
}

func (d *Disk) checkReserved(_ *libc.TLS, p, out uintptr) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	*at[int32](out) = 0
	if n := d.handle(p).node; n.reserved != nil || n.owner != nil {
		*at[int32](out) = 1
	}
	return 0
}

func (d *Disk) shmMap(tls *libc.TLS, p uintptr, region, size, extend int32, out uintptr) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.handle(p)
	if !h.hasShm {
		h.hasShm = true
		h.node.shmUsers++
	}
	for int(region) >= len(h.node.shm) {
		if extend == 0 {
			*at[uintptr](out) = 0
			return 0
		}
		h.node.shm = append(h.node.shm, libc.Xcalloc(tls, 1, libc.Tsize_t(size)))
	}
	*at[uintptr](out) = h.node.shm[region]
	return 0
}

func (d *Disk) shmLock(_ *libc.TLS, p uintptr, first, count, flags int32) int32 {
	if flags == sqlite3.SQLITE_SHM_LOCK|sqlite3.SQLITE_SHM_EXCLUSIVE { // who reads is never kept waiting, or SQLite waits for minutes
		if rc := d.fault(Lock, d.whose(p).path+"-shm"); rc != 0 {
			return rc
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.handle(p)
	n := h.node
	var mask uint8
	for i := first; i < first+count; i++ {
		mask |= 1 << i
	}
	switch flags {
	case sqlite3.SQLITE_SHM_UNLOCK | sqlite3.SQLITE_SHM_SHARED, sqlite3.SQLITE_SHM_UNLOCK | sqlite3.SQLITE_SHM_EXCLUSIVE:
		h.giveUp(mask)
	case sqlite3.SQLITE_SHM_LOCK | sqlite3.SQLITE_SHM_SHARED:
		if h.shmS&mask != 0 {
			return 0
		}
		if n.shmOwner[first] != nil {
			return sqlite3.SQLITE_BUSY
		}
		n.shmShared[first]++
		h.shmS |= mask
	default:
		for i := first; i < first+count; i++ {
			if n.shmOwner[i] != nil && n.shmOwner[i] != h || n.shmShared[i] > 0 {
				return sqlite3.SQLITE_BUSY
			}
		}
		for i := first; i < first+count; i++ {
			n.shmOwner[i] = h
		}
		h.shmX |= mask
	}
	return 0
}

func (h *handle) giveUp(mask uint8) {
	for i := range 8 {
		if bit := uint8(1) << i; mask&bit != 0 {
			if h.shmS&bit != 0 {
				h.node.shmShared[i]--
			}
			if h.shmX&bit != 0 {
				h.node.shmOwner[i] = nil
			}
		}
	}
	h.shmS &^= mask
	h.shmX &^= mask
}

func (d *Disk) shmBarrier(*libc.TLS, uintptr) {
	d.mu.Lock()
	defer d.mu.Unlock()
}

func (d *Disk) shmUnmap(tls *libc.TLS, p uintptr, _ int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.handle(p)
	if !h.hasShm {
		return 0
	}
	h.giveUp(0xff)
	h.hasShm = false
	if h.node.shmUsers--; h.node.shmUsers == 0 { // as after the last connection, or a power cut: it holds nothing that counts
		for _, region := range h.node.shm {
			libc.Xfree(tls, region)
		}
		h.node.shm = nil
	}
	return 0
}
