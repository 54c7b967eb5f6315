package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// asidePrefix begins the names of folders in which damaged stores lie.
const asidePrefix = "hong-"

// files are what SQLite keeps a database in. Its index of the log is made anew from the log.
var files = []string{"", "-wal", "-journal"}

// PutAside copies a store nobody has open, as it is, into a folder beside it, reads the copy again and tells where it is. Nothing of ours ever
// removes it: what is damaged today somebody may read tomorrow. Codes: store.missing, store.aside-full, store.disk.
func PutAside(dir string, opts Options) (folder string, err error) {
	now := opts.Now
	if now == nil {
		now = time.Now
	}
	folder, err = putAside(dir, now(), opts)
	if codeOf(err) == "store.full" {
		err = fmt.Errorf("%w: %w", dossier.Invalid("", "store.aside-full", "dir", dir), err)
	}
	return folder, told("put a damaged store aside", dir, err)
}

func putAside(dir string, now time.Time, opts Options) (folder string, err error) {
	all, there := int64(0), false
	names := slices.Clone(opts.Beside)
	for _, suffix := range files {
		names = append(names, FileName+suffix)
	}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			all, there = all+info.Size(), true
		}
	}
	if !there {
		return "", dossier.Invalid("", "store.missing", "dir", dir)
	}
	before, err := foldersOf(dir, asidePrefix)
	if err != nil {
		return "", err
	}
	for _, folder := range before {
		if alike, err := asideAlready(dir, folder); alike || err != nil {
			return folder, err
		}
	}
	if folder, err = freshFolder(dir, asidePrefix+now.Format("20060102-150405")); err != nil {
		return "", err
	}
	if err := fillAside(dir, folder, all, opts); err != nil {
		return "", errors.Join(err, os.RemoveAll(folder)) // made just now, and not whole
	}
	return folder, nil
}

func fillAside(dir, folder string, all int64, opts Options) error {
	var done int64
	for _, suffix := range files {
		if err := copyFile(filepath.Join(dir, FileName+suffix), filepath.Join(folder, FileName+suffix), func(n int) {
			done += int64(n)
			opts.tell(StepsAside, done, 2*all)
		}); err != nil {
			return err
		}
	}
	return errors.Join(copyBeside(dir, folder, opts.Beside), flushDir(folder), flushDir(dir))
}

// asideAlready tells whether a folder holds the very same files: who tries again needs no second copy.
func asideAlready(dir, folder string) (bool, error) {
	for _, suffix := range files {
		here, err := sumOf(filepath.Join(dir, FileName+suffix))
		if err != nil {
			return false, err
		}
		there, err := sumOf(filepath.Join(folder, FileName+suffix))
		if err != nil || !bytes.Equal(here, there) {
			return false, err
		}
	}
	return true, nil
}

// sumOf is a file's, nil where there is none or it is empty.
func sumOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sum := sha256.New()
	if n, err := io.Copy(sum, f); err != nil || n == 0 {
		return nil, err
	}
	return sum.Sum(nil), nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// copyBeside copies files of a folder, those that are there.
func copyBeside(from, to string, names []string) error {
	for _, name := range names {
		if err := removeIfThere(filepath.Join(to, name)); err != nil {
			return err
		}
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name), func(int) {}); err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies a file, makes it last and reads it again; that there is none is no error. told hears how many bytes more were written, and
// then read.
func copyFile(from, to string, told func(n int)) (err error) {
	in, err := os.Open(from)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	read, again := sha256.New(), sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, counting{read, told}), in); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(counting{again, told}, out); err != nil {
		return err
	}
	if !bytes.Equal(read.Sum(nil), again.Sum(nil)) {
		return fmt.Errorf("the copy of %s is not what was copied: %w", filepath.Base(from), dossier.Invalid("", "store.disk"))
	}
	return nil
}

type counting struct {
	hash.Hash
	told func(n int)
}

func (c counting) Write(b []byte) (int, error) {
	c.told(len(b))
	return c.Hash.Write(b)
}
