package raster

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// code is the file with compiled code in a folder.
func code(t *testing.T, dir string) string {
	t.Helper()
	files, err := (&shelf{dir: dir}).files()
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	return files[0]
}

func works(t *testing.T, dir string) {
	t.Helper()
	r := New(dir)
	defer closed(t, r)
	drawn(t, opened(t, r, sample(t, 1)), 0, 60)
}

func TestCompiledPdfiumIsFoundAgain(t *testing.T) {
	dir := copied(t)
	before, err := os.Stat(code(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	works(t, dir)
	after, err := os.Stat(code(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("it was compiled again")
	}
}

// The table of where functions begin is not under wazero's own checksum: read as it is, it would end the program.
func TestDamagedCodeIsThrownAwayUnread(t *testing.T) {
	damage := map[string]func(file string){
		"a flipped bit in the table": func(file string) { flip(t, file, 200) },
		"a flipped bit in the count": func(file string) { flip(t, file, 16) },
		"a flipped bit in the seal":  func(file string) { flip(t, file+sealed, 3) },
		"cut short":                  func(file string) { check(t, os.Truncate(file, 1<<20)) },
		"a lost seal":                func(file string) { check(t, os.Remove(file+sealed)) },
	}
	for name, spoil := range damage {
		dir := copied(t)
		file := code(t, dir)
		spoil(file)
		s := openShelf(dir)
		if s == nil || len(s.had) != 0 {
			t.Errorf("%s: %+v", name, s)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("%s: the code is still there, %v", name, err)
		}
	}
}

// A damaged file that cannot be thrown away must not be read either.
func TestDamagedCodeThatStaysIsNotRead(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("nothing stays for this user")
	}
	dir := copied(t)
	file := code(t, dir)
	flip(t, file, 200)
	check(t, os.Chmod(filepath.Dir(file), 0o500))
	defer func() { check(t, os.Chmod(filepath.Dir(file), 0o700)) }()
	if openShelf(dir) != nil {
		t.Error("the folder is used")
	}
}

func flip(t *testing.T, file string, at int) {
	t.Helper()
	b, err := os.ReadFile(file)
	check(t, err)
	b[at] ^= 0x40
	check(t, os.WriteFile(file, b, 0o600))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFolderThatCannotBeUsedIsDoneWithout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	open := t.TempDir()
	check(t, os.Chmod(open, 0o777))
	for _, dir := range []string{"", file, filepath.Join(file, "below"), open} {
		if runtime.GOOS == "windows" && dir == open {
			continue
		}
		if openShelf(dir) != nil {
			t.Errorf("%q is used", dir)
		}
	}
	works(t, file)
}

// As on a full disk or one that was taken away: the folder is there at the start, and nothing can be kept in the end.
func TestCodeThatCannotBeKeptStillRuns(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o700))
	s := openShelf(dir)
	if s == nil {
		t.Fatal("the folder cannot be used")
	}
	check(t, os.RemoveAll(dir))
	m, err := buildWith(ctx, s.cache)
	check(t, err)
	if s.seal() {
		t.Error("something was sealed")
	}
	b, err := m.start(ctx, 1)
	check(t, err)
	check(t, b.close())
	check(t, m.close())
}

func TestFolderTakenAwayWhileRunningIsNotMissed(t *testing.T) {
	dir := copied(t)
	r := New(dir)
	defer closed(t, r)
	d := opened(t, r, sample(t, 2))
	check(t, os.RemoveAll(dir))
	drawn(t, d, 1, 60)
	drawn(t, opened(t, r, sample(t, 1)), 0, 60)
}

func TestLeftoversGo(t *testing.T) {
	dir := copied(t)
	versions := filepath.Dir(code(t, dir))
	old, young := filepath.Join(versions, "a.1.tmp"), filepath.Join(versions, "b.2.tmp")
	check(t, os.WriteFile(old, nil, 0o600))
	check(t, os.WriteFile(young, nil, 0o600))
	dayBefore := time.Now().Add(-25 * time.Hour)
	check(t, os.Chtimes(old, dayBefore, dayBefore))
	// Code of another version, rightly sealed, goes once ours is there.
	check(t, os.Remove(code(t, dir)))
	other := filepath.Join(dir, "wazero-v0-other", "code")
	check(t, os.Mkdir(filepath.Dir(other), 0o700))
	check(t, os.WriteFile(other, []byte("other"), 0o600))
	sum, err := sumOf(other)
	check(t, err)
	check(t, os.WriteFile(other+sealed, []byte(sum), 0o600))
	works(t, dir)
	var left []string
	check(t, filepath.Walk(dir, func(path string, is os.FileInfo, err error) error {
		if err == nil && !is.IsDir() {
			left = append(left, filepath.Base(path))
		}
		return err
	}))
	name := filepath.Base(code(t, dir))
	if got, want := strings.Join(left, " "), strings.Join([]string{name, name + sealed, "b.2.tmp"}, " "); got != want {
		t.Errorf("left are %s", got)
	}
}

func TestSeveralProgramsShareOneFolder(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o700))
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			r := New(dir)
			d, err := r.Open(ctx, sample(t, 1))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := d.Draw(ctx, 0, 60); err != nil {
				t.Error(err)
			}
			closed(t, r)
		})
	}
	all.Wait()
	if !rightlySealed(code(t, dir)) {
		t.Error("the code is not sealed")
	}
}
