package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/vfs"
)

const (
	roomName = "sao-luu.tam"  // a folder in the station's, for what is on its way; what a crash left there is nothing
	lockName = "sao-luu.lock" // what the one program that makes, proves or restores a backup of a station holds
	asideFor = "cu-"          // how the folders begin that hold what stood there before a restore
)

// leave is what a backup leaves free on a disk: the store must be able to go on.
const leave = 64 << 20

// room is where one backup or restore works, alone.
type room struct {
	data string // the station's folder
	dir  string
	lock *flock.Flock
}

// enter takes the room and empties it of what a crash left. Codes: backup.busy and those of a place.
func enter(data string) (*room, error) {
	r := &room{data: data, dir: filepath.Join(data, roomName), lock: flock.New(filepath.Join(data, lockName), flock.SetPermissions(0o600))}
	got, err := r.lock.TryLock()
	if err != nil {
		return nil, placed(err, data)
	}
	if !got {
		return nil, dossier.Invalid("", "backup.busy")
	}
	if err := errors.Join(r.clean(), os.Mkdir(r.dir, 0o700)); err != nil {
		return nil, errors.Join(placed(err, data), r.lock.Unlock())
	}
	return r, nil
}

// clean removes what a crash left: what was on its way, and a folder that was to hold what stood there before, where it stands there yet.
func (r *room) clean() error {
	if err := os.RemoveAll(r.dir); err != nil {
		return err
	}
	now, err := os.Stat(filepath.Join(r.data, store.FileName))
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir(r.data)
	if err != nil {
		return err
	}
	for _, e := range entries {
		aside := filepath.Join(r.data, e.Name())
		was, err := os.Stat(filepath.Join(aside, store.FileName))
		if !strings.HasPrefix(e.Name(), asideFor) || err != nil || !os.SameFile(was, now) {
			continue
		}
		if _, err := keyring.Export(aside); err != nil && dossier.Code(err) != "safe.missing" {
			continue // it may hold all there is of a damaged ring
		}
		if err := os.RemoveAll(aside); err != nil {
			return err
		}
	}
	return nil
}

func (r *room) leave() error { return errors.Join(os.RemoveAll(r.dir), r.lock.Unlock()) }

// Tidy removes what a crash left of a backup or a restore. It is for whoever is alone in a station's folder and about to open the store.
func Tidy(data string) error {
	if _, err := os.Lstat(filepath.Join(data, lockName)); errors.Is(err, os.ErrNotExist) {
		return nil // there never was one
	}
	r, err := enter(data)
	if dossier.Code(err) == "backup.busy" {
		return nil
	}
	if err != nil {
		return err
	}
	return r.leave()
}

// scratch is a database on its way, under a key that nobody keeps.
type scratch struct {
	dir   string
	layer *vfs.Layer
}

func (r *room) scratch() (*scratch, error) {
	var key [32]byte
	defer clear(key[:])
	name := make([]byte, 8)
	rand.Read(key[:])
	rand.Read(name)
	s := &scratch{dir: filepath.Join(r.dir, "thu")}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return nil, placed(err, r.data)
	}
	var err error
	s.layer, err = vfs.Register("backup-"+hex.EncodeToString(name), &key)
	return s, err
}

func (s *scratch) path() string { return filepath.Join(s.dir, store.FileName) }

func (s *scratch) close() error { return errors.Join(s.layer.Close(), os.RemoveAll(s.dir)) }

// unpack opens a backup into a scratch file. Codes: backup.full and those of unpack.
func (r *room) unpack(ctx context.Context, f io.Reader, path string, key secret, o outside, tell func(done, all int64)) (_ *scratch, err error) {
	all := o.Pages * int64(o.Size)
	if n := free(r.data); n >= 0 && n < all+leave {
		return nil, said("backup.full", r.data)
	}
	s, err := r.scratch()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	to, err := os.OpenFile(s.path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, placed(err, r.data)
	}
	w := &sealedWriter{to: to, layer: s.layer}
	err = unpack(ctx, f, path, key, o, func(page []byte) error {
		if _, err := w.Write(page); err != nil {
			return placed(err, r.data)
		}
		tell(w.at+int64(len(w.room)), all)
		return nil
	})
	if err == nil {
		err = placed(w.flush(), r.data)
	}
	return s, errors.Join(reading(err, path), placed(to.Close(), r.data))
}

// sealedWriter writes a main file through a layer, a piece at a time, each flushed: what a disk has to catch up with is what the store would
// wait for.
type sealedWriter struct {
	to    *os.File
	layer *vfs.Layer
	room  []byte
	at    int64
	since int64 // bytes that are not flushed
}

const (
	piece = 1 << 20
	flush = 8 << 20 // bytes after which a file on its way is flushed
)

func (w *sealedWriter) Write(b []byte) (int, error) {
	w.room = append(w.room, b...)
	if len(w.room) < piece {
		return len(b), nil
	}
	return len(b), w.put()
}

func (w *sealedWriter) put() error {
	if err := w.layer.EncryptPages(w.room, w.at); err != nil {
		return err
	}
	if _, err := w.to.WriteAt(w.room, w.at); err != nil {
		return err
	}
	w.at, w.since = w.at+int64(len(w.room)), w.since+int64(len(w.room))
	w.room = w.room[:0]
	if w.since >= flush {
		w.since = 0
		return w.to.Sync()
	}
	return nil
}

// flush writes the rest through to the disk.
func (w *sealedWriter) flush() error { return errors.Join(w.put(), w.to.Sync()) }

// open opens the database; one of an older program is brought up to date, as it would be after a restore.
func (s *scratch) open(ctx context.Context, toWrite bool, opts store.Options) (*store.Store, error) {
	opts.VFS, opts.NoReserve, opts.ReadOnly = s.layer.Name(), true, !toWrite
	st, err := store.Open(ctx, s.dir, opts)
	if dossier.Code(err) == "store.older" {
		opts.ReadOnly = false
		st, err = store.Open(ctx, s.dir, opts)
	}
	return st, err
}

// same holds an opened backup against its head, and its journals and its file against themselves. Codes: backup.differs, backup.faults
// (count), store.newer.
func same(ctx context.Context, st *store.Store, o outside, path string) error {
	c, err := st.Census(ctx)
	if err != nil {
		return err
	}
	if !c.Agrees(o.Census) {
		return fmt.Errorf("%w: it says %+v and holds %+v", said("backup.differs", path), o.Census, c)
	}
	check, err := st.VerifyJournals(ctx)
	if err != nil {
		return err
	}
	if n := len(check.Faults); n > 0 {
		return fmt.Errorf("%w: %s", dossier.Invalid("", "backup.faults", "file", filepath.Base(path), "count", fmt.Sprint(n)), strings.Join(check.Faults, " "))
	}
	return nil
}
