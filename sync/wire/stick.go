package wire

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/dossier"
)

// Disk is what a parcel is written to.
type Disk interface {
	Free(dir string) (uint64, error)          // bytes
	Write(name string, b []byte) error        // a new file, handed to the disk before it returns
	Rename(from, to string) error             //
	Flush(dir string) error                   // hands the folder's names to the disk
	ReadBack(name string, to io.Writer) error // as the disk has it, as far as the system lets one ask
}

// spare is what must stay free on a stick, for its own tables.
const spare = 256 << 10

// WrittenParcel is one that lies on a stick, whole.
type WrittenParcel struct {
	Folder string // where, from the stick's top, with slashes
	Index  dossier.ParcelFile
	Parcel
}

// WriteParcel writes a parcel onto the stick at dir, and comes back without an error only when all of it was read back as it was
// written. The index comes last, so that whatever ends it (a full or dying stick, one pulled out, ctx) leaves no parcel, and what it
// left behind is taken away where that is still possible. told hears of each envelope: first of those written, then of those read back.
//
// What reading back shows: the system was asked to forget what it remembers, so a stick that pretends to be larger than it is, or that
// answers with what it never kept, shows itself as soon as its own small memory is used up. What it cannot show: a stick that loses
// what it has kept tomorrow. Only the receipt counts (ADR 7).
//
// Codes: parcel.folder, parcel.no-folder, parcel.full, parcel.not-writable, parcel.differs, parcel.too-large.
func WriteParcel(ctx context.Context, disk Disk, dir string, p Parcel, key ed25519.PrivateKey, envelopes iter.Seq2[Envelope, error],
	told func(phase string, done int)) (w WrittenParcel, err error) {
	p.ID = NewNonce()
	w.Folder = path.Join(ParcelFolder, folderName(p, KeyHash(key.Public().(ed25519.PublicKey))))
	if dir, err = top(dir); err != nil {
		return w, err
	}
	at := filepath.Join(dir, filepath.FromSlash(w.Folder))
	failed := func(err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return writeFailure(err)
	}
	if err := os.MkdirAll(at, 0o777); err != nil {
		return w, failed(err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(at) // a folder without an index is no parcel, and the stick may be gone
		}
	}()
	for e, err := range envelopes {
		if err != nil {
			return w, err
		}
		if err := ctx.Err(); err != nil {
			return w, err
		}
		if len(p.Files) == MaxFiles {
			return w, dossier.Invalid("", "parcel.too-large")
		}
		b := e.Bytes()
		f := ParcelFile{Chain: e.Chain.Chain, First: e.First, Last: e.Last, Name: FileName(len(p.Files)), Size: len(b), Sum: sha256.Sum256(b)}
		if err := writeWhole(disk, at, f.Name, b); err != nil {
			return w, failed(err)
		}
		if err := disk.Rename(filepath.Join(at, temporary(f.Name)), filepath.Join(at, f.Name)); err != nil {
			return w, failed(err)
		}
		p.Files = append(p.Files, f)
		told("write", len(p.Files))
	}
	index := p.Sign(key)
	if len(index) > MaxIndex {
		return w, dossier.Invalid("", "parcel.too-large")
	}
	if w.Parcel, err = OpenParcel(index); err != nil {
		return w, fmt.Errorf("write parcel: %w", err) // no reader would take it
	}
	w.Index = dossier.ParcelFile{Name: IndexName, Size: len(index), Sum: sha256.Sum256(index)}
	if err := writeWhole(disk, at, IndexName, index); err != nil {
		return w, failed(err)
	}
	if err := disk.Flush(at); err != nil {
		return w, failed(err)
	}
	if err := w.readBack(ctx, disk, at, temporary(IndexName), told); err != nil {
		return w, err
	}
	if err := disk.Rename(filepath.Join(at, temporary(IndexName)), filepath.Join(at, IndexName)); err != nil {
		return w, failed(err)
	}
	for _, one := range []string{at, filepath.Dir(at), dir} {
		if err := disk.Flush(one); err != nil {
			return w, failed(err)
		}
	}
	return w, nil
}

// readBack reads all of a parcel as the disk has it. Code: parcel.differs.
func (w WrittenParcel) readBack(ctx context.Context, disk Disk, at, index string, told func(phase string, done int)) error {
	for i, f := range append(slices.Clone(w.Files), ParcelFile{Name: index, Size: w.Index.Size, Sum: w.Index.Sum}) {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := &counted{Hash: sha256.New()}
		if err := disk.ReadBack(filepath.Join(at, f.Name), h); err != nil || h.n != f.Size || !bytes.Equal(h.Sum(nil), f.Sum[:]) {
			return dossier.Invalid("folder", "parcel.differs")
		}
		told("check", min(i+1, len(w.Files)))
	}
	return nil
}

// CheckParcels reads back once more those that were written before the last one: a stick that is smaller than it says keeps the new by giving
// up the old. One that is not as it was written is taken away. Code: parcel.differs.
func CheckParcels(ctx context.Context, disk Disk, dir string, written []WrittenParcel) error {
	dir, err := top(dir)
	if err != nil {
		return err
	}
	for _, w := range written[:max(0, len(written)-1)] {
		at := filepath.Join(dir, filepath.FromSlash(w.Folder))
		if bad := w.readBack(ctx, disk, at, IndexName, func(string, int) {}); bad != nil {
			if ctx.Err() == nil {
				_ = os.RemoveAll(at) // as in WriteParcel
			}
			err = bad
		}
	}
	return err
}

// top is the folder in which ParcelFolder lies, or is to be made. Who chose that folder itself, as he may have been told to where a stick is
// crowded, means the same stick: a second one within would be looked for by nobody. Codes: parcel.folder, parcel.no-folder.
func top(dir string) (string, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", dossier.Invalid("folder", "parcel.folder", "folder", dir)
	}
	if strings.EqualFold(filepath.Base(dir), ParcelFolder) {
		dir = filepath.Dir(filepath.Clean(dir))
	}
	if info, err := os.Lstat(filepath.Join(dir, ParcelFolder)); err == nil && !info.IsDir() {
		return "", dossier.Invalid("folder", "parcel.no-folder", "name", ParcelFolder) // a link may lead off the stick
	}
	return dir, nil
}

type counted struct {
	hash.Hash
	n int
}

func (c *counted) Write(b []byte) (int, error) {
	c.n += len(b)
	return c.Hash.Write(b)
}

// folderName is a new one, with nothing in it that any disk would refuse.
func folderName(p Parcel, maker dossier.Hash) string {
	var random [4]byte
	rand.Read(random[:])
	return fmt.Sprintf("%s-%s-%s-%s", p.Kind, maker.String()[:8], p.At.In(dossier.Hanoi).Format("20060102-150405"), hex.EncodeToString(random[:]))
}

func temporary(name string) string { return name + ".tmp" }

var errNoRoom = errors.New("no room left")

// writeWhole asks for room and writes a file under its temporary name.
func writeWhole(disk Disk, at, name string, b []byte) error {
	free, err := disk.Free(at)
	if err != nil {
		return err
	}
	if free < uint64(len(b)+spare) {
		return errNoRoom
	}
	return disk.Write(filepath.Join(at, temporary(name)), b)
}

// writeFailure names what a stick did not let us do.
func writeFailure(err error) error {
	if errors.Is(err, errNoRoom) || diskFull(err) {
		return dossier.Invalid("folder", "parcel.full")
	}
	return fmt.Errorf("%w: %w", dossier.Invalid("folder", "parcel.not-writable"), err)
}

// FoundParcel is a folder on a stick that is, or should have been, a parcel.
type FoundParcel struct {
	Folder string // where, from the folder that was looked into, with slashes, as it can be shown to people; "." for itself
	Index  dossier.ParcelFile
	Parcel                  // zero when Err is not nil
	Err    dossier.Problems // why it cannot be used: parcel.unfinished, parcel.damaged, parcel.newer
	root   string
	at     string // Folder as the disk has it
}

// maxIndexes is how many bytes of indexes are read of one stick: a stranger's, signed by himself, would fill the memory of a small PC.
const maxIndexes = 64 << 20

// FindParcels looks for parcels in a folder, its folders and theirs, whatever they are called. What else lies there is left alone. Links
// are not followed. With parcel.too-many it gives those it found before there was too much. Codes: parcel.folder, parcel.too-many.
func FindParcels(ctx context.Context, dir string) ([]FoundParcel, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, dossier.Invalid("folder", "parcel.folder", "folder", dir)
	}
	defer root.Close()
	var found []FoundParcel
	looked, read := 0, 0
	var look func(folder string, depth int) error
	look = func(folder string, depth int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if looked++; looked > MaxParcels {
			return tooMany()
		}
		one := FoundParcel{Folder: dossier.Clean(folder), root: dir, at: folder}
		said := func(code string) dossier.Problems { return dossier.Invalid("", code, "folder", one.Folder) }
		index, err := readPlain(root, path.Join(folder, IndexName), MaxIndex)
		if read += len(index); read > maxIndexes {
			return tooMany()
		}
		is := true
		switch {
		case err == nil:
			one.Index = dossier.ParcelFile{Name: IndexName, Size: len(index), Sum: sha256.Sum256(index)}
			if one.Parcel, err = OpenParcel(index); errors.Is(err, ErrNewer) {
				one.Err = said("parcel.newer")
			} else if err != nil {
				one.Err = said("parcel.damaged")
			}
			found = append(found, one)
		case !errors.Is(err, fs.ErrNotExist):
			one.Err = said("parcel.damaged")
			found = append(found, one)
		default:
			is = false
		}
		if is && folder != "." { // what somebody left at the top hides nothing
			return nil
		}
		folders, begun, err := inside(root, folder)
		if dossier.Code(err) != "" && folder == "." { // ours may lie beside a hundred thousand pictures
			return cmp.Or(look(ParcelFolder, depth-1), err)
		}
		if dossier.Code(err) != "" {
			return err
		}
		if err != nil {
			if folder == "." {
				return dossier.Invalid("folder", "parcel.folder", "folder", dir)
			}
			return nil // somebody else's, closed to us
		}
		if begun && !is {
			one.Err = said("parcel.unfinished")
			found = append(found, one)
		}
		if depth == 0 {
			return nil
		}
		for _, one := range folders {
			if err := look(path.Join(folder, one), depth-1); err != nil {
				return err
			}
		}
		return nil
	}
	err = look(".", 2)
	slices.SortFunc(found, func(a, b FoundParcel) int { return strings.Compare(a.at, b.at) })
	return found, err
}

// inside are the folders in a folder, and whether envelopes lie there.
func inside(root *os.Root, folder string) (folders []string, begun bool, err error) {
	d, err := root.Open(folder)
	if err != nil {
		return nil, false, err
	}
	defer d.Close()
	for n := 0; ; {
		entries, err := d.ReadDir(512)
		if n += len(entries); n > maxInFolder {
			return nil, false, tooMany()
		}
		for _, e := range entries {
			name := strings.TrimSuffix(e.Name(), ".tmp")
			switch {
			case e.IsDir():
				folders = append(folders, e.Name())
			case e.Type().IsRegular() && (name == FileName(0) || name == IndexName):
				begun = true
			}
		}
		if err == io.EOF {
			slices.SortFunc(folders, func(a, b string) int { // ours first: what else lies on a stick may be very much
				return cmp.Or(-cmp.Compare(ours(a), ours(b)), strings.Compare(a, b))
			})
			return folders, begun, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
}

// ours is 1 for a name that this program gives: only in which order one looks hangs on it.
func ours(name string) int {
	if strings.EqualFold(name, ParcelFolder) || isKind(name) {
		return 1
	}
	return 0
}

// isKind tells whether a folder's name begins as those of parcels do.
func isKind(name string) bool {
	kind, _, _ := strings.Cut(name, "-")
	return slices.Contains([]ParcelKind{ParcelUp, ParcelDown, ParcelSister}, ParcelKind(kind))
}

// maxInFolder is the most names of one folder that are read.
const maxInFolder = 4 * MaxFiles

func tooMany() error {
	return dossier.Invalid("folder", "parcel.too-many", "max", strconv.Itoa(MaxParcels))
}

// readPlain reads a file that is one: no link, no folder, no pipe, and not larger than that.
func readPlain(root *os.Root, name string, most int) ([]byte, error) {
	was, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !was.Mode().IsRegular() || was.Size() > int64(most) {
		return nil, fmt.Errorf("%s: %w: not a plain file of at most %d bytes", name, ErrBad, most)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if is, err := f.Stat(); err != nil || !os.SameFile(was, is) {
		return nil, fmt.Errorf("%s: %w: exchanged while it was read", name, ErrBad)
	}
	b, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(b) > most {
		err = fmt.Errorf("%s: %w: it grows", name, ErrBad)
	}
	return b, err
}

// Envelope reads the i-th. Codes: parcel.file-missing (the stick may have been pulled out), parcel.file-damaged.
func (f FoundParcel) Envelope(i int) (Envelope, error) {
	file := f.Files[i]
	missing := dossier.Invalid("", "parcel.file-missing", "file", file.Name, "folder", f.Folder)
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return Envelope{}, missing
	}
	defer root.Close()
	b, err := readPlain(root, path.Join(f.at, file.Name), file.Size)
	if err != nil && !errors.Is(err, ErrBad) {
		return Envelope{}, missing
	}
	damaged := dossier.Invalid("", "parcel.file-damaged", "file", file.Name, "folder", f.Folder)
	if err != nil || len(b) != file.Size || sha256.Sum256(b) != file.Sum {
		return Envelope{}, damaged
	}
	e, err := Read(bytes.NewReader(b))
	if err != nil || e.Chain.Chain != file.Chain || e.First != file.First || e.Last != file.Last || e.Recipient != f.For.Recipient {
		return Envelope{}, damaged
	}
	return e, nil
}
