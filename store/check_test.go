package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func heard(t testing.TB, s *Store) (steps []int64) {
	t.Helper()
	must(t, s.Check(context.Background(), func(done, all int64) {
		if done > all || len(steps) > 0 && done <= steps[len(steps)-1] {
			t.Errorf("%d of %d after %v", done, all, steps)
		}
		steps = append(steps, done)
	}))
	return steps
}

func TestUncleanEndIsNoticedAndACleanOneIsNot(t *testing.T) {
	ctx := context.Background()
	s := newStore(t, 1)
	if s.Suspect() {
		t.Error("a new store is suspect")
	}
	_, err := receive(s, 1)
	must(t, err)
	crashed := crashedCopy(t, s) // what kill -9 and a power cut leave
	s = reopen(t, s)
	if s.Suspect() || len(heard(t, s)) > 0 {
		t.Error("a clean end is suspect")
	}
	look, err := Open(ctx, s.dir, Options{ReadOnly: true}) // which leaves an empty log behind
	must(t, err)
	if look.Suspect() {
		t.Error("who looks has something to check")
	}
	must(t, s.Close())
	must(t, look.Close())
	if s, err = Open(ctx, s.dir, noReserve); err != nil || s.Suspect() {
		t.Error("a reader makes it suspect", err)
	}
	must(t, s.Close())

	for range 2 { // until it was looked at, however often it is closed in between
		s, err = Open(ctx, crashed, noReserve)
		must(t, err)
		if !s.Suspect() {
			t.Fatal("an unclean end was not noticed")
		}
		must(t, s.Glance(ctx))
		stopped, stop := context.WithCancel(ctx)
		stop()
		if err := s.Check(stopped, func(int64, int64) {}); !errors.Is(err, context.Canceled) || !s.Suspect() {
			t.Error("put off:", err)
		}
		must(t, s.Close())
	}
	s, err = Open(ctx, crashed, noReserve)
	must(t, err)
	if steps := heard(t, s); len(steps) < 20 || s.Suspect() {
		t.Errorf("steps %v, suspect %v", steps, s.Suspect())
	}
	must(t, s.Close())
	s, err = Open(ctx, crashed, noReserve)
	must(t, err)
	if s.Suspect() {
		t.Error("looked at, and suspect still")
	}
	must(t, s.Close())
}

func TestGlanceNamesWhatIsWrong(t *testing.T) {
	ctx := context.Background()
	for _, x := range []struct{ query, code, what string }{
		{"UPDATE entry SET hash = zeroblob(32) WHERE chain = 1 AND seq = (SELECT seq FROM chain WHERE no = 1)", "store.damaged-at", "dòng"},
		{"UPDATE event SET header = zeroblob(100) WHERE no = (SELECT max(no) FROM event)", "store.damaged-at", "dòng"},
		{"UPDATE event SET body = x'00' WHERE no = 3", "store.damaged-at", "dòng"},
		{"PRAGMA foreign_keys = off; DELETE FROM entry WHERE chain = 1 AND seq = 4", "store.damaged-at", "dòng 4"},
		{"UPDATE chain SET seq = seq - 1 WHERE no = 1", "store.damaged-at", "chữ ký"},
		{"UPDATE chain SET signature = zeroblob(64) WHERE no = 2", "store.damaged-at", "nhật ký"},
		{"UPDATE chain SET hash = x'00' WHERE no = 2", "store.damaged-at", "nhật ký"},
		{"DROP TABLE loose", "store.damaged-at", "loose"},
		{"DROP TABLE closing", "store.views-damaged", "closing"},
		{"DROP INDEX dossier_place", "store.views-damaged", "dossier_place"},
		{"DELETE FROM dossier WHERE no = (SELECT max(no) FROM dossier)", "store.views-damaged", "danh sách"},
		{"DELETE FROM search", "store.views-damaged", "danh sách"},
	} {
		s := lived(t)
		if _, err := rawly(t, s).Exec(x.query); err != nil {
			t.Fatal(x.query, err)
		}
		err := s.Glance(ctx)
		var ps dossier.Problems
		if !errors.As(err, &ps) || ps[0].Code != x.code || !strings.Contains(ps[0].Args["what"], x.what) {
			t.Errorf("%s: %v", x.query, err)
		}
	}
	s := allSorts(t)
	must(t, s.Glance(ctx))
}

// spoiled is a folder with a store one page of which is not what it was.
func spoiled(t testing.TB, from string, spoil func(file []byte)) string {
	t.Helper()
	dir := t.TempDir()
	file, err := os.ReadFile(filepath.Join(from, FileName))
	must(t, err)
	spoil(file)
	must(t, os.WriteFile(filepath.Join(dir, FileName), file, 0o600))
	return dir
}

const filePage = 4096

// A bit, a sector or a page, anywhere: nothing panics, nothing is lost that can be read, and what cannot be mended lies there as it was.
func TestDamageAnywhereIsSaidAndMendedWhereTheJournalsAreWhole(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		s := allSorts(t)
		if encrypted {
			s = sealedCopy(t, s)
		}
		damageAll(t, s)
	}
}

func damageAll(t *testing.T, s *Store) {
	t.Helper()
	ctx, opts := context.Background(), s.opts
	own, drawn := s.Own().Head, dump(t, s)
	must(t, s.Close())
	plain := s.dir
	pages := int(size(t, filepath.Join(plain, FileName))) / filePage
	chance := rand.New(rand.NewPCG(1, 2))
	count := map[string]int{}
	for page := range pages {
		how := page % 3
		at := page*filePage + chance.IntN(filePage)
		dir := spoiled(t, plain, func(file []byte) {
			switch how {
			case 0:
				file[at] ^= 1 << chance.IntN(8)
			case 1:
				clear(file[at/512*512 : at/512*512+512])
			case 2:
				for i := range filePage {
					file[page*filePage+i] = byte(chance.Uint32())
				}
			}
		})
		where := fmt.Sprintf("page %d, way %d", page, how)
		before, err := os.ReadFile(filepath.Join(dir, FileName))
		must(t, err)
		found := func() error {
			s, err := Open(ctx, dir, opts)
			if err != nil {
				return err
			}
			defer s.Close()
			if err := s.Glance(ctx); err != nil {
				return err
			}
			s.suspect.Store(true)
			if err := s.Check(ctx, func(int64, int64) {}); err != nil {
				return err
			}
			check, err := s.Verify(ctx)
			if err == nil && len(check.Faults) > 0 {
				err = dossier.Invalid("", "store.damaged-at", "what", check.Faults[0])
			}
			return err
		}()
		if found == nil {
			count["nothing to see"]++
			continue
		}
		if code := dossier.Code(found); code != "store.damaged" && code != "store.damaged-at" && code != "store.views-damaged" && !(code == "store.wrong-key" && page == 0) {
			t.Errorf("%s: %v", where, found)
		}
		must(t, os.WriteFile(filepath.Join(dir, FileName), before, 0o600))
		must(t, removeIfThere(filepath.Join(dir, FileName+"-wal")))
		aside, err := Mend(ctx, dir, opts)
		if aside == "" {
			t.Fatalf("%s: not put aside: %v", where, err)
		}
		if kept, e := os.ReadFile(filepath.Join(aside, FileName)); e != nil || string(kept) != string(before) {
			t.Errorf("%s: what lies aside is another: %v", where, e)
		}
		if _, e := os.Stat(filepath.Join(dir, anewName)); !os.IsNotExist(e) {
			t.Errorf("%s: something is left: %v", where, e)
		}
		if err != nil {
			count["cannot be mended"]++
			if code := dossier.Code(err); code != "store.damaged" && !(code == "store.wrong-key" && page == 0) {
				t.Errorf("%s: %v", where, err)
			}
			continue
		}
		count["mended"]++
		again, err := Open(ctx, dir, opts)
		must(t, err)
		if again.Own().Head != own || dump(t, again) != drawn {
			t.Errorf("%s: mended into something else", where)
		}
		verified(t, again)
		must(t, again.Glance(ctx))
		if body, err := again.Draft(ctx, "receive"); string(body) != "đã nhập" || err != nil {
			t.Errorf("%s: draft %q %v", where, body, err)
		}
		must(t, again.Close())
	}
	t.Logf("%d pages: %v", pages, count)
	if count["mended"] < pages/4 || count["cannot be mended"] < 3 {
		t.Errorf("%v", count)
	}
}

func TestMendKeepsTheLogOfAnEncryptedStore(t *testing.T) {
	ctx := context.Background()
	l := keyed(t, "mend")
	s, err := Create(ctx, filepath.Join(t.TempDir(), "data"), under(l))
	must(t, err)
	must(t, s.writer.script("PRAGMA wal_autocheckpoint = 0"))
	for i := range 5 {
		if i == 1 {
			must(t, s.Record(ctx, storetest.SettingsEvent(1)))
		}
		if i > 1 {
			_, err := receive(s, i)
			must(t, err)
		}
	}
	must(t, s.writer.exec("DELETE FROM dossier WHERE no = 2"))
	own, crashed := s.Own().Head, crashedCopy(t, s)
	must(t, s.Close())
	var steps []Step
	opts := under(l)
	opts.Told = func(s Step) { steps = append(steps, s) }
	aside, err := Mend(ctx, crashed, opts)
	must(t, err)
	if size(t, filepath.Join(aside, FileName+"-wal")) == 0 {
		t.Error("the log does not lie aside")
	}
	if len(steps) == 0 || steps[0].What != StepsAside || steps[len(steps)-1] != (Step{StepRescues, 1000, 1000}) {
		t.Errorf("%v", steps)
	}
	s, err = Open(ctx, crashed, under(l))
	must(t, err)
	if s.Own().Head != own {
		t.Errorf("%+v, was %+v", s.Own().Head, own)
	}
	verified(t, s)
	must(t, s.Close())
	s, err = Open(ctx, aside, under(l)) // what lies aside can be opened as well as ever
	must(t, err)
	must(t, s.Close())
}

func TestPuttingAsideSaysWhenThereIsNoRoom(t *testing.T) {
	dir := smallDisk(t, "1m")
	s := lived(t)
	must(t, s.Close())
	must(t, copyFile(filepath.Join(s.dir, FileName), filepath.Join(dir, FileName), func(int) {}))
	fillUp(t, filepath.Join(dir, "filler"), 20<<10)
	before := fingerprint(t, dir)
	_, err := Mend(context.Background(), dir, noReserve)
	wantCode(t, err, "store.aside-full")
	if after := fingerprint(t, dir); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
}

// Each kind of thing that may stand under the name: none panics, each is said, and none is touched.
func TestWhateverLiesThereIsSaidAndLeftAlone(t *testing.T) {
	ctx := context.Background()
	s := lived(t)
	must(t, s.Close())
	whole, err := os.ReadFile(filepath.Join(s.dir, FileName))
	must(t, err)
	l := keyed(t, "there")
	for name, file := range map[string][]byte{"empty": {}, "one byte": {1}, "garbage": []byte(strings.Repeat("rác", 5000)), "header alone": whole[:100],
		"half a page": whole[:2048], "first page alone": whole[:filePage], "a page short": whole[:len(whole)-filePage], "half": whole[:len(whole)/2/512*512],
		"garbage header": append([]byte("SQLite format 4\x00"), whole[16:]...), "wrong size": append(append([]byte{}, whole[:16]...), append([]byte{0xff, 0xff}, whole[18:]...)...),
		"zeros": make([]byte, 8192), "text": []byte("CREATE TABLE x"), "zip": []byte("PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaa")} {
		for _, opts := range []Options{noReserve, {ReadOnly: true}, under(l)} {
			dir := t.TempDir()
			path := filepath.Join(dir, FileName)
			must(t, os.WriteFile(path, file, 0o600))
			must(t, os.WriteFile(path+"-wal", nil, 0o600))
			opened, err := Open(ctx, dir, opts)
			if err == nil {
				err = opened.Glance(ctx)
				if err == nil {
					opened.suspect.Store(true)
					err = opened.Check(ctx, func(int64, int64) {})
				}
				if err == nil {
					var check dossier.StoreCheck
					if check, err = opened.Verify(ctx); err == nil && len(check.Faults) > 0 {
						err = dossier.Invalid("", "store.damaged")
					}
				}
				must(t, opened.Close())
			} else if now, e := os.ReadFile(path); e != nil || string(now) != string(file) {
				t.Errorf("%s: the file was changed: %v", name, e)
			}
			if code := dossier.Code(err); !strings.HasPrefix(code, "store.") || code == "store.missing" || code == "store.newer" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestClockOf1970OpensAndChecks(t *testing.T) {
	ctx := context.Background()
	s := lived(t)
	must(t, s.Close())
	dir := fromPast(t, "2.0")
	for _, folder := range []string{s.dir, dir} {
		s, err := Open(ctx, folder, Options{NoReserve: true, Now: func() time.Time { return time.Unix(0, 0) }})
		must(t, err)
		must(t, s.Glance(ctx))
		check, err := s.Prove(ctx)
		if err != nil || len(check.Faults) > 0 {
			t.Error(check, err)
		}
		must(t, s.Close())
		must(t, openAndClose(folder))
	}
	if len(copies(t, dir)) != 0 {
		t.Error("a copy stays for the clock's sake")
	}
}

func openAndClose(dir string) error {
	s, err := Open(context.Background(), dir, noReserve)
	if err != nil {
		return err
	}
	return s.Close()
}
