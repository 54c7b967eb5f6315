package raster

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

// shelf is the folder where compiled code is kept. wazero reads such a file trustingly: the checksum in it covers the code
// but not the table of where its functions begin, so that one flipped bit can end the program. Therefore each file has a
// seal beside it, over all of it, and one without a right seal is thrown away unread.
type shelf struct {
	dir   string
	cache wazero.CompilationCache
	had   []string // the files there were, rightly sealed
}

const (
	sealed  = ".seal"
	halfway = ".tmp" // wazero's, before it gives a whole file its name
)

// openShelf is nil when the folder cannot be used.
func openShelf(dir string) *shelf {
	if dir == "" || os.MkdirAll(dir, 0o700) != nil || othersMayWrite(dir) {
		return nil
	}
	s := &shelf{dir: dir}
	there, err := s.files()
	if err != nil {
		return nil
	}
	for _, f := range there {
		if rightlySealed(f) {
			s.had = append(s.had, f)
		} else if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	if s.cache, err = wazero.NewCompilationCacheWithDir(dir); err != nil {
		return nil
	}
	return s
}

// othersMayWrite tells whether code someone else put there could be run as us. On Windows the folder's own rights decide,
// and a user's profile is closed to others.
func othersMayWrite(dir string) bool {
	is, err := os.Stat(dir)
	return err != nil || runtime.GOOS != "windows" && is.Mode().Perm()&0o022 != 0
}

// files are those with code. What a power cut left half-written a day ago goes.
func (s *shelf) files() ([]string, error) {
	all, err := fs.Glob(os.DirFS(s.dir), "wazero-*/*")
	if err != nil {
		return nil, err
	}
	var files []string
	for _, f := range all {
		f = filepath.Join(s.dir, filepath.FromSlash(f))
		switch {
		case strings.HasSuffix(f, sealed):
		case strings.HasSuffix(f, halfway):
			if is, err := os.Stat(f); err == nil && time.Since(is.ModTime()) > 24*time.Hour {
				_ = os.Remove(f)
			}
		default:
			files = append(files, f)
		}
	}
	return files, nil
}

// seal seals what was added, and tells whether anything was. What there was before is then of another version, or of
// another processor, and goes. Nothing of this has to succeed.
func (s *shelf) seal() (added bool) {
	now, err := s.files()
	if err != nil {
		return false
	}
	for _, f := range now {
		if slices.Contains(s.had, f) {
			continue
		}
		if sum, err := sumOf(f); err == nil && os.WriteFile(f+sealed, []byte(sum), 0o600) == nil {
			added = true
		}
	}
	if added {
		for _, f := range s.had {
			_, _ = os.Remove(f), os.Remove(f+sealed)
		}
	}
	return added
}

func rightlySealed(file string) bool {
	seal, err := os.ReadFile(file + sealed)
	if err != nil {
		return false
	}
	sum, err := sumOf(file)
	return err == nil && sum == string(seal)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumOf guards against damage, not against malice: who can write here can do anything as this user.
func sumOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := crc32.New(castagnoli)
	n, err := io.Copy(sum, f)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%08x %d\n", sum.Sum32(), n), nil
}
