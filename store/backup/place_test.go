package backup

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/keyring"
)

func TestAPlaceIsToldWithWhatIsWrongWithIt(t *testing.T) {
	s := newStation(t, 3)
	own := s.make(false)
	second, stick, bare := t.TempDir(), t.TempDir(), t.TempDir()
	_, err := s.vault.Make(t.Context(), dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: second}, true, nil)
	must(t, err)
	_, err = s.vault.Make(t.Context(), Stick(stick), false, nil)
	must(t, err)
	s.vault.sticks = func() []string { return []string{stick, bare, filepath.Join(bare, "gone")} }
	places, err := s.vault.Places(t.Context(), second)
	must(t, err)
	var kinds []string
	for _, p := range places {
		kinds = append(kinds, fmt.Sprintf("%s %d %s", p.Kind, len(p.Backups), dossier.Code(p.Trouble)))
	}
	if got, want := strings.Join(kinds, ", "), "own 1 , second 1 , stick 1 , stick 0 , stick 0 backup.gone"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if places[0].Backups[0] != own || !places[1].Backups[0].Proved || places[2].Backups[0].Proved || places[2].Path != filepath.Join(stick, StickFolder) {
		t.Errorf("%+v", places)
	}
	for folder, code := range map[string]string{filepath.Join(second, "khong-co"): "backup.gone", filepath.Join(s.dir, "x"): "backup.own-folder", own.Path: "backup.own-folder"} {
		places, err := s.vault.Places(t.Context(), folder)
		must(t, err)
		wantCode(t, places[1].Trouble, code)
		_, err = s.vault.Make(t.Context(), places[1], false, nil)
		wantCode(t, err, code)
	}
	file := filepath.Join(second, "x")
	must(t, os.WriteFile(file, nil, 0o600))
	_, err = s.vault.Make(t.Context(), dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: file}, false, nil)
	wantCode(t, err, "backup.gone")
	if _, err := os.Stat(filepath.Join(second, "khong-co")); err == nil {
		t.Error("a folder that was chosen and is not there was made: its disk is not there")
	}
	// Whoever knows nothing finds them too, and no other station's.
	other := newStation(t, 1)
	_, err = other.vault.Make(t.Context(), dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: second}, false, nil)
	must(t, err)
	found := Find(s.dir, []dossier.BackupPlace{Own(s.dir), {Kind: dossier.PlaceSecond, Path: second}, {Kind: dossier.PlaceSecond, Path: filepath.Join(second, "khong-co")}})
	if len(found[0].Backups) != 1 || len(found[1].Backups) != 1 || dossier.Code(found[2].Trouble) != "backup.gone" {
		t.Errorf("%+v", found)
	}
	for _, name := range keyring.Files() {
		must(t, os.Rename(filepath.Join(s.dir, name), filepath.Join(s.dir, name+"x")))
	}
	if found := Find(s.dir, []dossier.BackupPlace{{Kind: dossier.PlaceSecond, Path: second}}); len(found[0].Backups) != 2 {
		t.Errorf("without a ring: %+v", found)
	}
	_, err = s.vault.Make(t.Context(), Own(s.dir), false, nil) // a backup without a ring opens to nobody
	wantCode(t, err, "safe.missing")
	for _, name := range keyring.Files() {
		must(t, os.Rename(filepath.Join(s.dir, name+"x"), filepath.Join(s.dir, name)))
	}
}

// A place in which nothing moves any more lets go of whoever waits, is not asked again and again, and holds up nobody else.
func TestAPlaceThatHangsHoldsUpNobody(t *testing.T) {
	s := newStation(t, 3)
	s.vault.lookFor = 20 * time.Millisecond
	for _, at := range []string{"ready", "write", "flush", "name"} {
		s.vault.patience = 250 * time.Millisecond
		let, gone := make(chan struct{}), make(chan struct{})
		stuck := false
		s.vault.at = func(step string) error {
			if step == at && !stuck {
				stuck = true
				<-let
				defer close(gone)
				return errors.New("and then the stick was pulled out")
			}
			return nil
		}
		place := dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: t.TempDir()}
		if at == "write" { // on the way to the place, not into the room
			n := 0
			inner := s.vault.at
			s.vault.at = func(step string) error {
				if step == "write" {
					if n++; n == 1 {
						return nil
					}
				}
				return inner(step)
			}
		}
		_, err := s.vault.Make(t.Context(), place, false, nil)
		wantCode(t, err, "backup.hangs")
		_, err = s.vault.Make(t.Context(), place, false, nil)
		wantCode(t, err, "backup.busy")
		close(let)
		<-gone
		s.vault.patience = time.Minute
		for ; ; runtime.Gosched() {
			if _, err = s.vault.Make(t.Context(), place, false, nil); dossier.Code(err) != "backup.busy" {
				break
			}
		}
		must(t, err)
		left, err := os.ReadDir(place.Path)
		must(t, err)
		if len(left) != 1 {
			t.Errorf("%s: left %v", at, left)
		}
	}
	let := make(chan struct{})
	asked := make(chan struct{}, 10)
	s.vault.at = func(step string) error {
		if step == "look" {
			asked <- struct{}{}
			<-let
		}
		return nil
	}
	for range 3 {
		places, err := s.vault.Places(t.Context(), "")
		must(t, err)
		wantCode(t, places[0].Trouble, "backup.hangs")
	}
	if len(asked) != 1 {
		t.Errorf("it was asked %d times", len(asked))
	}
	close(let)
	s.vault.at = func(string) error { return nil }
	s.vault.lookFor = time.Minute
	places, err := s.vault.Places(t.Context(), "")
	must(t, err)
	if places[0].Trouble != nil {
		t.Error(places[0].Trouble)
	}
}

// A disk that does not keep what is written to it is found out.
func TestAPlaceThatGarblesIsFoundOut(t *testing.T) {
	s := newStation(t, 3)
	place := dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: t.TempDir()}
	s.vault.at = func(step string) error {
		if step != "flush" {
			return nil
		}
		all, err := os.ReadDir(place.Path)
		if err != nil || len(all) != 1 {
			return errors.New("what is written is not there")
		}
		path := filepath.Join(place.Path, all[0].Name())
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		b[len(b)/2] ^= 1
		return os.WriteFile(path, b, 0o600)
	}
	_, err := s.vault.Make(t.Context(), place, false, nil)
	wantCode(t, err, "backup.unreliable")
	left, err := os.ReadDir(place.Path)
	must(t, err)
	if len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestOneBackupAtATime(t *testing.T) {
	s := newStation(t, 3)
	inside, let := make(chan struct{}), make(chan struct{})
	s.vault.at = func(step string) error {
		if step == "ready" {
			close(inside)
			<-let
		}
		return nil
	}
	done := make(chan error)
	go func() {
		_, err := s.vault.Make(t.Context(), Own(s.dir), false, nil)
		done <- err
	}()
	<-inside
	_, err := s.vault.Prove(t.Context(), "x", nil)
	wantCode(t, err, "backup.busy")
	_, err = Restore(t.Context(), s.restoring("x"))
	wantCode(t, err, "backup.busy")
	must(t, Tidy(s.dir))
	close(let)
	must(t, <-done)
	s.vault.Close()
	s.vault.at = func(string) error { return nil }
	_, err = s.vault.Make(t.Context(), Own(s.dir), false, nil)
	wantCode(t, err, "store.locked")
}

// A stick of very many files, some of them monsters, is looked at within a moment.
func TestAFolderOfAnybodysIsLookedAtWithinAMoment(t *testing.T) {
	s := newStation(t, 3)
	b := s.make(false)
	folder := filepath.Dir(b.Path)
	for i := range 20_000 {
		must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("anh-%d.jpg", i)), nil, 0o600))
	}
	huge := mustRead(t, b.Path)[:beginning]
	for i := range 1000 {
		path := filepath.Join(folder, fmt.Sprintf("TiepNhan-20250101-0000-%08d-1%s", i, Extension))
		must(t, os.WriteFile(path, huge, 0o600))
		must(t, os.Truncate(path, 1<<32))
	}
	must(t, os.Mkdir(filepath.Join(folder, "TiepNhan-2"+Extension), 0o700))
	must(t, os.Symlink(b.Path, filepath.Join(folder, "TiepNhan-3"+Extension)))
	start := time.Now()
	p := look(Own(s.dir), s.vault.ours)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	if len(p.Backups) != 1 || p.Trouble != nil {
		t.Errorf("%d backups, %v", len(p.Backups), p.Trouble)
	}
}

func foundAt(moments ...time.Time) []found {
	var out []found
	for _, m := range moments {
		out = append(out, found{Head: Head{Made: m}})
	}
	return out
}

func TestRotationKeepsDaysWeeksAndMonths(t *testing.T) {
	end := time.Date(2026, 11, 20, 16, 30, 0, 0, dossier.Hanoi)
	var all []found
	for i := range 800 * 3 { // three a day for over two years; the one of Sunday noon is proved
		m := end.Add(-time.Duration(i) * 8 * time.Hour)
		f := foundAt(m)[0]
		f.proved = m.Weekday() == time.Sunday && m.Hour() == 8
		all = append(all, f)
	}
	stay := kept(all)
	n := map[string]int{}
	oldest := 0
	for i := range stay {
		oldest = max(oldest, i)
		if all[i].proved {
			n["proved"]++
		}
	}
	if len(stay) < newest+days-1 || len(stay) > newest+days+weeks+months || n["proved"] < weeks+months-3 {
		t.Errorf("%d stay, %d of them proved", len(stay), n["proved"])
	}
	for i := range newest {
		if !stay[i] {
			t.Errorf("newest %d goes", i)
		}
	}
	if ago := end.Sub(all[oldest].Made); ago < 300*24*time.Hour || ago > 366*24*time.Hour {
		t.Errorf("the oldest that stays is of %v", all[oldest].Made)
	}
}

// Whatever was made and proved when, by whatever clock: the newest and the newest proved one stay, it does not grow without end, and of what
// stayed nothing is removed the next time.
func TestRotationNeverTakesTheNewestProved(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 500 {
		var all []found
		for range r.IntN(100) {
			f := foundAt(time.Date(2026, 1, 1, 0, r.IntN(3*365*24*60), 0, 0, dossier.Hanoi))[0]
			f.proved = r.IntN(5) == 0
			all = append(all, f)
		}
		ordered := round%2 == 0 // by a clock that goes forward
		if ordered {
			slices.SortFunc(all, func(a, b found) int { return b.Made.Compare(a.Made) })
		}
		stay := kept(all)
		if len(stay) > newest+days+weeks+months+1 {
			t.Fatalf("%d of %d stay", len(stay), len(all))
		}
		var next []found
		proved := false
		for i, f := range all {
			if (i == 0 || f.proved && !proved) && !stay[i] {
				t.Fatalf("%d goes", i)
			}
			proved = proved || f.proved
			if stay[i] {
				next = append(next, f)
			}
		}
		if again := kept(next); ordered && len(again) != len(next) {
			t.Fatalf("of %d that stayed %d stay", len(next), len(again))
		}
	}
}

// Months of making backups on a stick that other stations use too: theirs stay, ours are rotated, with their notes; and a clock that was set
// to another year and back loses nothing.
func TestAPlaceIsRotatedAndOthersAreLeftAlone(t *testing.T) {
	s, other := newStation(t, 2), newStation(t, 1)
	stick := t.TempDir()
	theirs, err := other.vault.Make(t.Context(), Stick(stick), false, nil)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(stick, StickFolder, "anh cuoi.jpg"), []byte("x"), 0o600))
	began := s.clock
	for i := range 60 {
		s.clock = began.Add(time.Duration(i) * 12 * time.Hour)
		if i == 20 {
			s.clock = began.AddDate(70, 0, 0)
		}
		b, err := s.vault.Make(t.Context(), Stick(stick), i == 3, nil)
		must(t, err)
		p := look(Stick(stick), s.vault.ours)
		if p.Backups[0] != b {
			t.Fatalf("%d: the newest is %+v", i, p.Backups[0])
		}
		if len(p.Backups) > newest+days+weeks+months+1 {
			t.Fatalf("%d: %d stay", i, len(p.Backups))
		}
	}
	p := look(Stick(stick), s.vault.ours)
	proved := 0
	for _, b := range p.Backups {
		if b.Proved {
			proved++
		}
	}
	if proved != 1 || len(p.Backups) < days {
		t.Errorf("%d stay, %d proved", len(p.Backups), proved)
	}
	left, err := os.ReadDir(filepath.Join(stick, StickFolder))
	must(t, err)
	if len(left) != len(p.Backups)+1+2 { // a note, the other station's, a picture
		t.Errorf("%d files for %d backups", len(left), len(p.Backups))
	}
	if _, err := Look(theirs.Path); err != nil {
		t.Error(err)
	}
}
