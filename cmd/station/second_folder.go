package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tiepnhan/dossier"
)

// checkBackupFolder looks at a folder somebody names as the second place of backups. Codes: keep.folder-whole, keep.folder-gone,
// keep.folder-read-only, keep.folder-inside, and as a warning keep.folder-disk.
func checkBackupFolder(data, folder string) error {
	if !filepath.IsAbs(folder) {
		return dossier.Invalid("backup", "keep.folder-whole")
	}
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return dossier.Invalid("backup", "keep.folder-read-only")
	case err != nil || !info.IsDir():
		return dossier.Invalid("backup", "keep.folder-gone")
	}
	if within(data, folder) {
		return dossier.Invalid("backup", "keep.folder-inside")
	}
	if err := writable(folder); err != nil {
		return dossier.Invalid("backup", "keep.folder-read-only")
	}
	if sameDisk(data, folder) {
		return dossier.Problems{dossier.Warning("backup", "keep.folder-disk")}
	}
	return nil
}

// within tells whether a folder is another or lies in it, by whatever names they go.
func within(outer, folder string) bool {
	whole := func(path string) string {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		return path
	}
	way, err := filepath.Rel(whole(outer), whole(folder))
	return err == nil && way != ".." && !strings.HasPrefix(way, ".."+string(filepath.Separator))
}

func writable(folder string) error {
	f, err := os.CreateTemp(folder, "tiepnhan-*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write([]byte{0})
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
