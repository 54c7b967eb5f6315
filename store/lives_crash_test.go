package store

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// healings are all that changes chains, each ready to be done once to a store in which all sorts of things happened.
func healings(t testing.TB, s *Store) map[string]func(*Store) error {
	t.Helper()
	ctx := context.Background()
	up, pc := storetest.NewSister(100), storetest.NewSister(2)
	entry, err := dossier.Seal(storetest.Reception(70, "MAU-260105-0070"), salted(70))
	must(t, err)
	own, point := s.Own(), pointOf(t, s, 4)
	first, ok, err := s.HashAt(ctx, pc.Genesis.Chain, 1)
	if err != nil || !ok {
		t.Fatal(err)
	}
	lower := up.Receipt(pointOf(t, s, 3), "BN-0")
	return map[string]func(*Store) error{
		"fork": func(s *Store) error {
			_, err := s.Fork(ctx, point, dossier.HealedForked)
			return err
		},
		"rotate": func(s *Store) error {
			_, err := s.Rotate(ctx, storetest.NewSister(9).Key)
			return err
		},
		"reclaim": func(s *Store) error {
			_, err := s.Reclaim(ctx, []dossier.Entry{entry})
			return err
		},
		"recast": func(s *Store) error { return s.Recast(ctx, pc.Genesis.Chain, first) },
		"lower":  func(s *Store) error { return s.Lower(ctx, own.Chain, &lower) },
		"raise":  func(s *Store) error { return s.KeepReceipt(ctx, up.Receipt(own.Head, "BN-7")) },
		"key": func(s *Store) error {
			return s.SetUpstreamKey(ctx, dossier.NewKey{Key: storetest.NewSister(9).Owner()})
		},
		"purge": func(s *Store) error { return s.Record(ctx, purge(71, 1, 2)) },
	}
}

// seen is everything a store shows that a healing may change.
func seen(t testing.TB, s *Store) string {
	t.Helper()
	chains, err := s.Chains(context.Background())
	must(t, err)
	q, err := s.Queue(context.Background())
	must(t, err)
	text, err := json.Marshal([]any{chains, q, s.Own()})
	must(t, err)
	return string(text) + dump(t, s)
}

// A COMMIT that fails keeps nothing of a healing; one that fails and kept it all the same has kept all. What the store then says of itself is
// what a fresh look at the file says.
func TestAHealingIsKeptWholeOrNotAtAll(t *testing.T) {
	broken := errors.New("the disk coughed")
	from, many := allSorts(t), manyLives(t)
	second := lineageOfStore(t, many)[1]
	at, _, err := many.HashAt(context.Background(), second.Chain, second.Seq/2)
	must(t, err)
	all := healings(t, from)
	all["back"] = func(s *Store) error {
		_, err := s.Fork(context.Background(), at, dossier.HealedForked)
		return err
	}
	for name, do := range all {
		s := twin(t, from)
		if name == "back" {
			s = twin(t, many)
		}
		whole := s.commit
		before := seen(t, s)
		s.commit = func(*link) error { return broken }
		if err := do(s); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		if after := seen(t, s); after != before {
			t.Errorf("%s: something was kept:\n%s\nwas\n%s", name, after, before)
		}
		s.commit = whole
		sound(t, s)
		s.commit = func(l *link) error { return errors.Join(whole(l), broken) }
		err := do(s)
		s.commit = whole
		if err != nil && name != "recast" && name != "raise" { // these are done again without harm
			t.Errorf("%s, which was kept: %v", name, err)
		}
		after := seen(t, s)
		if after == before {
			t.Errorf("%s: nothing was kept", name)
		}
		sound(t, s)
		s = reopen(t, s)
		if again := seen(t, s); again != after {
			t.Errorf("%s: said\n%s\nopened again\n%s", name, after, again)
		}
		_, err = receive(s, 80)
		must(t, err)
		sound(t, s)
	}
}

const healerDir = "TIEPNHAN_TEST_HEALER"

// beHealer heals until it is killed.
func beHealer(dir string) int {
	ctx := context.Background()
	s, err := Open(ctx, dir, noReserve)
	if err != nil {
		fmt.Println("!", err)
		return 1
	}
	pc := storetest.NewSister(2)
	do := func() error {
		i := 1000 + int(time.Now().UnixNano()>>10&0xffffff)*8
		if _, err := receiveOn(s, i, storetest.Day(400*rand.IntN(9000))); err != nil {
			return err
		}
		switch rand.IntN(4) {
		case 0:
			life, last := s.Own(), s.Own().Head.Seq
			lives, err := s.Lives(ctx)
			if err != nil {
				return err
			}
			for range rand.IntN(3) { // back to one before
				i := slices.IndexFunc(lives, func(c dossier.ChainState) bool { return c.Incarnation == life.Previous })
				if i < 0 {
					break
				}
				life, last = lives[i], life.CommonSeq
			}
			at, _, err := s.HashAt(ctx, life.Chain, uint64(rand.Int64N(int64(last)+1)))
			if err != nil {
				return err
			}
			_, err = s.Fork(ctx, at, dossier.HealedForked)
			return err
		case 1:
			var entries []dossier.Entry
			for j := 1; j < 6; j++ {
				e, err := dossier.Seal(storetest.Reception(i+j, "MAU-260105-0900"), salted(i+j))
				if err != nil {
					return err
				}
				entries = append(entries, e)
			}
			_, err := s.Reclaim(ctx, entries)
			return err
		case 2:
			chains, err := s.Chains(ctx)
			if err != nil {
				return err
			}
			for _, c := range chains {
				if c.Chain == pc.Genesis.Chain {
					pc.Head = c.Head
				}
			}
			entries, err := pc.Append(storetest.Reception(i+6, "MAU-260105-3900"), storetest.Reception(i+7, "MAU-260105-3901"))
			if err != nil {
				return err
			}
			return s.Extend(ctx, pc.Head, pc.Signature(), entries)
		}
		at, ok, err := s.HashAt(ctx, pc.Genesis.Chain, uint64(rand.Int64N(int64(pc.Head.Seq)+1)))
		if err != nil || !ok {
			return err
		}
		return s.Recast(ctx, pc.Genesis.Chain, at)
	}
	for {
		if err := do(); err != nil {
			fmt.Println("!", err)
			return 1
		}
		fmt.Println("done")
	}
}

// Killed at any moment in the middle of a healing, the file is as before it or as after it.
func TestKilledInTheMiddleOfAHealingLeavesBeforeOrAfter(t *testing.T) {
	s, _ := enrolled(t)
	adopt(t, s, storetest.NewSister(2))
	must(t, s.Close())
	self, err := os.Executable()
	must(t, err)
	done := 0
	for round := range 12 {
		victim := exec.Command(self)
		victim.Env = append(os.Environ(), healerDir+"="+s.dir)
		out, err := victim.StdoutPipe()
		must(t, err)
		must(t, victim.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if line := lines.Text(); strings.HasPrefix(line, "!") {
				t.Fatalf("round %d: %s", round, line)
			}
			done++
			if n == 2 {
				time.AfterFunc(time.Duration(rand.IntN(60_000))*time.Microsecond, func() { victim.Process.Kill() })
			}
		}
		victim.Wait()
		again, err := Open(context.Background(), s.dir, noReserve)
		must(t, err)
		sound(t, again)
		line(t, again)
		lives, err := again.Lives(context.Background())
		must(t, err)
		for _, life := range lives[1:] { // what a life took along, and that it did, came with it
			entries, err := again.Entries(context.Background(), life.Chain, 0, int(life.Head.Seq))
			must(t, err)
			healed := false
			for i, e := range entries {
				var h dossier.Healing
				healed = healed || e.Kind == dossier.Healed && json.Unmarshal(e.Body, &h) == nil && h.At.Incarnation == life.Previous && h.Taken == i
			}
			if !healed && life.Own {
				t.Fatalf("round %d: half of a life: %+v", round, life)
			}
		}
		must(t, again.Close())
	}
	if done < 30 {
		t.Errorf("only %d were done", done)
	}
}
