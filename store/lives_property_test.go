package store

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// pcModel is what must hold of one PC, whatever happens to it.
type pcModel struct {
	*Store
	name  string
	line  []ordinalOf
	owned map[dossier.EventID][2]uint64
	given map[string]bool // numbers it gave
}

// look holds what a PC shows against what it showed before.
func (m *pcModel) look(rt *rapid.T, t testing.TB, when string) {
	rt.Helper()
	now, _ := line(t, m.Store)
	if len(now) < len(m.line) || !slices.Equal(now[:len(m.line)], m.line) {
		rt.Fatalf("%s: %s: places moved:\n%v, were\n%v", m.name, when, now, m.line)
	}
	m.line = now
	once := map[dossier.EventID]bool{}
	for _, p := range now {
		if once[p.id] {
			rt.Fatalf("%s: %s: %s stands twice", m.name, when, p.id)
		}
		once[p.id] = true
	}
	closed := owned(t, m.Store)
	for id, span := range m.owned {
		if closed[id] != span {
			rt.Fatalf("%s: %s: closing %s closed %v, now %v", m.name, when, id, span, closed[id])
		}
	}
	m.owned = closed
	var spans [][2]uint64
	for _, span := range closed {
		spans = append(spans, span)
	}
	slices.SortFunc(spans, func(a, b [2]uint64) int { return int(a[1]) - int(b[1]) + (int(a[0]) - int(b[0])) })
	last := uint64(0)
	for _, span := range spans {
		if span[0] != last || span[1] < span[0] {
			rt.Fatalf("%s: %s: closings %v", m.name, when, spans)
		}
		last = span[1]
	}
	waits(t, m.Store)
}

// common is the last point at which two stores hold the same of a chain.
func common(t testing.TB, a, b *Store, chain dossier.Chain) dossier.Head {
	t.Helper()
	ctx := context.Background()
	var last dossier.Head
	for seq := uint64(0); ; seq++ {
		x, okx, err := a.HashAt(ctx, chain, seq)
		must(t, err)
		y, oky, err := b.HashAt(ctx, chain, seq)
		must(t, err)
		if !okx || !oky || x != y {
			return last
		}
		last = x
	}
}

func chainsOf(t testing.TB, s *Store) map[dossier.Chain]dossier.ChainState {
	t.Helper()
	states, err := s.Chains(context.Background())
	must(t, err)
	out := map[dossier.Chain]dossier.ChainState{}
	for _, c := range states {
		out[c.Chain] = c
	}
	return out
}

// give brings a store's own lives to a sister, who follows where hers went on in another way.
func give(t testing.TB, from, to *Store) {
	t.Helper()
	ctx := context.Background()
	lives, err := from.Lives(ctx)
	must(t, err)
	for _, life := range lives {
		if held, ok := chainsOf(t, to)[life.Chain]; ok {
			if at := common(t, from, to, life.Chain); at.Seq < held.Head.Seq && at.Seq < life.Head.Seq {
				must(t, to.Recast(ctx, life.Chain, at))
			}
		}
		hand(t, from, to, life.Chain)
	}
}

// heal brings what another continuation wrote home, as the exchange does.
func heal(t testing.TB, s, other *Store) {
	t.Helper()
	ctx := context.Background()
	lives, err := other.Lives(ctx)
	must(t, err)
	for _, life := range lives {
		held, known := chainsOf(t, s)[life.Chain]
		at := common(t, s, other, life.Chain)
		switch {
		case !known:
			hand(t, other, s, life.Chain)
		case at.Seq == life.Head.Seq: // no more than is here
		case held.Own:
			what := dossier.HealedForked
			if at.Seq == held.Head.Seq {
				what = dossier.HealedBehind
			}
			_, err := s.Fork(ctx, at, what)
			must(t, err)
			hand(t, other, s, life.Chain)
		case at.Seq == held.Head.Seq:
			hand(t, other, s, life.Chain)
		default:
			entries, err := other.Entries(ctx, life.Chain, at.Seq, 10_000)
			must(t, err)
			_, err = s.Reclaim(ctx, entries)
			must(t, err)
		}
	}
	for {
		entries, err := s.Unclaimed(ctx, 3)
		must(t, err)
		if len(entries) == 0 {
			return
		}
		n, err := s.Reclaim(ctx, entries)
		must(t, err)
		if n == 0 {
			t.Fatal("nothing was taken over")
		}
	}
}

// I2, I4, I5, I6, I12: whatever two PCs and an image of one of them do, however lives begin, grow and give way.
func TestLivesKeepEverythingInItsPlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := context.Background()
		up := storetest.NewSister(100)
		one, two := newStore(t, 1), newStore(t, 2)
		var pcs []*pcModel
		for i, s := range []*Store{one, two} {
			u := up.Upstream(i + 1)
			must(t, s.Enrol(ctx, u))
			pcs = append(pcs, &pcModel{Store: s, name: fmt.Sprint("PC", i+1), owned: map[dossier.EventID][2]uint64{}, given: map[string]bool{}})
		}
		var image *Store // of the first PC
		defer func() {
			for _, s := range []*Store{pcs[0].Store, pcs[1].Store, image} {
				if s != nil {
					s.Close()
				}
			}
		}()
		var acts []dossier.EventID
		next := 1000
		receiveAt := func(s *Store) (dossier.Dossier, error) {
			next++
			acts = append(acts, storetest.EventID(next))
			return receiveOn(s, next, storetest.Day(0))
		}
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			next++
			pc := rapid.SampledFrom(pcs).Draw(rt, "pc")
			what := rapid.SampledFrom([]string{"receive", "receive", "receive", "act", "trace", "close", "close", "give", "take", "fork", "rotate",
				"back", "back", "image", "image works", "image works", "image's people", "image forks", "heal", "heal", "raise", "lower", "purge", "reopen", "upstream", "parked", "set", "people", "people"}).Draw(rt, "what")
			switch what {
			case "receive":
				d, err := receiveAt(pc.Store)
				must(t, err)
				if pc.given[d.Number] {
					rt.Fatalf("%s gave %s twice", pc.name, d.Number)
				}
				pc.given[d.Number] = true
			case "act":
				rows, err := pc.List(ctx, dossier.Query{})
				must(t, err)
				if len(rows) == 0 {
					continue
				}
				if _, err := perform(pc.Store, next, rapid.SampledFrom(rows).Draw(rt, "row").ID, dossier.Notified, dossier.Notify{To: "x"}); err != nil && dossier.Code(err) == "" {
					rt.Fatal(err)
				} else if err == nil {
					acts = append(acts, storetest.EventID(next))
				}
			case "trace":
				must(t, pc.Record(ctx, printing(next, storetest.DossierID(next-1), "receipt"), storetest.Act(next+500_000, dossier.ID{}, dossier.DateConfirmed, dossier.DateSaid{Date: storetest.Day(0)})))
			case "set":
				settings, _, err := pc.Settings(ctx)
				must(t, err)
				must(t, pc.Record(ctx, storetest.Act(next, dossier.ID{}, dossier.StationSet, settings), storetest.Act(next+500_000, dossier.ID{}, dossier.LayoutKept, dossier.Layout{Form: "a"})))
			case "people":
				must(t, pc.Record(ctx, someWord(rt, next)))
			case "image's people":
				if image != nil {
					must(t, image.Record(ctx, someWord(rt, next)))
				}
			case "close":
				closeDay(t, pc.Store, next)
			case "give":
				give(t, pcs[0].Store, pcs[1].Store)
			case "take":
				give(t, pcs[1].Store, pcs[0].Store)
			case "fork":
				fork(t, pc.Store, rapid.Uint64Range(0, pc.Own().Head.Seq).Draw(rt, "at"), dossier.HealedForked)
			case "back":
				life := rapid.SampledFrom(lineageOfStore(t, pc.Store)).Draw(rt, "life")
				at, _, err := pc.HashAt(ctx, life.Chain, rapid.Uint64Range(0, life.Seq).Draw(rt, "at"))
				must(t, err)
				_, err = pc.Fork(ctx, at, dossier.HealedForked)
				must(t, err)
			case "rotate":
				seed := make([]byte, ed25519.SeedSize)
				binary.BigEndian.PutUint64(seed, uint64(next))
				_, err := pc.Rotate(ctx, ed25519.NewKeyFromSeed(seed))
				must(t, err)
			case "image":
				if image == nil {
					image = twin(t, pcs[0].Store)
				}
			case "image works", "image forks":
				if image == nil {
					continue
				}
				if what == "image forks" {
					fork(t, image, rapid.Uint64Range(0, image.Own().Head.Seq).Draw(rt, "at"), dossier.HealedRestored)
				}
				_, err := receiveAt(image)
				must(t, err)
				if rapid.Bool().Draw(rt, "closes") {
					next++
					closeDay(t, image, next)
				}
			case "heal":
				if image != nil {
					heal(t, pcs[0].Store, image)
					have := map[dossier.EventID]bool{}
					held, _ := line(t, pcs[0].Store)
					for _, p := range held {
						have[p.id] = true
					}
					_, err := image.Since(ctx, 0, func(_ uint64, e dossier.Entry) error {
						if !have[e.ID] && !isOfItsChain(e.Kind) {
							return fmt.Errorf("%s %s was lost", e.Kind, e.ID)
						}
						return nil
					})
					must(t, err)
				}
			case "raise":
				lives, err := pc.Lives(ctx)
				must(t, err)
				life := rapid.SampledFrom(lives).Draw(rt, "life")
				point, _, err := pc.HashAt(ctx, life.Chain, rapid.Uint64Range(0, life.Head.Seq).Draw(rt, "seq"))
				must(t, err)
				must(t, pc.KeepReceipt(ctx, up.Receipt(point, fmt.Sprint(next))))
			case "lower":
				must(t, pc.Lower(ctx, pc.Own().Chain, nil))
			case "purge":
				if len(acts) > 0 {
					p := dossier.Purge{Events: []dossier.EventID{rapid.SampledFrom(acts).Draw(rt, "act")}}
					must(t, pc.Record(ctx, storetest.Act(next, dossier.ID{}, dossier.Purged, p)))
				}
			case "upstream":
				e := storetest.Act(next, dossier.ID{}, dossier.Admitted, dossier.Admission{Device: pc.Own().Device, Desk: 1})
				entries, err := up.Append(e)
				must(t, err)
				for _, pc := range pcs {
					held := chainsOf(t, pc.Store)[up.Genesis.Chain].Head.Seq
					if held+1 == up.Head.Seq {
						must(t, pc.Extend(ctx, up.Head, up.Signature(), entries))
					}
				}
			case "parked":
				e, err := dossier.Seal(storetest.Reception(next, "MAU-260105-0950"), salted(next))
				must(t, err)
				_, err = pc.Reclaim(ctx, []dossier.Entry{e})
				must(t, err)
			case "reopen":
				pc.Store = reopen(t, pc.Store)
			}
			for _, pc := range pcs {
				pc.look(rt, t, what)
			}
		}
		give(t, pcs[0].Store, pcs[1].Store)
		give(t, pcs[1].Store, pcs[0].Store)
		for _, pc := range pcs {
			pc.look(rt, t, "end")
			check, err := pc.Verify(ctx)
			if err != nil || len(check.Faults) > 0 {
				rt.Fatalf("%s: %v\n%s", pc.name, err, strings.Join(check.Faults, "\n"))
			}
			before, places := dump(t, pc.Store), fmt.Sprint(pc.line)
			must(t, pc.Rebuild(ctx))
			if after := dump(t, pc.Store); before != after {
				rt.Fatalf("%s: before\n%s\nrebuilt\n%s", pc.name, before, after)
			}
			if now, _ := line(t, pc.Store); fmt.Sprint(now) != places {
				rt.Fatalf("%s: rebuilt, places moved", pc.name)
			}
		}
		a, err := pcs[0].Count(ctx, dossier.Query{})
		must(t, err)
		b, err := pcs[1].Count(ctx, dossier.Query{})
		must(t, err)
		if b < a { // the second has all of the first's lives; the first may lack what a recast of the second's copy left
			rt.Fatalf("the sister knows %d of %d dossiers", b, a)
		}
	})
}
