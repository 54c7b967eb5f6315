package wire

import (
	"crypto/ed25519"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// Least is what their maker held, at least, when each of these parcels of one stick was made. Neither names nor clocks tell which was made
// last, and a PC whose disk was put back says less than it did: what is given too often costs room, what is not given is waited for.
func Least(of []Parcel) (least []Held) {
	for i, p := range of {
		if i == 0 {
			least = slices.Clone(p.Chains)
			continue
		}
		said := make(map[dossier.Chain]Held, len(p.Chains))
		for _, h := range p.Chains {
			said[h.Chain] = h
		}
		least = slices.DeleteFunc(least, func(h Held) bool { _, ok := said[h.Chain]; return !ok })
		for j, h := range least {
			if other := said[h.Chain]; other.Seq < h.Seq {
				least[j] = other
			}
		}
	}
	return least
}

// Tidy takes off the stick at dir what its maker put there before for the same readers and has now said again, and what it began there and
// never finished: a stick that goes to and fro for years would else become full, and have more on it than anybody looks through. written
// are the parcels that were just read back; knows tells whether the maker still holds a journal so far. What it does not hold any more
// stays, for the stick may be the last to have it; so does whatever is somebody else's. A stick that lets nothing be taken off is none the
// worse for it.
func Tidy(dir string, maker ed25519.PublicKey, written []WrittenParcel, knows func(Held) bool) {
	dir, err := top(dir)
	if err != nil {
		return
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return
	}
	defer root.Close()
	names, err := namesIn(root, ParcelFolder)
	if err != nil {
		return
	}
	for _, name := range names {
		folder := path.Join(ParcelFolder, name)
		if slices.ContainsFunc(written, func(w WrittenParcel) bool { return w.Folder == folder }) {
			continue
		}
		switch index, err := readPlain(root, path.Join(folder, IndexName), MaxIndex); {
		case err == nil:
			old, err := OpenParcel(index)
			if err != nil || !maker.Equal(ed25519.PublicKey(old.Maker)) || !slices.ContainsFunc(written, func(w WrittenParcel) bool { return w.says(old, knows) }) {
				continue
			}
		case !errors.Is(err, fs.ErrNotExist) || !begunBy(maker, name):
			continue
		}
		takeOff(root, folder)
	}
}

// says tells whether a parcel, and what else its maker gives on demand, says all that an older one did.
func (w WrittenParcel) says(old Parcel, knows func(Held) bool) bool {
	if old.Kind != w.Kind || old.For != w.For || slices.ContainsFunc(old.Parked, func(h dossier.Head) bool { return !slices.Contains(w.Parked, h) }) {
		return false
	}
	known := map[dossier.Chain]bool{}
	for _, f := range old.Files {
		h, said := old.Held(f.Chain)
		if !said || f.Last > h.Seq {
			return false
		}
		if !known[f.Chain] && !knows(h) {
			return false
		}
		known[f.Chain] = true
	}
	return true
}

// begunBy tells whether a folder has a name that this maker gave it.
func begunBy(maker ed25519.PublicKey, name string) bool {
	_, rest, _ := strings.Cut(name, "-")
	return isKind(name) && strings.HasPrefix(rest, KeyHash(maker).String()[:8]+"-")
}

// takeOff takes away a parcel, its index first: whatever ends it leaves no parcel that lacks files. A folder in which anything else lies stays.
func takeOff(root *os.Root, folder string) {
	names, err := namesIn(root, folder)
	if err != nil {
		return
	}
	if err := root.Remove(path.Join(folder, IndexName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return
	}
	for _, name := range names {
		if whole := strings.TrimSuffix(name, temporary("")); whole == IndexName || isFileName(whole) {
			_ = root.Remove(path.Join(folder, name)) // see above: then it is left, as what was never finished
		}
	}
	_ = root.Remove(folder)
}

// isFileName tells whether an envelope of a parcel may have that name.
func isFileName(name string) bool {
	digits, ok := strings.CutSuffix(name, ".cxe")
	return ok && len(digits) >= 4 && len(digits) <= 5 && strings.Trim(digits, "0123456789") == ""
}

// namesIn are the names in a folder, or nothing where there are too many of them.
func namesIn(root *os.Root, folder string) ([]string, error) {
	d, err := root.Open(folder)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(maxInFolder + 1)
	if len(names) > maxInFolder {
		return nil, tooMany()
	}
	if err == io.EOF {
		err = nil
	}
	return names, err
}
