package backup

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
	"unsafe"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
)

// packed is a backup that is whole, in the room.
type packed struct {
	outside
	path string
}

// pack writes a backup of the store into the room, straight from one moment of it: sealed, so that nothing in clear touches the disk and the
// reading moment ends before a slow place is written to.
func (v *Vault) pack(ctx context.Context, r *room, number uint64, g *going) (p packed, err error) {
	s, ok := v.secret(v.key)
	if !ok {
		return p, dossier.Invalid("", "store.locked")
	}
	ring, err := keyring.Export(v.dir)
	if err != nil {
		return p, err
	}
	d, err := newDraft(ctx, filepath.Join(r.dir, "goi"), v.at)
	if err != nil {
		return p, placed(err, v.dir)
	}
	p.path = d.path
	defer func() {
		if err = errors.Join(err, placed(d.f.Close(), v.dir)); err != nil {
			err = errors.Join(err, os.Remove(d.path))
		}
	}()
	var out *packing
	defer func() {
		if out != nil {
			out.abandon()
		}
	}()
	done, all := int64(0), int64(0)
	err = v.store.Copy(ctx, func(c store.Census, size int, pages int64) error {
		all = pages * int64(size)
		p.Head = Head{Format: Format, Made: v.now().UTC().Truncate(time.Second), Number: number, Program: v.program, Census: c,
			Size: size, Pages: pages, Key: v.key, Salt: make([]byte, saltSize), Ring: ring}
		rand.Read(p.Salt)
		var err error
		if p.head, err = json.Marshal(p.Head); err != nil {
			return err
		}
		if len(p.head) > maxHead || p.check() != nil {
			return errors.New("a head that nobody would read")
		}
		if _, err := d.Write(make([]byte, beginning)); err != nil {
			return err
		}
		if _, err := d.Write(p.head); err != nil {
			return err
		}
		d.sum.Reset() // from here on it is what is sealed
		out, err = pack(d, s, p.outside)
		return err
	}, func(page []byte) error {
		done += int64(len(page))
		g.tell(dossier.BackupCopies, done, all)
		return out.page(page)
	})
	if err == nil {
		err = out.close()
	}
	if err != nil {
		return p, placed(err, v.dir)
	}
	p.sealed, p.sum = d.n-p.start(), dossier.Hash(d.sum.Sum(nil))
	if _, err := d.f.WriteAt(p.bytes(), 0); err != nil {
		return p, placed(err, v.dir)
	}
	return p, placed(d.f.Sync(), v.dir)
}

// draft is a file on its way to its name. It is flushed as it grows, ends with its ctx, and leaves the disk room for the store.
type draft struct {
	ctx   context.Context
	f     *os.File
	path  string
	sum   hash.Hash
	n     int64
	since int64
	at    func(step string) error
}

func newDraft(ctx context.Context, path string, at func(string) error) (*draft, error) {
	if err := at("create"); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	return &draft{ctx: ctx, f: f, path: path, sum: newSum(), since: flush, at: at}, err
}

func (d *draft) Write(b []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	if d.since >= flush {
		d.since = 0
		if err := errors.Join(d.at("write"), d.f.Sync()); err != nil {
			return 0, err
		}
		if n := free(filepath.Dir(d.path)); n >= 0 && n < leave {
			return 0, said("backup.full", filepath.Dir(d.path))
		}
	}
	n, err := d.f.Write(b)
	d.sum.Write(b[:n])
	d.n, d.since = d.n+int64(n), d.since+int64(n)
	return n, err
}

// deliver puts a packed backup into its place and reads it back. Codes: those of a place, backup.unreliable.
func (v *Vault) deliver(ctx context.Context, p packed, place dossier.BackupPlace, g *going) (path string, err error) {
	if path, err = freeName(place.Path, p.name()); err != nil {
		return "", placed(err, place.Path)
	}
	part := path + partial
	err = errors.New("another disk")
	if place.Kind == dossier.PlaceOwn {
		if err = v.at("move"); err == nil {
			err = os.Rename(p.path, part)
		}
	}
	if err != nil {
		err = v.carry(ctx, p, part, g)
	}
	if err == nil {
		var same bool
		same, err = reads(ctx, part, p.outside, func(n int64) {
			g.moved()
			g.tell(dossier.BackupWrites, p.size()+n, 2*p.size())
		})
		if err = errors.Join(err, v.at("read back")); err == nil && !same {
			err = said("backup.unreliable", place.Path)
		}
	}
	for _, step := range []func() error{func() error { return v.at("name") }, ctx.Err, func() error { return replace(part, path) }, func() error { return flushDir(place.Path) }} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		return "", errors.Join(placed(err, place.Path), gone(part))
	}
	return path, nil
}

// carry copies the whole file and writes it through.
func (v *Vault) carry(ctx context.Context, p packed, to string, g *going) (err error) {
	f, err := os.Open(p.path)
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := newDraft(ctx, to, v.at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.f.Close()) }()
	room := make([]byte, 256<<10)
	for {
		n, err := f.Read(room)
		if n > 0 {
			if _, err := d.Write(room[:n]); err != nil {
				return err
			}
			g.moved()
			g.tell(dossier.BackupWrites, d.n, 2*p.size())
		}
		if err == io.EOF {
			return errors.Join(v.at("flush"), d.f.Sync())
		}
		if err != nil {
			return err
		}
	}
}

// freeName is a name nobody has: a second backup of the same minute, of the same point, gets another.
func freeName(folder, name string) (string, error) {
	for n := 1; ; n++ {
		path := filepath.Join(folder, name+Extension)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d%s", name, n, Extension))
		}
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path, nil
		} else if err != nil || n > 100 {
			return "", errors.Join(err, errors.New("no name is left"))
		}
	}
}

func newSum() hash.Hash { return sha256.New() }

// alignedRoom is memory that begins at a page, as the system wants it from who reads past its own memory; its size is one of whole pages.
func alignedRoom(size int) []byte {
	const sector = 4096
	room := make([]byte, size+sector)
	start := -int(uintptr(unsafe.Pointer(&room[0]))) & (sector - 1)
	return room[start : start+size]
}

// reads tells whether a file reads as what was written.
func reads(ctx context.Context, path string, o outside, moved func(n int64)) (same bool, err error) {
	f, err := openAgain(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if info, err := f.Stat(); err != nil || info.Size() != o.size() {
		return false, err
	}
	room := alignedRoom(256 << 10)
	first, sum, at := append(o.bytes(), o.head...), newSum(), int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n, err := f.Read(room)
		b := room[:n]
		at += int64(n)
		m := min(n, len(first))
		if !bytes.Equal(b[:m], first[:m]) {
			return false, nil
		}
		first = first[m:]
		sum.Write(b[m:])
		moved(at)
		if at == o.size() {
			return dossier.Hash(sum.Sum(nil)) == o.sum, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// gone removes what is not to be there; that a place has gone with it is as good.
func gone(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) && !isGone(err) && !isReadOnly(err) {
		return err
	}
	return nil
}

// ready sees to it that a place can be written to. Only folders of ours are made: where the one that was chosen is not there, its disk is not.
func ready(p dossier.BackupPlace) error {
	if p.Kind == dossier.PlaceOwn || p.Kind == dossier.PlaceStick {
		if err := os.Mkdir(p.Path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	info, err := os.Stat(p.Path)
	if err == nil && !info.IsDir() {
		err = said("backup.gone", p.Path)
	}
	return err
}

// next is the number of the next backup of a place, whose list begins with the greatest.
func next(all []found) uint64 {
	if len(all) == 0 {
		return 1
	}
	return all[0].Number + 1
}
