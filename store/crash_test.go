package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

const victimDir = "TIEPNHAN_TEST_VICTIM"

// beVictim receives until it is killed and says each number after it was kept.
func beVictim(dir string) int {
	s, err := Open(context.Background(), dir, noReserve)
	if err != nil {
		fmt.Println("!", err)
		return 1
	}
	for i := int(s.Own().Head.Seq); ; i++ { // no dossier of a round before: each took one number of the chain and more
		d, err := receive(s, i)
		if err == nil {
			_, err = perform(s, 1<<20+i, d.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"})
		}
		if err != nil {
			fmt.Println("!", err)
			return 1
		}
		fmt.Println(d.Number)
	}
}

// I1: what was shown as kept is there after the program was killed at any moment, once.
func TestNothingShownAsKeptIsLostToKill(t *testing.T) {
	s := newStore(t, 1)
	must(t, s.Close())
	self, err := os.Executable()
	must(t, err)
	kept := map[string]bool{}
	for round := range 20 {
		victim := exec.Command(self)
		victim.Env = append(os.Environ(), victimDir+"="+s.dir)
		out, err := victim.StdoutPipe()
		must(t, err)
		must(t, victim.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			line := lines.Text()
			if strings.HasPrefix(line, "!") {
				t.Fatalf("round %d: %s", round, line)
			}
			if kept[line] {
				t.Fatalf("round %d: %s was given twice", round, line)
			}
			kept[line] = true
			if n == 0 { // it is at work: kill it somewhere in the next moments
				time.AfterFunc(time.Duration(rand.IntN(40_000))*time.Microsecond, func() { victim.Process.Kill() })
			}
		}
		victim.Wait()
		again, err := Open(context.Background(), s.dir, noReserve)
		must(t, err)
		for number := range kept {
			if d, err := again.Find(context.Background(), number); err != nil || d.Number != number || d.Status != dossier.StatusProcessing {
				t.Fatalf("round %d: %s was shown as kept: %v %v", round, number, d.Status, err)
			}
		}
		n, err := again.Count(context.Background(), dossier.Query{})
		if err != nil || n < len(kept) || n > len(kept)+round+1 { // one of each round may have been kept and not shown
			t.Fatalf("round %d: %d kept, %d shown, %v", round, n, len(kept), err)
		}
		verified(t, again)
		must(t, again.Close())
	}
	if len(kept) < 20 {
		t.Errorf("only %d were kept in all", len(kept))
	}
}

// A full disk: nothing is half-kept, it is said, and what was typed is kept all the same.
func TestFullDiskKeepsTheDraft(t *testing.T) {
	dir := smallDisk(t, "44m")
	ctx := context.Background()
	s, err := Create(ctx, filepath.Join(dir, "data"), Options{})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	must(t, s.Record(ctx, storetest.SettingsEvent(1)))
	filler := filepath.Join(dir, "filler")
	must(t, fill(filler))
	var full error
	n := 0
	for ; n < 5000 && full == nil; n++ {
		_, full = receive(s, n)
	}
	wantCode(t, full, "store.full")
	if _, err := os.Stat(filepath.Join(s.dir, reserveName)); !os.IsNotExist(err) {
		t.Errorf("the reserve was not released: %v", err)
	}
	typed := []byte(strings.Repeat("đã nhập ", 1000))
	must(t, s.SaveDraft(ctx, "receive", typed))
	must(t, fill(filler+"2")) // somebody takes most of the rest
	must(t, os.Truncate(filler+"2", size(t, filler+"2")-8<<20))
	_, err = receive(s, n)
	wantCode(t, err, "store.full") // the reserve is for drafts
	must(t, s.SaveDraft(ctx, "receive", typed[:5000]))
	if d, err := s.Draft(ctx, "receive"); len(d) != 5000 || err != nil {
		t.Errorf("draft of %d bytes, %v", len(d), err)
	}
	verified(t, s)
	must(t, os.Remove(filler))
	must(t, os.Remove(filler+"2"))
	d, err := receive(s, n)
	must(t, err)
	if d.Number != fmt.Sprintf("MAU-260105-%04d", n) && n < 400 {
		t.Error(d.Number)
	}
	if size(t, filepath.Join(s.dir, reserveName)) != reserveSize {
		t.Error("the reserve was not made again")
	}
	verified(t, s)
}

// A transaction that runs out of room in its middle, at whatever page, leaves nothing behind.
func TestFullDiskHalfKeepsNothing(t *testing.T) {
	s := newStore(t, 1)
	refused := 0
	for i := 0; i < 100; i++ {
		var pages int
		if _, err := s.writer.get("PRAGMA page_count", nil, &pages); err != nil {
			t.Fatal(err)
		}
		must(t, s.writer.script(fmt.Sprintf("PRAGMA max_page_count = %d", pages+i%4)))
		before := s.Own().Head
		if _, err := receive(s, i); err != nil {
			wantCode(t, err, "store.full")
			if s.Own().Head != before {
				t.Fatal("the head moved")
			}
			refused++
			must(t, s.writer.script("PRAGMA max_page_count = 1000000"))
			_, err := receive(s, i)
			must(t, err)
		}
	}
	if refused < 10 {
		t.Errorf("only %d were refused", refused)
	}
	if n, _ := s.Count(context.Background(), dossier.Query{}); n != 100 {
		t.Errorf("%d dossiers", n)
	}
	verified(t, s)
}

func size(t testing.TB, path string) int64 {
	info, err := os.Stat(path)
	must(t, err)
	return info.Size()
}

// fill takes all the room there is.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for block := 1 << 20; block >= 4096; block /= 2 {
		for err = nil; err == nil; _, err = f.Write(make([]byte, block)) {
		}
	}
	return nil
}
