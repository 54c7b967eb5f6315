package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/vfs"
	"tiepnhan/store/vfs/crashtest"
)

// past are files as programs left them, of every form there ever was: its truth's version and, once they had one, its views'. Each has three
// journals, drafts, a receipt, an act sent back, forms printed.
//
//go:embed testdata/past
var past embed.FS

var pastVersions = []string{"1", "2.0", "2.1", "2.2", "3.4", "3.5", "3.6"}

// fromPast is a folder with one of them.
func fromPast(t testing.TB, version string) string {
	t.Helper()
	dir := t.TempDir()
	f, err := past.Open("testdata/past/station-" + version + ".db.gz")
	must(t, err)
	z, err := gzip.NewReader(f)
	must(t, err)
	content, err := io.ReadAll(z)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, FileName), content, 0o600))
	return dir
}

// copies are the folders with files from before they were brought up to date.
func copies(t testing.TB, dir string) []string {
	t.Helper()
	out, err := foldersOf(dir, renewedPrefix)
	must(t, err)
	return out
}

// Whoever raises a version leaves a file of the form before in testdata/past.
func TestThereIsAFileOfThisVersion(t *testing.T) {
	if last, now := pastVersions[len(pastVersions)-1], fmt.Sprintf("%d.%d", schemaVersion, viewsVersion); last != now {
		t.Errorf("the last is of %s, this program's are of %s", last, now)
	}
}

func TestEveryPastFileIsBroughtUpToDateAndLiesBesideAsItWas(t *testing.T) {
	fresh := forms(t, newStore(t, 1))
	for _, version := range pastVersions {
		for _, encrypted := range []bool{false, true} {
			dir, ctx := fromPast(t, version), context.Background()
			was, err := os.ReadFile(filepath.Join(dir, FileName))
			must(t, err)
			opts := noReserve
			if encrypted {
				l := keyed(t, "past")
				must(t, vfs.Convert(ctx, filepath.Join(dir, FileName), nil, l))
				opts = under(l)
			}
			opts.Beside = []string{"khoa.json", "khoa-2.json"}
			must(t, os.WriteFile(filepath.Join(dir, "khoa.json"), []byte("ring"), 0o600))
			var steps []Step
			opts.Told = func(s Step) { steps = append(steps, s) }
			s, err := Open(ctx, dir, opts)
			if err != nil {
				t.Fatalf("%s, encrypted %v: %v", version, encrypted, err)
			}
			check := sound(t, s)
			if own := s.Own(); check.Chains != 3 || check.Dossiers != 3 || check.Receipts != 1 || own.Receipt == nil || own.Receipt.Number != "BN-1" {
				t.Errorf("%s: %+v", version, check)
			}
			if body, err := s.Draft(ctx, "receive"); string(body) != "đã nhập" || err != nil {
				t.Errorf("%s: draft %q %v", version, body, err)
			}
			if got := strings.ReplaceAll(forms(t, s), ", course INTEGER NOT NULL DEFAULT 1)", ",\n\tcourse  INTEGER NOT NULL\n)"); version != "1" && got != fresh {
				t.Errorf("%s: tables\n%s", version, got)
			}
			if d, err := receive(s, 3); err != nil || d.Number != "MAU-260105-0003" {
				t.Error(version, d.Number, err)
			}
			must(t, s.Glance(ctx))
			if version == fmt.Sprintf("%d.%d", schemaVersion, viewsVersion) {
				if len(copies(t, dir)) > 0 || len(steps) > 0 {
					t.Errorf("a copy was made of a file of this version: %v", steps)
				}
				must(t, s.Close())
				continue
			}
			before := copies(t, dir)
			if len(before) != 1 || steps[0].What != StepCopies || steps[len(steps)-1] != (Step{StepRenews, 1000, 1000}) {
				t.Fatalf("%s: copies %v, steps %v", version, before, steps)
			}
			if ring, err := os.ReadFile(filepath.Join(before[0], "khoa.json")); string(ring) != "ring" || err != nil {
				t.Error("what opens it does not lie beside", err)
			}
			copied, err := os.ReadFile(filepath.Join(before[0], FileName))
			must(t, err)
			if sealed, _ := vfs.Encrypted(filepath.Join(before[0], FileName)); sealed != encrypted {
				t.Errorf("%s: the copy is encrypted: %v", version, sealed)
			}
			if !encrypted && (len(was) != len(copied) || !bytes.Equal(was[100:], copied[100:])) {
				t.Errorf("%s: the copy is another file", version)
			}
			must(t, s.Close())
			again, err := Open(ctx, before[0], opts) // it is as good as it was
			must(t, err)
			if again.Own().Head.Seq != s.Own().Head.Seq-1 {
				t.Errorf("%s: the copy holds %d, the store %d", version, again.Own().Head.Seq, s.Own().Head.Seq)
			}
			sound(t, again)
			must(t, again.Close())
		}
	}
}

// The copy goes when the new file was proved and has been opened once more, and not before.
func TestCopyGoesAfterTheNewFileWasProved(t *testing.T) {
	dir, ctx := fromPast(t, "2.0"), context.Background()
	open := func() *Store {
		s, err := Open(ctx, dir, noReserve)
		must(t, err)
		return s
	}
	for range 3 {
		must(t, open().Close())
		if len(copies(t, dir)) != 1 {
			t.Fatal("the copy is gone before anything was proved")
		}
	}
	s := open()
	if check, err := s.Prove(ctx); err != nil || len(check.Faults) > 0 {
		t.Fatal(check, err)
	}
	if len(copies(t, dir)) != 1 {
		t.Error("the copy went at once")
	}
	crashed := crashedCopy(t, s)
	must(t, os.Mkdir(filepath.Join(crashed, filepath.Base(copies(t, dir)[0])), 0o700))
	must(t, copyFile(filepath.Join(dir, knownName), filepath.Join(crashed, knownName), func(int) {}))
	must(t, s.Close())
	unclean, err := Open(ctx, crashed, noReserve)
	must(t, err)
	if len(copies(t, crashed)) != 1 && unclean.Suspect() {
		t.Error("the copy went after an unclean end")
	}
	must(t, unclean.Close())
	must(t, open().Close())
	if left := copies(t, dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
		t.Error(err)
	}
}

// Names that we never gave are not removed, whatever the file says.
func TestOnlyOurCopiesAreRemoved(t *testing.T) {
	s := newStore(t, 1)
	must(t, s.Close())
	keep := filepath.Join(s.dir, "giay-to")
	must(t, os.Mkdir(keep, 0o700))
	for _, text := range []string{`{"copies":["giay-to","../x","truoc-nang-cap-/../giay-to","."]}`, `{"copies":"x"}`, "", "\x00", "[]", strings.Repeat("[", 100000)} {
		must(t, os.WriteFile(filepath.Join(s.dir, knownName), []byte(text), 0o600))
		again, err := Open(context.Background(), s.dir, noReserve)
		must(t, err)
		must(t, again.Close())
		if _, err := os.Stat(keep); err != nil {
			t.Fatal(text, err)
		}
	}
}

func TestInterruptedUpgradeUsesTheCopyThatIsThere(t *testing.T) {
	dir, ctx := fromPast(t, "2.2"), context.Background()
	half := filepath.Join(dir, renewedPrefix+"2.2-20260101-000000")
	must(t, os.Mkdir(half, 0o700)) // begun and not ended
	must(t, os.WriteFile(filepath.Join(half, FileName), nil, 0o600))
	raw := func(query string) {
		t.Helper()
		db, err := sql.Open("sqlite", address(filepath.Join(dir, FileName), "", forWriting))
		must(t, err)
		_, err = db.Exec(query)
		must(t, err)
		must(t, db.Close())
	}
	raw("CREATE TABLE head (x)") // in the way of what is to be made
	for range 3 {
		if s, err := Open(ctx, dir, noReserve); err == nil {
			s.Close()
			t.Fatal("brought up to date all the same")
		}
		if left := copies(t, dir); len(left) != 1 || left[0] != half {
			t.Fatalf("%v", left)
		}
	}
	raw("DROP TABLE head")
	s, err := Open(ctx, dir, noReserve)
	must(t, err)
	sound(t, s)
	must(t, s.Close())
	if left := copies(t, dir); len(left) != 2 { // the file was changed between
		t.Errorf("%v", left)
	}
}

func TestFullDiskKeepsTheOldFile(t *testing.T) {
	dir := smallDisk(t, "1m")
	old := fromPast(t, "2.0")
	must(t, copyFile(filepath.Join(old, FileName), filepath.Join(dir, FileName), func(int) {}))
	filler := filepath.Join(dir, "filler")
	fillUp(t, filler, 40<<10)
	before := fingerprint(t, dir)
	_, err := Open(context.Background(), dir, noReserve)
	wantCode(t, err, "store.upgrade-full")
	var ps dossier.Problems
	if !errors.As(err, &ps) || !strings.HasSuffix(ps[0].Args["need"], " MB") {
		t.Errorf("%v", err)
	}
	if after := fingerprint(t, dir); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	must(t, os.Remove(filler))
	s, err := Open(context.Background(), dir, noReserve)
	must(t, err)
	sound(t, s)
	must(t, s.Close())
}

// fillUp leaves that many bytes on the disk of the file.
func fillUp(t testing.TB, path string, leave int64) {
	t.Helper()
	f, err := os.Create(path)
	must(t, err)
	block := make([]byte, 4<<10)
	size := int64(0)
	for {
		n, err := f.Write(block)
		size += int64(n)
		if err != nil {
			break
		}
	}
	must(t, f.Truncate(size-leave))
	must(t, f.Close())
}

// Wherever the power goes while a file is brought up to date: if it is the new one already, the old one lies beside, whole.
func TestPowerCutInAnUpgradeLeavesTheOldFile(t *testing.T) {
	for _, encrypted := range []bool{true, false} {
		p := play(t, useCases[len(useCases)-1], encrypted)
		if p.name != "bring up to date" {
			t.Fatal(p.name)
		}
		beside := copies(t, p.live.dir)
		if len(beside) != 1 {
			t.Fatalf("%v", beside)
		}
		m := simulate(t, encrypted).on(p.live.dir)
		m.disk.Quiet = true
		was, done, upgraded := [32]byte{}, 0, 0
		p.live.disk.States(1, 11, 2, func(state crashtest.State) bool {
			m.disk.Load(state.Files)
			db, err := sql.Open("sqlite", address(m.path, m.name, forCopying))
			must(t, err)
			var version int
			must(t, db.QueryRow("PRAGMA user_version").Scan(&version))
			must(t, db.Close())
			done++
			if version == fileVersion {
				upgraded++
				sum, err := copyOf(context.Background(), filepath.Join(beside[0], FileName), m.name)
				if err != nil || len(sum) != 32 {
					t.Fatalf("encrypted %v, after %d, %s: the copy holds %x, %v", encrypted, state.After, state.How, sum, err)
				}
				if was != [32]byte{} && was != [32]byte(sum) {
					t.Errorf("encrypted %v, after %d, %s: the copy is another", encrypted, state.After, state.How)
				}
				was = [32]byte(sum)
			}
			return !t.Failed()
		})
		if upgraded < 5 || upgraded == done {
			t.Errorf("%d of %d states are upgraded", upgraded, done)
		}
	}
}
