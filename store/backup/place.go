package backup

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// Folders of backups: beside the store, and on a stick.
const (
	OwnFolder   = "sao-luu"
	StickFolder = "TiepNhan-sao-luu"
)

// Limits of looking at a folder that may be anybody's.
const (
	maxNames = 100_000
	maxFiles = 500      // backups of one folder that are looked into, the latest by their names
	maxHeads = 32 << 20 // bytes of heads that are read
)

// found is a backup in a folder, without its ring.
type found struct {
	Head
	path   string
	bytes  int64
	proved bool
}

func (f found) backup() dossier.Backup { return f.Head.backup(f.path, f.bytes, f.proved) }

// list is what backups are in a folder, the newest first. What is no backup, or cannot be read, is passed over.
func list(folder string, ours func(Head) bool) ([]found, error) {
	names, err := namesIn(folder)
	if err != nil {
		return nil, err
	}
	var out []found
	read := int64(0)
	for _, name := range names {
		path := filepath.Join(folder, name)
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		f, o, err := open(path)
		if err != nil {
			continue
		}
		f.Close()
		if read += o.start(); read > maxHeads {
			break
		}
		if ours(o.Head) {
			one := found{o.Head, path, o.size(), isProved(path, o)}
			one.Ring = nil
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.Number, a.Number), b.Made.Compare(a.Made), strings.Compare(b.path, a.path))
	})
	return out, nil
}

// namesIn are the names of a folder that a backup of ours may have, the latest first.
func namesIn(folder string) ([]string, error) {
	d, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var out []string
	keep := func(n int) {
		slices.SortFunc(out, func(a, b string) int { return strings.Compare(b, a) })
		out = out[:min(n, len(out))]
	}
	for n := 0; n < maxNames; {
		entries, err := d.ReadDir(512)
		n += len(entries)
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), Extension) {
				out = append(out, e.Name())
			}
		}
		if len(out) > 4*maxFiles {
			keep(maxFiles)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	keep(maxFiles)
	return out, nil
}

// note is what stands beside a backup that was proved: of which file that is true. Whoever can write it can remove the backup as well.
func note(o outside) string {
	sum := sha256.New()
	sum.Write(o.bytes())
	sum.Write(o.head)
	return hex.EncodeToString(sum.Sum(nil)) + "\n"
}

func isProved(path string, o outside) bool {
	f, err := openPlain(path + proof)
	if err != nil {
		return false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<10))
	return err == nil && string(b) == note(o)
}

// keepProof notes that a backup was proved.
func keepProof(path string, o outside) error {
	part := path + proof + partial
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(note(o))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = replace(part, path+proof)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return flushDir(filepath.Dir(path))
}

// inside tells whether a folder is a station's own or below it.
func inside(data, folder string) bool {
	at, err := filepath.Abs(folder)
	if err != nil {
		return false
	}
	below, err := filepath.Rel(data, at)
	return err == nil && filepath.IsLocal(below)
}

// look is a place as it is now.
func look(p dossier.BackupPlace, ours func(Head) bool) dossier.BackupPlace {
	at := p.Path
	if p.Kind != dossier.PlaceSecond { // where its folder is made when it is wanted, the one above it must be there
		if _, err := os.Stat(at); errors.Is(err, os.ErrNotExist) {
			at = filepath.Dir(at)
		}
	}
	p.Free = free(at)
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, os.ErrNotExist), err == nil && !info.IsDir():
		p.Trouble = said("backup.gone", p.Path)
		return p
	case err == nil:
		err = writable(at)
	}
	if err == nil && p.Free >= 0 && p.Free < leave {
		err = said("backup.full", p.Path)
	}
	p.Trouble = placed(err, p.Path)
	if at == p.Path {
		all, err := list(p.Path, ours)
		if err != nil && p.Trouble == nil {
			p.Trouble = placed(err, p.Path)
		}
		for _, f := range all {
			p.Backups = append(p.Backups, f.backup())
		}
	}
	return p
}
