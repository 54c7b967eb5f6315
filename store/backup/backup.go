// Package backup makes backups of a station's store, proves them, and restores them.
//
// Count on this: a backup that was returned is whole on its disk, was read back from there, and opens to whoever can open the store as it
// was then: with a password on this PC, with the recovery code anywhere. Nothing of it is in clear but its head, which names nobody. One
// that is not whole has no name a backup has. Whatever a place does (full, pulled out, read-only, gone, slow), the store goes on and
// nothing half-done stands for a backup. A restore leaves, wherever the power goes, the old store or the restored one under its name, and what
// stood there before is put aside and not deleted.
//
// A file is its beginning, its head in clear, and the pages of the database: behind the hash of the head and before their own, packed by zstd
// in one stream of age. The key is derived from the database's key of that time, and the head holds the key ring of that time.
package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
)

// Extension is what the name of every backup ends in.
const Extension = ".saoluu"

// partial is what the name of one ends in that is being written; proof of the note beside one that was proved.
const (
	partial = ".part"
	proof   = ".proved"
)

// Format is the version of the form of the file.
const Format = 1

// Limits of what is read before anything is known of a file.
const (
	maxHead     = 4 << 20 // bytes; the ring in it may have 1 MiB
	maxPageSize = 64 << 10
	maxBytes    = 1 << 40 // of a database
)

// Head is what stands in clear. Whoever changes it makes a file that does not open: its hash stands inside.
type Head struct {
	Format  int           `json:"format"`
	Made    time.Time     `json:"made"`
	Number  uint64        `json:"number"`  // grows in each place, so that no clock decides which is the newest
	Program string        `json:"program"` // that made it
	Census  store.Census  `json:"census"`
	Size    int           `json:"size"`  // of a page
	Pages   int64         `json:"pages"` //
	Key     keyring.KeyID `json:"key"`   // the database's, of that time
	Salt    []byte        `json:"salt"`  // of the backup's own key
	Ring    []byte        `json:"ring"`  // the key ring as it was
}

// A file begins with: its mark; the length of the head, 4 bytes, of what is sealed, 8, and the SHA-256 of what is sealed. It is written last:
// until a file is whole it begins with zeros.
var mark = []byte("TNSAOLUU")

const beginning = 8 + 4 + 8 + sha256.Size

// outside is what is seen of a file without a key.
type outside struct {
	Head
	head   []byte // as it stands in the file
	sealed int64  // bytes
	sum    dossier.Hash
}

func (o outside) start() int64 { return beginning + int64(len(o.head)) }

// bound is what stands inside for the head.
func (o outside) bound() dossier.Hash { return sha256.Sum256(append(bytes.Clone(mark), o.head...)) }

func (o outside) bytes() []byte {
	b := binary.BigEndian.AppendUint32(bytes.Clone(mark), uint32(len(o.head)))
	b = binary.BigEndian.AppendUint64(b, uint64(o.sealed))
	return append(b, o.sum[:]...)
}

func (o outside) size() int64 { return o.start() + o.sealed }

func (o outside) backup(path string, proved bool) dossier.Backup {
	return o.Head.backup(path, o.size(), proved)
}

func (h Head) backup(path string, bytes int64, proved bool) dossier.Backup {
	return dossier.Backup{Path: path, Made: h.Made, Bytes: bytes, Own: h.Census.Own, Events: h.Census.Events, Dossiers: h.Census.Dossiers, Proved: proved}
}

// Read is the head of a backup: of any station, and without a key. Codes: backup.none (no such file), backup.foreign (something else),
// backup.damaged (cut off, or begun and not ended), backup.newer.
func Read(path string) (Head, error) {
	f, o, err := open(path)
	if err != nil {
		return Head{}, err
	}
	return o.Head, f.Close()
}

// open opens a file and reads its outside.
func open(path string) (*os.File, outside, error) {
	f, err := openPlain(path)
	if err != nil {
		return nil, outside{}, reading(err, path)
	}
	o, err := readOutside(f)
	if err != nil {
		return nil, outside{}, errors.Join(reading(err, path), f.Close())
	}
	return f, o, nil
}

// openPlain opens what is a file: of a folder or a pipe nobody waits for content.
func openPlain(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, said("backup.foreign", path)
	}
	return os.Open(path)
}

func readOutside(f *os.File) (outside, error) {
	foreign, damaged := said("backup.foreign", f.Name()), said("backup.damaged", f.Name())
	info, err := f.Stat()
	if err != nil {
		return outside{}, err
	}
	first := make([]byte, beginning)
	if n, err := io.ReadFull(f, first); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if n == 0 || bytes.Equal(first[:min(n, len(mark))], mark[:min(n, len(mark))]) {
			return outside{}, damaged
		}
		return outside{}, foreign
	} else if err != nil {
		return outside{}, err
	}
	if bytes.Equal(first, make([]byte, beginning)) {
		return outside{}, damaged
	}
	if !bytes.Equal(first[:len(mark)], mark) {
		return outside{}, foreign
	}
	rest := first[len(mark):]
	length := binary.BigEndian.Uint32(rest)
	o := outside{sealed: int64(binary.BigEndian.Uint64(rest[4:])), sum: dossier.Hash(rest[12:])}
	if length > maxHead || o.sealed < 0 || o.sealed > maxBytes || beginning+int64(length)+o.sealed != info.Size() {
		return outside{}, damaged
	}
	o.head = make([]byte, length)
	if _, err := io.ReadFull(f, o.head); err != nil {
		return outside{}, err
	}
	var version struct{ Format int }
	if json.Unmarshal(o.head, &version) != nil {
		return outside{}, damaged
	}
	if version.Format > Format {
		return outside{}, said("backup.newer", f.Name())
	}
	if err := json.Unmarshal(o.head, &o.Head); err != nil || o.check() != nil {
		return outside{}, damaged
	}
	return o, nil
}

func (h Head) check() error {
	switch {
	case h.Format != Format, h.Size < 512 || h.Size > maxPageSize || h.Size&(h.Size-1) != 0, h.Pages < 1 || h.Pages > maxBytes/int64(h.Size),
		len(h.Salt) != saltSize, len(h.Ring) == 0, h.Census.Own.Device.IsZero():
		return errors.New("no head of ours")
	}
	return nil
}

// name is what the file of a backup is called: the station's time, the PC, how far its journal reaches.
func (h Head) name() string {
	own := h.Census.Own
	return fmt.Sprintf("TiepNhan-%s-%s-%d", h.Made.In(dossier.Hanoi).Format("20060102-1504"), own.Device.String()[:8], own.Seq)
}

// said is a refusal about a file or a folder.
func said(code, path string) dossier.Problems {
	switch code {
	case "backup.full", "backup.read-only", "backup.gone", "backup.place", "backup.unreliable":
		return dossier.Invalid("", code, "folder", path)
	}
	return dossier.Invalid("", code, "file", filepath.Base(path))
}
