package exchange_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/wire"
)

// rooted tells whether each life a PC holds of others rests on what it holds of the life before.
func (p *pc) rooted() bool {
	p.t.Helper()
	ctx := context.Background()
	chains, err := p.store.Chains(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range chains {
		if c.Previous.IsZero() || c.Head.Seq == 0 || c.Device == p.store.Own().Device {
			continue
		}
		at, ok, err := p.store.HashAt(ctx, dossier.Chain{Device: c.Device, Incarnation: c.Previous}, c.CommonSeq)
		if err != nil {
			p.t.Fatal(err)
		}
		if !ok || at.Hash != c.CommonHash {
			return false
		}
	}
	return true
}

// Any call fails, or any file of a stick: nobody holds a life alone whose beginning lies in another. Upstream may forget both, and the keys of the
// one are named in the other.
func TestWhoHoldsALifeHoldsWhatItRestsOn(t *testing.T) {
	ctx := context.Background()
	for how, do := range map[string]func(two, three *pc, at int) (done bool){
		"line": func(two, _ *pc, at int) bool {
			f := planned(at, "answer damaged")
			two.Wrap = f.wrap
			_, _ = two.Send(ctx, nil)
			return len(f.plan) > 0
		},
		"visit": func(two, three *pc, at int) bool {
			f := planned(at, "answer damaged")
			two.Wrap = f.wrap
			_, _ = (&exchange.Peers{Client: two.Client}).Exchange(ctx, three.serve())
			return len(f.plan) > 0
		},
		"visited": func(two, three *pc, at int) bool {
			f := planned(at, "question damaged")
			three.Wrap = f.wrap
			_, _ = (&exchange.Peers{Client: three.Client}).Exchange(ctx, two.serve())
			return len(f.plan) > 0
		},
		"stick": func(two, three *pc, at int) bool {
			dir := three.stick()
			files, err := filepath.Glob(filepath.Join(dir, wire.ParcelFolder, "*", "*.cxe"))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			if at >= len(files) {
				return true
			}
			if err := os.WriteFile(files[at], []byte("damaged"), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := two.Import(ctx, dir, nil); err != nil {
				t.Fatal(err)
			}
			return false
		},
	} {
		for _, keys := range []bool{true, false} { // the new life has new keys, or follows on a disk image that was put back
			t.Run(fmt.Sprintf("%s keys %v", how, keys), func(t *testing.T) {
				h := newHouse(t, aDay())
				one, two, three := newPC(t, "Trạm Mẫu", 1), newPC(t, "Trạm Mẫu", 2), newPC(t, "Trạm Mẫu", 3)
				for _, p := range []*pc{one, two, three} {
					h.admitPC(p)
				}
				two.send()
				image := two.image()
				one.receive(1)
				if keys {
					one.rotate()
				} else {
					old := one.image()
					one.receive(3)
					one.send()
					one.putBack(old)
				}
				one.receive(2)
				one.send()
				three.send()
				for at, done := 0, false; !done; at++ {
					two.putBack(image)
					done = do(two, three, at)
					two.Wrap, three.Wrap = nil, nil
					if !two.rooted() {
						t.Errorf("call %d failed: a life is here without what it rests on", at)
					}
				}
				h.settle(map[bool]int{true: 2, false: 3}[keys], one, two, three)
			})
		}
	}
}

// A PC that keeps another continuation of its own life gets what the life holds that rests on the one which counts: what that rests on never comes.
func TestWhoKeepsAnotherContinuationGetsWhatRestsOnTheOne(t *testing.T) {
	ctx := context.Background()
	for at, done := 0, false; !done; at++ {
		h := newHouse(t, aDay())
		one, two := pair(t, h)
		one.receive(1)
		one.send()
		copied := one.another()
		copied.receive(2, 3, 4)
		copied.send()
		one.receive(5)
		one.visit(two.serve())
		f := planned(at, "answer damaged")
		one.Wrap = f.wrap
		_, _ = one.Send(ctx, nil) // it breaks off after a new life was begun, and before the other continuation came
		one.Wrap, done = nil, len(f.plan) > 0
		one.visit(two.serve())
		if _, err := copied.store.Fork(ctx, copied.store.Own().Head, dossier.HealedRestored); err != nil {
			t.Fatal(err)
		}
		copied.receive(6)
		h.reads(copied.stick())
		h.settle(6, one, two)
	}
}

// So it is with what a PC gets back of its own journal.
func TestWhoGetsALifeBackHoldsWhatItRestsOn(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one := newPC(t, "Trạm Mẫu", 1)
	h.admitPC(one)
	first := one.image()
	one.receive(1)
	second := one.image()
	one.receive(2)
	one.send()
	one.putBack(second)
	one.receive(3)
	one.send()
	at := h.image()
	for call, done := 0, false; !done; call++ {
		one.putBack(first)
		h.putBack(at)
		f := planned(call, "answer damaged")
		one.Wrap = f.wrap
		_, _ = one.Send(ctx, nil)
		one.Wrap, done = nil, len(f.plan) > 0
		chains, err := one.store.Chains(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chains {
			if c.Previous.IsZero() || c.Head.Seq == 0 || c.Device != one.store.Own().Device {
				continue
			}
			if _, ok, err := one.store.HashAt(ctx, dossier.Chain{Device: c.Device, Incarnation: c.Previous}, c.CommonSeq); err != nil || !ok {
				t.Errorf("call %d failed: a life is here without what it rests on, %v", call, err)
			}
		}
	}
	h.settle(3, one)
}

// A sister's copy of a journal that was put back is cut between two heads its owner signed, and follows. What comes before the next must be fit to
// be handed on: its owner may be gone, and upstream may never have heard of it.
func TestCopyThatWasCutCanBeHandedOn(t *testing.T) {
	for how, meet := range map[string]func(one, two *pc){
		"the owner comes": func(one, two *pc) { one.visit(two.serve()) },
		"she comes":       func(one, two *pc) { two.visit(one.serve()) },
		"upstream says":   func(one, two *pc) { one.send(); two.send() },
	} {
		t.Run(how, func(t *testing.T) {
			h := newHouse(t, aDay())
			one, two := pair(t, h)
			at := h.image()
			for i := range 35 {
				one.receive(i)
			}
			image := one.image()
			for i := range 25 {
				one.receive(100 + i)
			}
			two.visit(one.serve())
			one.putBack(image)
			one.receive(200)
			for range 3 {
				meet(one, two)
			}
			h.putBack(at)
			h.settle(61, two)
		})
	}
}

// A sister follows a journal that was put back to before a change of keys. The life she holds under the keys that came next rests on what is cut
// then: she cuts it once what that life holds stands elsewhere, whatever upstream loses before its owner has taken it over.
func TestLifeUnderKeysThatAreCutAwayCanBeHandedOn(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(fmt.Sprint(lost), func(t *testing.T) {
			h := newHouse(t, aDay())
			one, two := pair(t, h)
			three := newPC(t, "Trạm Mẫu", 3)
			h.admitPC(three)
			at, image := h.image(), one.image()
			one.receive(1)
			one.rotate()
			one.receive(2)
			one.send()
			two.send() // it is sent, and she holds it
			h.putBack(at)
			one.putBack(image)
			one.receive(3)
			for _, p := range []*pc{one, two, one, two} {
				p.send()
			}
			if lost {
				h.putBack(at)
			}
			for i := range 2 {
				one.send()
				two.send()
				three.receive(10 + i)
				three.send()
			}
			h.settle(5, one, two, three)
			two.visit(one.serve())
		})
	}
}

// A life that rests on the continuation she is to follow holds her up in nothing.
func TestCopyGivesWayWhereALaterLifeRestsOnTheOther(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	image := one.image()
	h.stop()
	one.receive(1)
	two.visit(one.serve())
	one.putBack(image)
	one.receive(2, 3, 4)
	if _, err := one.store.Fork(context.Background(), one.store.Own().Head, dossier.HealedRestored); err != nil {
		t.Fatal(err)
	}
	one.receive(5)
	h.start()
	for range 2 {
		one.send()
		two.send()
	}
	h.settle(5, one, two)
}

// Who is not told of a life takes it for lost. A station is told of all, and its new PC gets each with what it rests on.
func TestStationOfManyLivesIsToldOfAll(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.rotate()
	one.receive(2)
	one.send()
	for range 300 {
		if _, err := h.up.Restored(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	one.send()
	if sent := one.send(); len(sent.Healed) != 0 {
		t.Errorf("nothing was lost: %+v", sent.Healed)
	}
	three := newPC(t, "Trạm Mẫu", 3)
	h.admitPC(three)
	if !three.rooted() {
		t.Error("a life is here without what it rests on")
	}
	one.send()
	three.visit(one.serve())
	h.settle(2, one, two, three)
}
